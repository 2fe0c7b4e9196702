"""A short run of `bench.flipped_bytes`: verify names the record of each byte that changes, gzip headers included."""

import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.flipped_bytes import Flip, check_files, check_records, flips, offsets_of
from crawler.operations.verify_collection import verify_collection, verify_paths
from storage.collection import Collection
from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation
from storage.warc.read.reader import read_capture
from storage.warc.read.record import Record, records_in
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.read.source import archive_files
from storage.warc.wacz.writer import WaczPage, WaczWriter
from storage.warc.write.conversion import Conversion
from storage.warc.write.copied_record import copy_in
from storage.warc.write.writer import WarcWriter

NOON = datetime(2022, 2, 14, 12, tzinfo=UTC)
FOREIGN = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Date: 2022-02-14T12:00:00Z\r\nWARC-Target-URI: http://paper.example/altrove\r\nContent-Length: 23\r\n\r\n"
    b"HTTP/1.1 200 OK\r\n\r\nneve\r\n\r\n"
)


def exchange(number: int) -> Exchange:
    body = b"<html>%b</html>" % (b"nebbia %d, " % (number % 8) * 60)
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    return Exchange(f"https://paper.example/{number}", "GET", b"GET / HTTP/1.1\r\n\r\n", response, NOON)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Every kind of record that a collection has, one of them copied from another writer's file."""
    collection = Collection(tmp_path_factory.mktemp("flipped"))
    collection.create()
    index = PayloadIndex(collection.payload_index)
    resolver = RevisitResolver(collection.warc, index)
    with WarcWriter(collection.warc, prefix="prova", software="emeroteca/0", revisit_resolver=resolver) as writer:
        for number in range(12):
            index.put(_indexed(collection, writer.write(exchange(number), {"route": "feed"})))
        writer.write_conversion(Conversion("https://paper.example/testo", NOON, b"nebbia in val padana", {"from": "a"}))
        copy = copy_in(gzip.compress(FOREIGN, mtime=1644840000), {"source": "altrove"})
        index.put(_indexed(collection, writer.write_copy(copy)))
    index.close()
    for file in collection.warc_files():
        collection.registry().register(file)
    return collection


def _indexed(collection: Collection, ref: CaptureRef) -> list[IndexedCapture]:
    """What a crawl puts into the payload index."""
    capture = read_capture(collection.warc, ref)
    is_payload = capture.record_type == "response"
    return [IndexedCapture(RecordLocation(ref.file, ref.offset), NOON, capture.payload_digest)] if is_payload else []


def test_a_collection_without_a_change_has_no_fault(collection: Collection) -> None:
    report = verify_collection(collection, None, 0, ())
    assert report.faults == []
    types = [record.record_type for file in collection.warc_files() for record in _records(file)]
    assert set(types) == {"warcinfo", "response", "request", "metadata", "revisit", "conversion"}


def _records(file: Path) -> list[Record]:
    with file.open("rb") as stream:
        return list(records_in(stream))


def test_the_lists_of_checksums_are_no_archives(collection: Collection) -> None:
    assert archive_files(collection.home) == collection.warc_files()


def test_verify_names_the_record_of_each_changed_byte(collection: Collection) -> None:
    outcome = check_records(collection.home, flips(collection.warc_files(), 60, seed=1))
    assert outcome.missed == []
    assert outcome.named == 60


def test_bytes_of_gzip_headers_and_padding_bits_are_no_exception(collection: Collection) -> None:
    [file] = collection.warc_files()
    chance = random.Random(1)
    begins = offsets_of(file)
    headers = [
        Flip(file, chance.choice(begins) + at, 1 << chance.randrange(8)) for at in range(3, 10) for _ in range(4)
    ]
    ends = [Flip(file, at - 9, 0x80) for at in [*begins[1:], file.stat().st_size]]
    assert check_records(collection.home, [*headers, *ends]).missed == []


def test_changed_bytes_of_index_manifest_and_checksums_are_found(collection: Collection) -> None:
    registry = collection.registry()
    files = [*registry.index.files(), registry.manifest.path, *registry.checksums.folder.iterdir()]
    for file in files:
        chosen = flips([file], 12, seed=2)
        assert check_files(lambda: verify_collection(collection, None, 0, ()), chosen).missed == []
    assert verify_collection(collection, None, 0, ()).faults == []


def test_a_package_with_a_changed_byte_is_read_to_its_end(collection: Collection, tmp_path: Path) -> None:
    package = tmp_path / "a.wacz"
    with WaczWriter(package, software="emeroteca/0", title="Prova", description="") as wacz:
        for file in collection.warc_files():
            wacz.add_file(file)
        wacz.add_pages([WaczPage("1", "https://paper.example/1", NOON, "Nebbia", "nebbia " * 50)])
    whole = verify_paths([package])
    assert whole.faults == []
    outcome = check_files(lambda: verify_paths([package]), flips([package], 25, seed=3))
    assert outcome.missed == []
    flip = Flip(package, whole.bytes // 2, 0x10)
    with flip.done():
        damaged = verify_paths([package])
    assert damaged.records >= whole.records - 1
    assert "damaged" in {fault.kind for fault in damaged.faults}
