"""The job of the timetable: one crawl in a child process. Run by the scheduler of one machine and by workers alike."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.event_log import is_json, report
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import record_end, record_start
from storage.exceptions import CrawlJobInterrupted


async def run_crawl(database: Database, home: Path, site: str, options: Sequence[str], *, resumed: bool) -> int:
    """Crawl the site with these options of `emeroteca crawl`, and record start and end in the timetable.

    Returns the exit status. A cancelled job ends its crawl in order: that is recorded as its end, or, where the crawl
    will be `resumed` by another worker, CrawlJobInterrupted is raised.
    """
    process: Process | None = None
    try:
        # in a thread: `Queue.enqueue`, in this event loop, may hold the site's row and must continue to release it
        await asyncio.to_thread(record_start, database, site)
        log("crawl-began", f"{site} begins", site)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "crawler.cli", "--home", str(home.absolute()), "--existing-home"),
            *("crawl", site, *options),
            env=_environment(database),
            stdin=DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the crawl once, from here
        )
        status = await process.wait()
    except asyncio.CancelledError:
        if process is not None:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            status = await process.wait()
        if resumed:
            log("crawl-left", f"{site} is left to another worker", site)
            raise CrawlJobInterrupted(site) from None
        if process is None:
            raise
    await asyncio.to_thread(record_end, database, site, status)
    log("crawl-ended", f"{site} ended with status {status}", site, exit_status=status)
    return status


def _environment(database: Database) -> dict[str, str]:
    """Ours and the database, whose URL may hold a password: a command line would show it to all users."""
    url = database.engine.url.set(drivername=database.dialect).render_as_string(hide_password=False)
    return {**os.environ, "EMEROTECA_DATABASE_URL": url}


def log(event: str, message: str, site: str | None = None, **fields: Any) -> None:
    """A line with the time, on standard error."""
    report(event, message if is_json() else f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {message}", site=site, **fields)
