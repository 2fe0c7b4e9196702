"""What `health` looks at: how a site's newest captures differ from those before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import (
    Capture,
    Crawl,
    Image,
    Revision,
    RevisionAuthor,
    RevisionKeyword,
)
from storage.corpus.write.capture_result import Outcome

#: Fields of an article that may be missing, and what says so of a revision.
FIELDS = {
    "description": Revision.description.is_(None),
    "section": Revision.section.is_(None),
    "published_at": Revision.published_at.is_(None),
    "modified_at": Revision.modified_at.is_(None),
    "body": Revision.body == "",
    "authors": ~exists().where(RevisionAuthor.revision_id == Revision.id),
    "keywords": ~exists().where(RevisionKeyword.revision_id == Revision.id),
    "images": ~exists().where(Image.revision_id == Revision.id),
}
#: Article URLs that a crawl must have captured for its rates to mean something.
ENOUGH = 5


@dataclass(slots=True)
class Sample:
    """Counts over captures of article URLs: refused by reason; of the `texts` first seen in them, those without a field
    and those with a warning."""

    captures: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    without: Counter[str] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Run:
    """A crawl that has begun: when, when it ended (None: it has not), how, and what it counted."""

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    broken_routes: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """Of one site. `crawls`: the last ones, newest first. `recent` is the newest crawl with enough captures, `before`
    those of the 90 days before it. `published`: articles by local day of publication."""

    last_capture: datetime | None
    crawls: tuple[Run, ...]
    recent: Sample
    before: Sample
    published: Counter[date]


def vitals(database: Database, site: str) -> Vitals:
    """Raises DatabaseProblem."""
    with database.reading() as connection:
        newest = _newest_crawl(connection, site)
        recent, before = Sample(), Sample()
        if newest is not None:
            crawl, started_at = newest
            recent = _sample(connection, (Capture.site == site) & (Capture.crawl_id == crawl))
            earlier = (Capture.captured_at < started_at) & (Capture.captured_at >= started_at - timedelta(days=90))
            before = _sample(connection, (Capture.site == site) & earlier)
        last = connection.scalar(select(func.max(Capture.captured_at)).where(Capture.site == site))
        return Vitals(last, tuple(_runs(connection, site)), recent, before, _published(connection, site))


def _newest_crawl(connection: Connection, site: str) -> tuple[int, datetime] | None:
    captures = func.count(Capture.id)
    found = connection.execute(
        select(Crawl.id, Crawl.started_at)
        .join(Capture, Capture.crawl_id == Crawl.id)
        .where(Crawl.site == site, Capture.outcome.in_((Outcome.ARTICLE.value, Outcome.REFUSED.value)))
        .group_by(Crawl.id, Crawl.started_at)
        .having(captures >= ENOUGH)
        .order_by(Crawl.id.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def _sample(connection: Connection, where: ColumnElement[bool]) -> Sample:
    sample = Sample()
    outcomes = select(Capture.outcome, Capture.reason, func.count()).where(where)
    for outcome, reason, count in connection.execute(outcomes.group_by(Capture.outcome, Capture.reason)):
        if outcome in (Outcome.ARTICLE.value, Outcome.REFUSED.value):
            sample.captures += count
        if outcome == Outcome.REFUSED.value:
            sample.refused[reason or "unknown"] += count
    texts = select(Revision.id).join(Capture, Capture.id == Revision.capture_id).where(where)
    counted = select(func.count(Revision.id)).join(Capture, Capture.id == Revision.capture_id).where(where)
    sample.texts = connection.execute(counted).scalar_one()
    for name, is_missing in FIELDS.items():
        sample.without[name] = connection.execute(counted.where(is_missing)).scalar_one()
    warnings = select(Revision.warnings).where(Revision.id.in_(texts))
    for (found,) in connection.execute(warnings):
        sample.warned.update(_names(found))
    return sample


def _names(warnings: Iterable[str]) -> set[str]:
    """A warning is `name` or `name: what`."""
    return {warning.partition(":")[0] for warning in warnings}


def _runs(connection: Connection, site: str) -> Iterable[Run]:
    columns = (Crawl.started_at, Crawl.finished_at, Crawl.outcome, Crawl.counts)
    statement = select(*columns).where(Crawl.site == site).order_by(Crawl.id.desc()).limit(20)
    for started_at, finished_at, outcome, counts in connection.execute(statement):
        yield Run(started_at, finished_at, outcome, len(counts.get("broken_routes", ())))


def _published(connection: Connection, site: str) -> Counter[date]:
    same = (Revision.article == Capture.article) & (Revision.content_hash == Capture.content_hash)
    articles = func.count(Revision.article.distinct())
    statement = (
        select(Revision.published_date, articles)
        .join(Capture, same)
        .where(Capture.site == site, Revision.published_date.is_not(None))
        .group_by(Revision.published_date)
    )
    return Counter({day: count for day, count in connection.execute(statement) if day is not None})
