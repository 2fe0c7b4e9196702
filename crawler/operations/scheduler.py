"""The timetable on one machine, for `emeroteca schedule run`: crawls each due site, never twice at once."""

import asyncio
import signal
from contextlib import suppress
from typing import Any

from crawler.operations.crawl_process import run_crawl
from crawler.operations.timetable import due_sites, plan_next
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.file_handles import check_file_handles
from storage.locks import SiteLock

#: Seconds between two checks of the timetable.
CHECK_INTERVAL = 1.0


class Scheduler:
    """Of one collection. At most `jobs` crawls run at once."""

    def __init__(self, database: Database, collection: Collection, *, jobs: int = 4) -> None:
        self.database = database
        self.collection = collection
        self.jobs = jobs
        self.running: dict[str, asyncio.Task[int]] = {}
        self.failed = 0

    def run(self, *, once: bool = False) -> int:
        """Until SIGTERM or Ctrl-C, which let crawls end in order; or, with `once`, until what is due now has run.
        Returns how many crawls ended with an exit status other than 0 and 1. Raises CorpusError."""
        check_file_handles()
        asyncio.run(self._run(once))
        return self.failed

    async def _run(self, once: bool) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        while not stop.is_set():
            due = [row for row in due_sites(self.database) if self._is_free(row["site"])]
            for row in due[: max(0, self.jobs - len(self.running))]:
                self._start(row)
            if once and not due and not self.running:
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CHECK_INTERVAL)
            self._collect()
        for task in self.running.values():
            task.cancel()
        await asyncio.gather(*self.running.values(), return_exceptions=True)
        self._collect()

    def _is_free(self, site: str) -> bool:
        """Whether no process crawls the site, here or elsewhere; a busy site stays due."""
        return site not in self.running and not SiteLock(self.database, self.collection.locks, site).is_held()

    def _start(self, row: dict[str, Any]) -> None:
        with self.database.writing() as connection:
            plan_next(connection, row)
        job = run_crawl(self.database, self.collection.home, row["site"], row["options"], resumed=False)
        self.running[row["site"]] = asyncio.create_task(job)

    def _collect(self) -> None:
        """Counts the crawls that have ended."""
        for site, task in list(self.running.items()):
            if task.done():
                del self.running[site]
                self.failed += not task.cancelled() and task.result() not in (0, 1)
