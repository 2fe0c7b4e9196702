"""What a crawl must know of those before it: the articles that are young enough to change, and whether the site has
ever been crawled to the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.corpus.database import Database
from storage.corpus.tables import Article, Capture, Crawl, Revision


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
    statement = select(Crawl.settings, Crawl.counts).where(Crawl.site == site, Crawl.outcome == "finished")
    with database.reading() as connection:
        return any(
            not any(settings.get(name) for name in ("since", "until", "limit", "urls"))
            and not counts.get("broken_routes")
            and not counts.get("failures")
            for settings, counts in connection.execute(statement)
        )
