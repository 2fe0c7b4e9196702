"""The timetable of crawls, for `emeroteca schedule`, the scheduler and the worker."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.corpus.db.bulk import upsert
from storage.corpus.db.database import Database
from storage.corpus.db.tables import ScheduleRow


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
