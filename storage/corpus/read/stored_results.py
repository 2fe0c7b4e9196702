"""The stored result of each capture, compared by `rebuild --diff` and `verify` with the result of today's extractor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from storage.corpus.db.bulk import in_keys
from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, ReadingRow, RevisionRow, WarcFileRow, shown_revision
from storage.corpus.write.capture_result import RecordKey
from storage.corpus.write.extraction_results import shown_results


@dataclass(frozen=True, slots=True)
class StoredResult:
    """outcome, reason: the capture's. article: its JSON form, None for a capture without an article."""

    outcome: str
    reason: str | None
    article: dict[str, Any] | None


def stored_results(database: Database, keys: Iterable[RecordKey]) -> dict[RecordKey, StoredResult]:
    """The results of captures by record key; captures without a row are missing. Raises CorpusError."""
    columns = (WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    with database.reading() as connection:
        return stored_results_where(connection, in_keys(connection, columns, keys))


def stored_results_where(connection: Connection, condition: ColumnElement[bool]) -> dict[RecordKey, StoredResult]:
    """The results of the captures for which a condition holds, by record key."""
    reading = (ReadingRow.article == CaptureRow.article) & (ReadingRow.id == CaptureRow.reading)
    statement = (
        select(
            *(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id),
            *(CaptureRow.outcome, CaptureRow.reason, CaptureRow.reading),
            *(RevisionRow.id, RevisionRow.reading.label("shown"), ReadingRow.data),
        )
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .outerjoin(RevisionRow, shown_revision)
        .outerjoin(ReadingRow, reading)
        .where(condition)
    )
    rows = connection.execute(statement).all()
    shown = shown_results(connection, {row.id for row in rows if row.id and row.reading == row.shown})
    results: dict[RecordKey, StoredResult] = {}
    for row in rows:
        data = row.data or (shown.get(row.id) if row.reading == row.shown else None)
        article = data["article"] if data else None
        results[row.name, row.record_offset, row.record_id] = StoredResult(row.outcome, row.reason, article)
    return results
