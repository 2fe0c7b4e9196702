"""The schema of a corpus is made whole or not at all."""

import os

import pytest

from storage.corpus.db.database import connect, open_database
from storage.corpus.db.schema import is_empty


def test_migrations_that_cannot_be_listed_make_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic took their folder for an empty one, and left a database that is nobody's."""

    def refused(path: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refused)
        with pytest.raises(OSError, match="the migrations cannot be read"):
            open_database(url)
    with connect(url) as database, database.reading() as connection:
        assert is_empty(connection)
    open_database(url).close()
