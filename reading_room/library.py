"""What the pages of the reading room read from: the collection, and answers that were computed before."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Final, TypeVar

from storage.collection import Collection
from storage.corpus.db.database import Database, open_read_only
from storage.corpus.write.change_feed import newest_cursor

T = TypeVar("T")

#: Answers that are held; the one used longest ago goes first.
_MOST_ANSWERS: Final = 256
#: Seconds for which an answer about crawls and captures stands, which change without the corpus changing.
_FRESH: Final = 10
#: Seconds that an export may take.
_EXPORT: Final = 600.0


@dataclass(slots=True)
class Library:
    """The collection of a reading room. Threads share it."""

    collection: Collection
    database: Database
    #: Names the archive in persistent identifiers.
    archive: str = "emeroteca"
    _answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of_corpus(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question about articles, computed once for each state of the corpus."""
        with self.database.reading() as connection:
            state = str(newest_cursor(connection))
        return self._answer((state, question), answer)

    def of_the_moment(self, question: Hashable, answer: Callable[[], T], *, seconds: int = _FRESH) -> T:
        """The answer to a question about crawls or captures, at most so many seconds old."""
        return self._answer((int(monotonic() / seconds), question), answer)

    def exports(self) -> Database:
        """The corpus, opened for an export, which takes longer than a page; a context manager."""
        return open_read_only(self.collection.database_url, seconds=_EXPORT)

    def _answer(self, key: Hashable, answer: Callable[[], T]) -> T:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                found: T = self._answers[key]
                return found
        found = answer()
        with self._lock:
            self._answers[key] = found
            while len(self._answers) > _MOST_ANSWERS:
                self._answers.popitem(last=False)
        return found
