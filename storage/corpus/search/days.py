"""Days of publication in the search index, by which the newest articles of a query are found without looking at all.

On SQLite the row id of an entry has the day above the revision: FTS5 lists entries in the order of their row ids, from
either end. Postgres' GIN has no order: there an entry has terms for its day, month and year besides its words.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

#: The lower bits of a row id, which are the row id of the revision.
REVISION: Final = (1 << 32) - 1
#: Days from which on spans are made of months, and of years.
_MONTHS: Final = 10
_YEARS: Final = 150


def row_of(revision: int, day: date | None) -> int:
    """The row id of an entry on SQLite; without a day it is below all days."""
    return first_row(day) | revision


def first_row(day: date | None) -> int:
    """The least row id of a day on SQLite."""
    return (day.toordinal() if day else 0) << 32


def terms_of(day: date | None) -> tuple[str, ...]:
    """The terms of an entry on Postgres: `·2026`, `·2026-03`, `·2026-03-01`. No stem begins with that dot."""
    return tuple(term for term, _, _ in _periods(day)) if day else ()


def terms_between(first: date, last: date) -> list[str]:
    """The fewest terms of which every entry from the first to the last day has one: years, months and days."""
    terms = []
    day = first.toordinal()
    while day <= last.toordinal():
        begun = (period for period in _periods(date.fromordinal(day)) if period[1].toordinal() == day)
        term, _, end = next(period for period in begun if period[2] <= last)
        terms.append(term)
        day = end.toordinal() + 1
    return terms


def terms_over(first: date, last: date) -> tuple[list[str], date]:
    """Terms of one length, days, months or years, one of which every entry from the first to the last day has, and the
    first day of the earliest: few terms, since GIN reads all entries of those that are rarer than the words."""
    days = (last - first).days
    length = 0 if days > _YEARS else 1 if days > _MONTHS else 2
    term, begin, _ = list(_periods(last))[length]
    terms, earliest = [term], begin
    while earliest > first:
        term, earliest, _ = list(_periods(earliest - timedelta(days=1)))[length]
        terms.append(term)
    return terms, earliest


def _periods(day: date) -> Iterator[tuple[str, date, date]]:
    """The year, the month and the day that a day is in: term, first day, last day."""
    year = f"·{day.year:04d}"
    yield year, date(day.year, 1, 1), date(day.year, 12, 31)
    yield f"{year}-{day.month:02d}", day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    yield f"·{day.isoformat()}", day, day
