"""Archives of our own and of other writers, whole, cut and corrupt."""

import gzip
import random
import re
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import lz4.frame
import pytest
import zstandard

from storage.exceptions import CaptureMissing, DecodingError
from storage.warc.digest import sha1_digest
from storage.warc.http.capture import CaptureRef
from storage.warc.read.members import Damage, Members
from storage.warc.read.reader import read_capture, read_captures

SHARED = Path(__file__).resolve().parents[5] / "shared" / "warcs"
PAGE = b"<html><body><p>Il mercato apre alle sette.</p></body></html>"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE


def record(number: int, block: bytes = HTTP, version: bytes = b"WARC/1.0", **extra: str) -> bytes:
    headers = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012}>",
        "WARC-Target-URI": f"http://paper.example/{number}",
        "WARC-Date": "2017-03-06T04:03:53Z",
        "Content-Type": "application/http; msgtype=response",
        **{name.replace("_", "-"): value for name, value in extra.items()},
        "Content-Length": str(len(block)),
    }
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
    return version + b"\r\n" + lines + b"\r\n" + block + b"\r\n\r\n"


def arc(*urls: str) -> bytes:
    info = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://test.arc 0.0.0.0 20030101120000 text/plain %d\n%s" % (len(info), info)]
    parts += [f"{url} 192.0.2.7 20030102030405 text/html {len(HTTP)}\n".encode() + HTTP for url in urls]
    return b"\n".join(parts) + b"\n"


def with_dictionary(records: list[bytes]) -> bytes:
    words = zstandard.ZstdCompressionDict(b"".join(records) * 4, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    frames = [zstandard.ZstdCompressor(dict_data=words).compress(one) for one in records]
    data = zstandard.compress(words.as_bytes())
    return b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data + b"".join(frames)


RECORDS = [record(number) for number in range(5)]
SHAPES: dict[str, bytes] = {
    "plain.warc": b"".join(RECORDS),
    "each.warc.gz": b"".join(map(gzip.compress, RECORDS)),
    "whole.warc.gz": gzip.compress(b"".join(RECORDS)),
    "each.warc.zst": b"".join(map(zstandard.compress, RECORDS)),
    "whole.warc.zst": zstandard.compress(b"".join(RECORDS)),
    "dictionary.warc.zst": with_dictionary(RECORDS),
    "old.warc": b"".join(record(number, version=b"WARC/0.18") for number in range(5)),
    "new.warc.gz": b"".join(gzip.compress(record(number, version=b"WARC/1.1")) for number in range(5)),
    "plain.arc": arc(*(f"http://paper.example/{number}" for number in range(5))),
    "whole.arc.gz": gzip.compress(arc(*(f"http://paper.example/{number}" for number in range(5)))),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_of_archive_gives_the_same_captures(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(SHAPES[name])
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path / name, damages))
    assert [capture.url for capture in captures] == [f"http://paper.example/{number}" for number in range(5)]
    assert {(capture.status, capture.payload, capture.payload_digest) for capture in captures} == {
        (200, PAGE, sha1_digest([PAGE]))
    }
    assert not damages
    for capture in captures:
        assert read_capture(tmp_path, capture.ref) == capture


@pytest.mark.parametrize("name", SHAPES)
def test_a_cut_tail_costs_only_what_was_cut(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(SHAPES[name][: -len(HTTP) // 4])
    damages: list[Damage] = []
    urls = [capture.url for capture in read_captures(tmp_path / name, damages)]
    assert urls == [f"http://paper.example/{number}" for number in range(len(urls))]
    assert len(urls) == 4 or "whole" in name or "dictionary" in name
    assert [damage.reason for damage in damages] == ["cut off"]


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_bad_member_is_passed_over_and_told(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    members = [compress(one) for one in RECORDS]
    middle = len(members[2]) // 2
    members[2] = members[2][:middle] + b"\xff" * 20 + members[2][middle + 20 :]
    file = tmp_path / "bad.warc"
    file.write_bytes(b"".join(members))
    damages: list[Damage] = []
    numbers = [capture.url[-1] for capture in read_captures(file, damages)]
    assert numbers == ["0", "1", "3", "4"]
    assert {damage.offset for damage in damages} == {len(members[0]) + len(members[1])}
    assert damages[-1].reason.startswith("corrupt ")


def test_what_is_no_record_is_passed_over_and_told(tmp_path: Path) -> None:
    file = tmp_path / "odd.warc"
    file.write_bytes(
        RECORDS[0] + b"not a record\nat all\n" + RECORDS[1] + b"WARC/1.0\r\nno: length\r\n\r\n" + RECORDS[2]
    )
    damages: list[Damage] = []
    assert [capture.url[-1] for capture in read_captures(file, damages)] == ["0", "1", "2"]
    assert [damage.reason for damage in damages] == [
        "no record header",
        "no record header: it has no Content-Length",
    ]
    assert damages[0].offset == len(RECORDS[0])


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"<html></html>", b"\0" * 5000])
def test_a_file_that_is_no_archive_has_no_captures(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "no.warc.gz").write_bytes(data)
    assert list(read_captures(tmp_path / "no.warc.gz")) == []


def test_a_wacz_is_read_and_its_captures_found_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.wacz", "w") as wacz:
        wacz.writestr("archive/data.warc.gz", SHAPES["each.warc.gz"])
        wacz.writestr("pages/pages.jsonl", "{}")
    captures = list(read_captures(tmp_path))
    assert [capture.ref.file for capture in captures] == ["some.wacz/archive/data.warc.gz"] * 5
    assert [read_capture(tmp_path, capture.ref) for capture in captures] == captures


def test_a_revisit_names_the_digest_and_the_record_of_its_payload(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    extra = {"WARC_Type": "revisit", "WARC_Refers_To": "<urn:uuid:1>", "WARC_Payload_Digest": sha1_digest([PAGE])}
    (tmp_path / "a.warc").write_bytes(record(1, head, **extra))
    [capture] = read_captures(tmp_path)
    assert (capture.record_type, capture.refers_to, capture.payload) == ("revisit", "<urn:uuid:1>", b"")
    assert capture.payload_digest == sha1_digest([PAGE])


def test_a_resource_is_its_own_payload(tmp_path: Path) -> None:
    extra = {"WARC_Type": "resource", "Content_Type": "image/png", "WARC_Target_URI": "<file:///una foto.png>"}
    (tmp_path / "a.warc").write_bytes(record(1, b"png", **extra))
    [capture] = read_captures(tmp_path)
    assert (capture.url, capture.status, capture.content_type) == ("file:///una%20foto.png", None, "image/png")
    assert capture.content() == b"png"


def test_a_body_stored_decoded_under_its_old_header_is_given_as_it_is(tmp_path: Path) -> None:
    block = HTTP.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 1)
    (tmp_path / "a.warc").write_bytes(record(1, block))
    [capture] = read_captures(tmp_path)
    assert capture.content() == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@pytest.mark.parametrize(
    "body", [b'{"titolo": "Neve"}', "Un testo è qui.\n".encode() * 900, b"User-agent: *\nDisallow:\n"]
)
def test_any_text_stored_decoded_is_given_as_it_is(tmp_path: Path, coding: str, body: bytes) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: " + coding.encode() + b"\r\n\r\n" + body
    (tmp_path / "a.warc").write_bytes(record(1, block))
    [capture] = read_captures(tmp_path)
    assert capture.content() == body


def test_a_payload_that_is_neither_coded_nor_text_is_refused(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bytes(range(256))
    (tmp_path / "a.warc").write_bytes(record(1, block))
    [capture] = read_captures(tmp_path)
    with pytest.raises(DecodingError):
        capture.content()


def test_a_status_line_of_http_2_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record(1, HTTP.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200")))
    [capture] = read_captures(tmp_path)
    assert (capture.status, capture.payload) == (200, PAGE)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2017-03-06T04:03:53Z", datetime(2017, 3, 6, 4, 3, 53, tzinfo=UTC)),
        ("2017-03-06T04:03:53.123456789Z", datetime(2017, 3, 6, 4, 3, 53, 123456, tzinfo=UTC)),
        ("2017-03-06", datetime(2017, 3, 6, tzinfo=UTC)),
        ("2017-03", datetime(2017, 3, 1, tzinfo=UTC)),
        ("2017", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_dates_of_every_precision_are_utc(tmp_path: Path, date: str, moment: datetime) -> None:
    (tmp_path / "a.warc").write_bytes(record(1, WARC_Date=date))
    assert [capture.captured_at for capture in read_captures(tmp_path)] == [moment]


def test_an_arc_2_record_has_its_url_date_and_the_same_id_at_every_reading(tmp_path: Path) -> None:
    line = f"http://paper.example/due 192.0.2.7 2003010203 text/html 200 abc - 0 test.arc {len(HTTP)}\n"
    (tmp_path / "a.arc").write_bytes(arc() + line.encode() + HTTP + b"\n")
    first, again = (list(read_captures(tmp_path)) for _ in range(2))
    assert first == again
    assert (first[0].url, first[0].payload) == ("http://paper.example/due", PAGE)
    assert first[0].captured_at == datetime(2003, 1, 2, 3, tzinfo=UTC)


def test_a_header_that_is_not_utf_8_is_read_as_latin_1(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record(1).replace(b"paper.example/1", b"paper.example/citt\xe0"))
    assert [capture.url for capture in read_captures(tmp_path)] == ["http://paper.example/città"]


def test_a_header_without_an_end_costs_no_memory_and_no_other_record(tmp_path: Path) -> None:
    endless = gzip.compress(b"WARC/1.0\r\n" + b"X-Lungo: neve\r\n" * 1_000_000)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(RECORDS[0]) + endless + gzip.compress(RECORDS[1]))
    damages: list[Damage] = []
    tracemalloc.start()
    assert [capture.url[-1] for capture in read_captures(tmp_path, damages)] == ["0", "1"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * 2**20
    assert [damage.reason for damage in damages] == ["no record header: it has no Content-Length"]


def test_a_record_without_a_date_is_no_capture(tmp_path: Path) -> None:
    first, second = record(1, WARC_Date="ieri"), record(3, WARC_Target_URI="")
    (tmp_path / "a.warc").write_bytes(first + second + record(2))
    damages: list[Damage] = []
    assert [capture.url[-1] for capture in read_captures(tmp_path, damages)] == ["2"]
    assert damages == [Damage(0, "no date: 'ieri'"), Damage(len(first), "no URL")]


def test_clueweb09_has_line_feeds_and_days_of_the_year(tmp_path: Path) -> None:
    """Its form, in our words: https://lemurproject.org/clueweb09/workingWithWARCFiles.php"""
    http = HTTP.replace(b"\r\n", b"\n")
    fields = (
        "WARC-Type: response",
        "WARC-Target-URI: http://paper.example/mercato",
        "WARC-Warcinfo-ID: 00000000-0000-4000-8000-000000000000",
        "WARC-Date: 2009-03-65T08:43:07-0800",
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>",
        "WARC-TREC-ID: clueweb09-xx0000-00-00000",
        "Content-Type: application/http;msgtype=response",
        "WARC-Identified-Payload-Type: ",
        f"Content-Length: {len(http)}",
    )
    one = ("WARC/0.18\n" + "\n".join(fields) + "\n\n").encode() + http + b"\n\n"
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(one * 3))
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path, damages))
    assert [(capture.url, capture.payload) for capture in captures] == [("http://paper.example/mercato", PAGE)] * 3
    assert {capture.captured_at for capture in captures} == {datetime(2009, 3, 6, 16, 43, 7, tzinfo=UTC)}
    assert damages == []


def with_length(data: bytes, length: object) -> bytes:
    return data.replace(b"Content-Length: %d" % len(HTTP), f"Content-Length: {length}".encode(), 1)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
@pytest.mark.parametrize("more", [5, 9, 11, 300, 700, 10**6, 10**17])
def test_a_content_length_that_is_too_large_costs_no_other_record(
    tmp_path: Path, pack: Callable[[bytes], bytes], more: int
) -> None:
    records = [RECORDS[0], with_length(RECORDS[1], len(HTTP) + more), *RECORDS[2:]]
    (tmp_path / "a.warc").write_bytes(pack(b"".join(records)))
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path, damages))
    assert [capture.url[-1] for capture in captures] == list("01234")
    assert {capture.payload for capture in captures} == {PAGE}
    [damage] = damages
    assert f"Content-Length is {len(HTTP) + more}, and another record begins after" in damage.reason
    assert damage.offset == (len(RECORDS[0]) if pack is bytes else 0)


@pytest.mark.parametrize("length", [-1, 10**30, "abc", "", "²", 3])
def test_a_content_length_that_is_none_or_too_small_costs_no_other_record(tmp_path: Path, length: object) -> None:
    (tmp_path / "a.warc").write_bytes(RECORDS[0] + with_length(RECORDS[1], length) + b"".join(RECORDS[2:]))
    damages: list[Damage] = []
    urls = [capture.url[-1] for capture in read_captures(tmp_path, damages)]
    assert [number for number in urls if number != "1"] == list("0234")
    assert [damage.reason[:16] for damage in damages] == ["no record header"]
    assert length == 3 or damages[0].offset == len(RECORDS[0])


def test_a_stretch_that_is_missing_costs_what_it_was_part_of(tmp_path: Path) -> None:
    """From a record's header to that of another, from a block to another, from a header to the end."""
    first, second, third, fourth = (record(number, WARC_Block_Digest=sha1_digest([HTTP])) for number in range(4))
    for data, left, offset in (
        (first + second[:60] + third + fourth, "023", len(first)),
        (first + second[: second.index(b"WARC-Date")] + third + fourth, "023", len(first)),
        (first + second[:-90] + third[-60:] + fourth, "03", len(first)),
        (first + second + third[:60], "01", len(first + second)),
    ):
        (tmp_path / "a.warc").write_bytes(data)
        damages: list[Damage] = []
        captures = list(read_captures(tmp_path / "a.warc", damages))
        assert "".join(capture.url[-1] for capture in captures) == left
        assert [damage.offset for damage in damages] == [offset]
        assert {capture.payload for capture in captures} == {PAGE}


def test_a_record_that_holds_records_is_one(tmp_path: Path) -> None:
    """An archive that was downloaded is a payload like any other, whether its record says its digest or not."""
    block = b"HTTP/1.1 200 OK\r\n\r\n" + b"\r\n" + b"".join(RECORDS)
    with_digest = record(5, block, WARC_Block_Digest=sha1_digest([block]))
    of_another = record(7, block, WARC_Block_Digest=sha1_digest([b"neve"]))
    (tmp_path / "a.warc").write_bytes(record(6, block) + of_another + with_digest + b"nothing\n" + RECORDS[0])
    damages: list[Damage] = []
    assert [capture.url[-1] for capture in read_captures(tmp_path, damages)] == ["6", "7", "5", "0"]
    assert [damage.reason for damage in damages] == ["no record header"]


def test_wrong_lengths_of_arc_records_cost_no_other_record(tmp_path: Path) -> None:
    line = b"http://paper.example/%d 192.0.2.7 20030102030405 text/html %s\n"
    lengths = (b"%d" % len(HTTP), b"-1", b"abc", b"9999999", b"%d" % (len(HTTP) + 30), b"5", b"%d" % len(HTTP))
    parts = [line % (number, length) + HTTP for number, length in enumerate(lengths)]
    (tmp_path / "a.arc").write_bytes(arc() + b"\n".join(parts) + b"\n")
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path, damages))
    assert [capture.url[-1] for capture in captures] == list("03456")
    assert {capture.payload for capture in captures if capture.url[-1] != "5"} == {PAGE}
    assert len(damages) == 4


def test_many_lengths_that_reach_to_the_end_are_read_in_time_that_grows_with_the_file(tmp_path: Path) -> None:
    """Each block reaches to the end of the file, of which no more than a multiple is read."""
    size = 20_000
    one = with_length(RECORDS[0], size * len(RECORDS[0]))
    (tmp_path / "a.warc").write_bytes(one * size)
    begin = time.process_time()
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path, damages))
    assert captures
    assert len(damages) > 1
    assert time.process_time() - begin < 20


@pytest.mark.parametrize("name", ["each.warc.gz", "each.warc.zst", "plain.warc"])
def test_a_damaged_beginning_costs_the_first_record_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff" + SHAPES[name][1:])
    damages: list[Damage] = []
    urls = [capture.url[-1] for capture in read_captures(tmp_path / name, damages)]
    assert urls == list("1234")
    assert damages[0].offset == 0


@pytest.mark.parametrize(
    "compress", [gzip.compress, zstandard.compress, lz4.frame.compress], ids=["gzip", "zstd", "lz4"]
)
def test_of_an_archive_compressed_as_a_whole_what_is_before_a_fault_is_read(
    tmp_path: Path, compress: Callable[[bytes], bytes]
) -> None:
    chance = random.Random(1)
    records = [record(number, HTTP + chance.randbytes(200_000)) for number in range(5)]
    whole = bytearray(compress(b"".join(records)))
    at = len(whole) * 7 // 10
    whole[at : at + 64] = b"\xff" * 64
    (tmp_path / "a.warc").write_bytes(whole)
    damages: list[Damage] = []
    urls = [capture.url[-1] for capture in read_captures(tmp_path, damages)]
    assert urls[:3] == list("012")
    assert damages or compress is not gzip.compress


@pytest.mark.parametrize("size", [256, 64 * 1024])
def test_a_zstd_bomb_is_read_a_little_at_a_time(size: int) -> None:
    """Blocks of one repeated byte: 4 bytes for 128 KB (RFC 8878, 3.1.1.2.2)."""
    bomb = b"\x28\xb5\x2f\xfd\x04\x58" + b"\x02\x00\x10\x00" * size + b"\x03\x00\x10\x00"
    member = next(iter(Members(BytesIO(bomb))))
    tracemalloc.start()
    assert len(member.read(1000)) == 1000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150 * 1024 * 1024


def gzip_bomb(begin: bytes, size: int) -> bytes:
    stream = zlib.compressobj(1, wbits=31)
    parts = [stream.compress(begin), *(stream.compress(b" " * 2**20) for _ in range(size // 2**20))]
    return b"".join([*parts, stream.flush()])


def zstd_bomb(begin: bytes, size: int) -> bytes:
    stream = zstandard.ZstdCompressor(1).compressobj()
    parts = [stream.compress(begin), *(stream.compress(b" " * 2**20) for _ in range(size // 2**20))]
    return b"".join([*parts, stream.flush()])


def lz4_bomb(begin: bytes, size: int) -> bytes:
    stream = lz4.frame.LZ4FrameCompressor()
    parts = [stream.begin(), stream.compress(begin), *(stream.compress(b" " * 2**20) for _ in range(size // 2**20))]
    return b"".join([*parts, stream.flush()])


@pytest.mark.parametrize(
    ("name", "bomb", "compress"),
    [("gz", gzip_bomb, gzip.compress), ("zst", zstd_bomb, zstandard.compress), ("lz4", lz4_bomb, lz4.frame.compress)],
)
def test_a_member_that_makes_much_of_few_bytes_is_told_and_passed_over(
    tmp_path: Path, name: str, bomb: Callable[[bytes, int], bytes], compress: Callable[[bytes], bytes]
) -> None:
    """A block of 520 MB in some 5 MB, which would go to a temporary file; the records before and after it are read."""
    size = 520 * 2**20
    header = record(1, b"").replace(b"Content-Length: 0", b"Content-Length: %d" % size).removesuffix(b"\r\n\r\n")
    parts = [compress(RECORDS[0]), bomb(header, size), compress(RECORDS[2])]
    (tmp_path / f"a.warc.{name}").write_bytes(b"".join(parts))
    damages: list[Damage] = []
    assert [capture.url[-1] for capture in read_captures(tmp_path, damages)] == ["0", "2"]
    assert damages[0].offset == len(parts[0])
    assert re.fullmatch(r"a bomb: \d{,7} bytes of it make \d{9}", damages[0].reason)


@pytest.mark.parametrize("is_damaged", [False, True], ids=["bomb", "damaged"])
def test_a_dictionary_that_cannot_be_used_is_a_damage(tmp_path: Path, is_damaged: bool) -> None:
    words = zstandard.ZstdCompressor(write_checksum=True).compress(b"".join(RECORDS))
    data = words[:-1] + b"?" if is_damaged else zstd_bomb(b"", 300 * 2**20)
    frame = zstandard.compress(RECORDS[0])
    (tmp_path / "a.warc.zst").write_bytes(b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data + frame)
    tracemalloc.start()
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path, damages))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * 2**20
    assert len(captures) == (0 if is_damaged else 1), "a frame that needs no dictionary is read with any"
    assert [damage.reason.partition(";")[0] for damage in damages][:1] == (
        ["corrupt dictionary: zstd decompress error: Restored data doesn't match checksum"] if is_damaged else []
    )


LZ4_SHAPES = {
    "each": b"".join(map(lz4.frame.compress, RECORDS)),
    "whole": lz4.frame.compress(b"".join(RECORDS)),
    "checked": lz4.frame.compress(b"".join(RECORDS), content_checksum=True, block_checksum=True),
}


@pytest.mark.parametrize("name", LZ4_SHAPES)
def test_lz4_frames_are_read(tmp_path: Path, name: str) -> None:
    """As FastWARC writes them: a frame per record."""
    (tmp_path / "a.warc.lz4").write_bytes(LZ4_SHAPES[name])
    damages: list[Damage] = []
    captures = list(read_captures(tmp_path, damages))
    assert [capture.url[-1] for capture in captures] == list("01234")
    assert damages == []
    assert read_capture(tmp_path, captures[3].ref) == captures[3]


def test_a_damaged_lz4_frame_is_passed_over_and_told(tmp_path: Path) -> None:
    frames = [lz4.frame.compress(one, content_checksum=True) for one in RECORDS]
    frames[1] = frames[1][:60] + b"\0\0\0\0" + frames[1][64:]
    (tmp_path / "a.warc.lz4").write_bytes(b"".join(frames)[:-5])
    damages: list[Damage] = []
    assert [capture.url[-1] for capture in read_captures(tmp_path, damages)] == ["0", "2", "3"]
    assert len(damages) >= 2


def test_without_the_lz4_library_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lz4.frame", None)
    (tmp_path / "a.warc.lz4").write_bytes(LZ4_SHAPES["each"])
    damages: list[Damage] = []
    assert list(read_captures(tmp_path, damages)) == []
    assert "pip install 'emeroteca[lz4]'" in damages[0].reason


def test_a_reference_that_leads_nowhere_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(RECORDS[0])
    with pytest.raises(CaptureMissing, match="no file"):
        read_capture(tmp_path, CaptureRef("b.warc", 0, 1, "<urn:uuid:1>"))
    with pytest.raises(CaptureMissing, match="no record"):
        read_capture(tmp_path, CaptureRef("a.warc", 0, 1, "<urn:uuid:1>"))


@pytest.mark.skipif(not SHARED.exists(), reason="the archives of other writers are not beside the checkout")
def test_archives_of_other_writers_are_read_and_found_again() -> None:
    counted = {}
    for file in sorted(SHARED.iterdir()):
        captures = list(read_captures(file))
        counted[file.name] = len(captures)
        for capture in captures:
            assert read_capture(SHARED, capture.ref) == capture
            try:
                capture.content()
            except DecodingError as refused:
                pytest.fail(f"{file.name}, {capture.url}: {refused}")
    assert counted["quotes.wacz"] == 101
    assert counted["resiliparse-warcfile.warc.gz"] == 16
    assert counted["stormcrawler-test.warc.gz"] == 20
    assert counted["warcio-example-bad-non-chunked.warc.gz"] == 2
    assert counted["resiliparse-clipped.warc.gz"] == 0


@pytest.mark.parametrize(
    ("at", "new", "reason"),
    [
        (4, b"\xff\xff\xff\xff", "is cut off or too large"),
        (4, b"\xff\xff\xff\x00", "is cut off or too large"),
        (12, b"\xff\xff\xff\xff\xff\xff\xff\xff", "corrupt dictionary: "),
    ],
)
def test_a_damaged_dictionary_is_told(tmp_path: Path, at: int, new: bytes, reason: str) -> None:
    data = SHAPES["dictionary.warc.zst"]
    (tmp_path / "a.warc.zst").write_bytes(data[:at] + new + data[at + len(new) :])
    damages: list[Damage] = []
    assert list(read_captures(tmp_path, damages)) == []
    [damage] = damages
    assert damage.offset == 0
    assert reason in damage.reason
    assert damage.reason.endswith("no record can be read without it")
