"""What a crawl must know of those before it: the articles that are young enough to change, whether the site has ever
been crawled to the end and up to when its changes are known, and where its robots.txt is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, CaptureRow, CrawlRow, RevisionRow

#: Crawls of which each host's robots.txt is remembered.
LATELY: Final = 10


@dataclass(frozen=True, slots=True)
class RecentArticle:
    """An article's canonical URL, when it was published and when it was last captured, both aware UTC."""

    url: str
    published: datetime
    seen: datetime


def published_since(database: Database, site: str, since: datetime) -> Iterator[RecentArticle]:
    """The articles of a site published since then, the newest first. Raises CorpusError."""
    newest = (RevisionRow.article == ArticleRow.id) & (RevisionRow.number == ArticleRow.revision_count)
    statement = (
        select(ArticleRow.canonical_url, RevisionRow.published_utc, func.max(CaptureRow.captured_at))
        .join(RevisionRow, newest)
        .join(CaptureRow, CaptureRow.article == ArticleRow.id)
        .where(ArticleRow.site == site, RevisionRow.published_utc >= since)
        .group_by(ArticleRow.id, ArticleRow.canonical_url, RevisionRow.published_utc)
        .order_by(RevisionRow.published_utc.desc(), ArticleRow.id)
    )
    with database.reading() as connection:
        for url, published, seen in connection.execute(statement):
            if url is not None and published is not None:
                yield RecentArticle(url, published, seen)


def was_crawled_whole(database: Database, site: str) -> bool:
    """Whether some crawl of the site came to its end without a window, a limit or a broken list: what its lists named
    before that is captured. Raises CorpusError."""
    return bool(_whole_crawls(database, site))


def changes_known_until(database: Database, site: str) -> datetime | None:
    """A moment, aware, by the site's own clock: the collection has every change before it. None where nobody knows.

    It is the newest change that crawls of the whole site took in, a day less, since clocks and zones differ, and not
    later than the last of them began. Raises CorpusError.
    """
    whole = _whole_crawls(database, site)
    if not whole:
        return None
    newest = select(func.max(CaptureRow.lastmod)).where(CaptureRow.site == site, CaptureRow.crawl_id.in_(list(whole)))
    with database.reading() as connection:
        claimed = connection.scalar(newest)
    if claimed is None:
        return None
    moment = datetime.fromisoformat(claimed)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(moment, max(whole.values())) - timedelta(days=1)


def _whole_crawls(database: Database, site: str) -> dict[int, datetime]:
    """Their ids, and when each began."""
    columns = (CrawlRow.id, CrawlRow.started_at, CrawlRow.settings, CrawlRow.counts)
    with database.reading() as connection:
        return {
            crawl: started_at
            for crawl, started_at, settings, counts in connection.execute(
                select(*columns).where(CrawlRow.site == site, CrawlRow.outcome == "finished")
            )
            if not any(settings.get(name) for name in ("since", "until", "limit", "urls"))
            and not any(counts.get(name) for name in ("broken_routes", "failures", "errors"))
        }


def last_robots(database: Database, site: str) -> dict[str, dict[str, Any]]:
    """Of each authority (`https://host`) that lately ended crawls asked: where the robots.txt is that they obeyed, as
    their counts have it. Raises CorpusError."""
    ended = (
        select(CrawlRow.counts)
        .where(CrawlRow.site == site, CrawlRow.finished_at.is_not(None))
        .order_by(CrawlRow.id.desc())
    )
    found: dict[str, dict[str, Any]] = {}
    with database.reading() as connection:
        for counts in connection.scalars(ended.limit(LATELY)):
            found = {**counts.get("robots", {}), **found}
    return found
