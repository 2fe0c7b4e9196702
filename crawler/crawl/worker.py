"""The worker process of a crawl: reads captures back, extracts and stores, so that the network is never held up.

Started by `crawler.crawl.worker_client`, which sends it the locations of captures and receives their outcomes. What a
killed crawl has not sent, or the worker not stored, is done by the recovery of the next crawl.
"""

import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any

from crawler.crawl.items import item_of
from crawler.crawl.report import CaptureOutcome
from crawler.ingest.capture_metadata import Claims
from crawler.ingest.classify import Extractor
from crawler.ingest.crash_log import CrashLog
from crawler.ingest.file_registration import FileRegistration
from crawler.ingest.messages import CaptureInput
from crawler.ingest.pipeline import Classifier, Pipeline, ResultWriter
from crawler.ingest.worker_process import answer_messages
from crawler.takedown.erase import keys_erased
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.store import Store
from storage.corpus.write.withholding import is_withheld, matcher_in_force
from storage.exceptions import CorpusError, EmerotecaError, WriteFailed
from storage.locks import exclusive_reader_lock
from storage.warc.http.capture import CaptureRef
from storage.warc.open_file import sync_open_file
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import as_capture, read_record
from storage.warc.read.revisit_resolver import RevisitResolver

logger = logging.getLogger(__name__)

#: Seconds after which an incomplete batch is stored, so that others see progress.
PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class CrawlBegun:
    """The first message. crawl: id of its row. has_items: articles are sent back, as Scrapy items."""

    collection: Collection
    crawl: int
    site: str
    extractor: Extractor
    has_items: bool = False


@dataclass(frozen=True, slots=True)
class CaptureJob:
    """A capture, in the order of writing, and what its metadata record says."""

    ref: CaptureRef
    claims: Claims


@dataclass(frozen=True, slots=True)
class DatabaseJob:
    """Another write to the database, in its turn."""

    write: Callable[[Store], None]


@dataclass(frozen=True, slots=True)
class FlushJob:
    """Store what is collected, and send its outcomes."""


Job = CaptureJob | DatabaseJob | FlushJob


@dataclass(slots=True)
class JobsDone:
    """The number of jobs done, outcomes of captures, and items where the crawl wants them, since the last answer; the
    last answer has no jobs. problem: where the worker cannot go on, the crawl's outcome and the error."""

    jobs: int = 0
    outcomes: list[CaptureOutcome] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    problem: tuple[str, str] | None = None


def crawl_outcome(problem: Exception) -> str:
    """The outcome of a crawl that an error ends."""
    if isinstance(problem, CorpusError):
        return "database-problem"
    return "write-failed" if isinstance(problem, WriteFailed) else "reading-failed"


def is_expected(problem: Exception) -> bool:
    """Whether the machine is the cause of an error (a file that is gone, a full disk, no memory), and not this program:
    its message says enough."""
    return isinstance(problem, EmerotecaError | OSError | MemoryError)


def serve_crawl(pipe: Connection) -> None:
    """Receive `CrawlBegun`, then lists of jobs; answer each with `JobsDone`, and the end (None) or an error too."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # sent to the whole process group; the crawl sends the end
    begun: CrawlBegun = pipe.recv()
    collection, done = begun.collection, JobsDone()
    try:
        with (
            exclusive_reader_lock(collection.locks, begun.site),
            closing(CrashLog(collection.crash_log, begun.extractor, limited=True)) as crash_log,
        ):
            worker = _CrawlWorker(begun, crash_log, done)
            answer_messages(pipe, worker.run, worker.pipeline.flush, PATIENCE)
            worker.finish()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as problem:  # of any kind: without its worker the crawl stores nothing, and must stop
        if not is_expected(problem):
            logger.exception("a capture cannot be read back")
        done.problem = crawl_outcome(problem), str(problem) or repr(problem)
    pipe.send(done)


class _CrawlWorker:
    def __init__(self, begun: CrawlBegun, crash_log: CrashLog, done: JobsDone) -> None:
        collection = begun.collection
        self._done = done
        self._has_items = begun.has_items
        self._parent = os.getppid()
        self._folder = collection.warc.absolute()
        self._file: str | None = None
        self._store = Store(open_database(collection.database_url))
        with self._store.database.reading() as connection:
            self._withheld = matcher_in_force(connection)
        index = PayloadIndex(collection.payload_index)
        self.pipeline = Pipeline(
            Classifier(self._folder, begun.extractor, crash_log.extract, crawl=begun.crawl),
            RevisitResolver(self._folder, index),
            ResultWriter(self._store, index, self._sync),
            self._stored,
            keys_erased(collection, self._store.database),
        )
        self._registration = FileRegistration(collection.registry(), self._store, begun.crawl, self.pipeline.flush)

    def run(self, jobs: Sequence[Job]) -> Iterator[JobsDone]:
        for job in jobs:
            if os.getppid() != self._parent:
                raise EOFError
            match job:
                case DatabaseJob():
                    job.write(self._store)
                case FlushJob():
                    self.pipeline.flush()
                case CaptureJob():
                    self._ingest(job)
        yield replace(self._done, jobs=len(jobs))
        self._done.outcomes.clear()
        self._done.items.clear()

    def _stored(self, result: CaptureResult) -> None:
        self._done.outcomes.append(CaptureOutcome.of(result))
        if self._has_items and result.article is not None and not is_withheld(result, self._withheld):
            self._done.items.append(item_of(result))

    def finish(self) -> None:
        self.pipeline.finish()
        self._registration.finish()

    def _ingest(self, job: CaptureJob) -> None:
        self._file = file = job.ref.file
        record = read_record(self._folder, job.ref)
        self._registration.add(record, file)
        capture = as_capture(record, file)
        assert capture is not None  # the writer gives every record a URL and a date
        self.pipeline.add(CaptureInput(capture, str(self._folder / file), job.claims))

    def _sync(self) -> None:
        """Before rows are stored: the disk has their captures."""
        if self._file is not None:
            sync_open_file(self._folder, self._file)
