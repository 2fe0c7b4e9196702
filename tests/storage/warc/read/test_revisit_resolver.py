"""Revisit records: written only where the payload is at hand, read only where it is found."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.warc.http.capture import Capture
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex
from storage.warc.read.reader import read_capture, read_captures, read_records
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

Exchanges = Callable[..., Exchange]
PAGE = b"<html>" + b"la nebbia sale piano " * 40


@pytest.fixture
def resolver(tmp_path: Path) -> Iterator[RevisitResolver]:
    index = PayloadIndex(tmp_path / "payloads.db")
    yield RevisitResolver(tmp_path / "warc", index)
    index.close()


@pytest.fixture
def writer(tmp_path: Path, resolver: RevisitResolver) -> Iterator[WarcWriter]:
    with WarcWriter(tmp_path / "warc", prefix="test", software="test", revisit_resolver=resolver) as opened:
        yield opened


def remember(resolver: RevisitResolver, writer: WarcWriter, ref: Any, *, is_validator: bool = True) -> Capture:
    """What a crawl does once the bytes are on the disk."""
    writer.sync()
    capture = read_capture(writer.folder, ref)
    place = resolver.location_of(writer.folder / ref.file, capture)
    resolver.index.put([IndexedCapture(place, capture.captured_at, capture.payload_digest, capture.url, is_validator)])
    return capture


def later(exchange: Exchanges, body: bytes = PAGE, **fields: Any) -> Exchange:
    first = exchange(body)
    return exchange(body, **{"started_at": first.started_at + timedelta(days=1), **fields})


def test_a_payload_is_held_once_though_its_file_is_still_open(
    exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver
) -> None:
    first = remember(resolver, writer, writer.write(exchange(PAGE)))
    ref = writer.write(later(exchange, url="https://paper.example/altro"), {"route": "feed"})
    _, _, _, revisit, request, metadata = read_records(next(writer.folder.iterdir()))
    assert {name: revisit.header(name) for name in ("WARC-Type", "WARC-Profile", "WARC-Truncated")} == {
        "WARC-Type": "revisit",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Truncated": "length",
    }
    assert revisit.header("WARC-Refers-To") == first.ref.record_id
    assert revisit.header("WARC-Refers-To-Target-URI") == first.url
    assert revisit.header("WARC-Refers-To-Date") == "2021-12-04T18:30:00.123456Z"
    assert revisit.header("WARC-Payload-Digest") == first.payload_digest
    assert bytes(revisit.block) == b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
    assert request.header("WARC-Concurrent-To") == metadata.header("WARC-Concurrent-To") == ref.record_id
    shown = resolver.resolve(read_capture(writer.folder, ref))
    assert shown is not None
    assert (shown.payload, shown.truncated, shown.url) == (PAGE, None, "https://paper.example/altro")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"<html>corto</html>", {}),
        (PAGE, {"truncated": "disconnect"}),
        (b"", {}),
    ],
)
def test_what_is_small_or_cut_is_kept_as_it_came(
    exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver, body: bytes, fields: dict[str, Any]
) -> None:
    remember(resolver, writer, writer.write(exchange(body)))
    ref = writer.write(later(exchange, body, **fields))
    assert read_capture(writer.folder, ref).record_type == "response"


def test_nothing_points_at_a_record_that_is_gone_or_changed(
    exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver
) -> None:
    first = remember(resolver, writer, writer.write(exchange(PAGE)))
    writer.close()
    file = writer.folder / first.ref.file
    data = bytearray(file.read_bytes())
    middle = first.ref.offset + first.ref.length * 2 // 3
    data[middle : middle + 40] = bytes(40)
    file.write_bytes(data)
    assert read_capture(writer.folder, writer.write(later(exchange))).record_type == "response"
    file.unlink()
    assert read_capture(writer.folder, writer.write(later(exchange))).record_type == "response"


def test_not_modified_is_a_revisit_that_shows_what_was_asked_about(
    exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver
) -> None:
    tagged = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "7"\r\nContent-Length: %d\r\n\r\n' % len(PAGE)
    remember(resolver, writer, writer.write(exchange(response=tagged + PAGE)))
    known = resolver.latest_capture("https://paper.example/articolo")
    assert known is not None
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\n\r\n'
    ref = writer.write(later(exchange, response=answer), None, known)
    records = read_records(next(writer.folder.iterdir()))
    record = next(record for record in records if record.record_type == "revisit")
    assert record.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert bytes(record.block) == answer
    assert record.header("WARC-Truncated") is None
    shown = resolver.resolve(read_capture(writer.folder, ref))
    assert shown is not None
    assert (shown.status, shown.payload, shown.content_type) == (200, PAGE, "text/html")


def test_a_304_that_nobody_asked_for_is_a_response(exchange: Exchanges, writer: WarcWriter) -> None:
    ref = writer.write(exchange(response=b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    assert read_capture(writer.folder, ref).record_type == "response"


def test_a_revisit_of_another_archive_is_resolved_through_its_file(
    exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver, tmp_path: Path
) -> None:
    remember(resolver, writer, writer.write(exchange(PAGE)))
    writer.write(later(exchange))
    writer.close()
    moved = tmp_path / "elsewhere"
    writer.folder.rename(moved)
    index = PayloadIndex(tmp_path / "other.db")
    strangers = RevisitResolver(tmp_path / "nothing", index)
    first, revisit = read_captures(moved)
    assert strangers.resolve(revisit) is None
    index.put(
        [IndexedCapture(strangers.location_of(moved / first.ref.file, first), first.captured_at, first.payload_digest)]
    )
    shown = strangers.resolve(revisit)
    assert shown is not None and shown.payload == PAGE
    assert strangers.find_payload(first.payload_digest) is None, "our own records point at our own files only"
    index.close()


@pytest.mark.parametrize(("size", "is_revisit"), [(255, False), (256, True)])
def test_small_payloads_are_written_again(
    exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver, size: int, is_revisit: bool
) -> None:
    remember(resolver, writer, writer.write(exchange(b"x" * size)))
    writer.write(later(exchange, b"x" * size))
    types = [one.record_type for one in read_records(next(writer.folder.iterdir()))]
    assert ("revisit" in types) is is_revisit


def test_a_truncated_response_is_no_revisit(exchange: Exchanges, writer: WarcWriter, resolver: RevisitResolver) -> None:
    remember(resolver, writer, writer.write(exchange(PAGE)))
    writer.write(later(exchange, truncated="time"))
    assert "revisit" not in [one.record_type for one in read_records(next(writer.folder.iterdir()))]


def test_a_head_that_is_cut_off_is_no_revisit(exchange: Exchanges, writer: WarcWriter) -> None:
    for response in (b"HTTP/1.1 200 OK\r\nContent-Type: text/ht", b"", b"\x00"):
        writer.write(exchange(response=response))
    assert "revisit" not in [one.record_type for one in read_records(next(writer.folder.iterdir()))]
