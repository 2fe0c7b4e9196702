"""The newest articles that fit a query, without looking at the others: of words that stand in most articles a page of
results would else take as long as all of them.

Articles are in the order of their days of publication, the last day first, those without a day last; within a day by
their ids.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from heapq import nsmallest
from math import ceil
from typing import Any, Final

from sqlalchemy import Connection, Date, Result, Row, TextClause, TextualSelect

from storage.corpus.search.days import terms_over
from storage.corpus.search.extent import Extent, extent
from storage.corpus.search.filters import Matching, SearchFilter
from storage.corpus.search.query import QueryPart

#: A span of days on Postgres has so many times the articles wanted, if the days before are like those that were read:
#: entries of the index that are not wanted cost less than another statement.
_MARGIN: Final = 2.0
#: The share of all days up to which a span is read; behind it, everything: terms of days cost look-ups, too.
_NARROW: Final = 0.5

_KEYS = "SELECT r.id, r.published_date, a.article_id, r.headline, r.description, r.language {matching}"
#: Read as far as needed.
_BY_ROW = f"{_KEYS} ORDER BY s.rowid DESC"
_OF_DAYS = f"{_KEYS} ORDER BY s.day DESC NULLS LAST FETCH FIRST :most ROWS WITH TIES"
_BY_DAY = f"{_KEYS} AND r.published_date IS NOT NULL ORDER BY r.published_date DESC LIMIT :most"
_UNDATED = f"{_KEYS} AND r.published_date IS NULL"
_FIRST = "ORDER BY a.article_id COLLATE {collation} LIMIT :most"

#: A row with `id` of the revision, `published_date`, `article_id`, `headline`, `description` and `language`.
Key = Row[tuple[int, date | None, str, str | None, str | None, str | None]]


def newest(
    connection: Connection, parts: list[QueryPart], chosen: SearchFilter, most: int, corpus: Extent | None = None
) -> list[Key]:
    """The newest revisions of at most so many articles. Without parts, of all that pass the filter. corpus: its extent,
    where that is known already."""
    matching = Matching(connection, parts, chosen)
    if not matching.has_words:
        found: Sequence[Key] = _without_words(connection, matching, chosen, most)
    elif connection.dialect.name == "postgresql":
        found = _by_terms(connection, parts, chosen, most, corpus or extent(connection))
    else:
        with _keys(connection, matching, _BY_ROW) as rows:
            return nsmallest(most, _whole_days(rows, most), key=_order)
    return sorted({key.id: key for key in found}.values(), key=_order)[:most]


def _keys(connection: Connection, matching: Matching, sql: str, **values: int) -> Result[Any]:
    return connection.execute(_with_day(matching.statement(sql)), {**matching.values, **values})


@lru_cache(maxsize=256)
def _with_day(statement: TextClause) -> TextualSelect:
    return statement.columns(published_date=Date)


def _whole_days(keys: Iterable[Key], most: int) -> Iterator[Key]:
    """Of keys in the order of their days, the days that have so many together: the last of them is in any order."""
    day = None
    for count, key in enumerate(keys):
        if count >= most and key.published_date != day:
            return
        day = key.published_date
        yield key


def _without_words(connection: Connection, matching: Matching, chosen: SearchFilter, most: int) -> list[Key]:
    found = _keys(connection, matching, _BY_DAY, most=most).all()
    if len(found) < most:
        return [*found, *_keys(connection, matching, f"{_UNDATED} {_FIRST}", most=most)]
    day = found[-1].published_date  # the limit has taken any of its articles: wanted are the first by their ids
    of_day = Matching(connection, [], replace(chosen, since=day, until=day))
    return [*found, *_keys(connection, of_day, f"{_KEYS} {_FIRST}", most=most)]


def _order(key: Key) -> tuple[bool, int, str]:
    day = key.published_date
    return (day is None, -day.toordinal() if day else 0, key.article_id)


def _by_terms(
    connection: Connection, parts: list[QueryPart], chosen: SearchFilter, most: int, corpus: Extent
) -> Sequence[Key]:
    """Those of the newest days that have so many together: a day is read, then as many days or months as that lets
    expect, at last everything."""
    if corpus.first and corpus.last:
        first, last = max(corpus.first, chosen.since or date.min), min(corpus.last, chosen.until or date.max)
        terms, begin = terms_over(last, last)
        while (last - begin).days < _NARROW * (last - first).days:
            of_days = Matching(connection, parts, chosen, terms, last_day_first=True)
            found = _keys(connection, of_days, _OF_DAYS, most=most).all()
            if len(found) >= most:
                return found
            read = (last - begin).days + 1
            days = min(max(2 * read, ceil(_MARGIN * read * most / (len(found) + 1))), (last - first).days)
            terms, begin = terms_over(last - timedelta(days=days), last)
    everything = Matching(connection, parts, chosen, last_day_first=True)
    return _keys(connection, everything, _OF_DAYS, most=most).all()
