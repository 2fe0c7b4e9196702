"""WARC-Date, parsed and formatted (WARC/1.1, 5.4).

Called by readers, writer and CDXJ index.
"""

from datetime import UTC, datetime


def parse_warc_date(date: str | None) -> datetime | None:
    """An aware UTC time, from any precision of WARC/1.1, a year to nanoseconds; None where the text is no date."""
    if not date:
        return None
    for missing in ("", "-01", "-01-01"):
        try:
            time = datetime.fromisoformat(date + missing)
            return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None


def format_warc_date(time: datetime) -> str:
    """UTC with microseconds. `time` must be aware."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
