"""Serialised records: what goes in is read back by warcio, whatever its values."""

import gzip
import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.warc.digest import sha1_digest
from storage.warc.spool import PIECE, Spool
from storage.warc.write.serialise import RecordWriter, build_record, new_record_id, one_line, warc_fields

NAMES = st.text("abcdefgh-", min_size=1, max_size=8)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=20)
TYPES = st.sampled_from(["warcinfo", "response", "revisit", "request", "metadata"])


def written(record_type: str, fields: list[tuple[str, str | None]], block: bytes) -> bytes:
    spool = Spool()
    RecordWriter(spool).write_record(build_record(record_type, new_record_id(), fields, block))
    return bytes(spool.octets())


@given(TYPES, st.lists(st.tuples(NAMES, st.none() | VALUES), max_size=5), st.binary(max_size=300))
def test_warcio_reads_a_record_back(record_type: str, fields: list[tuple[str, str | None]], block: bytes) -> None:
    own = [(f"X-{number}-{name}", value) for number, (name, value) in enumerate(fields)]
    data = written(record_type, own, block)
    assert gzip.decompress(data).startswith(b"WARC/1.1\r\nWARC-Type: ")
    [(headers, content)] = _records(data)
    assert content == block
    assert [name for name, _ in headers[:2]] == ["WARC-Type", "WARC-Record-ID"]
    assert [pair for pair in headers if pair[0].startswith("X-")] == [pair for pair in own if pair[1] is not None]
    assert headers[-2:] == [("WARC-Block-Digest", sha1_digest([block])), ("Content-Length", str(len(block)))]


def _records(data: bytes) -> list[tuple[list[tuple[str, str]], bytes]]:
    stream = ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    return [(record.rec_headers.headers, record.raw_stream.read()) for record in stream]


def test_a_large_block_is_compressed_in_parts() -> None:
    block = bytes(range(256)) * (PIECE // 256 + 1)
    [(_, content)] = _records(written("warcinfo", [], block))
    assert content == block


@given(st.text(max_size=40))
def test_a_value_never_breaks_its_line(value: str) -> None:
    assert not {"\r", "\n"} & set(one_line(value))
    [(headers, _)] = _records(written("metadata", [("X-Value", value.encode("utf-8", "replace").decode())], b""))
    names = ["WARC-Type", "WARC-Record-ID", "X-Value", "Content-Type", "WARC-Block-Digest", "Content-Length"]
    assert [name for name, _ in headers] == names


def test_fields_of_a_block_have_a_line_for_each_value() -> None:
    values = {
        "via": ["a", None, "b"],
        "none": None,
        "at": datetime(2026, 1, 4, 18, 30, tzinfo=UTC),
        "text": "two\r\nlines",
    }
    assert warc_fields(values) == b"via: a\r\nvia: b\r\nat: 2026-01-04T18:30:00+00:00\r\ntext: two lines\r\n"
