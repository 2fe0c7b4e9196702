"""The timetable of crawls, for `emeroteca schedule`, the scheduler and the worker."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.corpus.db.bulk import upsert
from storage.corpus.db.database import Database
from storage.corpus.db.tables import CrawlRow, ScheduleRow


def put_schedule(
    database: Database,
    site: str,
    *,
    every_seconds: int | None,
    cron: str | None,
    options: list[str],
    due_at: datetime,
) -> None:
    """Insert or replace a site's entry in the timetable."""
    row = {"site": site, "every_seconds": every_seconds, "cron": cron, "options": options, "due_at": due_at}
    with database.writing() as connection:
        upsert(connection, ScheduleRow, [row], lambda new: {name: new[name] for name in row if name != "site"})


def schedules(database: Database) -> list[dict[str, Any]]:
    """The timetable, by site; the fields of `ScheduleRow`."""
    with database.reading() as connection:
        columns = ScheduleRow.__table__.c
        return [dict(row) for row in connection.execute(select(*columns).order_by(columns.site)).mappings()]


def crawl_of_run(database: Database, row: Mapping[str, Any]) -> tuple[str | None] | None:
    """The outcome of the crawl in the last run of a row of `schedules`: None inside while it has no end; None where
    the run began no crawl."""
    during = (CrawlRow.site == row["site"]) & (CrawlRow.started_at >= row["started_at"])
    if row["finished_at"] is not None:
        during &= CrawlRow.started_at <= row["finished_at"]
    with database.reading() as connection:
        found = connection.execute(select(CrawlRow.outcome).where(during).order_by(CrawlRow.id.desc()).limit(1)).first()
    return (found[0],) if found else None


def remove_schedule(database: Database, site: str) -> bool:
    """Delete a site's entry; returns whether there was one."""
    with database.writing() as connection:
        return connection.execute(delete(ScheduleRow).where(ScheduleRow.site == site)).rowcount > 0


def postpone(connection: Connection, site: str, due_at: datetime) -> None:
    """Set the time at which the site is due next."""
    connection.execute(update(ScheduleRow).where(ScheduleRow.site == site).values(due_at=due_at))


def record_start(database: Database, site: str) -> None:
    """Record that a crawl of the site starts now."""
    with database.writing() as connection:
        values = {"started_at": datetime.now(UTC), "finished_at": None, "exit_status": None}
        connection.execute(update(ScheduleRow).where(ScheduleRow.site == site).values(**values))


def record_end(database: Database, site: str, exit_status: int) -> None:
    """Record that the crawl of the site has ended."""
    with database.writing() as connection:
        values = {"finished_at": datetime.now(UTC), "exit_status": exit_status}
        connection.execute(update(ScheduleRow).where(ScheduleRow.site == site).values(**values))
