"""warcio on our WARC files."""

import json
import re
from pathlib import Path
from typing import Any

from bench.interop.tools import said_by
from storage.collection import Collection
from storage.warc.digest import sha1_digest
from storage.warc.http.message import parse_head
from storage.warc.read.reader import read_records
from storage.warc.spool import pieces

THEIR_RECORDS = Path(__file__).with_name("their_records.py")


def warcio_check(judges: Path, collection: Collection) -> str:
    """`warcio check` digests the framing of chunked messages too; all else must pass."""
    records, chunked = 0, 0
    for path in collection.warc_files():
        ours = {record.record_id: record for record in read_records(path)}
        records += len(ours)
        said = said_by(judges / "warcio", "check", path, may_fail=True)
        for name, complaint in re.findall(r"WARC-Record-ID (<\S+>) \S+\n\s+(.+)", said):
            codings = parse_head(ours[name].block).tokens(b"transfer-encoding")
            assert "payload" in complaint and "chunked" in codings, f"{path.name}, {name}: {complaint}"
            chunked += 1
        assert "skipping rest of file" not in said, said
    return f"{records} records pass, {chunked} chunked ones aside"


def same_records(judges: Path, collection: Collection) -> str:
    """Types, ids, URLs, digests, offsets and lengths as an independent reader finds them."""
    files = collection.warc_files()
    theirs = said_by(judges / "python", THEIR_RECORDS, *files).splitlines()
    ours = [json.dumps([str(path), *_facts(record)]) for path in files for record in read_records(path)]
    assert ours == theirs, next(f"{one} is not {other}" for one, other in zip(ours, theirs, strict=False))
    return f"{len(ours)} records in {len(files)} files: types, ids, URLs, digests, offsets, lengths"


def _facts(record: Any) -> list[Any]:
    header = record.header
    block = sha1_digest(pieces(record.block))
    assert header("WARC-Block-Digest") in (block, None), record.record_id
    told = (header("WARC-Target-URI"), header("WARC-Payload-Digest"))
    return [record.record_type, record.record_id, *told, block, record.offset, record.length]
