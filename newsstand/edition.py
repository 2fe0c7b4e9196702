"""One site's newspaper: timeline, scenario and writer of one (seed, size)."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from newsstand.scenario import Scenario
from newsstand.story import Story, Stub
from newsstand.timeline import Period, Timeline
from newsstand.writer import House, Writer


class Edition:
    """Finds and writes the stories of a site at any step of the clock."""

    def __init__(self, house: House, seed: int, size: int, periods: tuple[Period, ...]) -> None:
        self.seed, self.size = seed, size
        self.scenario = Scenario(seed, house.name, size)
        self.timeline = Timeline(seed, house.name, size, periods, self.scenario.arrivals)
        self.writer = Writer(house, seed, self.timeline, self.scenario)

    def indexes(self, clock: int) -> Sequence[int]:
        """The living articles, oldest first."""
        return self.scenario.indexes(clock)

    def story(self, index: int, clock: int) -> Story:
        """An article's content at that step, whether it lives or not."""
        return self.writer.story(index, clock)

    def stub(self, index: int) -> Stub:
        """What addresses need of an article."""
        return self.writer.stub(index)

    def on_days(self, first: date, last: date, clock: int) -> Sequence[int]:
        """The living articles of the days `first` to `last`, oldest first."""
        living, population = self.indexes(clock), self.scenario.population(clock)
        low = self.timeline.first_on_or_after(first, population)
        high = self.timeline.first_on_or_after(date.fromordinal(last.toordinal() + 1), population)
        return living[bisect_left(living, low) : bisect_left(living, high)]

    def neighbours(self, index: int, clock: int, count: int) -> list[int]:
        """Other living articles, the nearest older ones first, then the nearest younger ones."""
        living = self.indexes(clock)
        at = bisect_left(living, index)
        older = [living[i] for i in range(at - 1, max(-1, at - 1 - count), -1)]
        younger = [i for i in living[at : at + count + 1] if i != index]
        return (older + younger)[:count]
