"""The timetable: when each site is to be crawled, and how it went the last time."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.corpus.db.database import Database
from storage.corpus.db.tables import Base
from storage.corpus.db.types import Ordered
from storage.corpus.db.upsert import insert_or_update


class ScheduleRow(Base):
    """A site's place in the timetable: `every_seconds`, or a `cron` expression in the site's time zone.

    `options` are words for `emeroteca crawl`. `due_at` is when it is to run next; `started_at`, `finished_at` and
    `exit_status` are of the last run.
    """

    __tablename__ = "schedules"

    site: Mapped[str] = mapped_column(Ordered, primary_key=True)
    every_seconds: Mapped[int | None]
    cron: Mapped[str | None]
    options: Mapped[list[Any]]
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    exit_status: Mapped[int | None]


def put_schedule(
    database: Database,
    site: str,
    *,
    every_seconds: int | None,
    cron: str | None,
    options: list[str],
    due_at: datetime,
) -> None:
    """Set a site's place in the timetable, in place of the one it had."""
    row = {"site": site, "every_seconds": every_seconds, "cron": cron, "options": options, "due_at": due_at}
    with database.writing() as connection:
        insert_or_update(connection, ScheduleRow, [row], key=["site"], update=_again, returning=[ScheduleRow.site])


def _again(new: ReadOnlyColumnCollection[str, Any]) -> dict[str, Any]:
    return {name: new[name] for name in ("every_seconds", "cron", "options", "due_at")}


def schedules(database: Database) -> list[dict[str, Any]]:
    """The timetable, by site; the fields of `ScheduleRow`."""
    with database.reading() as connection:
        columns = ScheduleRow.__table__.c
        return [dict(row) for row in connection.execute(select(*columns).order_by(columns.site)).mappings()]


def remove_schedule(database: Database, site: str) -> bool:
    """Take a site out of the timetable; whether it was in it."""
    with database.writing() as connection:
        return connection.execute(delete(ScheduleRow).where(ScheduleRow.site == site)).rowcount > 0


def postpone(connection: Connection, site: str, due_at: datetime) -> None:
    """The site is due again then."""
    connection.execute(update(ScheduleRow).where(ScheduleRow.site == site).values(due_at=due_at))


def record_start(database: Database, site: str) -> None:
    """A run of the site begins now."""
    with database.writing() as connection:
        values = {"started_at": datetime.now(UTC), "finished_at": None, "exit_status": None}
        connection.execute(update(ScheduleRow).where(ScheduleRow.site == site).values(**values))


def record_end(database: Database, site: str, exit_status: int) -> None:
    """The run of the site has ended."""
    with database.writing() as connection:
        values = {"finished_at": datetime.now(UTC), "exit_status": exit_status}
        connection.execute(update(ScheduleRow).where(ScheduleRow.site == site).values(**values))
