"""Two machines with a collection each share one database: each verifies its own files."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawl.recovery import ingest_missing_captures
from crawler.ingest.classify import Extractor
from crawler.ingest.file_registration import register_files
from crawler.operations.verify_collection import verify_collection
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.write.store import Store
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter, host_of_file, this_host

NOON = datetime(2022, 2, 14, 12, tzinfo=UTC)


def crawled(home: Path, database: Database, host: str, first: int) -> Collection:
    """A collection of two captures, with rows, of a machine of this name."""
    collection = Collection(home)
    collection.create()
    with WarcWriter(collection.warc, prefix="prova", software="emeroteca/0") as writer:
        for number in range(first, first + 2):
            body = b"<html><title>%d</title></html>" % number
            response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            url = f"https://alanews.it/cronaca/nebbia-{number}/"
            writer.write(Exchange(url, "GET", b"GET / HTTP/1.1\r\n\r\n", response, NOON + timedelta(minutes=number)))
    [file] = collection.warc_files()
    file.rename(file.with_name(file.name.replace(f"-{this_host()}-", f"-{host}-")))
    store = Store(database)
    ingest_missing_captures(collection, store, collection.warc_files(), Extractor())
    register_files(collection.registry(), store, collection.warc_files())
    return collection


def test_files_of_other_machines_are_no_faults(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = crawled(tmp_path / "ours", database, this_host(), 0)
    theirs = crawled(tmp_path / "theirs", database, "other-machine", 2)
    report = verify_collection(ours, database, None, ())
    said = capsys.readouterr().err
    [other] = theirs.warc_files()
    if database.dialect == "sqlite":  # a database of one machine: what it knows must be there
        assert [(fault.file, fault.kind) for fault in report.faults] == [(other.name, "missing")]
        return
    assert report.faults == []
    assert "1 WARC files of other machines (other-machine) are not looked at" in said
    # where its files can be reached they are verified; a lost file of its own is a fault on any database
    assert verify_collection(ours, database, None, (str(theirs.warc),)).captures == 4
    [own] = ours.warc_files()
    own.unlink()
    assert own.name in {fault.file for fault in verify_collection(ours, database, None, ()).faults}


def test_names_of_the_manifest_and_the_index_lead_to_no_file(tmp_path: Path) -> None:
    """Such a collection may come from elsewhere: what is read are the files of its own folder."""
    collection = Collection(tmp_path / "archive")
    collection.create()
    secret = tmp_path / "secret.warc"
    secret.write_bytes(b"una parola d'ordine")
    digest = hashlib.sha256(secret.read_bytes()).hexdigest()
    names = ["../../secret.warc", str(secret), "../corpus.db"]
    lines = "".join(f"{digest}  {name}\n" for name in names)
    collection.registry().manifest.path.write_text(lines, encoding="utf-8")
    entries = [json.dumps({"url": "http://a.it/", "offset": "0", "length": "9", "filename": name}) for name in names]
    index = collection.registry().index
    index.add("a.warc", sorted(f"it,a)/ 20220214142100 {entry}\n".encode() for entry in entries))
    report = verify_collection(collection, None, None, ())
    assert [(fault.file, fault.kind) for fault in report.faults] == [(name, "missing") for name in sorted(names)]
    assert (report.files, report.bytes) == (0, 0)


def test_the_machine_in_a_file_name() -> None:
    name = "alanews-20261126104500167-00000-my-host-15494-5847cdd4.warc.gz"
    assert host_of_file(name) == "my-host"
    assert host_of_file("CC-NEWS-20220214-00012.warc.gz") is None
