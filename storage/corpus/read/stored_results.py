"""What the corpus says that captures gave: the other side of a comparison with what they give today."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from storage.corpus.db.among import among
from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, ReadingRow, RevisionRow, WarcFileRow
from storage.corpus.write.readings import shown_content
from storage.corpus.write.sighting import Place


@dataclass(frozen=True, slots=True)
class StoredResult:
    """outcome, reason: of the capture. article: as in its JSON, None where it gave none."""

    outcome: str
    reason: str | None
    article: dict[str, Any] | None


def stored_results(database: Database, places: Iterable[Place]) -> dict[Place, StoredResult]:
    """What captures gave, by file, offset and record id; those without a row are missing. Raises CorpusError."""
    of_article = (RevisionRow.article == CaptureRow.article) & (RevisionRow.content_hash == CaptureRow.content_hash)
    of_reading = (ReadingRow.article == CaptureRow.article) & (ReadingRow.id == CaptureRow.reading)
    statement = (
        select(
            *(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id),
            *(CaptureRow.outcome, CaptureRow.reason, CaptureRow.reading),
            *(RevisionRow.id, RevisionRow.reading.label("shown"), ReadingRow.data),
        )
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .outerjoin(RevisionRow, of_article)
        .outerjoin(ReadingRow, of_reading)
    )
    given: dict[Place, StoredResult] = {}
    with database.reading() as connection:
        rows = connection.execute(
            statement.where(among((WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id), places))
        ).all()
        shown = shown_content(connection, {row.id for row in rows if row.id and row.reading == row.shown})
        for row in rows:
            data = row.data or (shown.get(row.id) if row.reading == row.shown else None)
            article = data["article"] if data else None
            given[row.name, row.record_offset, row.record_id] = StoredResult(row.outcome, row.reason, article)
    return given
