"""One crawl of a site at a time, whoever starts it: a lock that ends with its process.

On SQLite a locked file in the collection, so for all programs of one machine; on Postgres an advisory lock of the
server, so for all machines.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, text

from storage.corpus.db.database import Database
from storage.corpus.write.identity import key
from storage.exceptions import SiteLocked

#: With these a server finds out within a minute that the machine with the lock is gone, instead of within hours.
_KEEPALIVE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


class SiteLock:
    """Taken by `acquire`, given back by `release` or by the end of the process, a kill included."""

    def __init__(self, database: Database, folder: Path, site: str) -> None:
        self.database = database
        self.folder = folder
        self.site = site
        self._file: int | None = None
        self._connection: Connection | None = None

    def acquire(self) -> Self:
        """Raises SiteLocked at once where the lock is taken."""
        taken = self._take_row() if self.database.dialect == "postgresql" else self._take_file()
        if not taken:
            raise SiteLocked(f"a crawl of {self.site} is under way: two at once would ask the site twice as often")
        return self

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            # back in the pool it would keep its session, and so the lock
            self._connection.detach()
            self._connection.close()
            self._connection = None

    def _take_file(self) -> bool:
        self.folder.mkdir(exist_ok=True)
        self._file = os.open(self.folder / f"{self.site}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def _take_row(self) -> bool:
        self._connection = self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        for setting, seconds in _KEEPALIVE.items():
            self._connection.execute(text(f"SET {setting} = {seconds}"))
        asked = self._connection.execute(
            text("SELECT pg_try_advisory_lock(:key)"), {"key": key(f"emeroteca crawl {self.site}")}
        )
        if asked.scalar_one():
            return True
        self.release()
        return False


@contextmanager
def exclusive_reader_lock(folder: Path, site: str) -> Iterator[None]:
    """Waits until no other process of this machine reads back what crawls of the site have captured.

    Who reads for a crawl outlives it for a moment where the crawl was killed.
    """
    folder.mkdir(exist_ok=True)
    file = os.open(folder / f"{site}.reading.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
