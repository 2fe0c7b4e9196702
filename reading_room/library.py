"""What the pages of the reading room read from: the collection, and answers that were computed before."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Final, TypeVar

from storage.collection import Collection
from storage.corpus.db.database import Database, open_read_only
from storage.corpus.search.extent import corpus_state

T = TypeVar("T")

#: Answers that are held; the one used longest ago goes first.
_MOST_ANSWERS: Final = 256
#: The same of answers of megabytes: occurrences that are sorted.
_MOST_LARGE: Final = 2
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
    #: Beginning of the addresses where captures are replayed, None where no replay is known.
    replay: str | None = None
    _answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _large: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of_corpus(self, question: Hashable, answer: Callable[[], T], *, large: bool = False) -> T:
        """The answer to a question about articles, computed once for each state of the corpus. large: of megabytes, of
        which few are held."""
        with self.database.reading() as connection:
            state = corpus_state(connection)
        return self._answer((state, question), answer, large=large)

    def of_the_moment(self, question: Hashable, answer: Callable[[], T], *, seconds: int = _FRESH) -> T:
        """The answer to a question about crawls or captures, at most so many seconds old."""
        return self._answer((int(monotonic() / seconds), question), answer)

    def exports(self) -> Database:
        """The corpus, opened for an export, which takes longer than a page; a context manager."""
        return open_read_only(self.collection.database_url, seconds=_EXPORT)

    def _answer(self, key: Hashable, answer: Callable[[], T], *, large: bool = False) -> T:
        held, most = (self._large, _MOST_LARGE) if large else (self._answers, _MOST_ANSWERS)
        with self._lock:
            if key in held:
                held.move_to_end(key)
                found: T = held[key]
                return found
        found = answer()
        with self._lock:
            held[key] = found
            while len(held) > most:
                held.popitem(last=False)
        return found
