"""Which captures an extractor has judged already: where a rebuild need not go again."""

from dataclasses import dataclass

from sqlalchemy import select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, WarcFileRow


@dataclass(frozen=True, slots=True)
class ProcessedCapture:
    """A capture that has its row. length: its record's bytes in the file, 0 where it shares them. site: None where its
    host was unknown."""

    length: int
    url: str
    site: str | None
    outcome: str


def processed_captures(
    database: Database, file: str, extractor: str | None = None, start: int = 0, end: int | None = None
) -> dict[tuple[int, str], ProcessedCapture]:
    """The captures with rows whose records begin in bytes `start` to `end` of a WARC file, by offset and record id.

    extractor: only those that this one judged. Raises CorpusError.
    """
    columns = (
        CaptureRow.record_offset,
        CaptureRow.record_id,
        CaptureRow.length,
        CaptureRow.url,
        CaptureRow.site,
        CaptureRow.outcome,
    )
    statement = (
        select(*columns).join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id).where(WarcFileRow.name == file)
    )
    statement = statement.where(CaptureRow.record_offset >= start)
    if end is not None:
        statement = statement.where(CaptureRow.record_offset < end)
    if extractor is not None:
        statement = statement.where(CaptureRow.extractor == extractor)
    with database.reading() as connection:
        return {
            (row.record_offset, row.record_id): ProcessedCapture(row.length, row.url, row.site, row.outcome)
            for row in connection.execute(statement)
        }
