"""The process that reads captures back while a crawl goes on, so that extraction never holds up the network.

Made by `crawler.crawl.worker_client`, which tells it over a pipe what was captured; it tells what became of that. It
lives as long as somebody holds the other end. What a crawl that was killed has not told it, or it has not saved, the
next crawl does.
"""

import gc
import logging
import os
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from crawler.ingest.crash_log import CrashLog
from crawler.ingest.file_registration import FileRegistration
from crawler.ingest.pipeline import CaptureOutcome, Pipeline
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.write.store import Store
from storage.exceptions import CorpusError, WriteFailed
from storage.locks import exclusive_reader_lock
from storage.warc.http.capture import CaptureRef
from storage.warc.open_file import sync_open_file
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import as_capture, read_record
from storage.warc.read.revisit_resolver import RevisitResolver

logger = logging.getLogger(__name__)

#: Seconds after which an incomplete batch is saved, so that others see progress.
PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Begin:
    """The first thing that is told: the collection's home and database, the crawl and its site."""

    home: Path
    database_url: str
    crawl: int
    site: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture, in the order they were written, and the list's claim that led to it."""

    ref: CaptureRef
    lastmod: str | None


@dataclass(frozen=True, slots=True)
class Write:
    """Something else to write into the database, in its turn."""

    write: Callable[[Store], None]


Job = Captured | Write


@dataclass(slots=True)
class Done:
    """How many jobs are done, and what became of captures, since the last report; none are with the last. problem:
    where it cannot go on the crawl's outcome, and why."""

    jobs: int = 0
    judged: list[CaptureOutcome] = field(default_factory=list)
    problem: tuple[str, str] | None = None


def why_stopped(problem: Exception) -> str:
    """The outcome of a crawl that could not go on."""
    if isinstance(problem, CorpusError):
        return "database-problem"
    return "write-failed" if isinstance(problem, WriteFailed) else "reading-failed"


def work(pipe: Connection, theirs: Connection | None) -> None:
    """The life of the process. theirs: the other end, where it was inherited."""
    for number in (signal.SIGINT, signal.SIGTERM):  # told to everybody; here the crawl says when it is over
        signal.signal(number, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    if theirs is not None:
        theirs.close()
    gc.freeze()
    with suppress(EOFError, OSError):
        begin: Begin = pipe.recv()
        _work(pipe, begin)


def _work(pipe: Connection, begin: Begin) -> None:
    done = Done()
    try:
        collection = Collection(begin.home, begin.database_url)
        with (
            exclusive_reader_lock(collection.locks, begin.site),
            closing(CrashLog(collection.crash_log, limited=True)) as suspects,
        ):
            _Reader(pipe, begin, collection, suspects, done).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as problem:  # whatever it is: without this process the crawl makes no rows, and must not go on
        if not isinstance(problem, CorpusError | WriteFailed):
            logger.exception("a capture cannot be read back")
        done.problem = why_stopped(problem), str(problem)
    pipe.send(done)


class _Reader:
    def __init__(self, pipe: Connection, begin: Begin, collection: Collection, suspects: CrashLog, done: Done) -> None:
        self._pipe = pipe
        self._done = done
        self._parent = os.getppid()
        self._folder = collection.warc
        self._file: str | None = None
        self._store = Store(open_database(begin.database_url))
        originals = RevisitResolver(collection.warc, PayloadIndex(collection.payload_index))
        self._intake = Pipeline(self._store, originals, begin.crawl, self._sync, done.judged.append, read=suspects.read)
        self._sealing = FileRegistration(collection.registry(), self._store, begin.crawl, settled=self._intake.settled)

    def run(self) -> None:
        """Until it is told that there is no more. Raises CorpusError, WriteFailed, EOFError."""
        while True:
            if not self._pipe.poll(PATIENCE):
                self._intake.flush()
                continue
            jobs: list[Job] | None = self._pipe.recv()
            if jobs is None:
                self._intake.finish()
                self._sealing.finish()
                return
            for job in jobs:
                self._do(job)
            self._done.jobs = len(jobs)
            self._pipe.send(self._done)
            self._done.jobs = 0
            self._done.judged.clear()

    def _do(self, job: Job) -> None:
        if os.getppid() != self._parent:
            raise EOFError
        if isinstance(job, Write):
            job.write(self._store)
            return
        self._file = job.ref.file
        record = read_record(self._folder, job.ref)
        self._sealing.note(record, job.ref.file)
        capture = as_capture(record, job.ref.file)
        assert capture is not None  # the writer gives every record a URL and a date
        self._intake.take(capture, self._folder / job.ref.file, job.lastmod)

    def _sync(self) -> None:
        """Before rows are saved: the captures that they point at are on the disk."""
        if self._file is not None:
            sync_open_file(self._folder, self._file)
