"""Runs the timetable: each site that is due is crawled by a process of its own, never two of one site at once."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.operations.crawl_process import crawl_command, crawl_environment
from crawler.operations.timetable import next_due
from crawler.registry import site_named
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import postpone, record_end, record_start, schedules
from storage.exceptions import SiteLocked
from storage.locks import SiteLock

#: Seconds between two looks at the timetable.
PATIENCE = 1.0


class Runner:
    """Of one collection. At most `jobs` crawls run at once."""

    def __init__(self, database: Database, collection: Collection, *, jobs: int = 4) -> None:
        self.database = database
        self.collection = collection
        self.jobs = jobs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def run(self, *, once: bool = False) -> int:
        """Until SIGTERM or Ctrl-C, which let crawls end in order; or, with `once`, until what is due now has run.
        Returns how many crawls ended with an exit status above 1."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        failed = 0
        while not self._stopping:
            due = self._due()
            for row in due[: max(0, self.jobs - len(self.running))]:
                self._begin(row)
            if once and not due and not self.running:
                break
            time.sleep(PATIENCE)
            failed += self._reap()
        for crawl in self.running.values():
            crawl.send_signal(signal.SIGINT)
        while self.running:
            time.sleep(PATIENCE)
            failed += self._reap()
        return failed

    def _due(self) -> list[dict[str, Any]]:
        now = datetime.now(UTC)
        rows = [row for row in schedules(self.database) if row["due_at"] <= now and self._is_free(row["site"])]
        return sorted(rows, key=lambda row: row["due_at"])

    def _is_free(self, site: str) -> bool:
        """Whether nobody crawls the site, here or elsewhere; what is busy stays due."""
        if site in self.running:
            return False
        try:
            SiteLock(self.database, self.collection.locks, site).acquire().release()
        except SiteLocked:
            return False
        return True

    def _begin(self, row: Mapping[str, Any]) -> None:
        site = row["site"]
        times = {"every_seconds": row["every_seconds"], "cron": row["cron"]}
        with self.database.writing() as connection:
            postpone(connection, site, next_due(datetime.now(UTC), site_named(site).timezone, **times))
        record_start(self.database, site)
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {site} begins", file=sys.stderr, flush=True)
        self.running[site] = subprocess.Popen(
            crawl_command(self.collection.home, site, row["options"]),
            env=crawl_environment(self.database),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the crawl once, from here
        )

    def _reap(self) -> int:
        failed = 0
        for site, crawl in list(self.running.items()):
            status = crawl.poll()
            if status is not None:
                del self.running[site]
                record_end(self.database, site, status)
                print(
                    f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {site} ended with status {status}",
                    file=sys.stderr, flush=True,
                )  # fmt: skip
                failed += status not in (0, 1)
        return failed

    def _stop(self, *_: object) -> None:
        self._stopping = True
