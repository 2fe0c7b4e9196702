"""The ledger of imports from web archives, as `storage.corpus.write.archive_ledger` writes it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import and_, case, func, literal, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import (
    ArchiveLineRow,
    ArchivePauseRow,
    ArchiveQueryRow,
    ArticleRow,
    CaptureRow,
    RevisionRow,
    WarcFileRow,
)
from storage.corpus.write.archive_ledger import IndexLine, line_of
from storage.warc.http.capture import CaptureRef


@dataclass(frozen=True, slots=True)
class ArchiveQuery:
    """A part of an index and how far it is known; the fields of `ArchiveQueryRow`."""

    archive: str
    scope: str
    outcome: str | None = None
    detail: str | None = None
    resume_key: str | None = None
    lines: int = 0
    asked_at: datetime | None = None


def queries_of(database: Database, site: str, archive: str | None = None) -> list[ArchiveQuery]:
    """The parts of indexes asked for a site, of all archives or of one, by name. Raises CorpusError."""
    columns = (getattr(ArchiveQueryRow, name) for name in ArchiveQuery.__dataclass_fields__)
    statement = select(*columns).where(ArchiveQueryRow.site == site)
    if archive is not None:
        statement = statement.where(ArchiveQueryRow.archive == archive)
    with database.reading() as connection:
        rows = connection.execute(statement.order_by(ArchiveQueryRow.archive, ArchiveQueryRow.scope))
        return [ArchiveQuery(*row) for row in rows]


def known_records(database: Database, source: str) -> set[str]:
    """The ids of the records from a source that the collection has. Raises CorpusError."""
    with database.reading() as connection:
        return set(connection.scalars(select(CaptureRow.record_id).where(CaptureRow.source == source)))


def pending_lines(database: Database, site: str, archive: str, after: int, articles: int) -> list[IndexLine]:
    """The lines that wait for an outcome of so many articles, in the order of articles, digests and times; those of
    articles whose key is greater than `after`. Raises CorpusError.
    """
    columns = ArchiveLineRow.__table__.c
    is_pending = and_(
        columns.site == site, columns.archive == archive, columns.outcome.is_(None), columns.article > after
    )
    next_ones = select(columns.article).where(is_pending).distinct().order_by(columns.article).limit(articles)
    with database.reading() as connection:
        keys = list(connection.scalars(next_ones))
        if not keys:
            return []
        statement = select(*columns).where(is_pending, columns.article <= keys[-1])
        found = connection.execute(statement.order_by(columns.article, columns.digest, columns.captured_at))
        return [line_of(row) for row in found]


def pending_groups(
    database: Database, site: str, archive: str, since: date | None, until: date | None, *, all_captures: bool
) -> tuple[int, int]:
    """How many captures of days since to until (UTC) wait to be requested, and their bytes as far as the index says:
    one of each article and digest, or all. Raises CorpusError.
    """
    columns = ArchiveLineRow.__table__.c
    is_pending = and_(columns.site == site, columns.archive == archive, columns.outcome.is_(None))
    is_pending &= columns.article.is_not(None)
    if since is not None:
        is_pending &= columns.captured_at >= datetime.combine(since, time(), UTC)
    if until is not None:
        is_pending &= columns.captured_at < datetime.combine(until + timedelta(days=1), time(), UTC)
    statement = select(func.min(columns.length).label("length")).where(is_pending)
    by = () if not all_captures else (columns.url_key, columns.captured_at)
    groups = statement.group_by(columns.article, columns.digest, *by).subquery()
    with database.reading() as connection:
        count, size = connection.execute(select(func.count(), func.sum(groups.c.length)).select_from(groups)).one()
    return count, int(size or 0)


def page_urls(database: Database, site: str, archive: str) -> Iterator[str]:
    """The URLs of pages in an archive's index, each once, by key. Raises CorpusError."""
    line = ArchiveLineRow
    is_page = (line.status == 200) & ((line.mimetype == "text/html") | line.mimetype.is_(None))
    statement = select(line.url).where(line.site == site, line.archive == archive, is_page)
    statement = statement.group_by(line.url_key, line.url).order_by(line.url_key)
    with database.reading() as connection, connection.execution_options(yield_per=1000).execute(statement) as rows:
        yield from (row.url for row in rows)


def known_captures(database: Database, source: str) -> dict[tuple[str, datetime], CaptureRef]:
    """The captures from a source that the collection has, by the URLs of their records and their times, in whole
    seconds. Raises CorpusError.
    """
    columns = (WarcFileRow.name, CaptureRow.record_offset, CaptureRow.length, CaptureRow.record_id)
    statement = (
        select(CaptureRow.url, CaptureRow.captured_at, *columns).join(WarcFileRow).where(CaptureRow.source == source)
    )
    with database.reading() as connection:
        found = connection.execute(statement.order_by(CaptureRow.id))
        return {
            (row.url, row.captured_at.replace(microsecond=0)): CaptureRef(
                row.name, row.record_offset, row.length, row.record_id
            )
            for row in found
        }


def paused_until(database: Database, archive: str) -> datetime | None:
    """Until when nothing is to be asked of an archive (aware UTC); None where it never was paused."""
    with database.reading() as connection:
        return connection.scalar(select(ArchivePauseRow.until).where(ArchivePauseRow.archive == archive))


def archives_of(database: Database, site: str) -> list[str]:
    """The archives whose indexes were asked for a site, by name. Raises CorpusError."""
    statement = select(ArchiveQueryRow.archive).where(ArchiveQueryRow.site == site).distinct()
    with database.reading() as connection:
        return list(connection.scalars(statement.order_by(ArchiveQueryRow.archive)))


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many lines of a month (`2022-02`, of captures, UTC) of an archive's index have an outcome.

    outcome: `pending`, a LineOutcome, or for a capture here that gave no article `refused: REASON`.
    """

    archive: str
    month: str
    outcome: str
    lines: int


def outcomes_by_month(database: Database, site: str) -> list[MonthCount]:
    """The outcomes of all lines of a site's indexes, each line once. Raises CorpusError."""
    line = ArchiveLineRow
    is_sqlite = database.dialect == "sqlite"
    month = (
        func.substr(line.captured_at, 1, 7)
        if is_sqlite
        else func.to_char(func.timezone("UTC", line.captured_at), "YYYY-MM")
    )
    reasons = (
        select(CaptureRow.record_id, func.max(CaptureRow.reason).label("reason"))
        .where(CaptureRow.source.is_not(None), CaptureRow.reason.is_not(None))
        .group_by(CaptureRow.record_id)
        .subquery()
    )
    shown = case(
        (line.outcome.is_(None), "pending"),
        (reasons.c.reason.is_not(None), literal("refused: ") + reasons.c.reason),
        else_=line.outcome,
    )
    statement = (
        select(line.archive, month, shown, func.count())
        .outerjoin(reasons, reasons.c.record_id == line.record_id)
        .where(line.site == site)
        .group_by(line.archive, month, shown)
        .order_by(line.archive, month, shown)
    )
    with database.reading() as connection:
        return [MonthCount(*row) for row in connection.execute(statement)]


def totals(counts: list[MonthCount]) -> Counter[str]:
    """The lines of each outcome, of all months and archives."""
    found: Counter[str] = Counter()
    for one in counts:
        found[one.outcome] += one.lines
    return found


def contradictions(database: Database, site: str) -> Iterator[tuple[str, datetime, tuple[str, ...]]]:
    """URL and moment of captures of which two archives have different payloads, and the digests, by archive."""
    line = ArchiveLineRow
    is_known = (line.site == site) & (line.digest != "") & line.status.is_not(None)
    several = (
        select(line.url_key, line.captured_at)
        .where(is_known)
        .group_by(line.url_key, line.captured_at)
        .having(func.count(line.digest.distinct()) > 1, func.count(line.archive.distinct()) > 1)
        .subquery()
    )
    same = and_(several.c.url_key == line.url_key, several.c.captured_at == line.captured_at)
    columns = (line.url, line.captured_at, line.archive, line.digest)
    statement = select(*columns).join(several, same).where(is_known)
    found: dict[tuple[str, datetime], list[str]] = {}
    with database.reading() as connection:
        for url, moment, archive, digest in connection.execute(statement.order_by(*columns)):
            found.setdefault((url, moment), []).append(f"{archive} {digest}")
    for (url, moment), digests in found.items():
        yield url, moment, tuple(digests)


@dataclass(frozen=True, slots=True)
class RecoveredArticle:
    """An article with a revision; sources: of its captures, None for the site itself."""

    native_id: str | None
    canonical_url: str | None
    published_date: date | None
    sources: tuple[str | None, ...]


def recovered_articles(database: Database, site: str) -> Iterator[RecoveredArticle]:
    """The articles of a site that have a revision, with the sources of their captures. Raises CorpusError."""
    article, capture = ArticleRow, CaptureRow
    columns = (article.id, article.native_id, article.canonical_url, RevisionRow.published_date, capture.source)
    newest = (RevisionRow.article == article.id) & (RevisionRow.number == article.revision_count)
    statement = (
        select(*columns)
        .outerjoin(RevisionRow, newest)
        .join(capture, capture.article == article.id)
        .where(article.site == site)
        .distinct()
        .order_by(article.id)
    )
    with database.reading() as connection, connection.execution_options(yield_per=1000).execute(statement) as rows:
        for _, group in groupby(rows, key=lambda row: row.id):
            same = list(group)
            yield RecoveredArticle(*same[0][1:4], tuple(row.source for row in same))


def indexed_articles(database: Database, site: str) -> Iterator[tuple[str, datetime]]:
    """A URL of each article in the archives' indexes, and its first capture in any of them. Raises CorpusError."""
    line = ArchiveLineRow
    statement = select(func.min(line.url), func.min(line.captured_at)).where(
        line.site == site, line.article.is_not(None)
    )
    with (
        database.reading() as connection,
        connection.execution_options(yield_per=1000).execute(statement.group_by(line.article)) as rows,
    ):
        yield from ((url, moment) for url, moment in rows)


def linked_urls(database: Database, site: str) -> Iterator[str]:
    """The links in the texts of a site's articles. Raises CorpusError."""
    statement = select(RevisionRow.links).join(ArticleRow, ArticleRow.id == RevisionRow.article)
    with (
        database.reading() as connection,
        connection.execution_options(yield_per=1000).execute(statement.where(ArticleRow.site == site)) as rows,
    ):
        for (links,) in rows:
            yield from links
