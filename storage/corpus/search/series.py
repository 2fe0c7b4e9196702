"""Counts over time: how many of the articles that a search finds are of each day, month or year, and of how many in
all."""

from typing import Final, Literal, NamedTuple

from storage.corpus.db.database import Database
from storage.corpus.search.extent import extent
from storage.corpus.search.filters import Matching, SearchFilter
from storage.corpus.search.query import is_findable, parse

Period = Literal["day", "month", "year"]

#: Characters of an ISO date that name the period.
WIDTH: Final = {"day": 10, "month": 7, "year": 4}
#: SQLite has dates as ISO text; Postgres casts them to it.
_STATEMENT: Final = (
    "SELECT substr(CAST(r.published_date AS text), 1, :width) AS period, count(*) AS n {matching} GROUP BY 1"
)


class Count(NamedTuple):
    """A period as an ISO date, month or year (None: articles without a day of publication), the articles found, and all
    articles that pass the filter."""

    period: str | None
    found: int
    of: int

    @property
    def per_thousand(self) -> float:
        """Articles found of a thousand."""
        return 1000 * self.found / self.of if self.of else 0.0


def counts(database: Database, query: str, chosen: SearchFilter | None = None, period: Period = "month") -> list[Count]:
    """The periods that have articles passing the filter, in order, those without a day last. Raises CorpusError."""
    whole = _by_period(database, "", chosen, period)
    found = whole if not query.strip() else _by_period(database, query, chosen, period)
    return [Count(name, found.get(name, 0), whole[name]) for name in sorted(whole, key=lambda one: (one is None, one))]


def _by_period(database: Database, query: str, chosen: SearchFilter | None, period: Period) -> dict[str | None, int]:
    with database.reading() as connection:
        parts = parse(query, extent(connection).languages)
        if not is_findable(query, parts):
            return {}
        matching = Matching(connection, parts, chosen or SearchFilter())
        rows = connection.execute(matching.statement(_STATEMENT), {**matching.values, "width": WIDTH[period]})
        return {row.period: row.n for row in rows}
