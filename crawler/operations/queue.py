"""The queue of crawls on Postgres, kept by Procrastinate: one job a site at most, which no two workers run at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import Connection, text

from crawler.operations.timetable import next_due
from crawler.registry import site_named
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import postpone, schedules
from storage.corpus.write.identity import key
from storage.exceptions import CrawlJobFailed, CrawlJobInterrupted

#: The schema of Procrastinate's tables, apart from the corpus' own, and the name of its task.
SCHEMA: Final = "procrastinate"
CRAWL: Final = "crawl"
#: How often a crawl that could not do its work is tried again before its next turn.
TRIES: Final = 5
#: Hours for which the jobs of crawls that failed are kept for a look.
KEPT: Final = 30 * 24

_HAS_JOB = text(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE lock = :site AND status IN ('todo', 'doing')")


class TryAgain(BaseRetryStrategy):
    """At once what was interrupted; what failed up to TRIES times, `pause` seconds later, doubled each time."""

    def __init__(self, pause: float) -> None:
        self.pause = pause

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, CrawlJobInterrupted):
            return RetryDecision()
        if isinstance(exception, CrawlJobFailed) and job.attempts < TRIES:
            return RetryDecision(retry_in={"seconds": int(self.pause * 2**job.attempts) or 1})
        return None


class Queue:
    """The jobs of a corpus on Postgres. `app` is Procrastinate's."""

    def __init__(self, database: Database) -> None:
        self.database = database
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        kwargs = {"options": f"-c search_path={SCHEMA}", "application_name": "emeroteca worker"}
        self.app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, kwargs=kwargs))

    async def prepare(self) -> None:
        """Makes the queue's tables where there are none."""
        with self.database.writing() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key("emeroteca queue tables")})
            if connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs')")) is None:
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
                connection.exec_driver_sql(self.app.schema_manager.get_schema().replace("%", "%%"))

    async def feed(self, stalled_after: float) -> None:
        """Queues the sites that are due, and those whose workers are gone; one worker at a time does it for all.

        A site that is queued or crawled stays due.
        """
        with self.database.writing() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key("emeroteca queue")}):
                return
            for row in schedules(self.database):
                if row["due_at"] <= datetime.now(UTC) and not self._has_job(connection, row["site"]):
                    await self._put(row["site"], row["options"])
                    times = {"every_seconds": row["every_seconds"], "cron": row["cron"]}
                    zone = site_named(row["site"]).timezone
                    postpone(connection, row["site"], next_due(datetime.now(UTC), zone, **times))
            for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
                await self.app.job_manager.retry_job(job)

    async def forget(self) -> None:
        """Deletes the jobs of crawls that failed long ago; others are deleted as they end."""
        await self.app.job_manager.delete_old_jobs(nb_hours=KEPT, include_failed=True, include_aborted=True)

    async def _put(self, site: str, options: Sequence[str]) -> None:
        arguments: dict[str, Any] = {"site": site, "options": list(options)}
        await self.app.configure_task(CRAWL, lock=site).defer_async(**arguments)

    def _has_job(self, connection: Connection, site: str) -> bool:
        return bool(connection.scalar(_HAS_JOB, {"site": site}))
