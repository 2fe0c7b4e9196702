"""The newest articles that fit a query, without looking at the others: of words that stand in most articles a page of
results would else take as long as all of them.

Articles are in the order of their days of publication, the last day first, those without a day last; within a day by
their ids.
"""

from dataclasses import replace
from datetime import date, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Connection, Date, Row, text

from storage.corpus.db.database import Database
from storage.corpus.search.days import terms_over
from storage.corpus.search.filters import Matching, SearchFilter, in_languages_of_texts
from storage.corpus.search.query import QueryPart, is_findable, parse

#: A span of days on Postgres is wider than the one before lets expect; after one without any article, so many times.
_MARGIN: Final = 1.5
_AFTER_NONE: Final = 100

_KEYS = "SELECT r.id, r.published_date, a.article_id {matching}"
_BY_ROW = f"{_KEYS} ORDER BY s.rowid DESC LIMIT :most"
_BY_DAY = f"{_KEYS} AND r.published_date IS NOT NULL ORDER BY r.published_date DESC LIMIT :most"
_UNDATED = f"{_KEYS} AND r.published_date IS NULL"
_FIRST = "ORDER BY a.article_id COLLATE {collation} LIMIT :most"


#: A row with `id` of the revision, `published_date`, and `article_id`.
Key = Row[tuple[int, date | None, str]]

_ENDS = text("SELECT min(published_date) AS first, max(published_date) AS last FROM revisions").columns(
    first=Date, last=Date
)


def newest(connection: Connection, parts: list[QueryPart], chosen: SearchFilter, most: int) -> list[Key]:
    """The newest revisions of at most so many articles. Without parts, of all that pass the filter."""
    parts = in_languages_of_texts(connection, parts)
    matching = Matching(connection, parts, chosen)
    if matching.has_words and connection.dialect.name == "postgresql":
        found = _keys_by_terms(connection, parts, chosen, most)
    else:
        found = _keys(connection, matching, _BY_ROW if matching.has_words else _BY_DAY, most=most)
        if len(found) == most:
            found += _first_of_day(connection, parts, chosen, found[-1].published_date, most)
        elif not matching.has_words:
            found += _keys(connection, matching, _UNDATED)
    return sorted(set(found), key=_order)[:most]


def _keys(connection: Connection, matching: Matching, sql: str, **values: int) -> list[Key]:
    statement = matching.statement(sql).columns(published_date=Date)
    return list(connection.execute(statement, {**matching.values, **values}).all())


def _first_of_day(
    connection: Connection, parts: list[QueryPart], chosen: SearchFilter, day: date | None, most: int
) -> list[Key]:
    """The first of a day by their ids, or of those without one: a limit has taken any of them."""
    if day is None:
        return _keys(connection, Matching(connection, parts, chosen), f"{_UNDATED} {_FIRST}", most=most)
    of_day = Matching(connection, parts, replace(chosen, since=day, until=day))
    return _keys(connection, of_day, f"{_KEYS} {_FIRST}", most=most)


def _order(key: Key) -> tuple[bool, int, str]:
    day = key.published_date
    return (day is None, -day.toordinal() if day else 0, key.article_id)


def count_up_to(database: Database, query: str, chosen: SearchFilter, most: int) -> int:
    """The number of articles that a search finds, or `most` where there are more. Raises CorpusError."""
    parts = parse(query)
    if not is_findable(query, parts):
        return 0
    with database.reading() as connection:
        parts = in_languages_of_texts(connection, parts)
        matching = Matching(connection, parts, chosen)
        if matching.has_words and connection.dialect.name == "postgresql":
            return min(most, len(_keys_by_terms(connection, parts, chosen, most)))
        statement = matching.statement("SELECT count(*) FROM (SELECT 1 {matching} LIMIT :most) f")
        count: int = connection.execute(statement, {**matching.values, "most": most}).scalar_one()
        return count


def _keys_by_terms(connection: Connection, parts: list[QueryPart], chosen: SearchFilter, most: int) -> list[Key]:
    """All of the newest days that have so many together: a day is read, then as many days, months or years as that lets
    expect, at last everything."""
    first, last = connection.execute(_ENDS).one()
    if first is not None:
        first, last = max(filter(None, (first, chosen.since))), min(filter(None, (last, chosen.until)))
        days = 1
        while days <= (last - first).days + 1:
            terms, begin = terms_over(last - timedelta(days=days - 1), last)
            found = _keys(connection, Matching(connection, parts, chosen, terms), _KEYS)
            if len(found) >= most:
                return found
            read = (last - begin).days + 1
            days = 1 + ceil(_MARGIN * read * most / len(found) if found else _AFTER_NONE * read)
    return _keys(connection, Matching(connection, parts, chosen), _KEYS)
