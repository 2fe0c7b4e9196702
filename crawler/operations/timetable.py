"""When a site is due: every so often, or by a cron expression in the site's time zone."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from storage.exceptions import InvalidSchedule

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN: Final = re.compile(r"(?:(\d+)\s*([smhdw]))+", re.IGNORECASE)
_PART: Final = re.compile(r"(\d+)\s*([smhdw])", re.IGNORECASE)
#: Nobody's server wants to be asked for its lists more often.
LEAST: Final = 60


def seconds_in(text: str) -> int:
    """The seconds of `90s`, `30m`, `2h`, `1d12h`, `1w`. Raises InvalidSchedule, also for less than a minute."""
    if not _SPAN.fullmatch(text.strip()):
        raise InvalidSchedule(f"{text!r} is no time span: write it like 30m, 6h, 1d or 1d12h")
    seconds = sum(int(count) * _UNITS[unit.lower()] for count, unit in _PART.findall(text))
    if seconds < LEAST:
        raise InvalidSchedule(f"{text!r} is too often: at least {LEAST}s")
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
    """The first moment later than `after` (aware), in UTC. Times that were missed are not made up for."""
    if cron is not None:
        return next(CronSim(cron, after.astimezone(timezone))).astimezone(UTC)
    assert every_seconds is not None
    return (after + timedelta(seconds=every_seconds)).astimezone(UTC)
