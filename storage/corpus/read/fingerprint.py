"""One digest over the corpus: equal for equal corpora. Used by `status` and exports."""

import hashlib

from sqlalchemy import Connection, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, CaptureRow, RevisionRow, WarcFileRow


def fingerprint(database: Database) -> str:
    """64 hexadecimal digits over every revision with all its facts and the way to its bytes.

    The same for the same captures read by the same extractor: on both databases, in whatever order they were filled.
    Raises CorpusError.
    """
    with database.reading() as connection:
        return fingerprint_of(connection)


def fingerprint_of(connection: Connection) -> str:
    """`fingerprint` of what a connection sees.

    SHA-256 of one line a revision, sorted by article id and content hash: those two, number, first and last capture,
    reading, WARC file, offset, record id, payload digest; joined by tabs, `-` for null.
    """
    columns = (
        *(ArticleRow.article_id, RevisionRow.content_hash, RevisionRow.number),
        *(RevisionRow.first_captured_at, RevisionRow.last_captured_at, RevisionRow.reading),
        *(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id, CaptureRow.payload_digest),
    )
    statement = (
        select(*columns)
        .join(ArticleRow, ArticleRow.id == RevisionRow.article)
        .join(CaptureRow, CaptureRow.id == RevisionRow.capture_id)
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .order_by(ArticleRow.article_id, RevisionRow.content_hash)
    )
    digest = hashlib.sha256()
    with connection.execution_options(yield_per=1000).execute(statement) as rows:
        for id, hash, number, first, last, *rest in rows:
            values = (id, hash, number, first.isoformat(), last.isoformat(), *rest)
            digest.update(("\t".join("-" if value is None else str(value) for value in values) + "\n").encode())
    return digest.hexdigest()
