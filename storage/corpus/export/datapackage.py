"""datapackage.json beside an export: what the file is, its columns, how many rows, its hash, of which corpus.

Frictionless Data Package 1.0 (specs.frictionlessdata.io).
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from storage.corpus.db.view import MEANING
from storage.corpus.export.destination import read_target, sibling, write_target

_TYPES: Final = {
    "datetime": ("published_at", "modified_at", "first_captured_at", "last_captured_at"),
    "date": ("published_date",),
    "integer": ("word_count", "revision", "revisions", "warc_offset", "witnesses"),
    "array": ("authors", "keywords", "dates", "blocks", "images", "links", "warnings", "rights"),
}


def describe(target: str, form: str, articles: int, facts: Mapping[str, Any]) -> str:
    """Write or renew the datapackage.json beside an export; other exports in the folder stay listed. Its name.

    Parquet and .zst, which Frictionless' own tools do not read as tables with lists, are listed as files.
    """
    place = sibling(target, "datapackage.json")
    package: dict[str, Any] = {"name": "emeroteca-corpus", "profile": "data-package", "resources": []}
    if (old := read_target(place)) is not None:
        with suppress(ValueError):  # a file that is cut is written anew
            package |= json.loads(old)
    path = target.replace("\\", "/").rpartition("/")[2]
    is_file = form == "parquet" or path.endswith(".zst")
    resource = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", path.lower()),
        "path": path,
        "format": form,
        "encoding": "utf-8",
        **({"type": "file", "articles": articles} if is_file else {"rows": articles}),
        **facts,
        "schema": {"fields": _fields(form), "primaryKey": "article_id"},
    }
    others = [one for one in package["resources"] if one.get("path") != path]
    package["resources"] = sorted([*others, resource], key=lambda one: str(one["path"]))
    with write_target(place) as out:
        out.write(json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n")
    return place


def _fields(form: str) -> list[dict[str, str]]:
    """A descriptor of each column with its meaning; JSON lines have no `_local`."""
    types = {name: kind for kind, columns in _TYPES.items() for name in columns}
    return [
        {"name": name, "type": types.get(name, "string"), "description": meaning}
        for name, meaning in MEANING.items()
        if form != "jsonl" or not name.endswith("_local")
    ]
