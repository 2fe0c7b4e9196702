"""The home folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.exceptions import CollectionError, WriteFailed
from storage.warc.durable_files import replace_file
from storage.warc.http.exchange import Exchange
from storage.warc.index.manifest import exclusive_lock
from storage.warc.write.writer import WarcWriter


def test_a_collection_is_made_where_there_is_none(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "a" / "50% b?#")
    assert not collection.exists()
    collection.create()
    collection.create()
    assert collection.exists()
    assert collection.warc.is_dir()
    open_database(collection.database_url).close()
    assert (collection.home / "corpus.db").is_file()


def test_a_home_that_is_moved_is_not_made_anew(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "archive")
    collection.create()
    collection.home.rename(tmp_path / "moved")
    for moved in (collection, Collection(tmp_path / "archive", must_exist=True)):
        with pytest.raises(CollectionError, match="moved or deleted"):
            moved.create()
    with pytest.raises(WriteFailed):
        WarcWriter(collection.warc, prefix="prova", software="prova").write(
            Exchange(
                "http://a.example/", "GET", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", datetime.now(UTC)
            )
        )
    with pytest.raises(WriteFailed), exclusive_lock(collection.index):
        pass
    with pytest.raises(WriteFailed):
        replace_file(collection.index / "a.cdxj", [b""])
    assert not collection.home.exists()


def test_a_given_database_is_kept(tmp_path: Path) -> None:
    assert Collection(str(tmp_path), "postgresql://h/d").database_url == "postgresql://h/d"


def test_warc_files_are_the_sealed_ones(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    assert collection.warc_files() == []
    collection.create()
    for name in ("b.warc.gz", "a.warc.gz", "c.warc.gz.open"):
        (collection.warc / name).touch()
    assert [path.name for path in collection.warc_files()] == ["a.warc.gz", "b.warc.gz"]


def test_a_file_in_the_place_of_the_home(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CollectionError, match="--home"):
            Collection(home).create()


def test_a_home_that_cannot_be_made() -> None:
    with pytest.raises(CollectionError, match="--home"):
        Collection("/proc/nowhere").create()
