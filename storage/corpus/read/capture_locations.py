"""Where the rows say that their records are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import Capture, WarcFile


@dataclass(frozen=True, slots=True)
class FileRow:
    """A WARC file as the corpus knows it; size and sha256 are None where it was not sealed by this collection."""

    name: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A capture's row: what must stand in the record at its offset."""

    offset: int
    length: int
    record_id: str
    url: str
    payload_digest: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A capture that has a row, and its record."""

    file: str
    offset: int
    record_id: str


def warc_file_rows(database: Database) -> list[FileRow]:
    """Every WARC file that rows point into, by name. Raises DatabaseProblem."""
    statement = select(WarcFile.name, WarcFile.size, WarcFile.sha256).order_by(WarcFile.name)
    with database.reading() as connection:
        return [FileRow(*row) for row in connection.execute(statement)]


def placed_in(database: Database, file: str) -> Mapping[tuple[int, str], Placed]:
    """The captures of a WARC file by offset and record id; empty for one that no row points into.

    Raises DatabaseProblem.
    """
    columns = (Capture.record_offset, Capture.length, Capture.record_id, Capture.url, Capture.payload_digest)
    statement = select(*columns).join(WarcFile, WarcFile.id == Capture.warc_file_id).where(WarcFile.name == file)
    with database.reading() as connection:
        return {(row.record_offset, row.record_id): Placed(*row) for row in connection.execute(statement)}


def judged_captures(database: Database) -> Iterator[Judged]:
    """Every capture in the order of files and offsets, without holding them in memory. Raises DatabaseProblem."""
    columns = (WarcFile.name, Capture.record_offset, Capture.record_id)
    statement = select(*columns).join(WarcFile)
    statement = statement.order_by(WarcFile.name, Capture.record_offset, Capture.record_id)
    with (
        database.reading() as connection,
        connection.execution_options(yield_per=1000).execute(statement) as rows,
    ):
        for row in rows:
            yield Judged(*row)
