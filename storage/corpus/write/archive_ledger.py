"""The ledger of imports from web archives: each line of their indexes and its outcome, so that none is asked for twice.

Written by `crawler.archives`; `storage.corpus.read.archive_ledger` reads it. Unlike results of captures it cannot be
made again from WARC files, but an import finds out from them which lines it has captured.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Update, bindparam, delete, func, select, update

from storage.corpus.db.bulk import BulkWriter, upsert
from storage.corpus.db.database import Database
from storage.corpus.db.sanitise import sanitise
from storage.corpus.db.tables import ArchiveLineRow, ArchivePauseRow, ArchiveQueryRow, SiteRow
from storage.corpus.write.identity import digest_key


class LineOutcome(StrEnum):
    """What became of a line of an archive's index. The first ones are final; the last ones are asked again."""

    VERIFIED = "verified"  # captured here, and its payload has the digest of the index
    UNVERIFIABLE = "unverifiable"  # captured here; the index has no digest of it
    DIGEST_MISMATCH = "digest-mismatch"  # captured here, with another payload than the index says
    ANOTHER_MOMENT = "another-moment"  # the archive shows a capture of another time in its place
    EXCLUDED = "excluded"  # the archive does not show it, by its owner's or its own decision
    MISSING = "missing"  # in the archive's index, and not in the archive
    LEFT_ARCHIVE = "left-archive"  # the archive leads to an address outside
    SAME_PAYLOAD = "same-payload"  # another line of the article with this digest is captured here
    NO_PAGE = "no-page"  # by the index a redirect, an error, or no HTML
    NO_ARTICLE = "no-article"  # its URL is none of an article
    UNREADABLE = "unreadable"  # the archive's record is not as its format says
    THROTTLED = "throttled"  # the archive asked for fewer requests until the import ended
    FAILED = "failed"  # no answer, or an error of the archive's server


#: Outcomes that the next run tries again.
RETRIED = (LineOutcome.THROTTLED, LineOutcome.FAILED)
#: Outcomes of lines whose payload is here.
CAPTURED = (LineOutcome.VERIFIED, LineOutcome.UNVERIFIABLE, LineOutcome.DIGEST_MISMATCH)


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of an archive's index: the fields of `ArchiveLineRow`.

    captured_at: aware UTC, whole seconds. digest: SHA-1 in base32 without prefix, empty where there is none. article:
    digest key of the article, None where the URL is of none. outcome: None where it is to be requested. record_id: of
    the capture here.
    """

    url: str
    captured_at: datetime
    digest: str = ""
    mimetype: str | None = None
    status: int | None = None
    length: int | None = None
    file: str | None = None
    offset: int | None = None
    article: int | None = None
    outcome: LineOutcome | None = None
    detail: str | None = None
    record_id: str | None = None

    @property
    def key(self) -> tuple[int, datetime, str]:
        """Unique in an archive."""
        return digest_key(self.url), self.captured_at, self.digest


def line_of(row: Row[Any]) -> IndexLine:
    """The line of a row of the ledger."""
    return IndexLine(
        url=row.url,
        captured_at=row.captured_at,
        digest=row.digest,
        mimetype=row.mimetype,
        status=row.status,
        length=row.length,
        file=row.file,
        offset=row.record_offset,
        article=row.article,
        outcome=LineOutcome(row.outcome) if row.outcome else None,
        detail=row.detail,
        record_id=row.record_id,
    )


def add_queries(database: Database, site: str, archive: str, scopes: Iterable[str]) -> None:
    """Note parts of an index that are to be asked for; those noted before stay as they are. Raises CorpusError."""
    same: dict[str, Any] = {"outcome": None, "detail": None, "resume_key": None, "lines": 0, "asked_at": None}
    rows = [{"site": site, "archive": archive, "scope": scope, **same} for scope in scopes]
    with database.writing() as connection:
        writer = BulkWriter(connection)
        writer.insert_new(SiteRow, [{"name": site}])
        writer.insert_new(ArchiveQueryRow, rows)


def record_answer(
    database: Database,
    site: str,
    archive: str,
    scope: str,
    lines: Sequence[IndexLine],
    *,
    outcome: str | None,
    resume_key: str | None = None,
    detail: str | None = None,
) -> None:
    """Store the lines of an answer, those that are new, and how far the query has come. Raises CorpusError."""
    now = datetime.now(UTC)
    rows = {line.key: _row(line, site, archive, now) for line in lines}
    query = ArchiveQueryRow.__table__.c
    with database.writing() as connection:
        BulkWriter(connection).insert_new(ArchiveLineRow, list(rows.values()))
        connection.execute(
            update(ArchiveQueryRow)
            .where(query.site == site, query.archive == archive, query.scope == scope)
            .values(
                outcome=outcome,
                detail=sanitise(detail),
                resume_key=resume_key,
                lines=query.lines + len(rows),
                asked_at=now,
            )
        )


def _row(line: IndexLine, site: str, archive: str, now: datetime) -> dict[str, Any]:
    key, captured_at, digest = line.key
    return {
        "archive": archive,
        "url_key": key,
        "captured_at": captured_at,
        "digest": sanitise(digest),
        "site": site,
        "url": sanitise(line.url),
        "mimetype": sanitise(line.mimetype),
        "status": line.status,
        "length": line.length,
        "file": sanitise(line.file),
        "record_offset": line.offset,
        "article": line.article,
        "outcome": line.outcome.value if line.outcome else None,
        "detail": sanitise(line.detail),
        "record_id": sanitise(line.record_id),
        "decided_at": now if line.outcome else None,
    }


def reclassify(
    database: Database, site: str, archive: str, classify: Callable[[Sequence[IndexLine]], Iterable[IndexLine]]
) -> None:
    """Decide again, by what is known of the site now, on the lines that were of no article. Raises CorpusError."""
    columns = ArchiveLineRow.__table__.c
    is_of_none = (columns.site == site) & (columns.archive == archive)
    is_of_none &= columns.outcome == LineOutcome.NO_ARTICLE.value
    after = -1
    while True:
        keys = select(columns.url_key).where(is_of_none, columns.url_key > after).distinct()
        with database.writing() as connection:
            some = list(connection.scalars(keys.order_by(columns.url_key).limit(PART)))
            if not some:
                return
            rows = connection.execute(select(*columns).where(is_of_none, columns.url_key.between(some[0], some[-1])))
            lines = [replace(line_of(row), outcome=None) for row in rows]
            changed = [one for one in classify(lines) if one.outcome is not LineOutcome.NO_ARTICLE]
            if changed:
                connection.execute(_of_line(archive).values(**_CLASSIFIED), [_classified(one) for one in changed])
        after = some[-1]


#: Lines that are classified again in a transaction.
PART = 5000
_CLASSIFIED: dict[str, Any] = {
    "article": bindparam("of_article"),
    "outcome": bindparam("to"),
    "detail": bindparam("why"),
}


def _classified(line: IndexLine) -> dict[str, Any]:
    return _key(line) | {
        "of_article": line.article,
        "to": line.outcome.value if line.outcome else None,
        "why": sanitise(line.detail),
    }


def _of_line(archive: str) -> Update:
    """The statement that updates a line, by the parameters of `_key`."""
    columns = ArchiveLineRow.__table__.c
    return update(ArchiveLineRow).where(
        columns.archive == archive,
        columns.url_key == bindparam("of_url"),
        columns.captured_at == bindparam("of_moment", type_=columns.captured_at.type),
        columns.digest == bindparam("of_digest"),
    )


def _key(line: IndexLine) -> dict[str, Any]:
    key, moment, digest = line.key
    return {"of_url": key, "of_moment": moment, "of_digest": digest}


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a line; record_id: of its capture here."""

    line: IndexLine
    outcome: LineOutcome
    detail: str | None = None
    record_id: str | None = None


def record_decisions(database: Database, archive: str, decisions: Sequence[Decision]) -> None:
    """Store outcomes; one that a line has already is replaced. Raises CorpusError."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {"outcome": bindparam("to"), "detail": bindparam("why"), "record_id": bindparam("record")}
    rows = [
        {**_key(one.line), "to": one.outcome.value, "why": sanitise(one.detail), "record": one.record_id}
        for one in decisions
    ]
    if rows:
        with database.writing() as connection:
            connection.execute(_of_line(archive).values(**values, decided_at=now), rows)


def reopen(database: Database, site: str, archive: str) -> None:
    """Have the lines that failed requested again, and unfinished queries asked again. Raises CorpusError."""
    lines, queries = ArchiveLineRow.__table__.c, ArchiveQueryRow.__table__.c
    with database.writing() as connection:
        connection.execute(
            update(ArchiveLineRow)
            .where(lines.site == site, lines.archive == archive, lines.outcome.in_([one.value for one in RETRIED]))
            .values(outcome=None, detail=None, decided_at=None)
        )
        connection.execute(
            update(ArchiveQueryRow)
            .where(queries.site == site, queries.archive == archive)
            .where(queries.outcome.in_(["failed", "throttled"]))
            .values(outcome=None)
        )


def reopen_queries(database: Database, site: str, archive: str, scopes: Sequence[str]) -> None:
    """Have parts of an index asked again from their beginning. Raises CorpusError."""
    queries = ArchiveQueryRow.__table__.c
    with database.writing() as connection:
        connection.execute(
            update(ArchiveQueryRow)
            .where(queries.site == site, queries.archive == archive, queries.scope.in_(scopes))
            .values(outcome=None, resume_key=None, lines=0)
        )


def pause(database: Database, archive: str, until: datetime) -> None:
    """Note until when nothing is to be asked of an archive; a later time that is noted stays. Raises CorpusError."""
    with database.writing() as connection:
        later = func.max if database.dialect == "sqlite" else func.greatest
        upsert(
            connection,
            ArchivePauseRow,
            [{"archive": archive, "until": until}],
            lambda new: {"until": later(new["until"], ArchivePauseRow.__table__.c.until)},
        )


def forget_lines(database: Database, is_erased: Callable[[str], bool]) -> int:
    """Delete the lines of URLs that were erased; returns their number. Raises CorpusError."""
    columns = ArchiveLineRow.__table__.c
    with database.writing() as connection:
        keys = {key for key, url in connection.execute(select(columns.url_key, columns.url)) if is_erased(url)}
        for key in keys:
            connection.execute(delete(ArchiveLineRow).where(columns.url_key == key))
    return len(keys)
