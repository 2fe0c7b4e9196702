"""Compares results with the rows of their captures, in place of storing them: what today's extractor would change.

Used by `rebuild --diff`, which counts changes by site and field and shows the largest, and by `verify`.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from crawler.ingest.messages import TaskResult
from storage.corpus.db.database import Database
from storage.corpus.read.stored_results import StoredResult, stored_results
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.prepared_article import prepare

#: Changes that are shown side by side.
LARGEST = 20
#: The size of a change between article and no article: more than any number of words.
_OUTCOME_SIZE = 1_000_000
_NOT_COMPARED = frozenset({"word_count", "body"})  # they follow from the blocks


@dataclass(frozen=True, slots=True)
class ResultChange:
    """A capture whose result differs from its row: before and now, field by field."""

    file: str
    offset: int
    url: str
    site: str | None
    fields: dict[str, tuple[Any, Any]]

    @property
    def size(self) -> int:
        """Words added and removed, and 3 for each field."""
        if "outcome" in self.fields:
            return _OUTCOME_SIZE
        words = [_words(value) for value in self.fields.get("blocks", ("", ""))]
        return ((words[0] - words[1]) + (words[1] - words[0])).total() + 3 * len(self.fields)

    def as_json(self) -> dict[str, Any]:
        fields = {name: {"before": before, "now": now} for name, (before, now) in self.fields.items()}
        return {"file": self.file, "offset": self.offset, "url": self.url, "site": self.site, "fields": fields}


def _change(before: StoredResult | None, today: CaptureResult) -> ResultChange | None:
    result, sighting = prepare(today)
    now = StoredResult(result.outcome.value, result.reason, sighting.data if sighting else None)
    fields: dict[str, tuple[Any, Any]] = {}
    if before is None:
        fields["outcome"] = (None, _outcome(now))
    elif _outcome(before) != _outcome(now):
        fields["outcome"] = (_outcome(before), _outcome(now))
    elif before.article is not None and now.article is not None:
        names = (before.article.keys() | now.article.keys()) - _NOT_COMPARED
        pairs = {name: (before.article.get(name), now.article.get(name)) for name in sorted(names)}
        fields = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return ResultChange(result.file, result.offset, result.url, result.site, fields) if fields else None


@dataclass(slots=True)
class SiteCounts:
    """captures: compared. changed: of these. fields: in which the changes are."""

    captures: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)


def changes(
    database: Database, results: Sequence[CaptureResult]
) -> Iterator[tuple[CaptureResult, ResultChange | None]]:
    """Each result with the difference between it and the row of its capture, None where there is none. Raises
    CorpusError.
    """
    stored = stored_results(database, [result.record_key for result in results])
    for result in results:
        yield result, _change(stored.get(result.record_key), result)


class ResultComparison:
    """Takes results as `crawler.ingest.pipeline.ResultWriter` does, and changes no row."""

    def __init__(self, database: Database) -> None:
        self.sites: dict[str, SiteCounts] = {}
        self._database = database
        self._largest: list[tuple[int, int, ResultChange]] = []
        self._number = count()

    def add(self, part: TaskResult) -> None:
        for result, change in changes(self._database, part.results):
            counts = self.sites.setdefault(result.site or "(others)", SiteCounts())
            counts.captures += 1
            if change is not None:
                counts.changed += 1
                counts.fields.update(list(change.fields))
                heapq.heappush(self._largest, (change.size, -next(self._number), change))
                if len(self._largest) > LARGEST:
                    heapq.heappop(self._largest)

    def finish(self) -> None:
        """Results are compared as they are added."""

    @property
    def changed(self) -> int:
        return sum(counts.changed for counts in self.sites.values())

    @property
    def largest(self) -> list[ResultChange]:
        return [change for _, _, change in sorted(self._largest, key=lambda one: one[:2], reverse=True)]

    def as_json(self) -> dict[str, Any]:
        sites = {
            name: asdict(counts) | {"fields": dict(sorted(counts.fields.items()))}
            for name, counts in sorted(self.sites.items())
        }
        return {"changed": self.changed, "sites": sites, "most_telling": [one.as_json() for one in self.largest]}


def _outcome(stored: StoredResult) -> str:
    return f"{stored.outcome} {stored.reason}" if stored.reason else stored.outcome


def _words(blocks: Any) -> "Counter[str]":
    texts = (str(block.get("text", "")) for block in blocks or () if isinstance(block, dict))
    return Counter(word for text in texts for word in text.split())
