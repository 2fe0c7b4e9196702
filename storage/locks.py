"""Locks that end with their process: one crawl of a site at a time, one reader of its captures at a time.

On SQLite a site's lock is a locked file in the collection, so it holds for one machine; on Postgres an advisory lock of
the server, so it holds for all machines. Called by the crawl's extension and worker, by the scheduler, and by commands
that show whether a crawl is under way.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.corpus.db.database import Database
from storage.corpus.write.identity import digest_key
from storage.exceptions import SiteLocked
from storage.warc.durable_files import locked

#: With these a server finds out within a minute that the machine with the lock is gone, instead of within hours.
_KEEPALIVE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


class SiteLock:
    """The lock of a site's crawl, held from `acquire` to `release` or to the end of the process, a kill included.

    folder: of the lock files, made where it is missing. site: the spider's name.
    """

    def __init__(self, database: Database, folder: Path, site: str) -> None:
        self.database = database
        self.folder = folder
        self.site = site
        self._held = ExitStack()

    def acquire(self) -> Self:
        """Raises SiteLocked at once where the lock is taken; CorpusError."""
        with self.database.translated_errors():
            acquired = self._lock_on_server() if self.database.dialect == "postgresql" else self._lock_file()
        if not acquired:
            raise SiteLocked(f"a crawl of {self.site} is under way: two at once would ask the site twice as often")
        return self

    def release(self) -> None:
        self._held.close()

    def is_held(self) -> bool:
        """Whether a crawl of the site is under way: on this machine, on Postgres on any. Creates nothing."""
        try:
            if self.database.dialect == "postgresql":
                self.acquire().release()
            else:
                with locked(self._file, os.O_RDONLY, wait=False):
                    pass
        except (SiteLocked, BlockingIOError):
            return True
        except FileNotFoundError:
            pass
        return False

    @property
    def _file(self) -> Path:
        return self.folder / f"{self.site}.lock"

    def _lock_file(self) -> bool:
        self.folder.mkdir(exist_ok=True)
        try:
            self._held.enter_context(locked(self._file, os.O_RDWR | os.O_CREAT, wait=False))
        except BlockingIOError:
            return False
        return True

    def _lock_on_server(self) -> bool:
        connection = self.database.engine.connect()
        self._held.callback(connection.close)
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # back in the pool it would keep its session, and so the lock
        for setting, seconds in _KEEPALIVE.items():
            connection.execute(text(f"SET {setting} = {seconds}"))
        key = {"key": digest_key(f"emeroteca crawl {self.site}")}
        acquired = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one())
        if acquired:
            self._held.callback(_unlock, connection, key)
        else:
            self.release()
        return acquired


def _unlock(connection: Connection, key: Mapping[str, int]) -> None:
    """Give the lock back at once: the server ends the session of a closed connection a moment later."""
    with suppress(DBAPIError):  # with a connection that is gone the lock is, too
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


@contextmanager
def exclusive_reader_lock(folder: Path, site: str) -> Iterator[None]:
    """Held by the one process of this machine that extracts a site's captures; waits for it.

    The extraction worker of a crawl that was killed lives on for a moment.
    """
    folder.mkdir(exist_ok=True)
    with locked(folder / f"{site}.reading.lock", os.O_RDWR | os.O_CREAT):
        yield
