"""The crawl's side of its worker process (`crawler.crawl.worker`), in the reactor's thread; made by the session."""

import asyncio
import atexit
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.defer import Deferred

from crawler.crawl.items import ItemFeed
from crawler.crawl.report import OutcomeCounts, spider_name
from crawler.crawl.worker import CaptureJob, CrawlBegun, DatabaseJob, FlushJob, Job, JobsDone, serve_crawl
from crawler.ingest.capture_metadata import Claims
from crawler.ingest.classify import Extractor
from crawler.ingest.worker_process import start_workers
from storage.collection import Collection
from storage.corpus.write.store import Store
from storage.warc.http.capture import CaptureRef

logger = logging.getLogger(__name__)

#: Jobs that may be unfinished before callbacks of the spider wait.
CAPACITY = 256
#: Callbacks that wait and go on in one turn of the event loop.
AT_ONCE = 8
#: Seconds for which jobs are collected before they are sent.
COLLECT = 0.05


class WorkerClient:
    """Sends captures, in the order of writing, and counts their outcomes in `outcomes`.

    To be made before anything that a forked process must not share: locks, databases, threads. problem: the outcome of
    the crawl where the worker has failed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.outcomes = OutcomeCounts()
        self.problem: str | None = None
        self.items: ItemFeed | None = ItemFeed.of(crawler, self)
        self._jobs: list[Job] = []
        self._unfinished = 0
        self._is_done = self._has_begun = False
        self._is_held = False
        self._waiting: deque[Deferred[None]] = deque()
        self._ended: Deferred[None] = Deferred()
        self._to_send: SimpleQueue[list[Job] | None] = SimpleQueue()
        [self._worker] = start_workers(1, serve_crawl)
        self._pipe = self._worker.pipe
        # the worker ignores signals: a process that waits for its end must have closed the pipe
        atexit.register(self._pipe.close)

    def start(self, collection: Collection, crawl: int, extractor: Extractor) -> None:
        """Begin; called in the thread of the event loop."""
        self._loop = asyncio.get_running_loop()
        self._has_begun = True
        self._loop.add_reader(self._pipe.fileno(), self._receive)
        has_items = self.items is not None
        with suppress(OSError):  # a worker that has died is seen where the pipe is read
            self._pipe.send(CrawlBegun(collection, crawl, spider_name(self.crawler), extractor, has_items))
        Thread(target=self._send, name="jobs of the worker", daemon=True).start()

    def add_capture(self, ref: CaptureRef, claims: Claims) -> None:
        self._add(CaptureJob(ref, claims))

    def add_write(self, write: Callable[[Store], None]) -> None:
        """Write to the database after the jobs before, in the worker: `write` is pickled."""
        self._add(DatabaseJob(write))

    def hold(self) -> None:
        """Keep captures back until `release`: what they are is not known yet."""
        self._is_held = True

    def release(self, first: Callable[[Store], None] | None = None) -> None:
        """Send what was kept back; first: a call in the worker before that."""
        self._is_held = False
        if first is not None:
            self._jobs.insert(0, DatabaseJob(first))
            self._unfinished += 1
        self._enqueue()

    def flush(self) -> None:
        """Have the results so far stored and sent, those too that were kept back; nothing before `start`."""
        if self._has_begun:
            self._add(FlushJob())
            self.release()

    def resume(self) -> None:
        """Have callbacks that wait go on, while there is capacity, and few in a turn of the loop: each takes the
        reactor some time."""
        for _ in range(AT_ONCE):
            if self._waiting and self._has_capacity:
                self._waiting.popleft().callback(None)
        if self._waiting and self._has_capacity:
            self._loop.call_soon(self.resume)

    @property
    def is_done(self) -> bool:
        """Whether all captures so far have their results."""
        return self._unfinished == 0 or self.problem is not None

    async def wait_for_capacity(self) -> None:
        """Return when the worker keeps up: a spider that waits here is never far ahead of it."""
        if not self._has_capacity:
            resumed: Deferred[None] = Deferred()
            self._waiting.append(resumed)
            await maybe_deferred_to_future(resumed)

    async def finish(self) -> None:
        """Return when all results are stored, and the WARC files, which are sealed, are registered."""
        self.release()
        self._to_send.put(None)
        await maybe_deferred_to_future(self._ended)

    def close(self) -> None:
        """End the process. After `finish`, or where there was no `start`."""
        atexit.unregister(self._pipe.close)
        self._worker.stop()

    def _add(self, job: Job) -> None:
        if not self._jobs:
            self._loop.call_later(COLLECT, self._enqueue)
        self._jobs.append(job)
        self._unfinished += 1

    def _enqueue(self) -> None:
        if self._jobs and not self._is_held:
            self._to_send.put(self._jobs)
            self._jobs = []

    def _send(self) -> None:
        """In a thread of its own, since a full pipe blocks."""
        try:
            while (jobs := self._to_send.get()) is not None:
                self._pipe.send(jobs)
            self._pipe.send(None)
        except OSError:  # a closed pipe is handled where it is read
            pass
        except Exception as problem:  # no memory ...: without this thread the crawl would wait for ever
            self._loop.call_soon_threadsafe(self._cannot_send, problem)

    def _cannot_send(self, problem: Exception) -> None:
        """End the worker, which gets neither jobs nor their end; the next crawl makes the rows that are missing."""
        if self.problem is None:
            self._stop_crawl("reading-failed", f"captures cannot be sent to the process that reads them: {problem!r}")
        self.abandon()

    def abandon(self) -> None:
        """End the process without its last results, which the next crawl makes good."""
        self._worker.process.kill()

    def _receive(self) -> None:
        try:
            while self._pipe.poll():
                self._take(self._pipe.recv())
        except (EOFError, OSError):
            self._end()

    def _take(self, done: JobsDone) -> None:
        for outcome in done.outcomes:
            self.outcomes.add(outcome)
        if self.items is not None:
            self.items.add(done.items)
        self._unfinished -= done.jobs
        if done.problem is not None:
            self._stop_crawl(*done.problem)
        elif done.jobs == 0:
            self._is_done = True
        self.resume()

    def _end(self) -> None:
        self._loop.remove_reader(self._pipe.fileno())
        if not self._is_done and self.problem is None:
            process = self._worker.process
            process.join()
            self._stop_crawl("reading-failed", f"the process that reads captures ended ({process.exitcode})")
        self.resume()
        self._ended.callback(None)

    @property
    def _has_capacity(self) -> bool:
        keeps_up = self._unfinished < CAPACITY and (self.items is None or self.items.has_capacity)
        return keeps_up or self.problem is not None

    def _stop_crawl(self, outcome: str, problem: str) -> None:
        self.problem = outcome
        logger.error("rows or index cannot be saved, the crawl stops; what was captured is safe: %s", problem)
        if self.crawler.engine is not None and self.crawler.spider is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=outcome))
