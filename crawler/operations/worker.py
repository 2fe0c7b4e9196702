"""A worker, for `emeroteca worker`: runs the jobs of the queue, beside other workers on any machines."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from pathlib import Path

from procrastinate.exceptions import ConnectorException

from crawler.operations.crawl_process import log, run_crawl
from crawler.operations.queue import CRAWL, CrawlRetryStrategy, Queue
from storage.corpus.db.database import Database
from storage.corpus.db.driver_errors import corpus_error
from storage.exceptions import CorpusError, CrawlJobFailed
from storage.file_handles import check_file_handles

#: Seconds between two checks of the timetable.
CHECK_INTERVAL = 1.0
#: Heartbeats missed in a row by a worker that counts as stalled.
MISSED_HEARTBEATS = 4


class _Messages(logging.Handler):
    """Reports what Procrastinate logs in one line each. failure: the error for which it stops without being told."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.failure: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if getattr(record, "action", None) == "side_task_failed":
            self.failure = error
        cause = "" if error is None else f" ({_cause(error)})"
        log("worker-problem", " ".join(f"{record.getMessage()}{cause}".split()))


def _cause(error: BaseException) -> Exception:
    """The error of the driver under one of Procrastinate, which says less."""
    return error.__cause__ if isinstance(error.__cause__, Exception) else Exception(str(error))


class Worker:
    """home: the collection of this machine. jobs: sites crawled at once. stalled_after: seconds without a
    heartbeat after which another worker's crawls are taken over."""

    def __init__(self, database: Database, home: Path, *, jobs: int, stalled_after: float) -> None:
        self.database = database
        self.home = home
        self.jobs = jobs
        self.stalled_after = stalled_after
        self.queue = Queue(database)
        self.queue.app.task(name=CRAWL, retry=CrawlRetryStrategy(stalled_after))(self.crawl)

    def run(self) -> None:
        """Runs jobs until SIGTERM or Ctrl-C, which end its crawls in order and leave them to other workers. Raises
        CorpusError, also where a connection to the database is lost: Procrastinate stops then."""
        check_file_handles()
        messages = _Messages()
        logger = logging.getLogger("procrastinate")
        logger.addHandler(messages)
        logger.propagate = False
        try:
            asyncio.run(self._run())
        except ConnectorException as problem:
            raise corpus_error(_cause(problem), self.database.where) from problem
        finally:
            logger.removeHandler(messages)
        if messages.failure is not None:
            raise corpus_error(_cause(messages.failure), self.database.where)

    async def _run(self) -> None:
        async with self.queue.app.open_async():
            await self.queue.create_tables()
            await self.queue.delete_old_jobs()
            enqueuing = asyncio.create_task(self._enqueue())
            try:
                await self.queue.app.run_worker_async(
                    name=socket.gethostname(),
                    concurrency=self.jobs,
                    fetch_job_polling_interval=CHECK_INTERVAL,
                    shutdown_graceful_timeout=0,  # `run_crawl` interrupts its crawl and waits for its end
                    update_heartbeat_interval=self.stalled_after / MISSED_HEARTBEATS,
                    stalled_worker_timeout=self.stalled_after,
                    delete_jobs="successful",
                )
            finally:
                enqueuing.cancel()

    async def _enqueue(self) -> None:
        """Runs as long as the worker; retries while the database is unreachable."""
        while True:
            try:
                await self.queue.enqueue(self.stalled_after)
            except (CorpusError, ConnectorException) as problem:
                log("timetable-unreadable", f"the timetable cannot be read: {problem}")
            await asyncio.sleep(CHECK_INTERVAL)

    async def crawl(self, site: str, options: Sequence[str]) -> None:
        """The task of the queue. Raises CrawlJobFailed, CrawlJobInterrupted."""
        status = await run_crawl(self.database, self.home, site, options, resumed=True)
        if status not in (0, 1, 2):
            raise CrawlJobFailed(f"{site} ended with status {status}")
