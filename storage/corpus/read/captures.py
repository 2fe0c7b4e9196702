"""The captures and WARC files that have rows, for rebuild, verify and the packages of WACZ."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, CaptureRow, RevisionRow, WarcFileRow, WarcLocationRow, shown_revision
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.withholding import matcher_in_force
from storage.warc.http.capture import CaptureRef


class StoredWarcFile(NamedTuple):
    """A row of `warc_files`; size (bytes) and sha256 are None where this collection has not sealed the file."""

    name: str
    size: int | None
    sha256: str | None


class WarcLocation(NamedTuple):
    """A row of `warc_locations`."""

    location: str
    size: int | None
    sha256: str | None


class StoredCapture(NamedTuple):
    """A capture's row; see `storage.corpus.db.tables.CaptureRow`."""

    record_id: str
    length: int
    url: str
    payload_digest: str | None
    outcome: str
    extractor: str | None
    agreement: float | None


@dataclass(frozen=True, slots=True)
class CaptureSelection:
    """Captures of a crawl, of a site, of days; None stands for all. Captures must pass every filter.

    since, until: days of capture, inclusive, in UTC and widened by a day on both sides; the caller compares with days
    in the time zone of each capture's site. site: with the requisites of its pages on other hosts, which are in
    files of the site's captures.
    """

    crawl: int | None = None
    site: str | None = None
    since: date | None = None
    until: date | None = None

    def apply(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The statement with the conditions of this filter."""
        if self.crawl is not None:
            statement = statement.where(CaptureRow.crawl_id == self.crawl)
        if self.site is not None:
            statement = statement.where(or_(CaptureRow.site == self.site, _is_requisite_of(self.site)))
        if self.since is not None:
            statement = statement.where(CaptureRow.captured_at >= _midnight(self.since, -1))
        if self.until is not None:
            statement = statement.where(CaptureRow.captured_at < _midnight(self.until, 2))
        return statement


def article_captures(database: Database, site: str, since: datetime) -> list[CaptureRef]:
    """The captures of a site's articles since then, the oldest first. Raises CorpusError."""
    columns = (WarcFileRow.name, CaptureRow.record_offset, CaptureRow.length, CaptureRow.record_id)
    statement = (
        select(*columns)
        .join(WarcFileRow)
        .where(CaptureRow.site == site, CaptureRow.outcome == Outcome.ARTICLE.value, CaptureRow.captured_at >= since)
        .order_by(CaptureRow.captured_at)
    )
    with database.reading() as connection:
        return [CaptureRef(*row) for row in connection.execute(statement)]


class SelectedCapture(NamedTuple):
    """Where a capture's record is, and the facts that a package needs. withheld: the number of the withholding of its
    article, None where that is shown.
    """

    file: str
    offset: int
    record_id: str
    record_type: str
    captured_at: datetime
    site: str | None
    outcome: str
    extractor: str | None
    url: str
    withheld: int | None


class SelectedArticle(NamedTuple):
    """The text of the article that a capture shows."""

    capture: SelectedCapture
    headline: str
    description: str | None
    body: str


_SELECTED: tuple[Any, ...] = (
    *(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id, CaptureRow.record_type),
    *(CaptureRow.captured_at, CaptureRow.site, CaptureRow.outcome, CaptureRow.extractor, CaptureRow.url),
    ArticleRow.withheld,
)
_with_articles: tuple[Any, Any] = (ArticleRow, ArticleRow.id == CaptureRow.article)


def warc_files(database: Database) -> list[StoredWarcFile]:
    """Every WARC file that has a row, by name. Raises CorpusError."""
    statement = select(WarcFileRow.name, WarcFileRow.size, WarcFileRow.sha256).order_by(WarcFileRow.name)
    with database.reading() as connection:
        return [StoredWarcFile(*row) for row in connection.execute(statement)]


def captures_by_file(database: Database) -> dict[str, int]:
    """The number of captures of each WARC file, by name. Raises CorpusError."""
    statement = select(WarcFileRow.name, func.count()).join(CaptureRow).group_by(WarcFileRow.name)
    with database.reading() as connection:
        return dict(iter(connection.execute(statement)))


def warc_locations(database: Database) -> dict[str, list[WarcLocation]]:
    """The known locations of files outside the collection, by name. Raises CorpusError."""
    found: dict[str, list[WarcLocation]] = {}
    columns = [getattr(WarcLocationRow, name) for name in WarcLocation._fields]
    with database.reading() as connection:
        for name, *facts in connection.execute(
            select(WarcLocationRow.name, *columns).order_by(WarcLocationRow.location)
        ):
            found.setdefault(name, []).append(WarcLocation(*facts))
    return found


def outdated_files(database: Database, extractors: Collection[str], sites: Collection[str] | None) -> list[str]:
    """The WARC files with captures that none of these extractors has classified, by name. sites: only captures of
    these; None for all. Raises CorpusError.
    """
    is_outdated = func.coalesce(CaptureRow.extractor, "").not_in(extractors)
    statement = select(WarcFileRow.name).join(CaptureRow).where(is_outdated)
    if sites is not None:
        statement = statement.where(CaptureRow.site.in_(sites))
    with database.reading() as connection:
        return list(connection.scalars(statement.distinct().order_by(WarcFileRow.name)))


def captures_in_file(
    database: Database, file: str, start: int = 0, end: int | None = None
) -> dict[tuple[int, str], StoredCapture]:
    """The captures with records at offsets `start` to `end` (exclusive) of a WARC file, by offset and record id. Raises
    CorpusError.
    """
    columns: list[Any] = [getattr(CaptureRow, name) for name in StoredCapture._fields]
    statement = select(CaptureRow.record_offset, *columns).join(WarcFileRow).where(WarcFileRow.name == file)
    statement = statement.where(CaptureRow.record_offset >= start)
    if end is not None:
        statement = statement.where(CaptureRow.record_offset < end)
    with database.reading() as connection:
        return {(offset, facts[0]): StoredCapture(*facts) for offset, *facts in connection.execute(statement)}


def selected_captures(database: Database, chosen: CaptureSelection | None = None) -> Iterator[SelectedCapture]:
    """The captures that pass the filter in the order of files and offsets, streamed. Raises CorpusError."""
    statement = (chosen or CaptureSelection()).apply(select(*_SELECTED).join(WarcFileRow).outerjoin(*_with_articles))
    statement = statement.order_by(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    with database.reading() as connection, connection.execution_options(yield_per=1000).execute(statement) as rows:
        yield from map(SelectedCapture._make, rows)


def selected_articles(database: Database, chosen: CaptureSelection) -> Iterator[SelectedArticle]:
    """The articles of captures that pass the filter, without withheld ones, in the order of capture times, streamed.
    Raises CorpusError.
    """
    texts: tuple[Any, ...] = (RevisionRow.headline, RevisionRow.description, RevisionRow.body)
    captures = select(*_SELECTED, *texts).join(WarcFileRow).join(*_with_articles)
    statement = chosen.apply(captures.join(RevisionRow, shown_revision)).where(ArticleRow.withheld.is_(None))
    statement = statement.order_by(
        CaptureRow.captured_at, WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id
    )
    with database.reading() as connection, connection.execution_options(yield_per=100).execute(statement) as rows:
        for *capture, headline, description, body in rows:
            yield SelectedArticle(SelectedCapture(*capture), headline, description, body)


def withheld_captures(database: Database) -> Iterator[SelectedCapture]:
    """The captures of withheld articles, and of URLs that withholdings in force name, in the order of files and
    offsets. Raises CorpusError.
    """
    with database.reading() as connection:
        matcher = matcher_in_force(connection)
    if matcher is not None:
        for capture in selected_captures(database):
            if capture.withheld is not None or matcher.of_url(capture.url) is not None:
                yield capture


def _is_requisite_of(site: str) -> ColumnElement[bool]:
    files = select(CaptureRow.warc_file_id).where(CaptureRow.site == site).distinct()
    is_elsewhere = (CaptureRow.outcome == Outcome.REQUISITE.value) & CaptureRow.site.is_(None)
    return is_elsewhere & CaptureRow.warc_file_id.in_(files)


def _midnight(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), datetime.min.time(), UTC)


def captures_named(database: Database, names: Collection[str], until: datetime | None = None) -> list[CaptureRef]:
    """The captures of these URLs or WARC-Record-IDs, the newest first. until: none later than this aware moment."""
    statement = (
        select(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.length, CaptureRow.record_id)
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .where(or_(CaptureRow.url.in_(names), CaptureRow.record_id.in_(names)))
        .order_by(CaptureRow.captured_at.desc(), CaptureRow.record_offset.desc())
    )
    if until is not None:
        statement = statement.where(CaptureRow.captured_at <= until)
    with database.reading() as connection:
        return [CaptureRef(*row) for row in connection.execute(statement)]


def conversions(database: Database) -> Iterator[tuple[str, str | None]]:
    """URL and payload digest of each conversion record that has a row."""
    statement = select(CaptureRow.url, CaptureRow.payload_digest).where(CaptureRow.record_type == "conversion")
    with database.reading() as connection, connection.execution_options(yield_per=10_000).execute(statement) as rows:
        for row in rows:
            yield row.url, row.payload_digest
