"""A worker: crawls the sites that are due, one of any number on any machines that share a corpus on Postgres."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from procrastinate.exceptions import ConnectorException

from crawler.operations.crawl_process import crawl_command, crawl_environment
from crawler.operations.queue import CRAWL, Queue, TryAgain
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import record_end, record_start
from storage.exceptions import CorpusError, CrawlJobFailed, CrawlJobInterrupted

#: Seconds between two looks at the timetable.
PATIENCE = 1.0
#: Heartbeats that a worker may miss before it is thought to be gone.
BEATS = 4


class Worker:
    """home: the collection of this machine. jobs: sites crawled at once. stalled_after: seconds without a sign of life
    after which another worker's crawls are taken over."""

    def __init__(self, database: Database, home: Path, *, jobs: int, stalled_after: float) -> None:
        self.database = database
        self.home = home
        self.jobs = jobs
        self.stalled_after = stalled_after
        self.queue = Queue(database)
        self.queue.app.task(name=CRAWL, retry=TryAgain(stalled_after))(self.crawl)

    def run(self) -> None:
        """Until SIGTERM or Ctrl-C, which let crawls end in order and leave them to others. Raises CorpusError."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        async with self.queue.app.open_async():
            await self.queue.prepare()
            await self.queue.forget()
            feeding = asyncio.create_task(self._feed())
            try:
                await self.queue.app.run_worker_async(
                    name=f"{socket.gethostname()}",
                    concurrency=self.jobs,
                    fetch_job_polling_interval=PATIENCE,
                    shutdown_graceful_timeout=0,  # they are told to end, and waited for, by `crawl`
                    update_heartbeat_interval=self.stalled_after / BEATS,
                    stalled_worker_timeout=self.stalled_after,
                    delete_jobs="successful",
                )
            finally:
                feeding.cancel()

    async def _feed(self) -> None:
        """For as long as the worker lives; a database that is away for a while is asked again."""
        while True:
            try:
                await self.queue.feed(self.stalled_after)
            except (CorpusError, ConnectorException) as problem:
                _say(f"the timetable cannot be read: {problem}")
            await asyncio.sleep(PATIENCE)

    async def crawl(self, site: str, options: Sequence[str]) -> None:
        """The job: a crawl in a process of its own. Raises CrawlJobFailed, CrawlJobInterrupted."""
        process: Process | None = None
        try:
            # in a thread: who feeds the queue, in this loop, may hold the site's row and has to go on to let it go
            await asyncio.to_thread(record_start, self.database, site)
            _say(f"{site} begins")
            # a session of its own: Ctrl-C reaches the crawl once, from here
            process = await asyncio.create_subprocess_exec(
                *crawl_command(self.home, site, options),
                env=crawl_environment(self.database),
                stdin=DEVNULL,
                start_new_session=True,
            )
            status = await process.wait()
        except asyncio.CancelledError:
            if process is not None:
                await _end(process)
            _say(f"{site} is left to another worker")
            raise CrawlJobInterrupted(site) from None
        await asyncio.to_thread(record_end, self.database, site, status)
        _say(f"{site} ended with status {status}")
        if status not in (0, 1, 2):
            raise CrawlJobFailed(f"{site} ended with status {status}")


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    await process.wait()


def _say(words: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {words}", file=sys.stderr, flush=True)
