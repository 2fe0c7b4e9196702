"""Statistics of a site's newest captures and of those before, for `emeroteca health`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, Connection, exists, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import (
    CaptureRow,
    CrawlRow,
    ImageRow,
    RevisionAuthorRow,
    RevisionKeywordRow,
    RevisionRow,
    shown_revision,
)
from storage.corpus.write.capture_result import Outcome

#: Fields of an article that may be missing, and the condition on a revision that each is.
FIELDS = {
    "description": RevisionRow.description.is_(None),
    "section": RevisionRow.section.is_(None),
    "published_at": RevisionRow.published_at.is_(None),
    "modified_at": RevisionRow.modified_at.is_(None),
    "body": RevisionRow.body == "",
    "authors": ~exists().where(RevisionAuthorRow.revision_id == RevisionRow.id),
    "keywords": ~exists().where(RevisionKeywordRow.revision_id == RevisionRow.id),
    "images": ~exists().where(ImageRow.revision_id == RevisionRow.id),
}
#: The least captures of article URLs of which rates are computed.
ENOUGH = 5


@dataclass(slots=True)
class CaptureSample:
    """Counts over captures of article URLs: refused by reason; of the `texts` first seen in them, those without a field
    and those with a warning. `compared`: captures whose body trafilatura has read too; `agreement`: their mean."""

    captures: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    without: Counter[str] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    agreement: float | None = None


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """A crawl: its start, end (None: still running or cut off), outcome, and number of broken routes."""

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    broken_routes: int


@dataclass(frozen=True, slots=True)
class HealthStats:
    """Of one site. `crawls`: the last ones, newest first. `recent` is the newest crawl with enough captures, `before`
    those of the 90 days before it. `published`: articles by local day of publication."""

    last_capture: datetime | None
    crawls: tuple[CrawlRun, ...]
    recent: CaptureSample
    before: CaptureSample
    published: Counter[date]


def health_stats(database: Database, site: str) -> HealthStats:
    """The statistics of a site. Raises CorpusError."""
    with database.reading() as connection:
        newest = _newest_crawl(connection, site)
        recent, before = CaptureSample(), CaptureSample()
        if newest is not None:
            crawl, started_at = newest
            recent = _sample(connection, (CaptureRow.site == site) & (CaptureRow.crawl_id == crawl))
            earlier = (CaptureRow.captured_at < started_at) & (
                CaptureRow.captured_at >= started_at - timedelta(days=90)
            )
            before = _sample(connection, (CaptureRow.site == site) & CaptureRow.source.is_(None) & earlier)
        of_site = (CaptureRow.site == site) & CaptureRow.source.is_(None)
        last = connection.scalar(select(func.max(CaptureRow.captured_at)).where(of_site))
        return HealthStats(last, tuple(_runs(connection, site)), recent, before, _published(connection, site))


def _newest_crawl(connection: Connection, site: str) -> tuple[int, datetime] | None:
    """Captures of archives say nothing of the site's pages of today: imports do not count."""
    captures = func.count(CaptureRow.id)
    found = connection.execute(
        select(CrawlRow.id, CrawlRow.started_at)
        .join(CaptureRow, CaptureRow.crawl_id == CrawlRow.id)
        .where(CrawlRow.site == site, CaptureRow.source.is_(None))
        .where(CaptureRow.outcome.in_((Outcome.ARTICLE.value, Outcome.REFUSED.value)))
        .group_by(CrawlRow.id, CrawlRow.started_at)
        .having(captures >= ENOUGH)
        .order_by(CrawlRow.id.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def _sample(connection: Connection, where: ColumnElement[bool]) -> CaptureSample:
    sample = CaptureSample()
    outcomes = select(CaptureRow.outcome, CaptureRow.reason, func.count()).where(where)
    for outcome, reason, count in connection.execute(outcomes.group_by(CaptureRow.outcome, CaptureRow.reason)):
        if outcome in (Outcome.ARTICLE.value, Outcome.REFUSED.value):
            sample.captures += count
        if outcome == Outcome.REFUSED.value:
            sample.refused[reason or "unknown"] += count
    compared = select(func.count(CaptureRow.agreement), func.avg(CaptureRow.agreement)).where(where)
    sample.compared, sample.agreement = connection.execute(compared).one()
    texts = select(RevisionRow.id).join(CaptureRow, CaptureRow.id == RevisionRow.capture_id).where(where)
    counted = select(func.count(RevisionRow.id)).join(CaptureRow, CaptureRow.id == RevisionRow.capture_id).where(where)
    sample.texts = connection.execute(counted).scalar_one()
    for name, is_missing in FIELDS.items():
        sample.without[name] = connection.execute(counted.where(is_missing)).scalar_one()
    warnings = select(RevisionRow.warnings).where(RevisionRow.id.in_(texts))
    for (found,) in connection.execute(warnings):
        sample.warned.update(_names(found))
    return sample


def _names(warnings: Iterable[str]) -> set[str]:
    """A warning is `name` or `name: what`."""
    return {warning.partition(":")[0] for warning in warnings}


def _runs(connection: Connection, site: str) -> Iterable[CrawlRun]:
    columns = (CrawlRow.started_at, CrawlRow.finished_at, CrawlRow.outcome, CrawlRow.counts, CrawlRow.settings)
    statement = select(*columns).where(CrawlRow.site == site).order_by(CrawlRow.id.desc())
    runs = (row for row in connection.execute(statement) if not row.settings.get("archive"))
    for started_at, finished_at, outcome, counts, _ in islice(runs, 20):
        yield CrawlRun(started_at, finished_at, outcome, len(counts.get("broken_routes", ())))


def _published(connection: Connection, site: str) -> Counter[date]:
    articles = func.count(RevisionRow.article.distinct())
    statement = (
        select(RevisionRow.published_date, articles)
        .join(CaptureRow, shown_revision)
        .where(CaptureRow.site == site, RevisionRow.published_date.is_not(None))
        .group_by(RevisionRow.published_date)
    )
    return Counter({day: count for day, count in connection.execute(statement) if day is not None})
