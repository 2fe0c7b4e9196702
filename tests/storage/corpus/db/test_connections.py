"""A connection that the database server ended while it lay idle is replaced before it is used."""

import pytest
from sqlalchemy import text

from storage.corpus.db import database as module
from storage.corpus.db.database import open_database
from storage.exceptions import CorpusError

_ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_an_ended_connection_is_replaced_unless_it_was_just_used(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(module, "_ALIVE", seconds)
    with open_database(postgres_url) as database, open_database(postgres_url) as other:
        with database.reading() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with other.reading() as connection:
            connection.execute(text(f"{_ENDED} pg_backend_pid()"))
        if seconds:
            with pytest.raises(CorpusError), database.reading() as connection:
                connection.execute(text("SELECT 1"))
        with database.reading() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
