"""A file is written again without some records: the others stay as they are, whatever the compression."""

import gzip
import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import lz4.frame
import pytest
import zstandard

from storage.exceptions import RecordError, WriteFailed
from storage.warc.digest import sha1_digest
from storage.warc.http.capture import Capture
from storage.warc.read.reader import read_captures
from storage.warc.read.record import Record, records_in
from storage.warc.write.rewrite import RecordPlace, RewrittenFile, rewrite
from tests.storage.warc.conftest import STARTED_AT

PAYLOAD = b"<p>una pagina</p>"


def record(
    number: int, record_type: str = "response", head: bytes = b"HTTP/1.1 200 OK\r\n\r\n", more: str = ""
) -> bytes:
    """Records 1, 2, 3 ... differ in length."""
    block = head + (PAYLOAD * number if record_type == "response" else b"")
    fields = (
        f"WARC/1.1\r\nWARC-Type: {record_type}\r\nWARC-Date: 2022-02-14T12:00:00Z\r\nWARC-Target-URI: https://a.example/{number}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n{more}"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return fields.encode() + block + b"\r\n\r\n"


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


RECORDS = [record(1, "warcinfo"), *(record(number) for number in (2, 3, 4, 5))]
#: The same records as files: how they are compressed, and what gives back the plain bytes of a file.
FORMS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "plain": (b"".join(RECORDS), bytes),
    "a gzip member each": (b"".join(map(packed, RECORDS)), gzip.decompress),
    "one gzip member": (packed(b"".join(RECORDS)), gzip.decompress),
    "two gzip members": (packed(b"".join(RECORDS[:3])) + packed(b"".join(RECORDS[3:])), gzip.decompress),
    "one zstd frame": (
        zstandard.compress(b"".join(RECORDS)),
        lambda data: zstandard.ZstdDecompressor().stream_reader(BytesIO(data), read_across_frames=True).read(),
    ),
    "one LZ4 frame": (lz4.frame.compress(b"".join(RECORDS)), lambda data: lz4.frame.open(BytesIO(data)).read()),
}


def rewritten(
    folder: Path, content: bytes, gone: tuple[int, ...] = (), responses: dict[RecordPlace, Capture] | None = None
) -> tuple[RewrittenFile, bytes]:
    """What comes of a file without the records of these numbers, and its bytes."""
    path, output = folder / "old.warc", folder / "new.warc"
    path.write_bytes(content)
    done = rewrite(path, output, lambda one: number_of(one) in gone, responses or {})
    return done, output.read_bytes()


def number_of(found: Record) -> int:
    return int(found.target_uri.rpartition("/")[2])


def numbers_and_places(data: bytes) -> dict[int, tuple[int, int]]:
    return {number_of(one): (one.offset, one.length) for one in records_in(BytesIO(data))}


@pytest.mark.parametrize("gone", [(2,), (3, 4), (5,), (2, 5), (1, 2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("form", FORMS)
def test_all_that_is_not_erased_is_there_at_the_place_that_is_told(
    form: str, gone: tuple[int, ...], tmp_path: Path
) -> None:
    content, plain_bytes = FORMS[form]
    done, data = rewritten(tmp_path, content, gone)
    left = [number for number in range(1, 6) if number not in gone]
    assert (plain_bytes(data) if data else b"") == b"".join(RECORDS[number - 1] for number in left)
    old = {(one.offset, one.record_id): number_of(one) for one in records_in(BytesIO(content))}
    assert {old[place]: new for place, new in done.places.items()} == numbers_and_places(data)
    assert {old[place] for place in done.erased} == set(gone)
    assert done.has_captures is bool(set(left) - {1})
    assert done.damages == []


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_which_nothing_goes_stays_byte_for_byte(form: str, tmp_path: Path) -> None:
    content, _ = FORMS[form]
    done, data = rewritten(tmp_path, content)
    assert data == content
    assert all(place[0] == offset for place, (offset, _) in done.places.items())
    assert len(done.places) == 5 and done.erased == {} and done.has_captures


def test_an_erased_record_is_told_by_the_digest_of_its_bytes(tmp_path: Path) -> None:
    members = [packed(one) for one in RECORDS]
    done, _ = rewritten(tmp_path, b"".join(members), (3,))
    offset = len(members[0] + members[1])
    assert done.erased == {
        (offset, "<urn:uuid:00000000-0000-4000-8000-000000000003>"): hashlib.sha256(members[2]).hexdigest()
    }
    done, _ = rewritten(tmp_path, packed(b"".join(RECORDS)), (3,))
    assert list(done.erased.values()) == [hashlib.sha256(RECORDS[2]).hexdigest()]


def test_records_of_a_shared_member_get_members_of_their_own(tmp_path: Path) -> None:
    done, data = rewritten(tmp_path, packed(b"".join(RECORDS)), (2,))
    places = numbers_and_places(data)
    assert list(places) == [1, 3, 4, 5] and all(length for _, length in places.values())
    assert list(done.places.values()) == list(places.values())


def test_what_is_damaged_is_copied_and_told(tmp_path: Path) -> None:
    members = [packed(one) for one in RECORDS]
    content = members[0] + members[1] + b"garbage" * 9 + members[2] + members[3]
    done, data = rewritten(tmp_path, content, (2,))
    assert data == members[0] + b"garbage" * 9 + members[2] + members[3]
    assert [damage.offset for damage in done.damages] == [len(members[0] + members[1])]


def test_a_shared_frame_with_a_dictionary_is_not_taken_apart(tmp_path: Path) -> None:
    dictionary = zstandard.train_dictionary(2048, [record(n) + str(n).encode() * 40 for n in range(400)])
    frame = zstandard.ZstdCompressor(dict_data=dictionary).compress(b"".join(RECORDS))
    stored = dictionary.as_bytes()
    content = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored + frame
    with pytest.raises(RecordError, match="compressed with a dictionary"):
        rewritten(tmp_path, content, (2,))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "new.warc").mkdir()
    with pytest.raises(WriteFailed, match="cannot write"):
        rewritten(tmp_path, RECORDS[1])


#: The block of a revisit, and what follows its head in the response.
HEADS = {
    "as it is": (b"HTTP/1.1 200 OK\r\nX-Case: UP\r\n\r\n", PAYLOAD),
    "with a body": (b"HTTP/1.1 200 OK\r\n\r\n<p>", PAYLOAD),
    "chunked": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", b"11\r\n" + PAYLOAD + b"\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("payload", [PAYLOAD, b""])
@pytest.mark.parametrize("pack", [bytes, packed])
@pytest.mark.parametrize("form", HEADS)
def test_a_revisit_becomes_the_response_that_was_served(
    form: str, pack: Callable[[bytes], bytes], payload: bytes, tmp_path: Path
) -> None:
    head, body = HEADS[form]
    body = body if payload else (b"0\r\n\r\n" if form == "chunked" else b"")
    more = (
        f"WARC-Refers-To: <urn:uuid:1>\r\nWARC-Profile: x\r\nWARC-Payload-Digest: {sha1_digest([payload])}\r\n"
        "WARC-Truncated: length\r\nWARC-IP-Address: 192.0.2.7\r\n"
    )
    revisit = record(2, "revisit", head, more)
    content = b"".join(map(pack, (RECORDS[0], revisit, RECORDS[2])))
    place = (len(pack(RECORDS[0])), "<urn:uuid:00000000-0000-4000-8000-000000000002>")
    original = Capture(
        ref=None,  # type: ignore[arg-type]
        url="https://a.example/2",
        captured_at=STARTED_AT,
        status=200,
        reason="OK",
        headers=(),
        content_type=None,
        payload=payload,
        payload_digest=sha1_digest([payload]),
    )
    done, data = rewritten(tmp_path, content, responses={place: original})
    [info, response, after] = records_in(BytesIO(data))
    assert bytes(response.block) == head.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body
    assert [name for name, _ in response.headers] == [
        *("WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "WARC-Payload-Digest", "WARC-IP-Address"),
        *("Content-Type", "WARC-Block-Digest", "Content-Length"),
    ]
    assert response.record_type == "response" and response.record_id == place[1]
    assert response.header("Content-Type") == "application/http; msgtype=response"
    assert done.places[place] == (response.offset, response.length)
    assert data.startswith(pack(RECORDS[0])) and data.endswith(pack(RECORDS[2]))
    assert list(done.places.values()) == [(one.offset, one.length) for one in (info, response, after)]
    (tmp_path / "old.warc").unlink()
    capture = next(iter(read_captures(tmp_path)))
    assert capture.payload == payload and capture.payload_digest == sha1_digest([payload])
