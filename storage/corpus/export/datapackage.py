"""datapackage.json beside an export: what the file is, its columns, how many rows, its hash, of which corpus.

Frictionless Data Package 1.0 (specs.frictionlessdata.io).
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from storage.corpus.export.destination import read_target, sibling, write_target

_TYPES: Final = {
    "datetime": ("published_at", "modified_at", "first_captured_at", "last_captured_at"),
    "date": ("published_date",),
    "integer": ("word_count", "revision", "revisions", "warc_offset"),
    "array": ("authors", "keywords", "dates", "blocks", "images", "links", "warnings"),
}


def fields(names: Mapping[str, str]) -> list[dict[str, str]]:
    """A field descriptor for each column, names with their descriptions."""
    types = {name: kind for kind, columns in _TYPES.items() for name in columns}
    return [{"name": name, "type": types.get(name, "string"), "description": said} for name, said in names.items()]


def describe(target: str, resource: Mapping[str, Any], fingerprint: str) -> str:
    """Write or renew the datapackage.json beside an export; other exports in the folder stay listed. Its name."""
    place = sibling(target, "datapackage.json")
    package: dict[str, Any] = {"name": "emeroteca-corpus", "profile": "data-package", "resources": []}
    if (old := read_target(place)) is not None:
        with suppress(ValueError):  # a file that is cut is written anew
            package |= json.loads(old)
    others = [one for one in package["resources"] if one.get("path") != resource["path"]]
    resources = [*others, {**resource, "corpus_fingerprint": fingerprint}]
    package["resources"] = sorted(resources, key=lambda one: str(one["path"]))
    with write_target(place) as out:
        out.write(json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n")
    return place
