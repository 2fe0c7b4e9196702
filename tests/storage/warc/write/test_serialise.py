"""Serialised records: what goes in is read back by warcio, whatever its values."""

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.warc.digest import sha1_digest
from storage.warc.spool import PIECE, Spool
from storage.warc.write.serialise import append_record, new_record_id, one_line, warc_fields, warcinfo_fields

NAMES = st.text("abcdefgh-", min_size=1, max_size=8)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=20)
CREATED_AT = datetime(2026, 1, 4, 18, 30, tzinfo=UTC)


@given(st.lists(st.tuples(NAMES, st.none() | VALUES), max_size=5), st.binary(max_size=300))
def test_warcio_reads_a_record_back(fields: list[tuple[str, str | None]], block: bytes) -> None:
    record_id, spool = new_record_id(), Spool()
    own = [(f"X-{number}-{name}", value) for number, (name, value) in enumerate(fields)]
    length = append_record(spool, [*warcinfo_fields(record_id, "a.warc.gz", CREATED_AT), *own], block)
    data = spool.octets()
    assert length == len(data)
    [record] = list(_records(bytes(data)))
    headers, content = record
    assert content == block
    assert headers[:3] == [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", record_id),
        ("WARC-Date", "2026-01-04T18:30:00.000000Z"),
    ]
    assert [pair for pair in headers if pair[0].startswith("X-")] == [pair for pair in own if pair[1] is not None]
    assert headers[-2:] == [("WARC-Block-Digest", sha1_digest([block])), ("Content-Length", str(len(block)))]


def _records(data: bytes) -> list[tuple[list[tuple[str, str]], bytes]]:
    stream = ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    return [(record.rec_headers.headers, record.raw_stream.read()) for record in stream]


def test_a_large_block_is_compressed_in_parts() -> None:
    block = bytes(range(256)) * (PIECE // 256 + 1)
    spool = Spool()
    append_record(spool, warcinfo_fields(new_record_id(), "a.warc.gz", CREATED_AT), block)
    [(_, content)] = _records(bytes(spool.octets()))
    assert content == block


@given(st.text(max_size=40))
def test_a_value_never_breaks_its_line(value: str) -> None:
    assert not {"\r", "\n"} & set(one_line(value))
    spool = Spool()
    append_record(spool, [("WARC-Type", "metadata"), ("X-Value", value.encode("utf-8", "replace").decode())], b"")
    [(headers, _)] = _records(bytes(spool.octets()))
    assert [name for name, _ in headers] == ["WARC-Type", "X-Value", "WARC-Block-Digest", "Content-Length"]


def test_fields_of_a_block_have_a_line_for_each_value() -> None:
    values = {"via": ["a", None, "b"], "none": None, "at": CREATED_AT, "text": "two\r\nlines"}
    assert warc_fields(values) == b"via: a\r\nvia: b\r\nat: 2026-01-04T18:30:00+00:00\r\ntext: two lines\r\n"
