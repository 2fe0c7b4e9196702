"""The timetable: which sites are due, and when next, by an interval or a cron expression in the site's time zone.

Used by the commands `schedule` and `worker`, through scheduler.py and queue.py.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from sqlalchemy import Connection

from crawler.registry import site_named
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import crawl_of_run, postpone, schedules
from storage.exceptions import InvalidSchedule
from storage.locks import SiteLock

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN: Final = re.compile(r"(?:(\d+)\s*([smhdw]))+", re.IGNORECASE)
_PART: Final = re.compile(r"(\d+)\s*([smhdw])", re.IGNORECASE)
#: Seconds; a shorter interval would strain the server.
MIN_INTERVAL: Final = 60
#: Within this time a run without a crawl counts as starting.
STARTING: Final = timedelta(minutes=1)
#: Outcomes of runs that began no crawl, by exit status.
_WITHOUT_CRAWL: Final = {2: "wrong-use", 3: "could-not"}


def seconds_in(text: str) -> int:
    """The seconds of `90s`, `30m`, `2h`, `1d12h`, `1w`. Raises InvalidSchedule, also for less than a minute."""
    if not _SPAN.fullmatch(text.strip()):
        raise InvalidSchedule(f"{text!r} is no time span: write it like 30m, 6h, 1d or 1d12h")
    seconds = sum(int(count) * _UNITS[unit.lower()] for count, unit in _PART.findall(text))
    if seconds < MIN_INTERVAL:
        raise InvalidSchedule(f"{text!r} is too often: at least {MIN_INTERVAL}s")
    return seconds


def span_of(seconds: int) -> str:
    """The inverse of `seconds_in`."""
    parts = []
    for unit in "wdhms":
        count, seconds = divmod(seconds, _UNITS[unit])
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts)


def check_cron(expression: str) -> str:
    """The expression, of five fields. Raises InvalidSchedule."""
    try:
        CronSim(expression, datetime(2026, 1, 1))  # noqa: DTZ001  only its fields are looked at
    except CronSimError as problem:
        raise InvalidSchedule(
            f"{expression!r} is no cron expression ({problem}): write minute, hour, day, month, weekday, like "
            "'15 */6 * * *'"
        ) from problem
    return expression


def next_due(after: datetime, timezone: ZoneInfo, *, every_seconds: int | None, cron: str | None) -> datetime:
    """The first moment later than `after` (aware), in UTC. Missed times are skipped."""
    if cron is not None:
        return next(CronSim(cron, after.astimezone(timezone))).astimezone(UTC)
    assert every_seconds is not None
    return (after + timedelta(seconds=every_seconds)).astimezone(UTC)


def due_sites(database: Database) -> list[dict[str, Any]]:
    """The rows of the timetable that are due, the longest due first. Raises CorpusError."""
    now = datetime.now(UTC)
    return sorted((row for row in schedules(database) if row["due_at"] <= now), key=lambda row: row["due_at"])


def last_outcome(database: Database, locks: Path, row: Mapping[str, Any]) -> str | None:
    """The outcome of a site's last run: `under-way`, `cut-off` (killed, or the machine stopped), that of its crawl, or
    for a run without a crawl `wrong-use`, `could-not`, `failed`; None before the first run. row: of `schedules`."""
    if row["started_at"] is None:
        return None
    crawl, status = crawl_of_run(database, row), row["exit_status"]
    if crawl is not None and crawl[0] is not None:
        return crawl[0]
    if status is not None and status >= 0:
        return _WITHOUT_CRAWL.get(status, "failed")
    is_starting = crawl is None and datetime.now(UTC) - row["started_at"] < STARTING
    is_running = is_starting or SiteLock(database, locks, row["site"]).is_held()
    return "under-way" if status is None and is_running else "cut-off"


def plan_next(connection: Connection, row: Mapping[str, Any]) -> None:
    """Postpone a site that is crawled now until its next time. row: of `due_sites`."""
    zone = site_named(row["site"]).timezone
    due_at = next_due(datetime.now(UTC), zone, every_seconds=row["every_seconds"], cron=row["cron"])
    postpone(connection, row["site"], due_at)
