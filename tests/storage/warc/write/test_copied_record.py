"""A record of another file is copied byte for byte, whatever its compression."""

import gzip
import random
from io import BytesIO
from pathlib import Path

import pytest

from storage.exceptions import CaptureMissing
from storage.warc.read.record import records_in
from storage.warc.read.recovery import recover
from storage.warc.write.copied_record import copy_in, copy_of
from storage.warc.write.writer import WarcWriter


def record(number: int, date: str = "2022-02-14T12:00:00Z") -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>una pagina</p>"
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {date}\r\nWARC-Target-URI: https://a.example/{number}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


FILES = {
    "a member a record": b"".join(gzip.compress(record(number), mtime=0) for number in (1, 2, 3)),
    "one member": gzip.compress(b"".join(map(record, (1, 2, 3))), mtime=0),
    "plain": b"".join(map(record, (1, 2, 3))),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_copy_has_the_bytes_of_the_record(content: bytes, tmp_path: Path) -> None:
    file = BytesIO(content)
    second = list(records_in(file))[1]
    copy = copy_of(file, second, {"source": "elsewhere"})
    assert gzip.decompress(copy.member).rstrip() == record(2).rstrip()
    with WarcWriter(tmp_path, prefix="copy", software="test") as writer:
        ref = writer.write_copy(copy)
        assert writer.captures == 1
    [written] = tmp_path.glob("*.warc.gz")
    with written.open("rb") as opened:
        found = list(records_in(opened))
        opened.seek(ref.offset)
        assert opened.read(ref.length) == copy.member
    assert [one.record_type for one in found] == ["warcinfo", "response", "metadata"]
    assert found[2].header("WARC-Concurrent-To") == second.record_id == ref.record_id
    assert b"source: elsewhere" in bytes(found[2].block)


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (b"", "no WARC record"),
        (b"no gzip", "no WARC record"),
        (gzip.compress(b"no record", mtime=0), "no WARC record"),
        (FILES["one member"], "several WARC records"),
    ],
)
def test_bytes_that_hold_no_single_record(member: bytes, reason: str) -> None:
    with pytest.raises(CaptureMissing, match=reason):
        copy_in(member, {})


def test_a_record_without_a_date_is_not_written(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, prefix="copy", software="test") as writer, pytest.raises(CaptureMissing):
        writer.write_copy(copy_in(gzip.compress(record(1, "yesterday"), mtime=0), {}))


def test_copies_of_a_killed_import_are_recovered(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="copy", software="test")
    for number in (1, 2):
        writer.write_copy(copy_in(gzip.compress(record(number), mtime=0), {"source": "elsewhere"}))
    writer.sync()
    [left] = tmp_path.glob("*.open")
    whole = left.read_bytes()
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / left.name).write_bytes(whole + gzip.compress(record(3), mtime=0)[:-9])
    [recovered] = recover(tmp_path / "killed")
    writer.close()
    assert recovered.captures == 2 and recovered.path is not None
    assert recovered.path.read_bytes() == whole


def test_records_are_copied_while_a_long_file_is_read() -> None:
    draw = random.Random(1)
    bodies = [draw.randbytes(draw.randrange(1, 30_000)).hex() for _ in range(150)]
    whole = b"".join(gzip.compress(long_record(number, body), 1, mtime=0) for number, body in enumerate(bodies))
    file, copies = BytesIO(whole), []
    for found in records_in(file):
        copies.append(copy_of(file, found, {}))
    assert b"".join(copy.member for copy in copies) == whole and len(whole) > 1024 * 1024
    assert [bytes(copy.record.block).partition(b"\r\n\r\n")[2].decode() for copy in copies] == bodies


def long_record(number: int, body: str) -> bytes:
    block = f"HTTP/1.1 200 OK\r\n\r\n{body}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2022-02-14T12:00:00Z\r\nWARC-Target-URI: https://a.example/\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
