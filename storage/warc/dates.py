"""WARC-Date, parsed and formatted (WARC/1.1, 5.4).

Called by readers, writer and CDXJ index.
"""

import re
from datetime import UTC, date, datetime, timedelta

#: In the place of the day, the day of the year: ClueWeb09 has `2009-03-65T08:43:19-0800` for the sixth of March.
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d\d)-(\d{2,3})(?=T)")


def parse_warc_date(text: str | None) -> datetime | None:
    """An aware UTC time, from any precision of WARC/1.1, a year to nanoseconds; None where the text is no date.

    A day that its month does not have is the day of the year, as in ClueWeb09, where it is one of that month.
    """
    if not text:
        return None
    text = _DAY_OF_YEAR.sub(_day_of_month, text)
    for missing in ("", "-01", "-01-01"):
        try:
            time = datetime.fromisoformat(text + missing)
            return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _day_of_month(found: re.Match[str]) -> str:
    year, month, day = map(int, found.groups())
    if day <= 31 or year == 0:
        return found[0]
    counted = date(year, 1, 1) + timedelta(days=day - 1)
    return counted.isoformat() if (counted.year, counted.month) == (year, month) else found[0]


def format_warc_date(time: datetime) -> str:
    """UTC with microseconds. `time` must be aware."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
