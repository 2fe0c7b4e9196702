"""What is wrong with the payload index is named: the payload and the record that has it."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.warc.fixity import payload_index
from storage.warc.fixity.payload_index import PayloadIndexCheck
from storage.warc.fixity.verifier import Fault, FixityReport, Verifier
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation
from storage.warc.read.reader import read_captures
from storage.warc.write.writer import WarcWriter

Exchanges = Callable[..., Exchange]
Writers = Callable[..., WarcWriter]
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nneve\r\n0\r\n\r\n"
BODIES = [b"pioggia" * 99, b"sole" * 99, b"grandine" * 99]


@pytest.fixture
def sealed(exchange: Exchanges, open_writer: Writers) -> Path:
    """A file with three payloads, one of them in chunks, and an answer without any."""
    with open_writer() as writer:
        for number, body in enumerate(BODIES):
            writer.write(exchange(body, url=f"https://a.it/{number}"))
        writer.write(exchange(url="https://a.it/neve", response=CHUNKED))
        ref = writer.write(exchange(url="https://a.it/nulla", response=b"HTTP/1.1 204 No Content\r\n\r\n"))
    return writer.folder / ref.file


@pytest.fixture
def indexed(sealed: Path, tmp_path: Path) -> Path:
    """The index that a crawl makes of it."""
    path = tmp_path / "home" / "payloads.db"
    path.parent.mkdir()
    index = PayloadIndex(path)
    index.put(
        IndexedCapture(RecordLocation(sealed.name, one.ref.offset), one.captured_at, one.payload_digest, one.url)
        for one in read_captures(sealed)
        if one.payload
    )
    index.close()
    return path


def faults_of(path: Path, *files: Path) -> list[Fault]:
    report = FixityReport()
    with PayloadIndexCheck(path, report) as check, Verifier(report, check.record) as verifier:
        for file in files:
            verifier.verify_file(file, file.name)
        check.finish()
    return report.faults


def changed(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_index_of_all_payloads_is_no_fault(indexed: Path, sealed: Path) -> None:
    before = indexed.read_bytes()
    assert faults_of(indexed, sealed) == []
    assert indexed.read_bytes() == before


def test_a_payload_without_its_entry_is_named(indexed: Path, sealed: Path) -> None:
    lost = list(read_captures(sealed))[1]
    changed(indexed, f"DELETE FROM payloads WHERE offset = {lost.ref.offset}")
    detail = f"it has no entry for the payload {lost.payload_digest}: emeroteca rebuild --again fills it"
    assert faults_of(indexed, sealed) == [Fault(sealed.name, lost.ref.offset, "payload index", detail)]


def test_a_spoilt_entry_is_named_by_the_payload_of_its_record(indexed: Path, sealed: Path) -> None:
    spoilt = list(read_captures(sealed))[3]
    changed(indexed, f"UPDATE payloads SET digest = digest + 1 WHERE offset = {spoilt.ref.offset}")
    [fault] = faults_of(indexed, sealed)
    assert (fault.file, fault.offset, fault.kind) == (sealed.name, spoilt.ref.offset, "payload index")
    assert fault.detail.startswith(
        f"its entry is not of the payload {spoilt.payload_digest}: remove payloads.db, and emeroteca"
    )


def test_an_entry_where_no_payload_begins_is_named(indexed: Path, sealed: Path) -> None:
    first = next(iter(read_captures(sealed)))
    changed(indexed, "INSERT INTO payloads SELECT 7, file, 1 FROM payloads LIMIT 1")
    changed(indexed, f"INSERT INTO payloads SELECT 7, file, offset FROM payloads WHERE offset = {first.ref.offset}")
    found = {fault.offset: fault.detail for fault in faults_of(indexed, sealed)}
    assert found.keys() == {1, first.ref.offset}
    assert "another payload than the record's (none)" in found[1]
    assert f"another payload than the record's ({first.payload_digest})" in found[first.ref.offset]


def test_entries_of_other_files_are_not_looked_at(indexed: Path, sealed: Path) -> None:
    """They may be of files elsewhere, or of one that is still written."""
    index = PayloadIndex(indexed)
    index.put([IndexedCapture(RecordLocation("/mnt/b.warc.gz", 7), datetime.now(UTC), "sha1:" + "A" * 32)])
    index.close()
    assert faults_of(indexed, sealed) == []


def test_an_index_that_is_missing_is_made_by_nobody(tmp_path: Path, sealed: Path) -> None:
    path = tmp_path / "payloads.db"
    detail = "emeroteca rebuild --again fills it"
    assert faults_of(path, sealed) == [Fault("payloads.db", None, "missing", detail)]
    assert faults_of(path) == []
    assert not path.exists()


@pytest.mark.parametrize("begin", [0, 4096])
def test_a_damaged_index_is_named_and_stays_as_it_is(indexed: Path, sealed: Path, begin: int) -> None:
    data = bytearray(indexed.read_bytes())
    data[begin : begin + 200] = b"\xa5" * 200
    indexed.write_bytes(data)
    [fault] = faults_of(indexed, sealed)
    assert (fault.file, fault.offset, fault.kind) == ("payloads.db", None, "damaged")
    assert "remove payloads.db, and emeroteca rebuild --again makes it from the WARC files" in fault.detail
    assert indexed.read_bytes() == data


def test_of_many_faults_some_are_named_and_the_others_counted(
    indexed: Path, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload_index, "MOST_NAMED", 3)
    changed(indexed, "DELETE FROM payloads")
    *named, last = faults_of(indexed, sealed)
    assert [fault.file for fault in named] == [sealed.name] * 3
    assert (last.file, last.detail.partition(":")[0]) == ("payloads.db", "1 more of these")
