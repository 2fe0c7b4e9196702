"""What the corpus holds of each site: articles, revisions, days; for the reading room."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, RevisionRow


class SiteOverview(NamedTuple):
    """A site's articles, how many of them have several revisions, and their first and last day of publication in the
    site's zone; site None: articles of no known site."""

    site: str | None
    articles: int
    revised: int
    first: date | None
    last: date | None


def overview(database: Database) -> list[SiteOverview]:
    """Each site that has articles which are not withheld, the one with most articles first. Raises CorpusError."""
    newest = (RevisionRow.article == ArticleRow.id) & (RevisionRow.number == ArticleRow.revision_count)
    count = func.count()
    statement = (
        select(
            ArticleRow.site,
            count,
            func.count().filter(ArticleRow.revision_count > 1),
            func.min(RevisionRow.published_date),
            func.max(RevisionRow.published_date),
        )
        .join(RevisionRow, newest)
        .where(ArticleRow.withheld.is_(None))
        .group_by(ArticleRow.site)
        .order_by(count.desc(), ArticleRow.site)
    )
    with database.reading() as connection:
        return [SiteOverview(*row) for row in connection.execute(statement)]
