"""The thread that reads captures back while a crawl goes on, so that extraction never holds up the network."""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, Queue

from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.defer import Deferred

from crawler.capture.writing import make_room_for_the_reactor
from crawler.intake import Intake
from crawler.sealing import Sealing
from storage.collection import Collection
from storage.corpus.problems import DatabaseProblem
from storage.corpus.store import Store
from storage.warc.capture import CaptureRef
from storage.warc.originals import Originals
from storage.warc.reader import as_capture, read_record
from storage.warc.write_failed import WriteFailed
from storage.warc.writer import WarcWriter

logger = logging.getLogger(__name__)

#: Captures that may wait to be read before the spider is held up.
ROOM = 64
#: Seconds after which an incomplete batch is saved, so that others see progress.
PATIENCE = 2.0


class Reading:
    """Takes references to captures, in the order they were written, from the reactor's thread."""

    def __init__(
        self,
        crawler: Crawler,
        collection: Collection,
        store: Store,
        originals: Originals,
        crawl: int,
        writer: WarcWriter,
    ) -> None:
        self.crawler = crawler
        self.intake = Intake(store, originals, crawl, before_save=writer.sync)
        self.problem: Exception | None = None
        self._folder = collection.warc
        self._sealing = Sealing(collection.keeping(), store, crawl, settled=self.intake.settled)
        self._queue: Queue[Callable[[], None] | None] = Queue()
        self._waiting: list[Deferred[None]] = []
        self._thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def start(self) -> None:
        """Begins to read; called in the thread that the crawl runs in."""
        make_room_for_the_reactor()
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def put(self, ref: CaptureRef, lastmod: str | None) -> None:
        self._queue.put(partial(self._take, ref, lastmod))

    def note(self, write: Callable[[], None]) -> None:
        """Something else to write into the database, in its turn and off the reactor's thread."""
        self._queue.put(write)

    async def room(self) -> None:
        if self._queue.qsize() >= ROOM and self.problem is None:
            waiting: Deferred[None] = Deferred()
            self._waiting.append(waiting)
            await maybe_deferred_to_future(waiting)

    def finish(self) -> None:
        """Blocks until everything put so far is saved, and the files it is in, which are sealed, are taken in."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._read_all()
        except Exception as problem:  # whatever it is: without this thread the crawl makes no rows, and must not go on
            self.problem = problem
            if not isinstance(problem, DatabaseProblem | WriteFailed):
                logger.exception("a capture cannot be read back")
            self._loop.call_soon_threadsafe(self._stop_crawl, problem)
        finally:
            self._loop.call_soon_threadsafe(self._let_go)

    def _read_all(self) -> None:
        while True:
            try:
                item = self._queue.get(timeout=PATIENCE)
            except Empty:
                self.intake.flush()
                continue
            if item is None:
                self.intake.finish()
                self._sealing.finish()
                return
            item()
            if self._waiting and self._queue.qsize() < ROOM // 2:
                self._loop.call_soon_threadsafe(self._let_go)

    def _take(self, ref: CaptureRef, lastmod: str | None) -> None:
        record = read_record(self._folder, ref)
        self._sealing.note(record, ref.file)
        capture = as_capture(record, ref.file)
        assert capture is not None  # the writer gives every record a URL and a date
        self.intake.take(capture, self._folder / ref.file, lastmod)

    def _let_go(self) -> None:
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(None)

    def _stop_crawl(self, problem: Exception) -> None:
        logger.error("rows or index cannot be saved, the crawl stops; what was captured is safe: %s", problem)
        if self.crawler.engine is not None and self.crawler.spider is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=why_stopped(problem)))


def why_stopped(problem: Exception) -> str:
    """The outcome of a crawl that could not go on."""
    if isinstance(problem, DatabaseProblem):
        return "database-problem"
    return "write-failed" if isinstance(problem, WriteFailed) else "reading-failed"
