"""The captures of an article's URLs, whatever became of each; for the reading room."""

from typing import Any, Final

from sqlalchemy import String, bindparam, or_, select, union

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


_NAME: Final = bindparam("article_id", type_=String)
_IS_SHOWN: Final = (ArticleRow.article_id == _NAME) & ArticleRow.withheld.is_(None)
#: The row id of an article with each key of its URLs.
_KEYS: Final = union(
    select(ArticleRow.id, CaptureRow.asked_key).join(CaptureRow, CaptureRow.article == ArticleRow.id).where(_IS_SHOWN),
    select(ArticleRow.id, RevisionRow.canonical_key)
    .join(RevisionRow, RevisionRow.article == ArticleRow.id)
    .where(_IS_SHOWN),
)
_HAS_KEY: Final = CaptureRow.asked_key.in_(bindparam("keys", expanding=True))
_NEWEST: Final = (
    select(*_FACTS)
    .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
    .outerjoin(RevisionRow, shown_revision)
    .where(or_(CaptureRow.article == bindparam("id"), CaptureRow.article.is_(None) & _HAS_KEY))
    .order_by(CaptureRow.captured_at.desc(), WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    .limit(bindparam("most"))
)


def url_captures(database: Database, article_id: str, *, most: int = MOST) -> list[dict[str, Any]]:
    """The captures that show an article, and those of its URLs that show none (refused, redirected), in the order of
    their times; of more than `most` the newest. `source` is None for the site itself, `revision` where the capture
    shows a text without a number. None of an article that is withheld. Raises CorpusError."""
    with database.reading() as connection:
        found = connection.execute(_KEYS, {"article_id": article_id}).all()
        if not found:
            return []
        keys = [key for _, key in found if key is not None]
        rows = connection.execute(_NEWEST, {"id": found[0].id, "keys": keys, "most": most}).mappings()
        return [dict(row) for row in rows][::-1]
