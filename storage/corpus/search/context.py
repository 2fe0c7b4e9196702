"""Keyword in context: every occurrence of a query's words in the articles found, with what stands around."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from storage.corpus.db.database import Database
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.newest import newest
from storage.corpus.search.occurrences import occurrences
from storage.corpus.search.query import QueryPart, parse
from storage.corpus.search.search import texts
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
    by_article = _by_article(database, query, chosen or SearchFilter(), articles, skipped)
    return [one for found in by_article for one in found]


def sorted_contexts(
    database: Database, query: str, chosen: SearchFilter | None = None, *, order: Order = "right"
) -> SortedContexts:
    """All occurrences, by the words to the right, or to the left from the nearest on; where these are the same, the
    newest article first. Raises CorpusError."""
    found: list[Occurrence] = []
    articles = 0
    is_cut = False
    for of_article in _by_article(database, query, chosen or SearchFilter(), SORTED_ARTICLES + 1, 0):
        is_cut = articles == SORTED_ARTICLES or len(found) + len(of_article) > SORTED_OCCURRENCES
        if is_cut:
            break
        found += of_article
        articles += 1
    return SortedContexts(found if order == "day" else sorted(found, key=_BY_CONTEXT[order]), articles, is_cut)


def _by_article(
    database: Database, query: str, chosen: SearchFilter, articles: int, skipped: int
) -> Iterator[list[Occurrence]]:
    parts = parse(query)
    required = [part for part in parts if not part.excluded]
    if not required:
        return
    with database.reading() as connection:
        keys = newest(connection, parts, chosen, skipped + articles)
        rows = texts(connection, [key.id for key in keys[skipped:]])
    for row in rows:
        yield list(_occurrences_of(row, required))


_BY_CONTEXT: Final[Mapping[str, Any]] = {
    "left": lambda one: [word.casefold() for word in reversed(WORD.findall(one.left))],
    "right": lambda one: [word.casefold() for word in WORD.findall(one.right)],
}


def _occurrences_of(row: Mapping[str, Any], required: list[QueryPart]) -> Iterator[Occurrence]:
    facts = (row["article_id"], row["site"], row["published_date"], row["headline"])
    for place, column in (("headline", "headline"), ("lede", "description"), ("body", "body")):
        text = unicodedata.normalize("NFC", " ".join((row[column] or "").split()))
        for start, end in occurrences(text, code_of(row["language"]), required):
            left, right = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
            yield Occurrence(*facts, place, left, text[start:end], right)
