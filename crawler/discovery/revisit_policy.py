"""The revisit policy: captured articles are requested again, often at first, never after a limit.

The only such rule. bench/newsroom.py tries policies against a newsroom that edits as newsrooms do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class RevisitPolicy:
    """An article is due when its age has grown by the factor `growth` since it was last seen, `least` later at the
    earliest; not after `limit`.

    Needs no memory but the last capture: with 2 and 3 hours, an article seen when it came out is seen again at the
    ages of 3, 6, 12, 24, 48 hours and so on, whatever the crawl's own rhythm is.
    """

    growth: float = 2.0
    least: timedelta = timedelta(hours=3)
    limit: timedelta = timedelta(days=30)

    def due_at(self, published: datetime, seen: datetime) -> datetime | None:
        """The next visit of an article last seen then; None: never again. Both aware."""
        age = max(seen - published, timedelta(0))
        next_age = max(age * self.growth, age + self.least)
        return published + next_age if next_age <= self.limit else None

    def is_due(self, published: datetime, seen: datetime, now: datetime) -> bool:
        due = self.due_at(published, seen)
        return due is not None and due <= now


REVISIT_POLICY: Final = RevisitPolicy()
