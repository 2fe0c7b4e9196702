"""The publication time of an article by its index: a pure, ascending function.

The time line of a site consists of periods, each with its share of the articles. The articles of a period are grouped
in days of several articles each, spread evenly over the period, between 6:00 and 24:00 (never in the hour skipped or
repeated by daylight saving time).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from newsstand.draw import Draw

ROME = ZoneInfo("Europe/Rome")
_DAY_START, _DAY_MINUTES, _ARTICLES_A_DAY = 6 * 60, 18 * 60, 6


@dataclass(frozen=True)
class Period:
    """Days `first` to `last` hold `percent` of the articles; their ids are from `low_id` up to `high_id`."""

    first: date
    last: date
    percent: int
    low_id: int
    high_id: int


@dataclass(frozen=True)
class Stretch:
    """A period with its articles: indexes `start` to `start + count - 1` on `days` days."""

    period: Period
    start: int
    count: int

    @cached_property
    def span(self) -> int:
        return (self.period.last - self.period.first).days + 1

    @cached_property
    def days(self) -> int:
        return max(1, min(self.span, self.count // _ARTICLES_A_DAY))

    def day_of(self, position: int) -> tuple[date, int, int]:
        """The day of a position, its place within the day, and the number of that day's articles."""
        day = position * self.days // self.count
        first, after = self._first_on(day), self._first_on(day + 1)
        return self.date_of(day), position - first, after - first

    def _first_on(self, day: int) -> int:
        return -(-day * self.count // self.days)

    def date_of(self, day: int) -> date:
        """The calendar date of the n-th day with articles."""
        return self.period.first + timedelta(days=day * (self.span - 1) // max(1, self.days - 1))

    def before(self, day: date) -> int:
        """The number of its articles before the date."""
        low, high = 0, self.days
        while low < high:
            middle = (low + high) // 2
            if self.date_of(middle) < day:
                low = middle + 1
            else:
                high = middle
        return self._first_on(low)


class Timeline:
    """The publication times of a site with `size` articles in its first edition and `arrivals` more each step."""

    def __init__(self, seed: int, site: str, size: int, periods: tuple[Period, ...], arrivals: int) -> None:
        self._seed, self._site, self.size, self.arrivals = seed, site, size, arrivals
        self.stretches = tuple(self._stretches(periods))
        self.last_day = periods[-1].last

    def _stretches(self, periods: tuple[Period, ...]) -> Iterable[Stretch]:
        start, share = 0, 0
        for period in periods:
            share += period.percent
            end = -(-self.size * share // 100)
            if end > start:
                yield Stretch(period, start, end - start)
            start = end

    def now(self, clock: int) -> datetime:
        """The scenario's present at a step: noon of the day after the last one, and a day later each step."""
        return datetime.combine(self.last_day + timedelta(days=1 + clock), time(12), ROME)

    def published(self, index: int) -> datetime:
        """Local time of publication, whole minutes, aware."""
        day, position, count = self.slot(index)
        minutes = _DAY_MINUTES if index < self.size else 300
        jitter = Draw(self._seed, self._site, index, "minute").below(1000)
        minute = _DAY_START + (position * 1000 + jitter) * minutes // (count * 1000)
        return datetime.combine(day, time(minute // 60, minute % 60), ROME)

    def slot(self, index: int) -> tuple[date, int, int]:
        """Day of an article, its place among the day's articles, and their number."""
        if index >= self.size:
            step, position = divmod(index - self.size, self.arrivals)
            return self.now(step + 1).date(), position, self.arrivals
        stretch = self.stretch(index)
        return stretch.day_of(index - stretch.start)

    def stretch(self, index: int) -> Stretch:
        """The stretch with an index of the first edition; later articles belong to the last one."""
        return next((s for s in self.stretches if index < s.start + s.count), self.stretches[-1])

    def first_on_or_after(self, day: date, population: int) -> int:
        """The smallest index published on the day or later."""
        found = sum(stretch.before(day) for stretch in self.stretches)
        if found == self.size and day > self.now(0).date():
            found += max(0, (day - self.now(1).date()).days) * self.arrivals
        return min(found, population)


class Numbers:
    """The site's article numbers: ascending with the index, invertible, with random gaps."""

    def __init__(self, seed: int, site: str, timeline: Timeline) -> None:
        self._seed, self._site, self._timeline = seed, site, timeline

    def _cell(self, index: int) -> tuple[int, int]:
        if index >= self._timeline.size:
            return self._timeline.stretches[-1].period.high_id + (index - self._timeline.size) * 37, 37
        stretch = self._timeline.stretch(index)
        width = (stretch.period.high_id - stretch.period.low_id) // stretch.count
        return stretch.period.low_id + (index - stretch.start) * width, width

    def number(self, index: int) -> int:
        """The number of an article."""
        low, width = self._cell(index)
        return low + Draw(self._seed, self._site, index, "number").below(width)

    def index(self, number: int) -> int | None:
        """The article of a number; None where no article has it."""
        for stretch in self._timeline.stretches:
            period = stretch.period
            if period.low_id <= number < period.high_id:
                width = (period.high_id - period.low_id) // stretch.count
                return self._checked(stretch.start + (number - period.low_id) // width, number)
        beyond = number - self._timeline.stretches[-1].period.high_id
        return self._checked(self._timeline.size + beyond // 37, number) if beyond >= 0 else None

    def _checked(self, index: int, number: int) -> int | None:
        return index if self.number(index) == number else None
