"""Files that were written for others: exports, pieces of the change feed, packages; and the manifest and index."""

import csv
import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.torture.checker.warc import Record


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest_faults(warc: Path) -> Iterator[str]:
    """What the manifest of sealed files says against the folder."""
    path = warc / "manifest-sha256.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    named = [line.partition("  ")[2] for line in lines]
    if len(named) != len(set(named)):
        yield "a file is on the manifest twice"
    there = {file.name for file in warc.glob("*.warc.gz")}
    for name in there - set(named):
        yield f"{name} is not on the manifest"
    for line in lines:
        digest, _, name = line.partition("  ")
        if name not in there:
            yield f"{name} is on the manifest and not there"
        elif sha256((warc / name).read_bytes()) != digest:
            yield f"{name} is not as on the manifest"


def index_faults(index: Path, records: list[Record]) -> Iterator[str]:
    """What the CDXJ index says against the records: a line for each response and revisit, sorted, and no other."""
    wanted = {(record.file, record.offset): record for record in records if record.kind in ("response", "revisit")}
    found = set()
    for path in sorted(index.glob("*.cdxj")):
        lines = path.read_bytes().splitlines()
        if lines != sorted(lines):
            yield f"{path.name} is not sorted"
        for line in lines:
            facts = json.loads(line.split(b" ", 2)[2])
            place = facts["filename"], int(facts["offset"])
            record = wanted.get(place)
            if place in found:
                yield f"{place} is in the index twice"
            found.add(place)
            if record is None:
                yield f"the index has {place}, where no capture is"
            elif record.url != facts["url"] or record.length != int(facts["length"]):
                yield f"the index has {facts['url']} at {place}, where {record.url} is"
    yield from (
        f"{record.url} at {place} is not in the index" for place, record in wanted.items() if place not in found
    )


def export_faults(path: Path) -> Iterator[str]:
    """Whether an export under its final name is whole; a missing one is no fault."""
    if not path.exists():
        return
    try:
        count = len(read_export(path))
    except (ValueError, EOFError, OSError, csv.Error) as problem:
        yield f"{path.name} is no whole export: {problem}"
        return
    description = path.with_name("datapackage.json")
    if not description.exists():
        return
    for resource in json.loads(description.read_text())["resources"]:
        if resource["path"] == path.name and resource["hash"] == f"sha256:{sha256(path.read_bytes())}":
            if resource.get("bytes") != path.stat().st_size:
                yield f"datapackage.json says {resource.get('bytes')} bytes of {path.name}"
            if "rows" in resource and resource["rows"] != count:
                yield f"datapackage.json says {resource['rows']} rows of {path.name}, which has {count}"


def is_described(path: Path) -> bool:
    """Whether datapackage.json has the digest of this file."""
    description = path.with_name("datapackage.json")
    found = json.loads(description.read_text())["resources"] if description.exists() else []
    return any(one["path"] == path.name and one["hash"] == f"sha256:{sha256(path.read_bytes())}" for one in found)


def read_export(path: Path) -> list[dict[str, Any]]:
    """The articles of an export. Raises ValueError, EOFError where it is not whole."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode()
    if text and not text.endswith("\n"):
        raise ValueError("its last line is cut off")
    if ".csv" in path.name:
        rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
        if any(None in row or None in row.values() for row in rows):
            raise ValueError("a line with another number of cells")
        return rows  # type: ignore[return-value]
    return [json.loads(line) for line in text.splitlines()]


def feed_faults(folder: Path, articles: dict[str, str]) -> Iterator[str]:
    """Whether the pieces `changes-FROM-TO-FEED.jsonl` follow on each other, and give the corpus when put together.

    articles: content hash of the newest revision, by id.
    """
    pieces = sorted((tuple(map(int, path.stem.split("-")[1:3])), path) for path in folder.glob("changes-*.jsonl"))
    reached = 0
    state: dict[str, str] = {}
    for (begin, end), path in pieces:
        if begin != reached:
            yield f"the feed goes on at {begin} in {path.name}, and has come to {reached}"
        reached = end
        for row in read_export(path):
            if row.get("gone"):
                state.pop(row["article_id"], None)
            else:
                state[row["article_id"]] = row["content_hash"]
    cursor = folder / "feed.cursor"
    if not cursor.exists() or int(cursor.read_text().partition("-")[0]) != reached:
        yield f"the cursor is not at {reached}, where the pieces end"
    if state != articles:
        different = sorted(id for id in state.keys() | articles.keys() if state.get(id) != articles.get(id))
        yield f"the pieces of the feed give another corpus: {different[:3]}"


def package_faults(path: Path) -> Iterator[str]:
    """Whether a WACZ under its final name is whole and its digests are right; a missing one is no fault."""
    if not path.exists():
        return
    try:
        with zipfile.ZipFile(path) as package:
            if broken := package.testzip():
                yield f"{broken} in {path.name} is broken"
            described = package.read("datapackage.json")
            digest = json.loads(package.read("datapackage-digest.json"))
            if digest["hash"] != f"sha256:{sha256(described)}":
                yield f"datapackage-digest.json of {path.name} is of another list"
            for one in json.loads(described)["resources"]:
                data = package.read(one["path"])
                if one["hash"] != f"sha256:{sha256(data)}" or one["bytes"] != len(data):
                    yield f"{one['path']} in {path.name} is another file"
    except (zipfile.BadZipFile, KeyError, ValueError) as problem:
        yield f"{path.name} is no whole package: {problem}"
