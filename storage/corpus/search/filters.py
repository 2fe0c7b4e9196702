"""Which articles a search takes beside its words: filters on the facts of their newest revision. Every query of
storage.corpus.search takes them, and exports of what a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Date, Text, TextClause, TextualSelect, bindparam, column, text

from storage.corpus.search.days import REVISION, first_row, terms_between
from storage.corpus.search.query import QueryPart, for_postgres, for_sqlite

_LINKED: Final = (
    "r.id IN (SELECT l.revision_id FROM {table} n JOIN revision_{table} l ON l.{name}_id = n.id WHERE n.name = :{name})"
)
#: The name of a warning `w`, which is `name` or `name: detail`.
WARNING_NAME: Final = "substr(w.value, 1, {position}(w.value || ':', ':') - 1)"
#: What read a revision `r`, `page-object` or `trafilatura`: `crawler.extraction.version.Reader`, as extractors name it.
READER: Final = "CASE WHEN r.extractor LIKE '% as reader' THEN 'trafilatura' ELSE 'page-object' END"
#: Where the capture that a revision `r` shows is from, `live` for the site itself.
SOURCE: Final = "(SELECT coalesce(c.source, 'live') FROM captures c WHERE c.id = r.capture_id)"
#: The condition of each filter on the tables `articles a` and `revisions r`.
_CONDITIONS: Final = {
    "site": "a.site = :site",
    "section": "r.section = :section",
    "author": _LINKED.format(table="authors", name="author"),
    "keyword": _LINKED.format(table="keywords", name="keyword"),
    "language": "r.language = :language",
    "warning": f"EXISTS (SELECT 1 FROM {{elements}}(r.warnings) w WHERE :warning IN (w.value, {WARNING_NAME}))",
    "reader": f"{READER} = :reader",
    "source": f"{SOURCE} = :source",
    "since": "r.published_date >= :since",
    "until": "r.published_date <= :until",
}
#: The table function that lists the strings of a JSON array, in a column `value`.
ELEMENTS: Final = {"sqlite": "json_each", "postgresql": "json_array_elements_text"}
#: The function that gives the place of a text in another, from 1.
_POSITION: Final = {"sqlite": "instr", "postgresql": "strpos"}
#: The collation that sorts by bytes, the same on both databases.
_BYTEWISE: Final = {"sqlite": "BINARY", "postgresql": '"C"'}
_DAYS: Final = ("since", "until")
_LAST_ROW: Final = (1 << 63) - 1
#: Terms of days that narrow a query down on Postgres; more would cost more than they save.
_MOST_TERMS: Final = 200

#: The articles whose newest revision fits words and filters.
_MATCHING: Final = """
FROM {revisions} {cross} JOIN articles a ON a.id = r.article AND a.revision_count = r.number
WHERE a.withheld IS NULL AND {filters}
"""
#: Of SQLite the order of the tables is told: it would begin with all articles of a site.
_CROSS: Final = {"sqlite": "CROSS", "postgresql": ""}
#: The revisions with words; `s` is the index of words. Of Postgres, too, the order is told: it expects many times the
#: rows that words with days have, and would read all revisions.
_WITH_WORDS: Final = {
    "sqlite": f"search_index s CROSS JOIN revisions r ON r.id = s.rowid & {REVISION} AND s.search_index MATCH :words "
    "AND s.rowid BETWEEN :first_row AND :last_row",
    "postgresql": "search_index s CROSS JOIN LATERAL (SELECT * FROM revisions WHERE id = s.revision_id OFFSET 0) r",
}
#: The same on Postgres, the last day first: of the entries with the words only as many are joined as are read.
_LAST_DAY_FIRST: Final = (
    "(SELECT revision_id, day FROM search_index WHERE words @@ CAST(:words AS tsquery) "
    "ORDER BY day DESC NULLS LAST OFFSET 0) s "
    "CROSS JOIN LATERAL (SELECT * FROM revisions WHERE id = s.revision_id OFFSET 0) r"
)
_ON_WORDS: Final = {"sqlite": "", "postgresql": "s.words @@ CAST(:words AS tsquery) AND "}


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What an article must be; None stands for any. author, keyword, warning: one of the article's, of a warning also
    the name alone. section, language: as printed. reader: `page-object` or `trafilatura`. source: as in the captures,
    `live` for the site itself. since, until: days of publication, inclusive, in the site's time zone; an article
    without a day passes neither.
    """

    site: str | None = None
    section: str | None = None
    author: str | None = None
    keyword: str | None = None
    language: str | None = None
    warning: str | None = None
    reader: str | None = None
    source: str | None = None
    since: date | None = None
    until: date | None = None

    def active(self) -> dict[str, Any]:
        """The filters that are set, by name, as parameters of a statement."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in values if value is not None}

    def conditions(self, dialect: str) -> str:
        """The conditions of the filters that are set, as SQL on `articles a` and `revisions r`."""
        conditions = " AND ".join(["1 = 1", *(_CONDITIONS[name] for name in self.active())])
        return conditions.format(**_words_of(dialect))


class Matching:
    """The newest revisions that fit the parts of a query and a filter, as SQL: for counts and lists over all of them.
    Without parts, all that fit the filter. terms: of days (`storage.corpus.search.days`), one of which an article must
    have. last_day_first: the entries `s` of the index have a `day`, and are in that order. Both on Postgres only."""

    def __init__(
        self,
        connection: Connection,
        parts: list[QueryPart],
        chosen: SearchFilter,
        terms: Sequence[str] = (),
        *,
        last_day_first: bool = False,
    ) -> None:
        self.dialect = connection.dialect.name
        self.values: Mapping[str, Any] = chosen.active()
        #: Whether there are words to find, which the index `s` has.
        self.has_words = any(not part.excluded for part in parts)
        revisions, filters = "revisions r", chosen.conditions(self.dialect)
        if self.has_words:
            self.values = {**self.values, **_values(self.dialect, parts, chosen, terms)}
            if last_day_first:
                revisions = _LAST_DAY_FIRST
            else:
                revisions, filters = _WITH_WORDS[self.dialect], _ON_WORDS[self.dialect] + filters
        self._matching = _MATCHING.format(revisions=revisions, cross=_CROSS[self.dialect], filters=filters)

    def statement(self, sql: str) -> TextClause:
        """The statement with FROM and WHERE of what matches in place of `{matching}`, the table function that lists a
        JSON array in place of `{elements}`, a collation by bytes in place of `{collation}`."""
        whole = sql.format(matching=self._matching, **_words_of(self.dialect))
        return _statement(whole, tuple(name for name in _DAYS if name in self.values))

    def article_ids(self) -> TextualSelect:
        """The ids of the articles, as a select with all its values."""
        statement = self.statement("SELECT a.article_id {matching}").bindparams(**self.values)
        return statement.columns(column("article_id", Text))


@lru_cache(maxsize=256)
def _statement(sql: str, days: tuple[str, ...]) -> TextClause:
    """A statement, read once for its parameters; days: those of them that are dates, on both databases."""
    return text(sql).bindparams(*(bindparam(name, type_=Date) for name in days))


def _words_of(dialect: str) -> dict[str, str]:
    """What stands in the statements for words of a database."""
    return {"elements": ELEMENTS[dialect], "position": _POSITION[dialect], "collation": _BYTEWISE[dialect]}


def _values(dialect: str, parts: list[QueryPart], chosen: SearchFilter, terms: Sequence[str]) -> dict[str, Any]:
    """The parameters of the index of words: it looks at the days of the filter, or of the terms, only."""
    if dialect == "sqlite":
        last_row = first_row(chosen.until) | REVISION if chosen.until else _LAST_ROW
        return {"words": for_sqlite(parts), "first_row": first_row(chosen.since), "last_row": last_row}
    words = for_postgres(parts)
    if chosen.since and chosen.until and not terms:
        terms = terms_between(chosen.since, chosen.until)
    if 0 < len(terms) <= _MOST_TERMS:
        words = f"({words}) & (" + " | ".join(f"'{term}'" for term in terms) + ")"
    return {"words": words}
