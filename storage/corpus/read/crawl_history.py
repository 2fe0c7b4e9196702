"""The earlier crawls of a site, read by crawler.crawl when a crawl begins: recent articles to request again, whether
the whole site was crawled and until when its changes are known, and the robots.txt that was obeyed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, CaptureRow, CrawlRow, RevisionRow

#: The number of last crawls whose robots.txt counts.
ROBOTS_CRAWLS: Final = 10


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
    """Whether some crawl of the site finished without a window, a limit or a broken list: the URLs of its lists until
    then are captured. Raises CorpusError."""
    return bool(_whole_crawls(database, site))


def changes_known_until(database: Database, site: str) -> datetime | None:
    """The aware instant, by the site's clock, before which the collection has every change; None where unknown.

    It is the newest change that crawls of the whole site captured, minus a day, since clocks and zones differ, and not
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
    """Their ids and starts."""
    columns = (CrawlRow.id, CrawlRow.started_at, CrawlRow.settings, CrawlRow.counts)
    with database.reading() as connection:
        return {
            crawl: started_at
            for crawl, started_at, settings, counts in connection.execute(
                select(*columns).where(CrawlRow.site == site, CrawlRow.outcome == "finished")
            )
            if not any(settings.get(name) for name in ("since", "until", "limit", "urls", "archive"))
            and not any(counts.get(name) for name in ("broken_routes", "failures", "errors"))
        }


def requisites_open_since(database: Database, site: str, crawl: int | None) -> datetime | None:
    """When the first crawl with requisites began that did not finish, and after which none did; `crawl`, which is under
    way, does not count. None where there is none. Raises CorpusError."""
    columns = (CrawlRow.id, CrawlRow.started_at, CrawlRow.outcome, CrawlRow.settings)
    earliest = None
    with database.reading() as connection:
        found = connection.execute(select(*columns).where(CrawlRow.site == site).order_by(CrawlRow.id.desc()))
        for number, started_at, outcome, settings in found:
            if number == crawl or not settings.get("requisites"):
                continue
            if outcome == "finished":
                break
            earliest = started_at
    return earliest


def last_robots(database: Database, site: str) -> dict[str, dict[str, Any]]:
    """The robots.txt that the last finished crawls obeyed, by authority (`https://host`), as their counts have it.
    Raises CorpusError."""
    ended = (
        select(CrawlRow.counts)
        .where(CrawlRow.site == site, CrawlRow.finished_at.is_not(None))
        .order_by(CrawlRow.id.desc())
    )
    found: dict[str, dict[str, Any]] = {}
    with database.reading() as connection:
        for counts in connection.scalars(ended.limit(ROBOTS_CRAWLS)):
            found = {**counts.get("robots", {}), **found}
    return found
