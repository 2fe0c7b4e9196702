"""A row without its record, a record without its row, and a row that its capture does not give are faults."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawl.recovery import ingest_missing_captures
from crawler.ingest.classify import Extractor, classify
from crawler.ingest.file_locator import FileLocator
from crawler.operations.verify_rows import RowCheck, RowComparison, compare_rows
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.store import Store
from storage.warc.digest import sha1_digest
from storage.warc.fixity.verifier import FixityReport
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import read_captures, read_records
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

NOON = datetime(2022, 2, 14, 12, tzinfo=UTC)
PAGES = 5


@pytest.fixture
def collection(tmp_path: Path, database: Database) -> Collection:
    """A collection of one WARC file of five captures, with their rows."""
    collection = Collection(tmp_path / "home")
    collection.create()
    with WarcWriter(collection.warc, prefix="prova", software="emeroteca/0") as writer:
        for number in range(PAGES):
            body = b"<html><title>%d</title></html>" % number
            response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            url = f"https://alanews.it/cronaca/nebbia-{number}/"
            writer.write(Exchange(url, "GET", b"GET / HTTP/1.1\r\n\r\n", response, NOON + timedelta(minutes=number)))
    ingest_missing_captures(collection, Store(database), collection.warc_files(), Extractor())
    return collection


def checked(collection: Collection, database: Database, first: int = 0) -> list[str]:
    report = FixityReport()
    check = RowCheck(database, report)
    [file] = collection.warc_files()
    for record in list(read_records(file))[first:]:
        check.record(file.name, record)
    check.finish()
    return [fault.detail for fault in report.faults]


def compared(collection: Collection, database: Database, sample: int | None) -> tuple[RowComparison, list[str]]:
    report = FixityReport()
    index = PayloadIndex(collection.payload_index)
    resolver = RevisitResolver(collection.warc, index)
    comparison = compare_rows(database, FileLocator(database, collection.warc), resolver, report, sample)
    index.close()
    return comparison, [fault.detail for fault in report.faults]


def test_rows_that_lead_to_their_records_have_no_fault(collection: Collection, database: Database) -> None:
    assert checked(collection, database) == []
    comparison, faults = compared(collection, database, None)
    assert (comparison.captures, comparison.other, faults) == (PAGES, 0, [])


def test_a_row_without_its_record_and_one_that_differs_are_told(collection: Collection, database: Database) -> None:
    [file] = collection.warc_files()
    first, *_ = read_captures(file)
    # the warcinfo, the first response and its request
    assert len([fault for fault in checked(collection, database, first=3) if "and there is no capture" in fault]) == 1
    wrong = replace(classify(first), url="https://alanews.it/cronaca/altra/")
    Store(database).save([wrong])
    [fault] = checked(collection, database)
    assert fault == f"URL: the row says {wrong.url}, the record {first.url}"


def test_a_digest_of_a_chunked_body_with_its_framing_is_no_fault(tmp_path: Path, database: Database) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"6\r\n<html>\r\n0\r\n\r\n"
    framed = sha1_digest([body])
    fields = (
        "WARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://alanews.it/cronaca/nebbia/\r\n"
        f"WARC-Date: 2022-02-14T12:00:00Z\r\nWARC-Payload-Digest: {framed}\r\nContent-Length: {len(head + body)}"
    )
    file = tmp_path / "chunked.warc"
    file.write_bytes(f"WARC/1.0\r\n{fields}\r\n\r\n".encode() + head + body + b"\r\n\r\n")
    [capture] = read_captures(file)
    assert capture.payload_digest != framed
    Store(database).save([classify(capture)])
    report = FixityReport()
    check = RowCheck(database, report, are_own=False)
    for record in read_records(file):
        check.record(file.name, record)
    check.finish()
    assert report.faults == []


def test_a_row_that_its_capture_does_not_give_is_told(collection: Collection, database: Database) -> None:
    [file] = collection.warc_files()
    _, second, *_ = read_captures(file)
    Store(database).save([replace(classify(second), outcome=Outcome.OTHER, reason=None, detail=None)])
    comparison, [fault] = compared(collection, database, None)
    assert (comparison.captures, comparison.other) == (PAGES, 1)
    assert fault.startswith(f"{second.url}: was other, is refused ")


def test_a_sample_has_the_size_asked_for_and_missing_files_are_counted(
    collection: Collection, database: Database
) -> None:
    assert compared(collection, database, 2)[0].captures == 2
    [file] = collection.warc_files()
    file.unlink()
    comparison, faults = compared(collection, database, None)
    assert (comparison.captures, comparison.absent, faults) == (0, {file.name: PAGES}, [])
