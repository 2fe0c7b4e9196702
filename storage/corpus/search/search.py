"""Finds articles by their words, the same ones in the same order on both databases; `emeroteca search` calls it.

The index finds the articles and sorts them coarsely: all words in the headline, then in headline or lede, then
anywhere; the newest first. The first of those are ranked by how often and where the words stand, here and not in the
database, since each database would rank in its own way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Date, RowMapping, TextualSelect, text

from storage.corpus.db.database import Database
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.query import QueryPart, for_postgres, for_sqlite, is_findable, parse
from storage.corpus.search.stemming import WORD, code_of, stems

#: Articles that are ranked by their texts; a greater limit ranks more.
_RANKED = 200
#: From so many articles on it pays to look at headlines first.
_MANY = 5000
Row = dict[str, Any]
#: How much a word counts in headline, lede and body, and the length of a usual article in words.
_WEIGHTS = (6.0, 3.0, 1.0)
_USUAL_LENGTH = 300
#: Words shown around what was found.
_AROUND = 12

#: The weights of the fields that each tsquery of _POSTGRES searches.
_TIERS = {"headline": "A", "above": "AB", "everywhere": ""}

_COLUMNS = (
    "a.article_id, r.url, a.site, r.headline, r.published_at, r.published_date, r.description, r.body, r.language"
)

_ORDER = "tier DESC, r.published_date IS NULL, r.published_date DESC, a.article_id"

# Texts are read of those only that are ranked.
_SQLITE = f"""
WITH found AS (SELECT rowid AS id FROM search_index WHERE search_index MATCH :query),
tops AS (SELECT rowid AS id FROM search_index WHERE search_index MATCH :above),
heads AS (SELECT rowid AS id FROM search_index WHERE search_index MATCH :headline),
picked AS (
    SELECT r.id, (r.id IN (SELECT id FROM heads)) + (r.id IN (SELECT id FROM tops)) AS tier
    FROM found JOIN revisions r ON r.id = found.id
    JOIN articles a ON a.id = r.article AND a.revision_count = r.number AND a.withheld IS NULL
    WHERE {{filters}} ORDER BY {_ORDER} LIMIT :most OFFSET :skipped
)
SELECT {_COLUMNS}, tier
FROM picked p JOIN revisions r ON r.id = p.id JOIN articles a ON a.id = r.article ORDER BY {_ORDER}
"""

_AT_LEAST = "SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH :query LIMIT :most)"

_POSTGRES = f"""
SELECT {_COLUMNS},
    CAST(s.words @@ CAST(:headline AS tsquery) AS int) + CAST(s.words @@ CAST(:above AS tsquery) AS int) AS tier
FROM search_index s JOIN revisions r ON r.id = s.revision_id
JOIN articles a ON a.id = r.article AND a.revision_count = r.number AND a.withheld IS NULL
WHERE s.words @@ CAST(:everywhere AS tsquery) AND {{filters}}
ORDER BY {_ORDER} LIMIT :most OFFSET :skipped
"""


_BROWSE = f"""
SELECT {_COLUMNS}, 0 AS tier FROM articles a JOIN revisions r ON r.article = a.id AND r.number = a.revision_count
WHERE a.withheld IS NULL AND {{filters}} ORDER BY {_ORDER} LIMIT :most OFFSET :skipped
"""


def search(
    database: Database, query: str, chosen: SearchFilter | None = None, *, limit: int = 20, offset: int = 0
) -> list[dict[str, Any]]:
    """The articles whose newest revision fits the query (see `storage.corpus.search.query`) and the filter, the best
    first; offset: how many of them to leave out.

    Gives `article_id, url, site, headline, published_at, published_date, snippet` (what was found between ** and **). A
    query with excluded words only finds nothing, an empty one all that pass the filter, the newest first. The first 200
    are ranked by their texts, or as many as a limit takes in; those behind them have the coarse order.
    """
    parts = parse(query)
    if not is_findable(query, parts):
        return []
    chosen = chosen or SearchFilter()
    ranked = max(limit, _RANKED)
    with database.reading() as connection:
        if not parts or offset >= ranked:
            found = _find(connection, parts, chosen, limit, offset)
        else:
            best = _find(connection, parts, chosen, ranked, 0)
            found = _ranked(best, parts)[offset : offset + limit]
            missing = limit - len(found)
            if missing and len(best) == ranked:
                found += _find(connection, parts, chosen, missing, ranked)
    shown = ("article_id", "url", "site", "headline", "published_at", "published_date")
    return [{name: row[name] for name in shown} | {"snippet": snippet(row, parts)} for row in found]


def _find(connection: Connection, parts: list[QueryPart], chosen: SearchFilter, most: int, skipped: int) -> list[Row]:
    """At most that many rows behind those skipped, in the coarse order."""
    values = {**chosen.active(), "most": most, "skipped": skipped}
    if not parts:
        rows: Iterable[RowMapping] = connection.execute(_statement(_BROWSE, connection, chosen), values).mappings()
    else:
        find = _in_sqlite if connection.dialect.name == "sqlite" else _in_postgres
        rows = find(connection, parts, chosen, values)
    return [dict(row) for row in rows]


def _ranked(rows: Sequence[Row], parts: list[QueryPart]) -> list[Row]:
    scored = [(row["tier"], round(_score(row, parts), 6), -place, row) for place, row in enumerate(rows)]
    return [row for *_, row in sorted(scored, key=lambda one: one[:3], reverse=True)]


def _statement(sql: str, connection: Connection, chosen: SearchFilter) -> TextualSelect:
    """The statement with the conditions of the filter."""
    whole = text(sql.format(filters=chosen.conditions(connection.dialect.name)))
    return whole.bindparams(*chosen.parameters()).columns(published_date=Date)


def _in_sqlite(
    connection: Connection, parts: list[QueryPart], chosen: SearchFilter, values: Mapping[str, Any]
) -> Sequence[RowMapping]:
    headline, above, everywhere = (for_sqlite(parts, columns) for columns in ("headline :", "{headline lede} :", ""))
    values = {"headline": headline, "above": above, **values}
    statement = _statement(_SQLITE, connection, chosen)
    many = connection.execute(text(_AT_LEAST), {"query": everywhere, "most": _MANY}).scalar_one() == _MANY
    # A match in the headline is also one above and everywhere: where headlines are enough, bodies are not searched.
    rows: Sequence[RowMapping] = ()
    for query in (headline, above, everywhere) if many else (everywhere,):
        rows = connection.execute(statement, values | {"query": query}).mappings().all()
        if len(rows) == values["most"]:
            break
    return rows


def _in_postgres(
    connection: Connection, parts: list[QueryPart], chosen: SearchFilter, values: Mapping[str, Any]
) -> Sequence[RowMapping]:
    queries = {name: for_postgres(parts, weights) for name, weights in _TIERS.items()}
    return connection.execute(_statement(_POSTGRES, connection, chosen), {**queries, **values}).mappings().all()


def _score(row: Mapping[str, Any], parts: Iterable[QueryPart]) -> float:
    """BM25's saturation of how often each part stands in the text, places weighed, longer texts discounted."""
    fields = [stems(row[name] or "", code_of(row["language"])) for name in ("headline", "description", "body")]
    norm = 0.25 + 0.75 * sum(map(len, fields)) / _USUAL_LENGTH
    total = 0.0
    for part in parts:
        often = sum(weight * _times(field, part) for weight, field in zip(_WEIGHTS, fields, strict=True))
        total += 0.0 if part.excluded else often / (often + 1.2 * norm)
    return total


def _times(field: list[str], part: QueryPart) -> int:
    """How often any phrase of the part stands in the field."""
    count = 0
    for phrase in part.phrases:
        first, size = phrase[0], len(phrase)
        if first in field:
            count += sum(stem == first and tuple(field[at : at + size]) == phrase for at, stem in enumerate(field))
    return count


def snippet(row: Mapping[str, Any], parts: Iterable[QueryPart]) -> str:
    """What stands around the first find in lede and body, else in the headline; finds between ** and **. Without parts
    the first words of lede and body.
    """
    required = {stem for part in parts if not part.excluded for phrase in part.phrases for stem in phrase}
    code = code_of(row["language"])
    below = " — ".join(filter(None, (row["description"], row["body"])))
    for shown in (below, row["headline"]):
        shown = unicodedata.normalize("NFC", " ".join(shown.split()))
        words = list(WORD.finditer(shown))
        first = next((at for at, word in enumerate(words) if not required or _matches(word, code, required)), None)
        if first is not None:
            return _marked(shown, words, first, code, required)
    return ""


def _matches(word: re.Match[str], code: str, required: set[str]) -> bool:
    return not required.isdisjoint(stems(word[0], code))


def _marked(text: str, words: list[re.Match[str]], first: int, code: str, required: set[str]) -> str:
    start = max(0, first - _AROUND // 2)
    end = min(len(words), first + _AROUND)
    begin = words[start].start() if start else 0
    stop = words[end - 1].end() if end < len(words) else len(text)
    out, at = ["…" if begin else ""], begin
    for word in words[start:end]:
        if _matches(word, code, required):
            out += [text[at : word.start()], f"**{word[0]}**"]
            at = word.end()
    return "".join([*out, text[at:stop], "…" if stop < len(text) else ""])
