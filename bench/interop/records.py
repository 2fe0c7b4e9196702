"""Compares warcio's view of our WARC files with ours."""

import json
import re
from pathlib import Path
from typing import Any

from bench.interop.tools import output_of
from storage.collection import Collection
from storage.warc.digest import sha1_digest
from storage.warc.http.message import parse_head
from storage.warc.read.reader import read_records
from storage.warc.spool import pieces

WARCIO_RECORDS = Path(__file__).with_name("warcio_records.py")


def warcio_check(tools: Path, collection: Collection) -> str:
    """All records pass `warcio check` but chunked ones, whose framing warcio includes in the payload digest."""
    records, chunked = 0, 0
    for path in collection.warc_files():
        ours = {record.record_id: record for record in read_records(path)}
        records += len(ours)
        said = output_of(tools / "warcio", "check", path, may_fail=True)
        for name, complaint in re.findall(r"WARC-Record-ID (<\S+>) \S+\n\s+(.+)", said):
            codings = parse_head(ours[name].block).tokens(b"transfer-encoding")
            assert "payload" in complaint and "chunked" in codings, f"{path.name}, {name}: {complaint}"
            chunked += 1
        assert "skipping rest of file" not in said, said
    return f"{records} records pass, {chunked} chunked ones aside"


def same_records(tools: Path, collection: Collection) -> str:
    """Types, ids, URLs, digests, offsets and lengths of all records are equal."""
    files = collection.warc_files()
    theirs = output_of(tools / "python", WARCIO_RECORDS, *files).splitlines()
    ours = [json.dumps([str(path), *_facts(record)]) for path in files for record in read_records(path)]
    assert ours == theirs, next(f"{one} is not {other}" for one, other in zip(ours, theirs, strict=False))
    return f"{len(ours)} records in {len(files)} files: types, ids, URLs, digests, offsets, lengths"


def _facts(record: Any) -> list[Any]:
    header = record.header
    block = sha1_digest(pieces(record.block))
    assert header("WARC-Block-Digest") in (block, None), record.record_id
    told = (header("WARC-Target-URI"), header("WARC-Payload-Digest"))
    return [record.record_type, record.record_id, *told, block, record.offset, record.length]
