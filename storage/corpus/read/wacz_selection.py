"""Which captures, and what there is to read in them, for a package."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, RevisionRow, WarcFileRow


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """Captures of a crawl, of a site, of days; what is None does not matter. All that is given must hold.

    since, until: days of capture, inclusive, in UTC widened to both sides; `site` goes with each capture, so that the
    caller can ask its own clock.
    """

    crawl: int | None = None
    site: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class SelectedCapture:
    """A capture that may go into a package."""

    file: str
    offset: int
    record_id: str
    record_type: str
    captured_at: datetime
    site: str | None


@dataclass(frozen=True, slots=True)
class SelectedArticle:
    """A capture's article."""

    capture: SelectedCapture
    url: str
    headline: str
    description: str | None
    body: str


_COLUMNS: tuple[Any, ...] = (
    *(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id, CaptureRow.record_type),
    *(CaptureRow.captured_at, CaptureRow.site),
)


def selected_captures(database: Database, wanted: CaptureFilter) -> Iterator[SelectedCapture]:
    """In the order of files and offsets, without holding them in memory. Raises CorpusError."""
    statement = _where(select(*_COLUMNS).join(WarcFileRow), wanted)
    statement = statement.order_by(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    with database.reading() as connection, connection.execution_options(yield_per=1000).execute(statement) as rows:
        for row in rows:
            yield SelectedCapture(*row)


def selected_articles(database: Database, wanted: CaptureFilter) -> Iterator[SelectedArticle]:
    """The captures that gave an article, in the order of their times. Raises CorpusError."""
    same = (RevisionRow.article == CaptureRow.article) & (RevisionRow.content_hash == CaptureRow.content_hash)
    texts: tuple[Any, ...] = (CaptureRow.url, RevisionRow.headline, RevisionRow.description, RevisionRow.body)
    statement = _where(select(*_COLUMNS, *texts).join(WarcFileRow).join(RevisionRow, same), wanted)
    statement = statement.order_by(
        CaptureRow.captured_at, WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id
    )
    with database.reading() as connection, connection.execution_options(yield_per=100).execute(statement) as rows:
        for *capture, url, headline, description, body in rows:
            yield SelectedArticle(SelectedCapture(*capture), url, headline, description, body)


def captures_by_file(database: Database) -> dict[str, int]:
    """How many captures the rows know of each WARC file. Raises CorpusError."""
    statement = select(WarcFileRow.name, func.count()).join(CaptureRow).group_by(WarcFileRow.name)
    with database.reading() as connection:
        return dict(iter(connection.execute(statement)))


def _where(statement: Select[*tuple[Any, ...]], wanted: CaptureFilter) -> Select[*tuple[Any, ...]]:
    if wanted.crawl is not None:
        statement = statement.where(CaptureRow.crawl_id == wanted.crawl)
    if wanted.site is not None:
        statement = statement.where(CaptureRow.site == wanted.site)
    if wanted.since is not None:
        statement = statement.where(CaptureRow.captured_at >= _midnight(wanted.since, -1))
    if wanted.until is not None:
        statement = statement.where(CaptureRow.captured_at < _midnight(wanted.until, 2))
    return statement


def _midnight(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), datetime.min.time(), UTC)
