"""The queue of crawls, in Procrastinate's tables on Postgres, for `worker`: at most one job a site, never run twice."""

from typing import Any, Final

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import text

from crawler.operations.timetable import due_sites, plan_next
from storage.corpus.db.database import Database
from storage.corpus.write.identity import digest_key
from storage.exceptions import CrawlJobFailed, CrawlJobInterrupted

#: The Postgres schema of Procrastinate's tables, and the name of the task.
SCHEMA: Final = "procrastinate"
CRAWL: Final = "crawl"
#: Retries of a failed crawl before its next time in the timetable.
MAX_RETRIES: Final = 5
#: Hours after which the jobs of failed crawls are deleted.
FAILED_JOB_HOURS: Final = 30 * 24

_HAS_JOB = text(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE lock = :site AND status IN ('todo', 'doing')")


class CrawlRetryStrategy(BaseRetryStrategy):
    """Retries an interrupted crawl at once, a failed one up to MAX_RETRIES times, after `pause` seconds, doubled each
    time."""

    def __init__(self, pause: float) -> None:
        self.pause = pause

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, CrawlJobInterrupted):
            return RetryDecision()
        if isinstance(exception, CrawlJobFailed) and job.attempts < MAX_RETRIES:
            return RetryDecision(retry_in={"seconds": int(self.pause * 2**job.attempts) or 1})
        return None


class Queue:
    """The jobs of a corpus on Postgres. `app` is Procrastinate's."""

    def __init__(self, database: Database) -> None:
        self.database = database
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        kwargs = {"options": f"-c search_path={SCHEMA}", "application_name": "emeroteca worker"}
        self.app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, kwargs=kwargs))

    async def create_tables(self) -> None:
        """Creates the queue's tables if they are absent."""
        with self.database.writing() as connection:
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": digest_key("emeroteca queue tables")}
            )
            if connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs')")) is None:
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
                connection.exec_driver_sql(self.app.schema_manager.get_schema().replace("%", "%%"))

    async def enqueue(self, stalled_after: float) -> None:
        """Queues the due sites, and again the jobs of workers without a heartbeat for `stalled_after` seconds. One
        worker at a time does it for all. A site with a job stays due. Raises CorpusError, ConnectorException."""
        with self.database.writing() as connection:
            if not connection.scalar(
                text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": digest_key("emeroteca queue")}
            ):
                return
            for row in due_sites(self.database):
                if not connection.scalar(_HAS_JOB, {"site": row["site"]}):
                    arguments: dict[str, Any] = {"site": row["site"], "options": list(row["options"])}
                    await self.app.configure_task(CRAWL, lock=row["site"]).defer_async(**arguments)
                    plan_next(connection, row)
            for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
                await self.app.job_manager.retry_job(job)

    async def delete_old_jobs(self) -> None:
        """Deletes the jobs of crawls that failed FAILED_JOB_HOURS ago; the worker deletes successful ones."""
        await self.app.job_manager.delete_old_jobs(nb_hours=FAILED_JOB_HOURS, include_failed=True, include_aborted=True)
