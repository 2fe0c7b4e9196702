"""An erasure leaves nothing of the text, all of the rest, and a collection that is whole."""

import gzip
import io
import json
import shutil
import zipfile
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from crawler.archives.text_import import TextSource, import_texts
from crawler.cli.main import emeroteca
from crawler.crawl.recovery import ingest_missing_captures, recover_interrupted_crawls
from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.local_executor import LocalExecutor
from crawler.operations.verify_collection import verify_collection, verify_paths
from crawler.rebuild.rebuild import rebuild
from crawler.takedown.erase import begin_erasure, finish_erasure, is_interrupted
from crawler.takedown.journal import Journal
from crawler.takedown.selection import select_for_erasure
from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.corpus.export.export import ExportFilter, export
from storage.corpus.read import queries
from storage.corpus.read.fingerprint import fingerprint
from storage.corpus.search.search import search
from storage.corpus.write.change_feed import Cursor
from storage.corpus.write.erasure import tombstones
from storage.corpus.write.store import Store
from storage.corpus.write.targets import Target, TargetKind
from storage.exceptions import CommandError, RecordError, SiteLocked
from storage.locks import SiteLock
from storage.warc.read.reader import read_captures
from tests.crawler.takedown.conftest import (
    COPY,
    ERASED,
    FEED,
    LAST,
    OTHER,
    PAGES,
    SAME_TAG,
    SECRET,
    TAG,
    Library,
    files_with,
    write,
)

URL = Target(TargetKind.URL, ERASED)


def erase(library: Library, target: Target = URL) -> None:
    """Erase, as the command does."""
    found = select_for_erasure(library.collection, library.database, target)
    begin_erasure(library.collection, found.plan, reason="request", by_right="GDPR 17")
    done = finish_erasure(library.collection, library.database, Extractor())
    assert done is not None
    assert done.left == []


def check_whole(library: Library) -> None:
    """`verify` finds nothing, and a rebuild of the WARC files gives the same corpus."""
    assert [str(fault) for fault in verify_collection(library.collection, library.database, None, ()).faults] == []
    assert verify_paths([library.collection.home / "all.wacz"]).faults == []
    again = Collection(library.collection.home.parent / "again")
    again.create()
    rebuild(again, [str(library.collection.warc)], CaptureFilter(), executor, Extractor())
    with open_database(again.database_url) as database:
        assert fingerprint(database) == fingerprint(library.database)
    shutil.rmtree(again.home)


def executor(collection: Collection, chosen: CaptureFilter, extractor: Extractor) -> LocalExecutor:
    return LocalExecutor(1, collection, chosen, extractor)


def urls_of(library: Library) -> list[str]:
    return [capture.url for capture in read_captures(library.collection.warc)]


def test_nothing_of_the_text_is_left_in_any_byte(library: Library) -> None:
    assert files_with(library.collection.home, SECRET.encode())
    cursor = feed(library.database, Cursor(0))[1]
    erase(library)
    assert files_with(library.collection.home, SECRET.encode(), ERASED.encode(), b"Ada Bruni") == {
        "log/alanews.log": [ERASED.encode()]  # a line on another page, whose URL begins so
    }
    check_whole(library)
    gone, _ = feed(library.database, cursor)
    assert [line.get("gone") for line in gone] == [True, True]
    assert search(library.database, SECRET) == []
    assert queries.show(library.database, ERASED) is None


def test_nothing_is_left_in_the_data_folder_of_postgres(library: Library) -> None:
    """Nor in the write-ahead log, once the server has removed its old files."""
    folder = Path(str(library.database.engine.url.query.get("host", "")))
    if library.database.dialect != "postgresql" or not (folder / "PG_VERSION").exists():
        pytest.skip("the data folder of a Postgres server of the test's own is searched")
    with library.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        for statement in ("ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()", "ANALYZE", "CHECKPOINT"):
            server.execute(text(statement))
        before = files_with(folder, SECRET.encode())
        assert {name.partition("/")[0] for name in before} >= {"base", "pg_wal"}
        erase(library)
        for statement in ("SELECT pg_switch_wal()", "CHECKPOINT") * 2:
            server.execute(text(statement))
    assert files_with(folder, SECRET.encode(), b"Ada Bruni") == {}


def test_all_that_is_not_named_stays_byte_for_byte(library: Library) -> None:
    before = {capture.url: capture for capture in read_captures(library.collection.warc)}
    erase(library)
    left = {capture.url: capture for capture in read_captures(library.collection.warc)}
    assert left.keys() == PAGES.keys() - {ERASED, COPY, FEED}
    for url, capture in left.items():
        assert (capture.headers, capture.payload) == (before[url].headers, before[url].payload)
    found = queries.show(library.database, OTHER)
    assert found is not None
    assert found["article"]["headline"] == "Il vento sul porto di Almina"
    with zipfile.ZipFile(library.collection.home / "all.wacz") as wacz:
        assert json.loads(wacz.read("datapackage.json"))["title"] == "Almina"
        pages = [json.loads(line) for line in wacz.read("pages/pages.jsonl").splitlines()[1:]]
    assert {page["url"] for page in pages} == {OTHER, LAST}


def test_the_tombstone_says_when_why_and_by_what_right_and_not_what(library: Library) -> None:
    erase(library)
    [stone] = tombstones(library.database)
    assert (stone["kind"], stone["reason"], stone["by_right"]) == ("url", "request", "GDPR 17")
    assert len(stone["records"]) == 9  # response or revisit, request and metadata of three captures
    assert all(digest.startswith("sha1:") for digest in stone["payloads"])
    [own] = Journal(library.collection).tombstones()
    assert (own.id, own.erased_at) == (stone["id"], stone["erased_at"])
    assert not is_interrupted(library.collection)


def test_a_revisit_of_a_page_that_goes_becomes_a_response(library: Library) -> None:
    kinds = {capture.url: capture.record_type for capture in read_captures(library.collection.warc)}
    assert (kinds[TAG], kinds[SAME_TAG]) == ("response", "revisit")
    erase(library, Target(TargetKind.URL, TAG))
    left = {capture.url: capture for capture in read_captures(library.collection.warc)}
    assert TAG not in left
    assert left[SAME_TAG].record_type == "response"
    assert left[SAME_TAG].payload == PAGES[SAME_TAG]
    check_whole(library)


def test_an_author_is_erased_with_all_articles(library: Library) -> None:
    erase(library, Target(TargetKind.AUTHOR, "ugo nervi"))
    assert set(urls_of(library)) == PAGES.keys() - {OTHER, LAST}
    assert files_with(library.collection.home, b"Ugo Nervi") == {}
    check_whole(library)


def test_a_file_without_captures_goes(library: Library) -> None:
    files = len(library.collection.warc_files())
    erase(library, Target(TargetKind.PATTERN, "*/cronaca/*"))
    assert len(library.collection.warc_files()) < files
    assert set(urls_of(library)) == {url for url in PAGES if "/cronaca/" not in url} - {FEED}
    check_whole(library)


@pytest.mark.parametrize("form", ["whole", "plain"])
def test_files_of_other_writers_are_written_again(library: Library, form: str) -> None:
    """One that is gzipped as a whole, and one that is not compressed."""
    foreign = b"".join(gzip.decompress(path.read_bytes()) for path in library.collection.warc_files())
    other = Library(Collection(library.collection.home.parent / "other"), library.database)
    other.collection.create()
    name = "foreign.warc.gz" if form == "whole" else "foreign.warc"
    path = other.collection.warc / name
    path.write_bytes(gzip.compress(foreign) if form == "whole" else foreign)
    with open_database(other.collection.database_url) as database:
        other = Library(other.collection, database)
        store = Store(database)
        recover_interrupted_crawls(other.collection, store, Extractor())
        erase(other)
        assert files_with(other.collection.home, SECRET.encode()) == {}
        assert set(urls_of(other)) == PAGES.keys() - {ERASED, COPY, FEED}
        assert [str(fault) for fault in verify_collection(other.collection, database, None, ()).faults] == []


def test_what_cannot_be_written_again_is_left_whole(tmp_path: Path, library: Library) -> None:
    """Records that share a frame compressed with a dictionary: the erasure is given up, and nothing has changed."""
    import zstandard

    plain = b"".join(gzip.decompress(path.read_bytes()) for path in library.collection.warc_files())
    words = zstandard.ZstdCompressionDict(b"WARC/1.1 WARC-Type: response" * 40)
    frame = zstandard.ZstdCompressor(dict_data=words).compress(plain)
    data = words.as_bytes()
    other = Collection(tmp_path / "other")
    other.create()
    path = other.warc / "foreign.warc.zst"
    path.write_bytes(b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data + frame)
    before = path.read_bytes()
    with open_database(other.database_url) as database:
        recover_interrupted_crawls(other, Store(database), Extractor())
        with pytest.raises(RecordError, match="dictionary"):
            erase(Library(other, database))
        assert not is_interrupted(other)
        assert [(one, one.read_bytes()) for one in other.warc.glob("foreign*")] == [(path, before)]
        assert [str(fault) for fault in verify_collection(other, database, None, ()).faults] == []


def feed(database: Database, after: Cursor) -> tuple[list[dict[str, object]], Cursor]:
    out = io.BytesIO()
    cursor = export(database, out, "jsonl", ExportFilter(after=after)).cursor
    return [json.loads(line) for line in out.getvalue().splitlines()], cursor


def test_what_was_erased_does_not_come_back(library: Library, tmp_path: Path) -> None:
    copy = shutil.copytree(library.collection.warc, tmp_path / "copy")
    erase(library)
    report = rebuild(library.collection, [str(copy)], CaptureFilter(again=True), executor, Extractor())
    assert report.refused["erased"] == 2
    assert search(library.database, SECRET) == []
    shutil.rmtree(copy)
    (tmp_path / "dump.txt").write_text("Il zirconiolatte sul porto\n" + PAGES[ERASED].decode())
    imported = import_texts(library.collection, [tmp_path / "dump.txt"], TextSource(ERASED + "?utm_source=x"))
    assert (imported.erased, imported.written) == (1, 0)
    write(library.collection, [(ERASED, PAGES[ERASED])], 20)  # as if it were crawled again
    ingest_missing_captures(library.collection, Store(library.database), library.collection.warc_files(), Extractor())
    assert queries.show(library.database, ERASED) is None
    [status] = [one for one in queries.status(library.database) if one["site"] == "alanews"]
    assert status["refusals"]["erased"] == 3


def test_a_database_that_is_made_anew_knows_the_tombstones(library: Library, tmp_path: Path) -> None:
    erase(library)
    fresh = Collection(library.collection.home, f"sqlite:///{tmp_path / 'fresh.db'}")
    rebuild(fresh, [], CaptureFilter(), executor, Extractor())
    with open_database(fresh.database_url) as database:
        assert len(tombstones(database)) == 1


def test_a_dry_run_shows_what_would_go_and_changes_nothing(
    library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in library.collection.warc_files()}
    words = ["--home", str(library.collection.home), "--database", str(library.collection.database_url), "erase"]
    emeroteca.main([*words, "--url", ERASED, "--dry-run"], standalone_mode=False)
    said = capsys.readouterr()
    assert said.out.split() == sorted([ERASED, COPY])
    assert "3 captures (1 named, 1 same payload, 1 repeats the text), 9 records" in said.err
    assert {path: path.read_bytes() for path in library.collection.warc_files()} == before
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    with pytest.raises(click.Abort):
        emeroteca.main([*words, "--url", ERASED, "--reason", "x"], standalone_mode=False)
    with pytest.raises(CommandError, match="no captures of author Nessuno"):
        emeroteca.main([*words, "--author", "Nessuno", "--reason", "x", "--yes"], standalone_mode=False)
    lock = SiteLock(library.database, library.collection.locks, "alanews").acquire()
    with pytest.raises(SiteLocked):
        emeroteca.main([*words, "--url", ERASED, "--reason", "x", "--yes"], standalone_mode=False)
    lock.release()
    emeroteca.main([*words, "--url", ERASED, "--reason", "x", "--yes"], standalone_mode=False)
    capsys.readouterr()
    emeroteca.main([*words, "--list"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["reason"] == "x"
