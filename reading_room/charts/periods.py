"""Counts over time, ready to be drawn: every period without gaps, and how far the collection covers it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from storage.corpus.search.series import WIDTH, Count, Period

#: Bars of a chart; where days or months would be more, the next longer period is shown.
MOST_BARS: Final = 800
_LONGER: Final[Mapping[Period, Period]] = {"day": "month", "month": "year"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: its name, first and last day, the articles found by each query, all articles, and the share of its days
    that the collection covers (None: no route knew of any article)."""

    period: str
    first: date
    last: date
    found: tuple[int, ...]
    of: int
    covered: float | None

    def value(self, query: int, *, relative: bool) -> float:
        """The articles that a query finds; relative: of a thousand."""
        if not relative:
            return self.found[query]
        return 1000 * self.found[query] / self.of if self.of else 0.0


def bars(series: Sequence[Sequence[Count]], shares: Mapping[date, float], period: Period) -> list[Bar]:
    """The periods from the first to the last that has articles; series: counts of each query over the same articles;
    shares: of each day that routes knew, what share is covered."""
    counts: list[Mapping[str | None, Count]] = [
        {one.period: one for one in queried if one.period is not None} for queried in series
    ]
    names = sorted({name for queried in counts for name in queried if name is not None})
    if not names:
        return []
    covered = _covered(shares, period)
    return [_bar(name, counts, covered) for name in _all_periods(names[0], names[-1], period)]


def fitting(first: date | None, last: date | None, period: Period) -> Period:
    """The period, or the next longer one that gives a drawing MOST_BARS or fewer."""
    while first and last and period in _LONGER and _number(first, last, period) > MOST_BARS:
        period = _LONGER[period]
    return period


def _number(first: date, last: date, period: Period) -> int:
    return (last - first).days if period == "day" else (last.year - first.year) * 12


def _bar(name: str, counts: Sequence[Mapping[str | None, Count]], covered: Mapping[str, float]) -> Bar:
    first, last = _days(name)
    found = tuple(queried[name].found if name in queried else 0 for queried in counts)
    of = max((queried[name].of for queried in counts if name in queried), default=0)
    return Bar(name, first, last, found, of, covered.get(name))


def _covered(shares: Mapping[date, float], period: Period) -> dict[str, float]:
    """By period the share of its days that are wholly covered; for a day, its own share."""
    if period == "day":
        return {day.isoformat(): share for day, share in shares.items()}
    whole: dict[str, float] = {}
    for day, share in shares.items():
        name = day.isoformat()[: WIDTH[period]]
        whole[name] = whole.get(name, 0.0) + share
    return {name: min(1.0, total / _length(name)) for name, total in whole.items()}


def _length(name: str) -> int:
    first, last = _days(name)
    return (last - first).days + 1


def _days(name: str) -> tuple[date, date]:
    """First and last day of `2026`, `2026-03` or `2026-03-07`."""
    year, *rest = map(int, name.split("-"))
    if not rest:
        return date(year, 1, 1), date(year, 12, 31)
    if len(rest) == 1:
        return date(year, rest[0], 1), date(year, rest[0], monthrange(year, rest[0])[1])
    return date(year, *rest), date(year, *rest)


def _all_periods(first: str, last: str, period: Period) -> Iterator[str]:
    day, end = _days(first)[0], _days(last)[1]
    while day <= end:
        name = day.isoformat()[: WIDTH[period]]
        yield name
        following = _days(name)[1]
        if following >= end or following == date.max:
            return
        day = following + timedelta(days=1)
