"""The index of payloads and URLs: what was put comes out, whatever the order, the process or the state of its file."""

import subprocess
import sys
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.exceptions import WriteFailed
from storage.warc.digest import canonical_digest, sha1_digest
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation

MOMENT = datetime(2021, 12, 4, 18, 30, tzinfo=UTC)
URL = "https://paper.example/"


def indexed(number: int, *, url: str | None = None, after: int = 0, is_validator: bool = True) -> IndexedCapture:
    digest = sha1_digest([b"%d" % number])
    return IndexedCapture(
        RecordLocation("a.warc.gz", number), MOMENT + timedelta(seconds=after), digest, url, is_validator
    )


def test_a_payload_is_found_where_it_is_held(tmp_path: Path) -> None:
    index = PayloadIndex(tmp_path / "payloads.db")
    index.put(indexed(number) for number in range(500))
    index.put([indexed(7)])
    assert index.locations(sha1_digest([b"7"])) == [RecordLocation("a.warc.gz", 7)]
    assert index.locations(sha1_digest([b"700"])) == []
    index.close()
    again = PayloadIndex(tmp_path / "payloads.db")
    assert again.locations(sha1_digest([b"499"])) == [RecordLocation("a.warc.gz", 499)]
    again.close()


@settings(max_examples=20, deadline=None)
@given(st.permutations([(1, True), (2, True), (3, False), (4, True), (5, False)]))
def test_the_last_capture_of_a_url_counts_in_any_order(captures: list[tuple[int, bool]]) -> None:
    with TemporaryDirectory() as folder:
        index = PayloadIndex(Path(folder) / "payloads.db")
        for after, is_validator in captures:
            index.put([indexed(after, url=URL, after=after, is_validator=is_validator)])
        assert index.latest_location(URL) is None, "the last one is no validator"
        index.put([indexed(6, url=URL, after=6)])
        assert index.latest_location(URL) == RecordLocation("a.warc.gz", 6)
        index.close()


def test_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "payloads.db"
    script = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from storage.warc.read.payload_index import *; from storage.warc.digest import sha1_digest\n"
        "index, first = PayloadIndex(Path(sys.argv[1])), int(sys.argv[2])\n"
        "for n in range(first, first + 300, 10):\n"
        "    places = [(m, RecordLocation(f'{first}.warc.gz', m)) for m in range(n, n + 10)]\n"
        "    index.put(IndexedCapture(place, datetime.now(UTC), sha1_digest([b'%d' % m])) for m, place in places)\n"
    )
    commands = [[sys.executable, "-c", script, str(path), str(first)] for first in (0, 1000, 2000)]
    children = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    assert [child.communicate(timeout=60)[1] for child in children] == [""] * 3
    index = PayloadIndex(path)
    assert all(
        index.locations(sha1_digest([b"%d" % m])) for first in (0, 1000, 2000) for m in range(first, first + 300)
    )
    index.close()


@pytest.mark.parametrize("bytes_", [b"no database at all" * 100, b"SQLite format 3\0" + bytes(2000)])
def test_a_broken_index_is_created_again(tmp_path: Path, bytes_: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "payloads.db").write_bytes(bytes_)
    index = PayloadIndex(tmp_path / "payloads.db")
    index.put([indexed(1)])
    assert index.locations(sha1_digest([b"1"])) == [RecordLocation("a.warc.gz", 1)]
    assert "emeroteca rebuild" in caplog.text
    index.close()


@pytest.mark.parametrize("written", ["sha1:{}", "SHA1:{}", "{}", "sha-1:{}"])
def test_a_digest_is_known_in_other_spellings(written: str) -> None:
    ours = sha1_digest([b"nebbia"])
    base32 = ours.removeprefix("sha1:")
    assert canonical_digest(written.format(base32)) == ours
    assert canonical_digest(written.format(base32.lower())) == ours
    assert canonical_digest("sha1:1c0e6b7c8a4cdb5ea9d2c1ff0a5fd7a1e2f9c3aa") is not None
    for other in ("crc32:01234567", "sha1:short", "", None, "sha256:" + base32):
        assert canonical_digest(other) is None


def test_a_digest_of_another_kind_has_one_spelling_too() -> None:
    digest = sha256(b"nebbia").digest()
    spellings = ("sha256:" + digest.hex(), "SHA-256:" + digest.hex().upper(), "sha256:" + b32encode(digest).decode())
    assert {canonical_digest(spelling) for spelling in spellings} == {"sha256:" + digest.hex()}


def test_a_full_disk_is_no_place_for_captures(tmp_path: Path) -> None:
    """Without it they would have rows, and no entry, for good."""
    index = PayloadIndex(tmp_path / "payloads.db")
    pages = index._writing.execute("PRAGMA page_count").fetchone()[0]
    index._writing.execute(f"PRAGMA max_page_count = {pages}")
    many = [indexed(number) for number in range(2000)]
    with pytest.raises(WriteFailed, match="full"):
        index.put(many)
    index._writing.execute("PRAGMA max_page_count = 100000")
    index.put(many)
    assert index.locations(many[7].digest or "")
    index.close()
