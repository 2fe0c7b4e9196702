"""One site's newspaper: timeline, scenario and writer of one (seed, size)."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from newsstand.scenario import Scenario
from newsstand.story import Story, Stub
from newsstand.timeline import Period, Timeline
from newsstand.writer import SiteStyle, Writer


class Edition:
    """Generates the articles of a site at any step of the clock."""

    def __init__(self, style: SiteStyle, seed: int, size: int, periods: tuple[Period, ...]) -> None:
        self.seed, self.size = seed, size
        self.scenario = Scenario(seed, style.name, size)
        self.timeline = Timeline(seed, style.name, size, periods, self.scenario.arrivals)
        self.writer = Writer(style, seed, self.timeline, self.scenario)

    def indexes(self, clock: int) -> Sequence[int]:
        """The existing articles, oldest first."""
        return self.scenario.indexes(clock)

    def story(self, index: int, clock: int) -> Story:
        """An article's content at that step, whether it exists or not."""
        return self.writer.story(index, clock)

    def stub(self, index: int) -> Stub:
        """The parts of an article that its URL needs."""
        return self.writer.stub(index)

    def on_days(self, first: date, last: date, clock: int) -> Sequence[int]:
        """The existing articles of the days `first` to `last`, oldest first."""
        existing, population = self.indexes(clock), self.scenario.population(clock)
        low = self.timeline.first_on_or_after(first, population)
        high = self.timeline.first_on_or_after(date.fromordinal(last.toordinal() + 1), population)
        return existing[bisect_left(existing, low) : bisect_left(existing, high)]

    def neighbours(self, index: int, clock: int, count: int) -> list[int]:
        """Other existing articles, the nearest older ones first, then the nearest newer ones."""
        existing = self.indexes(clock)
        at = bisect_left(existing, index)
        older = [existing[i] for i in range(at - 1, max(-1, at - 1 - count), -1)]
        newer = [i for i in existing[at : at + count + 1] if i != index]
        return (older + newer)[:count]
