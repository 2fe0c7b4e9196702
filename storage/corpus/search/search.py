"""Finds articles by their words, the same ones in the same order on both databases; `emeroteca search` calls it.

Of what the index finds the newest are sorted coarsely: all words in the headline, then in headline or lede, then
anywhere; the newest first. The first of those are ranked by how often and where the words stand, here and not in the
database, since each database would rank in its own way. Behind them are the older ones, the newest first.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, Row, TextualSelect, text

from storage.corpus.db.bulk import dumped
from storage.corpus.db.database import Database
from storage.corpus.search.extent import extent
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.newest import Key, newest
from storage.corpus.search.occurrences import Sought, SoughtParts, occurrences, sought, words_sought
from storage.corpus.search.query import QueryPart, is_findable, parse
from storage.corpus.search.stemming import LONGEST, code_of

#: Articles, the newest, that are sorted by where the words stand, and articles that are ranked by their texts; a
#: greater limit sorts and ranks more.
_SORTED = 100
_RANKED = 30
#: A row with what is shown of a revision, and its texts.
Text = Row[Any]
#: How much a word counts in headline, lede and body, and the length of a usual article in words.
_WEIGHTS = (6.0, 3.0, 1.0)
_USUAL_LENGTH = 300
#: Words shown around what was found.
_AROUND = 12

_SHOWN = ("article_id", "url", "site", "headline", "published_at", "published_date")
_COLUMNS = (
    "r.id, a.article_id, r.url, a.site, r.headline, r.published_at, r.published_date, r.description, r.body, "
    "r.language, r.word_count"
)
_ELEMENTS = {
    "sqlite": "(SELECT value FROM json_each(:ids))",
    "postgresql": "(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:ids AS json)))",
}
_TEXTS = f"SELECT {_COLUMNS} FROM revisions r JOIN articles a ON a.id = r.article WHERE r.id IN {{elements}}"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search finds: `articles` as `search` gives them. total: the number of all, or, with `is_least`,
    a number that they reach."""

    articles: list[dict[str, Any]]
    total: int
    is_least: bool


def search(
    database: Database, query: str, chosen: SearchFilter | None = None, *, limit: int = 20, offset: int = 0
) -> list[dict[str, Any]]:
    """The articles whose newest revision fits the query (see `storage.corpus.search.query`) and the filter, the best
    first; offset: how many of them to leave out.

    Gives `article_id, url, site, headline, published_at, published_date, snippet` (what was found between ** and **). A
    query with excluded words only finds nothing, an empty one all that pass the filter, the newest first. Of the newest
    100 articles the best 30 by their places are ranked by their texts, or as many as a limit takes in; those behind
    them have the coarse order.
    """
    return find(database, query, chosen, limit=limit, offset=offset).articles


def find(
    database: Database, query: str, chosen: SearchFilter | None = None, *, limit: int = 20, offset: int = 0
) -> Found:
    """What `search` gives, and how many articles there are at least. Raises CorpusError."""
    chosen = chosen or SearchFilter()
    most = max(limit, _SORTED)
    with database.reading() as connection:
        corpus = extent(connection)
        parts = parse(query, corpus.languages)
        if not is_findable(query, parts):
            return Found([], 0, False)
        keys = newest(connection, parts, chosen, max(most, offset + limit), corpus)
        ids = [key.id for key in keys]
        ranked: list[Text] = []
        if parts and offset < most:
            ranked, coarse = _ranked(connection, parts, keys[:most], max(limit, _RANKED))
            ids = [*(row.id for row in ranked), *coarse, *ids[most:]]
        end = offset + limit
        rows = ranked[offset:end] + texts(connection, ids[max(offset, len(ranked)) : end])
    words_in = words_sought(parts)
    articles = [
        {name: getattr(row, name) for name in _SHOWN} | {"snippet": _snippet(row, words_in(code_of(row.language)))}
        for row in rows
    ]
    return Found(articles, min(len(keys), most), len(keys) >= most)


def _ranked(
    connection: Connection, parts: list[QueryPart], keys: Sequence[Key], most: int
) -> tuple[list[Text], list[int]]:
    """The first of the coarse order ranked by their texts, and the ids of the others in the coarse order."""
    sought_in = sought(parts)
    heads = {key.id: _head(key, sought_in) for key in keys}
    coarse = sorted(heads, key=lambda id: -heads[id].tier)
    rows = texts(connection, coarse[:most])
    scores = {row.id: (heads[row.id].tier, round(_score(row, heads[row.id], sought_in), 6)) for row in rows}
    return sorted(rows, key=lambda row: scores[row.id], reverse=True), coarse[most:]


@dataclass(frozen=True, slots=True)
class _Head:
    """How often each part of the query stands in headline and lede, and the words of both."""

    times: list[tuple[int, int]]
    length: int

    @property
    def tier(self) -> int:
        """2: all parts of the query stand in the headline, 1: in headline or lede, 0: anywhere."""
        if not all(map(any, self.times)):
            return 0
        return 1 + all(in_headline for in_headline, _ in self.times)


def _head(key: Key, sought_in: SoughtParts) -> _Head:
    fields = [_text(key.headline), _text(key.description)]
    times = [(_times(fields[0], phrases), _times(fields[1], phrases)) for phrases in sought_in(code_of(key.language))]
    return _Head(times, sum(len(field.split()) for field in fields))


def texts(connection: Connection, ids: Sequence[int]) -> list[Text]:
    """What is shown of revisions, and their texts, in the order of the ids."""
    rows = {row.id: row for row in _rows(connection, _TEXTS, ids)}
    return [rows[id] for id in ids]


def _rows(connection: Connection, sql: str, ids: Sequence[int]) -> Sequence[Text]:
    statement = _statement(sql.format(elements=_ELEMENTS[connection.dialect.name]))
    return connection.execute(statement, {"ids": dumped(list(ids))}).all() if ids else ()


@cache
def _statement(sql: str) -> TextualSelect:
    return text(sql).columns(published_date=Date)


def _score(row: Text, head: _Head, sought_in: SoughtParts) -> float:
    """BM25's saturation of how often each part of the query stands in the text, places weighed, longer texts
    discounted."""
    body = _text(row.body)
    norm = 0.25 + 0.75 * (row.word_count + head.length) / _USUAL_LENGTH
    total = 0.0
    for in_head, phrases in zip(head.times, sought_in(code_of(row.language)), strict=True):
        counts = (*in_head, _times(body, phrases))
        often = sum(weight * times for weight, times in zip(_WEIGHTS, counts, strict=True))
        total += often / (often + 1.2 * norm)
    return total


def _text(field: str | None) -> str:
    return unicodedata.normalize("NFC", field or "")


def _times(field: str, phrases: Iterable[Sought]) -> int:
    """How often any of the phrases stands in the field."""
    return sum(phrase.times(field) for phrase in phrases)


def _snippet(row: Text, words: list[Sought]) -> str:
    """What stands around the first of the words in lede and body, else in the headline; words between ** and **.
    Without words the beginning of lede and body."""
    for field in (" — ".join(filter(None, (row.description, row.body))), row.headline):
        shown = _text(field)
        firsts = [start for word in words for start, _ in islice(word.places(shown), 1)]
        if firsts or (not words and shown.strip()):
            return _marked(shown, min(firsts, default=0), words)
    return ""


def _marked(text: str, start: int, words: Iterable[Sought]) -> str:
    """The text around a place, the words sought marked."""
    half = _AROUND // 2
    left = text[max(0, start - half * LONGEST) : start]
    right = text[start : start + _AROUND * LONGEST]
    before, after = left.rsplit(maxsplit=half), right.split(maxsplit=_AROUND)
    begun = start > len(left) or len(before) > half
    ended = start + len(right) < len(text) or len(after) > _AROUND
    if len(before) > half:
        left = left[len(before[0]) :]
    if len(after) > _AROUND:
        right = right[: -len(after[-1])]
    shown = " ".join(f"{left}{right}".split())
    out, at = ["…" if begun else ""], 0
    for first, last in occurrences(shown, words):
        out += [shown[at:first], f"**{shown[first:last]}**"]
        at = last
    return "".join([*out, shown[at:], "…" if ended else ""])
