"""The home folder."""

from pathlib import Path

import pytest

from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.exceptions import CollectionError


def test_a_collection_is_made_where_there_is_none(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "a" / "50% b?#")
    assert not collection.exists()
    collection.create()
    collection.create()
    assert collection.exists()
    assert collection.warc.is_dir()
    open_database(collection.database_url).close()
    assert (collection.home / "corpus.db").is_file()


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
