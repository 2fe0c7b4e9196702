"""Locks of sites."""

from pathlib import Path

import pytest

from storage.corpus.db.database import Database, connect
from storage.exceptions import CorpusUnreachable, SiteLocked
from storage.locks import SiteLock


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    database = connect("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(CorpusUnreachable, match="does not answer"):
        SiteLock(database, tmp_path, "alanews").acquire()


def test_a_lock_that_was_released_can_be_taken_at_once(database: Database, tmp_path: Path) -> None:
    """Also on Postgres, which ends the session of a closed connection a moment later."""
    lock = SiteLock(database, tmp_path, "prova")
    for _ in range(100):
        lock.acquire().release()
    assert not lock.is_held()
    lock.acquire()
    with pytest.raises(SiteLocked):
        SiteLock(database, tmp_path, "prova").acquire()
    lock.release()
