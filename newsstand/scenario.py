"""The effects of each step of the clock: edited, new and removed articles.

Every choice is arithmetic on the index, so that each step affects a constant share of any size (of 10 articles one is
removed and two are edited) and the history of an article does not depend on others.
"""

from array import array
from enum import StrEnum
from functools import lru_cache

from newsstand.draw import Draw

LAST_STEP = 50


class Edit(StrEnum):
    """The kinds of edits. METADATA changes a credit and the keywords, not the text."""

    HEADLINE = "headline"
    PARAGRAPH = "paragraph"
    LEDE = "lede"
    METADATA = "metadata"


class Scenario:
    """The history of one site's articles, for `size` articles in the first edition."""

    def __init__(self, seed: int, site: str, size: int) -> None:
        self.size = size
        self.arrivals = max(1, size // 100)
        draw = Draw(seed, site, "scenario")
        self._round = max(10, min(size, 100))
        self._edit_round = max(5, self._round // 4)
        self._vanish_offset, self._edit_offset = draw.below(self._round), draw.below(self._edit_round)
        self.indexes = lru_cache(maxsize=4)(self._indexes)

    def population(self, clock: int) -> int:
        """The number of articles published up to that step."""
        return self.size + clock * self.arrivals

    def appears(self, index: int) -> int:
        """The step at which an article appears; 0 for the first edition."""
        return 0 if index < self.size else (index - self.size) // self.arrivals + 1

    def vanishes(self, index: int) -> int | None:
        """The step from which an article is removed, or None. Articles added later are never removed."""
        slot = (index + self._vanish_offset) % self._round
        return slot + 1 if slot < self._round // 3 and index < self.size else None

    def lives(self, index: int, clock: int) -> bool:
        """Whether the article is on the site at that step."""
        gone = self.vanishes(index)
        return self.appears(index) <= clock and (gone is None or clock < gone)

    def edits(self, index: int, clock: int) -> list[tuple[int, Edit]]:
        """The edits up to that step, oldest first: (step, edit)."""
        first = (self._edit_offset - index) % self._edit_round or self._edit_round
        kinds = list(Edit)
        return [
            (step, kinds[(index // self._edit_round + step) % len(kinds)])
            for step in range(first, clock + 1, self._edit_round)
            if step > self.appears(index)
        ]

    def _indexes(self, clock: int) -> "array[int]":
        """The articles on the site at that step, oldest first: four bytes each."""
        return array("I", (i for i in range(self.population(clock)) if self.lives(i, clock)))
