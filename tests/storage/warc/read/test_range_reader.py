"""Ranges of a file give together what the reader of whole files gives, whatever the file is like."""

import gzip
import io
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.warc.read.members import Damage
from storage.warc.read.range_reader import KnownRecords, RangeReader
from storage.warc.read.record import Record, records_in

SHARED = Path(__file__).resolve().parents[5] / "shared" / "warcs"
BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Il mercato apre alle sette, \x1f\x8b\x08.</p>"


def record(number: int, kind: str = "response", block: bytes = BLOCK) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Target-URI: http://paper.example/{number}\r\nWARC-Date: 2017-03-06T04:03:53Z\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def in_ranges(data: bytes, step: int | None, known: KnownRecords | None = None) -> tuple[list[Record], RangeReader]:
    found: list[Record] = []
    for start in range(0, max(len(data), 1), step) if step else [0]:
        end = start + step if step and start + step < len(data) else None
        reader = RangeReader(io.BytesIO(data), start, end, lambda kind, headers: None, known or KnownRecords())
        found += [one for one in reader if end is None or one.offset < end]
    return found, reader


def whole(data: bytes) -> list[Record]:
    return list(records_in(io.BytesIO(data)))


MEMBERS = [gzip.compress(record(number, "response" if number % 3 else "request")) for number in range(12)]
STORED = [gzip.compress(record(number), 0) for number in range(6)]
FILES = {
    "a member a record": b"".join(MEMBERS),
    "members that are stored, so that gzip's mark stands in them": b"".join(STORED),
    "all in one member": gzip.compress(b"".join(map(record, range(5)))),
    "two records a member": b"".join(gzip.compress(record(n) + record(n + 1)) for n in range(0, 8, 2)),
    "a member of two among others": MEMBERS[0] + gzip.compress(record(20) + record(21)) + b"".join(MEMBERS[1:4]),
    "plain": b"".join(map(record, range(5))),
    "zstd": b"".join(zstandard.compress(record(number)) for number in range(5)),
    "padded": MEMBERS[0] + bytes(7) + MEMBERS[1] + b"\r\n" + MEMBERS[2],
    "cut off": b"".join(MEMBERS)[:-20],
    "corrupt in the middle": MEMBERS[0] + MEMBERS[1][:40] + b"#" * 9 + MEMBERS[1][49:] + b"".join(MEMBERS[2:5]),
    "rubbish between": MEMBERS[0] + b"rubbish \x1f\x8b\x08 more" + b"".join(MEMBERS[1:3]),
    "a block that is larger than it says": gzip.compress(record(1).replace(b"sette", b"sette e mezza")) + MEMBERS[2],
    "no length": gzip.compress(record(1).replace(b"Content-Length", b"Content-Size")) + MEMBERS[2],
    "empty": b"",
    "rubbish": b"rubbish" * 50,
    "not WARC": gzip.compress(b"<html></html>") + MEMBERS[1],
}


@pytest.mark.parametrize("name", FILES)
def test_the_records_are_those_of_the_whole_file(name: str) -> None:
    found, reader = in_ranges(FILES[name], None)
    assert found == whole(FILES[name])
    damages: list[Damage] = []
    list(records_in(io.BytesIO(FILES[name]), damages=damages))
    assert bool(reader.damages) == bool(damages)


@given(st.sampled_from([name for name in FILES if name not in {"plain", "zstd"}]), st.integers(3, 4000))
@settings(max_examples=150, deadline=None)
def test_ranges_give_each_record_once(name: str, step: int) -> None:
    found, _ = in_ranges(FILES[name], step)
    assert found == whole(FILES[name])


def test_what_is_known_is_jumped_over() -> None:
    data = FILES["a member a record"]
    known = KnownRecords({one.offset: one.length for one in whole(data)[::2]})
    found, reader = in_ranges(data, None, known)
    assert found == whole(data)[1::2]
    assert reader.passed == {"done": 6}


def test_what_is_known_of_a_shared_member_is_passed_over_by_its_id() -> None:
    data = gzip.compress(b"".join(record(number) for number in range(6)))
    known = KnownRecords(sharing={(one.offset, one.record_id) for one in whole(data)[::2]})
    found, reader = in_ranges(data, None, known)
    assert found == whole(data)[1::2]
    assert reader.passed == {"done": 3}


def test_what_is_not_wanted_is_counted_by_reason_and_large_blocks_are_whole() -> None:
    large = record(3, block=b"x" * (9 * 1024 * 1024))
    data = MEMBERS[0] + gzip.compress(large) + MEMBERS[2]
    reader = RangeReader(
        io.BytesIO(data), 0, None, lambda kind, _: "of no use" if kind == "request" else None, KnownRecords()
    )
    assert [len(one.block) for one in reader] == [9 * 1024 * 1024, len(BLOCK)]
    assert reader.passed == {"of no use": 1}


def test_what_stands_behind_the_end_of_a_range_is_counted_by_the_next_one_only() -> None:
    data, passed = FILES["a member a record"], 0
    for start, end in ((0, len(MEMBERS[0]) + 1), (len(MEMBERS[0]) + 1, None)):
        reader = RangeReader(
            io.BytesIO(data), start, end, lambda kind, _: "of no use" if kind == "request" else None, KnownRecords()
        )
        list(reader)
        passed += reader.passed["of no use"]
    assert passed == sum(number % 3 == 0 for number in range(len(MEMBERS)))


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/warcs beside the checkout")
@pytest.mark.parametrize("step", [None, 20_000])
def test_files_of_other_writers(step: int | None) -> None:
    for path in sorted(SHARED.glob("*.gz")):
        data = path.read_bytes()
        found, _ = in_ranges(data, step)
        ours = [(one.record_id, one.offset, one.length, bytes(one.block)) for one in found]
        assert ours == [(one.record_id, one.offset, one.length, bytes(one.block)) for one in whole(data)], path.name
