"""The payload index: where a collection holds the payload of a digest and the newest capture of a URL.

A SQLite database beside the WARC files, which `emeroteca rebuild` can make again from them. An entry is a hint that
`storage.warc.read.revisit_resolver` checks at the record, so missing or outdated entries do no harm. Filled by
`crawler.ingest.pipeline` and `crawler.rebuild.rebuild`.
"""

import errno
import logging
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path

from storage.exceptions import WriteFailed

logger = logging.getLogger(__name__)

#: Records of one payload that are looked up; files of other writers may hold a payload several times.
CANDIDATES = 8
#: Seconds to wait for another process of the same collection.
BUSY_TIMEOUT = 60
#: Errors of SQLite for a disk that is full, broken, read-only, or gone.
_OF_THE_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS payloads (
    digest INTEGER NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (digest, file, offset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS urls (url INTEGER PRIMARY KEY, moment INTEGER NOT NULL, file INTEGER, offset INTEGER);
"""
_PUT_URL = """
INSERT INTO urls VALUES (?, ?, ?, ?) ON CONFLICT (url)
DO UPDATE SET moment = excluded.moment, file = excluded.file, offset = excluded.offset WHERE excluded.moment > moment
"""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """A record. file: bare name, or absolute path of a file outside the collection. offset: of the record, in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class IndexedCapture:
    """A capture that is on the disk, to be indexed.

    digest: canonical, of the payload in its record; None where the record has none. url: with status 200, else None.
    is_validator: whether a conditional request for that URL may name this capture. declared_digest: a digest of another
    algorithm that the record declares for the payload.
    """

    location: RecordLocation
    captured_at: datetime
    digest: str | None = None
    url: str | None = None
    is_validator: bool = False
    declared_digest: str | None = None


class PayloadIndex:
    """The index of one collection, for any number of threads and processes at once.

    path: of the database, created where it is missing, and again where it is corrupt. An index that cannot be written
    or read counts as empty: it costs space in the WARC files, never a capture. Memory use is constant. Raises
    WriteFailed where the database is locked or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[str, int] = {}
        self._locks = threading.Lock(), threading.Lock()
        try:
            self._open()
        except sqlite3.OperationalError as problem:  # locked, or no space left: the file itself is sound
            raise WriteFailed(errno.EIO, f"cannot be opened ({problem}); try again", str(path)) from problem
        except sqlite3.DatabaseError as problem:
            logger.warning("%s is created again, `emeroteca rebuild` fills it: %s", path, problem)
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            self._open()

    def _open(self) -> None:
        self._writing, self._reading = _connected(self.path), _connected(self.path)
        with self._writing:
            self._writing.executescript(_SCHEMA)

    def close(self) -> None:
        self._reading.close()
        self._writing.close()

    def put(self, captures: Iterable[IndexedCapture]) -> None:
        """Index captures that are synced to the disk, in any order; repeating one changes nothing. Raises WriteFailed
        where the disk takes no more: the captures may have no rows then, so that the next run puts them again.
        """
        batch = list(captures)
        with self._locks[0]:
            try:
                with self._writing:
                    self._put(batch)
            except sqlite3.Error as problem:
                self._files.clear()
                if (getattr(problem, "sqlite_errorcode", 0) & 0xFF) in _OF_THE_DISK:
                    raise WriteFailed(errno.EIO, f"cannot be written ({problem})", str(self.path)) from problem
                logger.warning("%s: cannot store %d captures: %s", self.path, len(batch), problem)

    def _put(self, batch: list[IndexedCapture]) -> None:
        self._writing.execute("BEGIN IMMEDIATE")
        payloads = [
            (key_of(digest), self._file_id(one.location.file), one.location.offset)
            for one in batch
            for digest in (one.digest, one.declared_digest)
            if digest
        ]
        urls = [
            (
                key_of(one.url),
                int(one.captured_at.timestamp() * 1_000_000),
                *((self._file_id(one.location.file), one.location.offset) if one.is_validator else (None, None)),
            )
            for one in batch
            if one.url is not None
        ]
        # in the order of the tree: fewer pages are touched
        self._writing.executemany("INSERT OR IGNORE INTO payloads VALUES (?, ?, ?)", sorted(payloads))
        self._writing.executemany(_PUT_URL, urls)

    def _file_id(self, name: str) -> int:
        if name not in self._files:
            self._writing.execute("INSERT OR IGNORE INTO files (name) VALUES (?)", (name,))
            found = self._writing.execute("SELECT id FROM files WHERE name = ?", (name,)).fetchone()
            self._files[name] = found[0]
        return self._files[name]

    def move(self, file: str, offsets: Mapping[int, int | None], urls: Iterable[str] = ()) -> None:
        """Follow the records of a rewritten file from old to new offsets; None: erased. urls: of which no capture is
        left. Raises nothing: what stays behind is a hint that leads nowhere.
        """
        gone = [(file, old) for old, new in offsets.items() if new is None]
        moved = sorted((file, old, new) for old, new in offsets.items() if new is not None and new != old)
        with self._locks[0]:
            try:
                with self._writing:
                    self._writing.execute("BEGIN IMMEDIATE")
                    for table in ("payloads", "urls"):
                        at = "WHERE file = (SELECT id FROM files WHERE name = ?) AND offset = ?"
                        self._writing.executemany(f"DELETE FROM {table} {at}", gone)
                        self._writing.executemany(
                            f"UPDATE OR REPLACE {table} SET offset = ? {at}", [(new, *old) for *old, new in moved]
                        )
                    self._writing.executemany("DELETE FROM urls WHERE url = ?", [(key_of(url),) for url in urls])
            except sqlite3.Error as problem:
                logger.warning("%s: cannot follow %s: %s", self.path, file, problem)

    def locations(self, digest: str) -> list[RecordLocation]:
        """Records that may hold the payload of this digest, canonical, in a fixed order."""
        return self._query(
            "SELECT name, offset FROM payloads JOIN files ON id = file WHERE digest = ? ORDER BY name, offset LIMIT ?",
            (key_of(digest), CANDIDATES),
        )

    def latest_location(self, url: str) -> RecordLocation | None:
        """The newest capture of this URL, where a conditional request may name it."""
        places = self._query(
            "SELECT name, offset FROM urls JOIN files ON id = file WHERE url = ? AND offset IS NOT NULL", (key_of(url),)
        )
        return places[0] if places else None

    def captured_since(self, url: str, moment: datetime) -> bool:
        """Whether a capture of this URL, with status 200, was made at this moment or later."""
        query = "SELECT '', moment FROM urls WHERE url = ? AND moment >= ?"
        return bool(self._query(query, (key_of(url), int(moment.timestamp() * 1_000_000))))

    def _query(self, query: str, values: tuple[int, ...]) -> list[RecordLocation]:
        with self._locks[1]:
            try:
                with closing(self._reading.execute(query, values)) as rows:
                    return [RecordLocation(*row) for row in rows]
            except sqlite3.Error as problem:
                logger.warning("%s: cannot be queried: %s", self.path, problem)
                return []


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def read_only(path: Path) -> sqlite3.Connection:
    """The database of an index as it is: nothing is created or mended. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=BUSY_TIMEOUT, uri=True)


def key_of(text: str) -> int:
    """The number that stands for a digest or a URL: 63 bits of its SHA-1."""
    return int.from_bytes(sha1(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()[:8], "big") >> 1
