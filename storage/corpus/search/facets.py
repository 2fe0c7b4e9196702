"""How many of the articles that a search finds have each site, section, author, keyword, language, reader, source and
warning."""

from typing import Any, Final

from storage.corpus.db.database import Database
from storage.corpus.search.extent import extent
from storage.corpus.search.filters import READER, SOURCE, WARNING_NAME, Matching, SearchFilter
from storage.corpus.search.query import is_findable, parse

FACETS: Final = ("site", "section", "author", "keyword", "language", "reader", "source", "warning")

_COLUMN = "SELECT '{facet}' AS facet, {facet} AS value, count(*) AS n FROM found WHERE {facet} IS NOT NULL GROUP BY 2"
_LINKED = (
    "SELECT '{facet}' AS facet, n.name AS value, count(DISTINCT f.id) AS n FROM found f "
    "JOIN revision_{facet}s l ON l.revision_id = f.id JOIN {facet}s n ON n.id = l.{facet}_id GROUP BY n.name"
)
_WARNING = (
    f"SELECT 'warning' AS facet, {WARNING_NAME} AS value, count(DISTINCT f.id) AS n "
    "FROM found f, {elements}(f.warnings) w GROUP BY 2"
)
_PARTS = (
    *(_COLUMN.format(facet=facet) for facet in ("site", "section", "language", "reader", "source")),
    *(_LINKED.format(facet=facet) for facet in ("author", "keyword")),
    _WARNING,
)
_SQL = (
    "WITH found AS MATERIALIZED (SELECT r.id, a.site, r.section, r.language, r.warnings, "
    f"{READER} AS reader, {SOURCE} AS source {{matching}}) "
    "SELECT 'all' AS facet, NULL AS value, count(*) AS n FROM found UNION ALL "
    + " UNION ALL ".join(
        f"SELECT * FROM (SELECT * FROM ({part}) p ORDER BY n DESC, value COLLATE {{collation}} LIMIT :most) q"
        for part in _PARTS
    )
)


def facets(
    database: Database, query: str, chosen: SearchFilter | None = None, *, most: int = 12
) -> tuple[int, dict[str, list[tuple[str, int]]]]:
    """The number of articles that the search finds, and of each facet its most frequent values with their numbers of
    articles, the most frequent first; at most `most`. Warnings are counted by their names. An empty query counts all
    that pass the filter.

    Raises CorpusError.
    """
    counts: dict[str, list[tuple[str, int]]] = {facet: [] for facet in FACETS}
    with database.reading() as connection:
        parts = parse(query, extent(connection).languages)
        if not is_findable(query, parts):
            return 0, counts
        matching = Matching(connection, parts, chosen or SearchFilter())
        total = 0
        for facet, value, n in connection.execute(matching.statement(_SQL), {**matching.values, "most": most}):
            if facet == "all":
                total = n
            else:
                counts[facet].append((value, n))
    return total, {facet: sorted(found, key=_rank) for facet, found in counts.items()}


def _rank(count: tuple[str, Any]) -> tuple[int, str]:
    return -count[1], count[0]
