"""What the corpus says that captures gave: the other side of a comparison with what they give today."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from storage.corpus.db.among import among
from storage.corpus.db.database import Database
from storage.corpus.db.tables import Capture, Reading, Revision, WarcFile
from storage.corpus.write.readings import shown_content
from storage.corpus.write.sighting import Place


@dataclass(frozen=True, slots=True)
class Given:
    """outcome, reason: of the capture. article: as in its JSON, None where it gave none."""

    outcome: str
    reason: str | None
    article: dict[str, Any] | None


def given_by(database: Database, places: Iterable[Place]) -> dict[Place, Given]:
    """What captures gave, by file, offset and record id; those without a row are missing. Raises DatabaseProblem."""
    of_article = (Revision.article == Capture.article) & (Revision.content_hash == Capture.content_hash)
    of_reading = (Reading.article == Capture.article) & (Reading.id == Capture.reading)
    statement = (
        select(
            *(WarcFile.name, Capture.record_offset, Capture.record_id),
            *(Capture.outcome, Capture.reason, Capture.reading),
            *(Revision.id, Revision.reading.label("shown"), Reading.data),
        )
        .join(WarcFile, WarcFile.id == Capture.warc_file_id)
        .outerjoin(Revision, of_article)
        .outerjoin(Reading, of_reading)
    )
    given: dict[Place, Given] = {}
    with database.reading() as connection:
        rows = connection.execute(
            statement.where(among((WarcFile.name, Capture.record_offset, Capture.record_id), places))
        ).all()
        shown = shown_content(connection, {row.id for row in rows if row.id and row.reading == row.shown})
        for row in rows:
            data = row.data or (shown.get(row.id) if row.reading == row.shown else None)
            article = data["article"] if data else None
            given[row.name, row.record_offset, row.record_id] = Given(row.outcome, row.reason, article)
    return given
