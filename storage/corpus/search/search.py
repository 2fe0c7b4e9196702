"""Finds articles by their words, the same ones in the same order on both databases; `emeroteca search` calls it.

Of what the index finds the newest are sorted coarsely: all words in the headline, then in headline or lede, then
anywhere; the newest first. The first of those are ranked by how often and where the words stand, here and not in the
database, since each database would rank in its own way. Behind them are the older ones, the newest first.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Date, RowMapping, TextualSelect, text

from storage.corpus.db.bulk import dumped
from storage.corpus.db.database import Database
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.newest import newest
from storage.corpus.search.occurrences import places
from storage.corpus.search.query import Phrase, QueryPart, is_findable, parse
from storage.corpus.search.stemming import LONGEST, WORD, code_of

#: Articles, the newest, that are sorted by where the words stand, and articles that are ranked by their texts; a
#: greater limit sorts and ranks more.
_SORTED = 100
_RANKED = 40
Row = dict[str, Any]
#: Of a language, the phrases of each part of a query.
Phrases = Callable[[str], list[list[Phrase]]]
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
_HEADS = "SELECT r.id, r.headline, r.description, r.language FROM revisions r WHERE r.id IN {elements}"


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
    100 articles the best 40 by their places are ranked by their texts, or as many as a limit takes in; those behind
    them have the coarse order.
    """
    return find(database, query, chosen, limit=limit, offset=offset).articles


def find(
    database: Database, query: str, chosen: SearchFilter | None = None, *, limit: int = 20, offset: int = 0
) -> Found:
    """What `search` gives, and how many articles there are at least. Raises CorpusError."""
    parts = parse(query)
    if not is_findable(query, parts):
        return Found([], 0, False)
    chosen = chosen or SearchFilter()
    most = max(limit, _SORTED)
    with database.reading() as connection:
        keys = newest(connection, parts, chosen, max(most, offset + limit))
        ids = [key.id for key in keys]
        ranked: list[Row] = []
        if parts and offset < most:
            ranked, coarse = _ranked(connection, parts, ids[:most], max(limit, _RANKED))
            ids = [*(row["id"] for row in ranked), *coarse, *ids[most:]]
        end = offset + limit
        rows = ranked[offset:end] + texts(connection, ids[max(offset, len(ranked)) : end])
    phrases_of = _phrases_of(parts)
    articles = [{name: row[name] for name in _SHOWN} | {"snippet": _snippet(row, phrases_of)} for row in rows]
    return Found(articles, min(len(keys), most), len(keys) >= most)


def _ranked(
    connection: Connection, parts: list[QueryPart], ids: Sequence[int], most: int
) -> tuple[list[Row], list[int]]:
    """The first of the coarse order ranked by their texts, and the ids of the others in the coarse order."""
    phrases_of = _phrases_of(parts)
    tiers = {row["id"]: _tier(row, phrases_of) for row in _rows(connection, _HEADS, ids)}
    coarse = sorted(ids, key=lambda id: -tiers[id])
    rows = texts(connection, coarse[:most])
    scores = {row["id"]: (tiers[row["id"]], round(_score(row, phrases_of), 6)) for row in rows}
    return sorted(rows, key=lambda row: scores[row["id"]], reverse=True), coarse[most:]


def _phrases_of(parts: Iterable[QueryPart]) -> Phrases:
    required = [part for part in parts if not part.excluded]
    return cache(lambda code: [part.in_language(code) for part in required])


def _tier(row: RowMapping, phrases_of: Phrases) -> int:
    """2: all parts of the query stand in the headline, 1: in headline or lede, 0: anywhere."""
    code = code_of(row["language"])
    headline, lede = _text(row["headline"]), _text(row["description"])
    parts = phrases_of(code)
    above = all(_times(headline, code, phrases) or _times(lede, code, phrases) for phrases in parts)
    return above + (above and all(_times(headline, code, phrases) for phrases in parts))


def texts(connection: Connection, ids: Sequence[int]) -> list[Row]:
    """What is shown of revisions, and their texts, in the order of the ids."""
    rows = {row["id"]: dict(row) for row in _rows(connection, _TEXTS, ids)}
    return [rows[id] for id in ids]


def _rows(connection: Connection, sql: str, ids: Sequence[int]) -> Sequence[RowMapping]:
    statement = _statement(sql.format(elements=_ELEMENTS[connection.dialect.name]))
    return connection.execute(statement, {"ids": dumped(list(ids))}).mappings().all() if ids else ()


@cache
def _statement(sql: str) -> TextualSelect:
    return text(sql).columns(published_date=Date)


def _score(row: Mapping[str, Any], phrases_of: Phrases) -> float:
    """BM25's saturation of how often each part of the query stands in the text, places weighed, longer texts
    discounted."""
    code = code_of(row["language"])
    fields = [_text(row[name]) for name in ("headline", "description", "body")]
    length = row["word_count"] + sum(len(field.split()) for field in fields[:2])
    norm = 0.25 + 0.75 * length / _USUAL_LENGTH
    total = 0.0
    for phrases in phrases_of(code):
        often = sum(weight * _times(field, code, phrases) for weight, field in zip(_WEIGHTS, fields, strict=True))
        total += often / (often + 1.2 * norm)
    return total


def _text(field: str | None) -> str:
    return unicodedata.normalize("NFC", field or "")


def _times(field: str, code: str, phrases: Iterable[Phrase]) -> int:
    """How often any of the phrases stands in the field."""
    return sum(1 for phrase in phrases for _ in places(field, code, phrase))


def _snippet(row: Mapping[str, Any], phrases_of: Phrases) -> str:
    """What stands around the first find in lede and body, else in the headline; finds between ** and **. Without parts
    the first words of lede and body."""
    code = code_of(row["language"])
    wanted = [(stem,) for phrases in phrases_of(code) for stem in {*chain.from_iterable(phrases)}]
    below = " — ".join(filter(None, (row["description"], row["body"])))
    for shown in (below, row["headline"]):
        shown = _text(" ".join(shown.split()))
        if wanted:
            firsts = [place for word in wanted for place in islice(places(shown, code, word), 1)]
            if firsts:
                return _marked(shown, min(firsts)[0], code, wanted)
        elif found := WORD.search(shown):
            return _marked(shown, found.start(), code, wanted)
    return ""


def _marked(text: str, start: int, code: str, wanted: Iterable[Phrase]) -> str:
    """The text around a word, words with one of the stems marked."""
    half = _AROUND // 2
    near = text.rfind(" ", 0, max(0, start - half * LONGEST)) + 1
    before = list(WORD.finditer(text, near, start))
    after = list(islice(WORD.finditer(text, start), _AROUND + 1))
    begin = before[-half].start() if len(before) > half else near
    stop = after[_AROUND - 1].end() if len(after) > _AROUND else len(text)
    shown = text[begin:stop]
    out, at = ["…" if begin else ""], 0
    for first, last in sorted({place for word in wanted for place in places(shown, code, word)}):
        out += [shown[at:first], f"**{shown[first:last]}**"]
        at = last
    return "".join([*out, shown[at:], "…" if stop < len(text) else ""])
