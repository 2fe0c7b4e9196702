"""Which captures, and what there is to read in them, for a package."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import Capture, Revision, WarcFile


@dataclass(frozen=True, slots=True)
class Wanted:
    """Captures of a crawl, of a site, of days; what is None does not matter. All that is given must hold.

    since, until: days of capture, inclusive, in UTC widened to both sides; `site` goes with each capture, so that the
    caller can ask its own clock.
    """

    crawl: int | None = None
    site: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A capture that may go into a package."""

    file: str
    offset: int
    record_id: str
    record_type: str
    captured_at: datetime
    site: str | None


@dataclass(frozen=True, slots=True)
class Readable:
    """A capture's article."""

    capture: Packed
    url: str
    headline: str
    description: str | None
    body: str


_COLUMNS: tuple[Any, ...] = (
    *(WarcFile.name, Capture.record_offset, Capture.record_id, Capture.record_type),
    *(Capture.captured_at, Capture.site),
)


def wanted_captures(database: Database, wanted: Wanted) -> Iterator[Packed]:
    """In the order of files and offsets, without holding them in memory. Raises DatabaseProblem."""
    statement = _where(select(*_COLUMNS).join(WarcFile), wanted)
    statement = statement.order_by(WarcFile.name, Capture.record_offset, Capture.record_id)
    with database.reading() as connection, connection.execution_options(yield_per=1000).execute(statement) as rows:
        for row in rows:
            yield Packed(*row)


def wanted_articles(database: Database, wanted: Wanted) -> Iterator[Readable]:
    """The captures that gave an article, in the order of their times. Raises DatabaseProblem."""
    same = (Revision.article == Capture.article) & (Revision.content_hash == Capture.content_hash)
    texts: tuple[Any, ...] = (Capture.url, Revision.headline, Revision.description, Revision.body)
    statement = _where(select(*_COLUMNS, *texts).join(WarcFile).join(Revision, same), wanted)
    statement = statement.order_by(Capture.captured_at, WarcFile.name, Capture.record_offset, Capture.record_id)
    with database.reading() as connection, connection.execution_options(yield_per=100).execute(statement) as rows:
        for *capture, url, headline, description, body in rows:
            yield Readable(Packed(*capture), url, headline, description, body)


def captures_by_file(database: Database) -> dict[str, int]:
    """How many captures the rows know of each WARC file. Raises DatabaseProblem."""
    statement = select(WarcFile.name, func.count()).join(Capture).group_by(WarcFile.name)
    with database.reading() as connection:
        return dict(iter(connection.execute(statement)))


def _where(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    if wanted.crawl is not None:
        statement = statement.where(Capture.crawl_id == wanted.crawl)
    if wanted.site is not None:
        statement = statement.where(Capture.site == wanted.site)
    if wanted.since is not None:
        statement = statement.where(Capture.captured_at >= _midnight(wanted.since, -1))
    if wanted.until is not None:
        statement = statement.where(Capture.captured_at < _midnight(wanted.until, 2))
    return statement


def _midnight(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), datetime.min.time(), UTC)
