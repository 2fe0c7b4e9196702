"""WARC-Date, read (WARC/1.1, 5.4)."""

from datetime import UTC, datetime


def parse_warc_date(date: str | None) -> datetime | None:
    """An aware UTC time from any of the precisions WARC/1.1 allows, a year to nanoseconds; None where it is none."""
    if not date:
        return None
    for missing in ("", "-01", "-01-01"):
        try:
            moment = datetime.fromisoformat(date + missing)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None
