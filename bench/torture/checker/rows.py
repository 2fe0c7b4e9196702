"""The rows of a corpus, read with plain SQL from SQLite or Postgres."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg


@contextmanager
def corpus(url: str) -> Iterator["Corpus"]:
    """The rows behind a database URL. Of SQLite a copy of the file and its log is read, so that nothing is changed."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        with tempfile.TemporaryDirectory() as folder:
            for name in (path.name, f"{path.name}-wal"):
                if (path.parent / name).exists():
                    shutil.copyfile(path.parent / name, Path(folder) / name)
            with closing(sqlite3.connect(Path(folder) / path.name)) as connection:
                yield Corpus(connection)
    else:
        with psycopg.connect(url) as connection:
            yield Corpus(connection)


class Corpus:
    """Answers SELECTs."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __call__(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    @property
    def has_tables(self) -> bool:
        """Whether there is a corpus at all."""
        try:
            return bool(self("SELECT version_num FROM alembic_version"))
        except (sqlite3.DatabaseError, psycopg.errors.UndefinedTable):
            return False

    def tables(self) -> list[tuple[Any, ...]]:
        """What tables and views there are."""
        if isinstance(self._connection, sqlite3.Connection):
            return self("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')")
        return self(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        )

    def texts(self) -> set[tuple[str, str]]:
        """Article and text of every revision."""
        return set(self("SELECT a.article_id, r.content_hash FROM revisions r JOIN articles a ON a.id = r.article"))  # type: ignore[arg-type]


CAPTURES = """
SELECT w.name, c.record_offset, c.length, c.record_id, c.record_type, c.url, c.payload_digest, c.outcome,
       c.article IS NOT NULL, c.site
FROM captures c JOIN warc_files w ON w.id = c.warc_file_id
"""
FILES = "SELECT name, size, sha256 FROM warc_files"
#: Statements that find nothing where the rows belong together, and what a row of each would mean.
CONSISTENCY = {
    "an article twice": "SELECT article_id FROM articles GROUP BY article_id HAVING count(*) > 1",
    "a text of an article twice": (
        "SELECT article, content_hash FROM revisions GROUP BY article, content_hash HAVING count(*) > 1"
    ),
    "a record twice": "SELECT record_id FROM captures GROUP BY warc_file_id, record_id HAVING count(*) > 1",
    "a WARC file twice": "SELECT name FROM warc_files GROUP BY name HAVING count(*) > 1",
    "revisions that are not counted from 1 on": (
        "SELECT a.article_id, a.revision_count, count(r.number), min(r.number), max(r.number) FROM articles a "
        "LEFT JOIN revisions r ON r.article = a.id GROUP BY a.id, a.article_id, a.revision_count "
        "HAVING a.revision_count <> count(r.number) OR max(r.number) <> count(r.number) OR min(r.number) <> 1"
    ),
    "a revision whose capture is of another text": (
        "SELECT r.id FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id "
        "WHERE c.id IS NULL OR c.article <> r.article OR c.content_hash <> r.content_hash"
    ),
    "a capture whose text has no revision": (
        "SELECT c.record_id FROM captures c LEFT JOIN revisions r "
        "ON r.article = c.article AND r.content_hash = c.content_hash WHERE c.outcome = 'article' AND r.id IS NULL"
    ),
    "a text not in the order of its captures": (
        "SELECT r.id FROM revisions r JOIN captures c ON c.article = r.article AND c.content_hash = r.content_hash "
        "GROUP BY r.id, r.first_captured_at, r.last_captured_at "
        "HAVING min(c.captured_at) <> r.first_captured_at OR max(c.captured_at) <> r.last_captured_at"
    ),
    "a change behind the end of the feed": (
        "SELECT article_id FROM articles WHERE change > (SELECT coalesce(max(position), 0) FROM feed)"
    ),
}
ARTICLES = """
SELECT a.canonical_url, a.site, r.headline, r.description, r.blocks
FROM articles a JOIN revisions r ON r.article = a.id AND r.number = a.revision_count
"""
