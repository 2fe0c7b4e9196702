"""What would change with today's extractor: counts by site and field, and the changes that tell most."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from crawler.rebuild.messages import TaskResult
from storage.corpus.db.database import Database
from storage.corpus.read.stored_results import StoredResult, stored_results
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.prepared_article import prepare

#: Changes that are shown side by side.
MOST_TELLING = 20
#: An article lost or won tells more than any number of words.
_ALL = 1_000_000
_NOT_COMPARED = frozenset({"word_count", "body"})  # they follow from the blocks


@dataclass(frozen=True, slots=True)
class ResultChange:
    """A capture that gives something else today: before and now, field by field."""

    file: str
    offset: int
    url: str
    site: str | None
    fields: dict[str, tuple[Any, Any]]

    @property
    def weight(self) -> int:
        """How much it tells: words that come or go, and a few for each other field."""
        if "outcome" in self.fields:
            return _ALL
        words = [_words(value) for value in self.fields.get("blocks", ("", ""))]
        return ((words[0] - words[1]) + (words[1] - words[0])).total() + 3 * len(self.fields)

    def as_json(self) -> dict[str, Any]:
        fields = {name: {"before": before, "now": now} for name, (before, now) in self.fields.items()}
        return {"file": self.file, "offset": self.offset, "url": self.url, "site": self.site, "fields": fields}


def change_of(before: StoredResult | None, today: CaptureResult) -> ResultChange | None:
    """What differs between a capture's row and what it gives today; None where nothing does."""
    saved, sighting = prepare(today)
    now = StoredResult(saved.outcome.value, saved.reason, sighting.data if sighting else None)
    fields: dict[str, tuple[Any, Any]] = {}
    if before is None:
        fields["outcome"] = (None, _outcome(now))
    elif _outcome(before) != _outcome(now):
        fields["outcome"] = (_outcome(before), _outcome(now))
    elif before.article is not None and now.article is not None:
        names = (before.article.keys() | now.article.keys()) - _NOT_COMPARED
        pairs = {name: (before.article.get(name), now.article.get(name)) for name in sorted(names)}
        fields = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return ResultChange(saved.file, saved.offset, saved.url, saved.site, fields) if fields else None


@dataclass(slots=True)
class SiteCounts:
    """Captures that were compared, those that changed, and in which fields."""

    captures: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)


class ResultComparison:
    """Takes what was found and compares it with the rows, of which none is changed."""

    def __init__(self, database: Database) -> None:
        self.sites: dict[str, SiteCounts] = {}
        self._database = database
        self._most: list[tuple[int, int, ResultChange]] = []
        self._number = count()

    def add(self, found: TaskResult) -> None:
        given = stored_results(self._database, [saved.record_key for saved in found.saved])
        for saved in found.saved:
            counts = self.sites.setdefault(saved.site or "(others)", SiteCounts())
            counts.captures += 1
            change = change_of(given.get(saved.record_key), saved)
            if change is not None:
                counts.changed += 1
                counts.fields.update(list(change.fields))
                heapq.heappush(self._most, (change.weight, -next(self._number), change))
                if len(self._most) > MOST_TELLING:
                    heapq.heappop(self._most)

    def finish(self) -> None:
        """Nothing is left to do: nothing is written."""

    @property
    def changed(self) -> int:
        return sum(counts.changed for counts in self.sites.values())

    @property
    def most_telling(self) -> list[ResultChange]:
        return [change for _, _, change in sorted(self._most, key=lambda one: one[:2], reverse=True)]

    def as_json(self) -> dict[str, Any]:
        sites = {
            name: {
                "captures": counts.captures,
                "changed": counts.changed,
                "fields": dict(sorted(counts.fields.items())),
            }
            for name, counts in sorted(self.sites.items())
        }
        return {"changed": self.changed, "sites": sites, "most_telling": [one.as_json() for one in self.most_telling]}


def _outcome(given: StoredResult) -> str:
    return f"{given.outcome} {given.reason}" if given.reason else given.outcome


def _words(blocks: Any) -> "Counter[str]":
    texts = (str(block.get("text", "")) for block in blocks or () if isinstance(block, dict))
    return Counter(word for text in texts for word in text.split())
