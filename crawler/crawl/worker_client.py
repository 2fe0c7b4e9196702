"""The crawl's side of reading captures back: a process of its own does it (`crawler.crawl.worker`)."""

import asyncio
import atexit
import logging
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import ForkContext, SpawnContext
from queue import SimpleQueue
from threading import Thread

from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.defer import Deferred

from crawler.crawl.worker import Begin, Captured, Done, Job, Write, work
from crawler.ingest.pipeline import OutcomeCounts
from storage.collection import Collection
from storage.corpus.write.store import Store
from storage.warc.http.capture import CaptureRef

logger = logging.getLogger(__name__)

#: Captures that may wait to be read before the spider is held up.
ROOM = 256
#: Of those that were held up, how many go on in one turn of the loop.
AT_ONCE = 8
#: Seconds for which jobs are gathered before they are sent.
GATHER = 0.05


class WorkerClient:
    """Takes references to captures, in the order they were written, from the reactor's thread, and has `tally` say
    what became of them.

    To be made before anything that a forked process should not share: locks, databases, threads. `problem`: the
    outcome of a crawl whose captures cannot be read any more.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.tally = OutcomeCounts()
        self.problem: str | None = None
        self._jobs: list[Job] = []
        self._under_way = 0
        self._is_done = False
        self._waiting: deque[Deferred[None]] = deque()
        self._ended: Deferred[None] = Deferred()
        self._sending: SimpleQueue[list[Job] | None] = SimpleQueue()
        forks = sys.platform == "linux"
        context: ForkContext | SpawnContext = get_context("fork") if forks else get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, self._pipe if forks else None), daemon=True)
        self._process.start()
        theirs.close()
        # it ignores signals, so that nobody who waits for it must hold the pipe
        atexit.register(self._pipe.close)

    def start(self, collection: Collection, crawl: int) -> None:
        """Begins to read; called in the thread that the crawl runs in."""
        self._pipe.send(Begin(collection.home, collection.database_url, crawl, self.crawler.spidercls.name))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._pipe.fileno(), self._hear)
        Thread(target=self._send, name="telling", daemon=True).start()

    def put(self, ref: CaptureRef, lastmod: str | None) -> None:
        self._add(Captured(ref, lastmod))

    def note(self, write: Callable[[Store], None]) -> None:
        """Something else to write into the database, in its turn and off the reactor's thread; it can be pickled."""
        self._add(Write(write))

    async def room(self) -> None:
        if not self._has_room:
            waiting: Deferred[None] = Deferred()
            self._waiting.append(waiting)
            await maybe_deferred_to_future(waiting)

    async def finish(self) -> None:
        """Returns when everything put so far is saved, and the files it is in, which are sealed, are taken in."""
        self._gathered()
        self._sending.put(None)
        await maybe_deferred_to_future(self._ended)

    def close(self) -> None:
        """The process ends, whatever it is at. After `finish`, or where there was no `start`."""
        atexit.unregister(self._pipe.close)
        self._pipe.close()
        self._process.join()

    def _add(self, job: Job) -> None:
        if not self._jobs:
            self._loop.call_later(GATHER, self._gathered)
        self._jobs.append(job)
        self._under_way += 1

    def _gathered(self) -> None:
        if self._jobs:
            self._sending.put(self._jobs)
            self._jobs = []

    def _send(self) -> None:
        """In a thread: a pipe that is full holds nobody up."""
        with suppress(OSError):  # its end is seen where it is listened to
            while (jobs := self._sending.get()) is not None:
                self._pipe.send(jobs)
            self._pipe.send(None)

    def _hear(self) -> None:
        try:
            while self._pipe.poll():
                self._take(self._pipe.recv())
        except (EOFError, OSError):
            self._over()

    def _take(self, done: Done) -> None:
        for judged in done.judged:
            self.tally.note(judged)
        self._under_way -= done.jobs
        if done.problem is not None:
            self._stop_crawl(*done.problem)
        elif done.jobs == 0:
            self._is_done = True
        self._let_go()

    def _over(self) -> None:
        self._loop.remove_reader(self._pipe.fileno())
        if not self._is_done and self.problem is None:
            self._process.join()
            self._stop_crawl("reading-failed", f"the process that reads captures ended ({self._process.exitcode})")
        self._let_go()
        self._ended.callback(None)

    def _let_go(self) -> None:
        """While there is room, and few in a turn of the loop: each takes the reactor some time."""
        for _ in range(AT_ONCE):
            if self._waiting and self._has_room:
                self._waiting.popleft().callback(None)
        if self._waiting and self._has_room:
            self._loop.call_soon(self._let_go)

    @property
    def _has_room(self) -> bool:
        return self._under_way < ROOM or self.problem is not None

    def _stop_crawl(self, outcome: str, problem: str) -> None:
        self.problem = outcome
        logger.error("rows or index cannot be saved, the crawl stops; what was captured is safe: %s", problem)
        if self.crawler.engine is not None and self.crawler.spider is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=outcome))
