"""The captures of an article's URLs, whatever became of each; for the reading room."""

from typing import Any, Final

from sqlalchemy import or_, select

from storage.corpus.db.bulk import in_keys
from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, CaptureRow, RevisionRow, WarcFileRow, shown_revision

#: Captures that are listed, the newest.
MOST: Final = 2000

_FACTS: Final = (
    *(CaptureRow.captured_at, CaptureRow.url, CaptureRow.outcome, CaptureRow.reason, CaptureRow.http_status),
    *(CaptureRow.source, CaptureRow.agreement, CaptureRow.extractor, CaptureRow.fidelity, CaptureRow.payload_digest),
    RevisionRow.number.label("revision"),
    *(WarcFileRow.name.label("warc_file"), CaptureRow.record_offset.label("warc_offset"), CaptureRow.length),
    CaptureRow.record_id.label("warc_record_id"),
)


def url_captures(database: Database, article_id: str, *, most: int = MOST) -> list[dict[str, Any]]:
    """The captures that show an article, and those of its URLs that show none (refused, redirected), in the order of
    their times; of more than `most` the newest. `source` is None for the site itself, `revision` where the capture
    shows a text without a number. None of an article that is withheld. Raises CorpusError."""
    article = select(ArticleRow.id).where(ArticleRow.article_id == article_id, ArticleRow.withheld.is_(None))
    with database.reading() as connection:
        id = connection.scalar(article)
        if id is None:
            return []
        asked = select(CaptureRow.asked_key).where(CaptureRow.article == id).distinct()
        named = select(RevisionRow.canonical_key).where(RevisionRow.article == id).distinct()
        keys = {*connection.scalars(asked), *connection.scalars(named)} - {None}
        without_article = CaptureRow.article.is_(None) & in_keys(connection, CaptureRow.asked_key, keys)
        statement = (
            select(*_FACTS)
            .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
            .outerjoin(RevisionRow, shown_revision)
            .where(or_(CaptureRow.article == id, without_article))
            .order_by(CaptureRow.captured_at.desc(), WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
            .limit(most)
        )
        return [dict(row) for row in connection.execute(statement).mappings()][::-1]
