"""Articles by their words: the same ones in the same order on both databases.

The index finds the articles and sorts them coarsely: all words in the headline, then in headline or lede, then
anywhere; the newest first. The first of those are ranked by how often and where the words stand, here and not in the
database, since each database would rank in its own way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from storage.corpus.database import Database
from storage.corpus.query import Wanted, for_postgres, for_sqlite, parsed
from storage.corpus.words import WORD, code_of, stems

#: Articles that are ranked by their texts; a greater limit ranks more.
_RANKED = 200
#: How much a word counts in headline, lede and body, and the length of a usual article in words.
_WEIGHTS = (6.0, 3.0, 1.0)
_USUAL_LENGTH = 300
#: Words shown around what was found.
_AROUND = 12

_COLUMNS = (
    "a.article_id, r.url, a.site, r.headline, r.published_at, r.published_date, r.description, r.body, r.language"
)

_SQLITE = f"""
WITH found AS (SELECT rowid AS id FROM search_index WHERE search_index MATCH :everywhere),
tops AS (SELECT rowid AS id FROM search_index WHERE search_index MATCH :above),
heads AS (SELECT rowid AS id FROM search_index WHERE search_index MATCH :headline)
SELECT {_COLUMNS},
    (r.id IN (SELECT id FROM heads)) + (r.id IN (SELECT id FROM tops)) AS tier
FROM found JOIN revisions r ON r.id = found.id
JOIN articles a ON a.id = r.article AND a.revision_count = r.number
WHERE {{filters}}
ORDER BY tier DESC, r.published_date IS NULL, r.published_date DESC, a.article_id LIMIT :most
"""

_POSTGRES = f"""
SELECT {_COLUMNS},
    CAST(s.words @@ CAST(:headline AS tsquery) AS int) + CAST(s.words @@ CAST(:above AS tsquery) AS int) AS tier
FROM search_index s JOIN revisions r ON r.id = s.revision_id
JOIN articles a ON a.id = r.article AND a.revision_count = r.number
WHERE s.words @@ CAST(:everywhere AS tsquery) AND {{filters}}
ORDER BY tier DESC, r.published_date IS NULL, r.published_date DESC, a.article_id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` and `until` are days of publication, inclusive."""

    site: str | None = None
    since: date | None = None
    until: date | None = None

    def sql(self) -> str:
        given = {"a.site = :site": self.site, "r.published_date >= :since": self.since}
        given["r.published_date <= :until"] = self.until
        return " AND ".join(["1 = 1", *(clause for clause, value in given.items() if value is not None)])

    def values(self, dialect: str) -> dict[str, Any]:
        given = {"site": self.site, "since": self.since, "until": self.until}
        plain = dialect == "sqlite"
        return {
            name: value.isoformat() if plain and isinstance(value, date) else value
            for name, value in given.items()
            if value is not None
        }


def search(
    database: Database,
    query: str,
    *,
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """The articles whose newest revision fits the query (see `storage.corpus.query`), the best first.

    `since` and `until` are days of publication, inclusive. Gives `article_id, url, site, headline, published_at,
    published_date, snippet` (what was found between ** and **). A query without any wanted word finds nothing.
    """
    parts = parsed(query)
    if all(part.unwanted for part in parts):
        return []
    with database.reading() as connection:
        found = _candidates(connection, parts, Filters(site, since, until), max(limit, _RANKED))
    scored = [(row["tier"], round(_score(row, parts), 6), -place, row) for place, row in enumerate(found)]
    best = sorted(scored, key=lambda one: one[:3], reverse=True)[:limit]
    shown = ("article_id", "url", "site", "headline", "published_at", "published_date")
    return [{name: row[name] for name in shown} | {"snippet": snippet(row, parts)} for *_, row in best]


def _candidates(connection: Connection, parts: list[Wanted], filters: Filters, most: int) -> list[dict[str, Any]]:
    dialect = connection.dialect.name
    if dialect == "sqlite":
        statement = _SQLITE
        asked = {
            "everywhere": for_sqlite(parts),
            "above": for_sqlite(parts, "{headline lede} :"),
            "headline": for_sqlite(parts, "headline :"),
        }
    else:
        statement = _POSTGRES
        asked = {
            "everywhere": for_postgres(parts),
            "above": for_postgres(parts, "AB"),
            "headline": for_postgres(parts, "A"),
        }
    values = {**asked, **filters.values(dialect), "most": most}
    rows = connection.execute(text(statement.format(filters=filters.sql())), values).mappings()
    return [{**row, "published_date": _day(row["published_date"])} for row in rows]


def _day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _score(row: Mapping[str, Any], parts: Iterable[Wanted]) -> float:
    """BM25's saturation of how often each part stands in the text, places weighed, longer texts discounted."""
    fields = [stems(row[name] or "", code_of(row["language"])) for name in ("headline", "description", "body")]
    norm = 0.25 + 0.75 * sum(map(len, fields)) / _USUAL_LENGTH
    total = 0.0
    for part in parts:
        often = sum(weight * _times(field, part) for weight, field in zip(_WEIGHTS, fields, strict=True))
        total += 0.0 if part.unwanted else often / (often + 1.2 * norm)
    return total


def _times(field: list[str], part: Wanted) -> int:
    """How often any phrase of the part stands in the field."""
    count = 0
    for phrase in part.phrases:
        first, size = phrase[0], len(phrase)
        if first in field:
            count += sum(stem == first and tuple(field[at : at + size]) == phrase for at, stem in enumerate(field))
    return count


def snippet(row: Mapping[str, Any], parts: Iterable[Wanted]) -> str:
    """What stands around the first find in lede and body, else in the headline; finds between ** and **."""
    wanted = {stem for part in parts if not part.unwanted for phrase in part.phrases for stem in phrase}
    code = code_of(row["language"])
    below = " — ".join(filter(None, (row["description"], row["body"])))
    for shown in (below, row["headline"]):
        shown = unicodedata.normalize("NFC", " ".join(shown.split()))
        words = list(WORD.finditer(shown))
        first = next((at for at, word in enumerate(words) if _is_one(word, code, wanted)), None)
        if first is not None:
            return _marked(shown, words, first, code, wanted)
    return ""


def _is_one(word: re.Match[str], code: str, wanted: set[str]) -> bool:
    return not wanted.isdisjoint(stems(word[0], code))


def _marked(text: str, words: list[re.Match[str]], first: int, code: str, wanted: set[str]) -> str:
    start = max(0, first - _AROUND // 2)
    end = min(len(words), first + _AROUND)
    begin = words[start].start() if start else 0
    stop = words[end - 1].end() if end < len(words) else len(text)
    out, at = ["…" if begin else ""], begin
    for word in words[start:end]:
        if _is_one(word, code, wanted):
            out += [text[at : word.start()], f"**{word[0]}**"]
            at = word.end()
    return "".join([*out, text[at:stop], "…" if stop < len(text) else ""])
