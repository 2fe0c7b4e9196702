"""Where the rows say that their records are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, WarcFileRow


@dataclass(frozen=True, slots=True)
class WarcFileFacts:
    """A WARC file as the corpus knows it; size and sha256 are None where it was not sealed by this collection."""

    name: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """A capture's row: what must stand in the record at its offset."""

    offset: int
    length: int
    record_id: str
    url: str
    payload_digest: str | None


@dataclass(frozen=True, slots=True)
class CaptureLocation:
    """A capture that has a row, and its record."""

    file: str
    offset: int
    record_id: str


def warc_files(database: Database) -> list[WarcFileFacts]:
    """Every WARC file that rows point into, by name. Raises CorpusError."""
    statement = select(WarcFileRow.name, WarcFileRow.size, WarcFileRow.sha256).order_by(WarcFileRow.name)
    with database.reading() as connection:
        return [WarcFileFacts(*row) for row in connection.execute(statement)]


def captures_in_file(database: Database, file: str) -> Mapping[tuple[int, str], CaptureFacts]:
    """The captures of a WARC file by offset and record id; empty for one that no row points into.

    Raises CorpusError.
    """
    columns = (
        CaptureRow.record_offset,
        CaptureRow.length,
        CaptureRow.record_id,
        CaptureRow.url,
        CaptureRow.payload_digest,
    )
    statement = (
        select(*columns).join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id).where(WarcFileRow.name == file)
    )
    with database.reading() as connection:
        return {(row.record_offset, row.record_id): CaptureFacts(*row) for row in connection.execute(statement)}


def capture_locations(database: Database) -> Iterator[CaptureLocation]:
    """Every capture in the order of files and offsets, without holding them in memory. Raises CorpusError."""
    columns = (WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    statement = select(*columns).join(WarcFileRow)
    statement = statement.order_by(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    with (
        database.reading() as connection,
        connection.execution_options(yield_per=1000).execute(statement) as rows,
    ):
        for row in rows:
            yield CaptureLocation(*row)
