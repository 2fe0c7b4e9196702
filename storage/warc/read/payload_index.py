"""Which payloads and URLs a collection has captured, and where: a small database beside the WARC files.

It holds nothing that the WARC files do not say; `emeroteca rebuild` fills it again. What it says is a hint that
whoever follows it checks at the record (`originals`), so it may know too little and never too much.
"""

import errno
import logging
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path

from storage.exceptions import WriteFailed

logger = logging.getLogger(__name__)

#: Records of one payload that are looked at; a collection of ours has one, several where others wrote it.
CANDIDATES = 8
#: Seconds to wait for another process of the same collection.
PATIENCE = 60

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
    """A record: the file's bare name, or its absolute path where it is none of the collection's; bytes in it."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class IndexedCapture:
    """A capture that is on the disk, for the index.

    digest: of the payload that its record holds, None where it holds none; also: the digest of another kind that the
    record declares for it. url: where the server
    gave it with status 200, else None; asks: whether the next request for that URL may name this capture and be
    answered "not modified".
    """

    place: RecordLocation
    captured_at: datetime
    digest: str | None = None
    url: str | None = None
    asks: bool = False
    also: str | None = None


class PayloadIndex:
    """The index of one collection; any number of threads and processes at once.

    path: of the database, made where it is missing; one that is no database is begun anew. Memory stays flat: SQLite
    keeps the rest on the disk. An index that cannot be written or read is as good as an empty one: it costs space in
    the WARC files, never a capture. Raises WriteFailed where it cannot be opened for now.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[str, int] = {}
        self._locks = threading.Lock(), threading.Lock()
        try:
            self._open()
        except sqlite3.OperationalError as problem:  # locked, or no room: nothing is wrong with what is there
            raise WriteFailed(errno.EIO, f"cannot be opened ({problem}); try again", str(path)) from problem
        except sqlite3.DatabaseError as problem:
            logger.warning("%s is begun anew, `emeroteca rebuild` fills it: %s", path, problem)
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
        """Remember captures whose bytes the disk has confirmed. In any order, twice does no harm."""
        batch = list(captures)
        with self._locks[0]:
            try:
                with self._writing:
                    self._put(batch)
            except sqlite3.Error as problem:
                self._files.clear()
                logger.warning("%s does not take %d captures: %s", self.path, len(batch), problem)

    def _put(self, batch: list[IndexedCapture]) -> None:
        self._writing.execute("BEGIN IMMEDIATE")
        payloads = [
            (_key(digest), self._file(one.place.file), one.place.offset)
            for one in batch
            for digest in (one.digest, one.also)
            if digest
        ]
        urls = [
            (
                _key(one.url),
                int(one.captured_at.timestamp() * 1_000_000),
                *((self._file(one.place.file), one.place.offset) if one.asks else (None, None)),
            )
            for one in batch
            if one.url is not None
        ]
        # in the order of the tree: fewer pages are touched
        self._writing.executemany("INSERT OR IGNORE INTO payloads VALUES (?, ?, ?)", sorted(payloads))
        self._writing.executemany(_PUT_URL, urls)

    def _file(self, name: str) -> int:
        if name not in self._files:
            self._writing.execute("INSERT OR IGNORE INTO files (name) VALUES (?)", (name,))
            found = self._writing.execute("SELECT id FROM files WHERE name = ?", (name,)).fetchone()
            self._files[name] = found[0]
        return self._files[name]

    def locations(self, digest: str) -> list[RecordLocation]:
        """Records that may hold the payload of this digest, spelled as `canonical_digest` does, in a fixed order."""
        return self._places(
            "SELECT name, offset FROM payloads JOIN files ON id = file WHERE digest = ? ORDER BY name, offset LIMIT ?",
            (_key(digest), CANDIDATES),
        )

    def latest_location(self, url: str) -> RecordLocation | None:
        """The last capture of this URL that a request may name to the server."""
        places = self._places(
            "SELECT name, offset FROM urls JOIN files ON id = file WHERE url = ? AND offset IS NOT NULL", (_key(url),)
        )
        return places[0] if places else None

    def _places(self, query: str, values: tuple[int, ...]) -> list[RecordLocation]:
        with self._locks[1]:
            try:
                with closing(self._reading.execute(query, values)) as rows:
                    return [RecordLocation(*row) for row in rows]
            except sqlite3.Error as problem:
                logger.warning("%s cannot be asked: %s", self.path, problem)
                return []


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _key(text: str) -> int:
    return int.from_bytes(sha1(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()[:8], "big") >> 1
