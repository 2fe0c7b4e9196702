"""What a crawl must know of those before it: the articles that are young enough to change, whether the site has ever
been crawled to the end and up to when its changes are known, and where its robots.txt is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import Article, Capture, Crawl, Revision

#: Crawls of which each host's robots.txt is remembered.
LATELY: Final = 10


@dataclass(frozen=True, slots=True)
class Recent:
    """An article's canonical URL, when it was published and when it was last captured, both aware UTC."""

    url: str
    published: datetime
    seen: datetime


def published_since(database: Database, site: str, since: datetime) -> Iterator[Recent]:
    """The articles of a site published since then, the newest first. Raises DatabaseProblem."""
    newest = (Revision.article == Article.id) & (Revision.number == Article.revision_count)
    statement = (
        select(Article.canonical_url, Revision.published_utc, func.max(Capture.captured_at))
        .join(Revision, newest)
        .join(Capture, Capture.article == Article.id)
        .where(Article.site == site, Revision.published_utc >= since)
        .group_by(Article.id, Article.canonical_url, Revision.published_utc)
        .order_by(Revision.published_utc.desc(), Article.id)
    )
    with database.reading() as connection:
        for url, published, seen in connection.execute(statement):
            if url is not None and published is not None:
                yield Recent(url, published, seen)


def was_crawled_whole(database: Database, site: str) -> bool:
    """Whether some crawl of the site came to its end without a window, a limit or a broken list: what its lists named
    before that is captured. Raises DatabaseProblem."""
    return bool(_whole_crawls(database, site))


def changes_known_until(database: Database, site: str) -> datetime | None:
    """A moment, aware, by the site's own clock: the collection has every change before it. None where nobody knows.

    It is the newest change that crawls of the whole site took in, a day less, since clocks and zones differ, and not
    later than the last of them began. Raises DatabaseProblem.
    """
    whole = _whole_crawls(database, site)
    if not whole:
        return None
    newest = select(func.max(Capture.lastmod)).where(Capture.site == site, Capture.crawl_id.in_(list(whole)))
    with database.reading() as connection:
        claimed = connection.scalar(newest)
    if claimed is None:
        return None
    moment = datetime.fromisoformat(claimed)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(moment, max(whole.values())) - timedelta(days=1)


def _whole_crawls(database: Database, site: str) -> dict[int, datetime]:
    """Their ids, and when each began."""
    columns = (Crawl.id, Crawl.started_at, Crawl.settings, Crawl.counts)
    with database.reading() as connection:
        return {
            crawl: started_at
            for crawl, started_at, settings, counts in connection.execute(
                select(*columns).where(Crawl.site == site, Crawl.outcome == "finished")
            )
            if not any(settings.get(name) for name in ("since", "until", "limit", "urls"))
            and not any(counts.get(name) for name in ("broken_routes", "failures", "errors"))
        }


def last_robots(database: Database, site: str) -> dict[str, dict[str, Any]]:
    """Of each authority (`https://host`) that lately ended crawls asked: where the robots.txt is that they obeyed, as
    their counts have it. Raises DatabaseProblem."""
    ended = select(Crawl.counts).where(Crawl.site == site, Crawl.finished_at.is_not(None)).order_by(Crawl.id.desc())
    found: dict[str, dict[str, Any]] = {}
    with database.reading() as connection:
        for counts in connection.scalars(ended.limit(LATELY)):
            found = {**counts.get("robots", {}), **found}
    return found
