"""Keyword in context: every occurrence of a query's words in the articles found, with what stands around."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final, Literal

from storage.corpus.db.database import Database
from storage.corpus.search.extent import extent
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.newest import newest
from storage.corpus.search.occurrences import Sought, occurrences, sought
from storage.corpus.search.query import parse
from storage.corpus.search.search import Text, texts
from storage.corpus.search.stemming import WORD, code_of

Order = Literal["day", "left", "right"]

#: Articles, the newest, whose occurrences are sorted by their context; and occurrences, of the newest articles.
SORTED_ARTICLES: Final = 10_000
SORTED_OCCURRENCES: Final = 50_000
#: Characters shown on each side.
_AROUND: Final = 70


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a word or phrase of the query stands, with up to 70 characters on each side. place: `headline`,
    `lede` or `body`; published_date: the day in the site's zone."""

    article_id: str
    site: str | None
    published_date: date | None
    headline: str
    place: str
    left: str
    match: str
    right: str


@dataclass(frozen=True, slots=True)
class SortedContexts:
    """Occurrences sorted by their context; articles: of how many articles these are all. is_cut: there are more
    articles, behind the limits SORTED_ARTICLES and SORTED_OCCURRENCES."""

    occurrences: list[Occurrence]
    articles: int
    is_cut: bool


def contexts(
    database: Database, query: str, chosen: SearchFilter | None = None, *, articles: int, skipped: int = 0
) -> list[Occurrence]:
    """The occurrences in so many of the articles that the search finds, behind those skipped: the newest article first,
    in the order of its text. A query without a word finds none. Raises CorpusError.
    """
    return counted_contexts(database, query, chosen, articles=articles, skipped=skipped, most=0)[0]


def counted_contexts(
    database: Database, query: str, chosen: SearchFilter | None, *, articles: int, skipped: int, most: int
) -> tuple[list[Occurrence], int]:
    """The same, and the number of all articles, at most `most`. Raises CorpusError."""
    by_article, count = _by_article(database, query, chosen, articles, skipped, most)
    return [one for found in by_article for one in found], min(count, most)


def sorted_contexts(
    database: Database, query: str, chosen: SearchFilter | None = None, *, order: Order = "right"
) -> SortedContexts:
    """All occurrences, by the words to the right, or to the left from the nearest on; where these are the same, the
    newest article first. Raises CorpusError."""
    found: list[Occurrence] = []
    articles = 0
    is_cut = False
    for of_article in _by_article(database, query, chosen, SORTED_ARTICLES + 1, 0)[0]:
        is_cut = articles == SORTED_ARTICLES or len(found) + len(of_article) > SORTED_OCCURRENCES
        if is_cut:
            break
        found += of_article
        articles += 1
    return SortedContexts(found if order == "day" else sorted(found, key=_BY_CONTEXT[order]), articles, is_cut)


def _by_article(
    database: Database, query: str, chosen: SearchFilter | None, articles: int, skipped: int, most: int = 0
) -> tuple[Iterator[list[Occurrence]], int]:
    """The occurrences of each article, and the number of all articles, of `most` at least."""
    with database.reading() as connection:
        corpus = extent(connection)
        parts = parse(query, corpus.languages)
        if all(part.excluded for part in parts):
            return iter(()), 0
        keys = newest(connection, parts, chosen or SearchFilter(), max(most, skipped + articles), corpus)
        rows = texts(connection, [key.id for key in keys[skipped : skipped + articles]])
    sought_in = sought(parts)
    return (list(_occurrences_of(row, [*chain(*sought_in(code_of(row.language)))])) for row in rows), len(keys)


_BY_CONTEXT: Final[Mapping[str, Any]] = {
    "left": lambda one: [word.casefold() for word in reversed(WORD.findall(one.left))],
    "right": lambda one: [word.casefold() for word in WORD.findall(one.right)],
}


def _occurrences_of(row: Text, phrases: list[Sought]) -> Iterator[Occurrence]:
    facts = (row.article_id, row.site, row.published_date, row.headline)
    for place, field in (("headline", row.headline), ("lede", row.description), ("body", row.body)):
        text = unicodedata.normalize("NFC", " ".join((field or "").split()))
        for start, end in occurrences(text, phrases):
            left, right = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
            yield Occurrence(*facts, place, left, text[start:end], right)
