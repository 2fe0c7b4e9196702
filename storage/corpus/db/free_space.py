"""Has a database write its files again without what was deleted; called by `crawler.takedown` after an erasure."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.corpus.db.database import Database
from storage.corpus.db.tables import Base

#: Tables of Postgres that are no model, and hold words of texts.
_OTHERS = ("search_index",)


def overwrite_deleted(database: Database) -> list[str]:
    """Leave nothing of deleted rows in the files of the database. Returns what could not be done, a sentence each.

    On SQLite the search index is merged, the file is written again, and the log is emptied. On Postgres every table is
    written again (VACUUM FULL, which locks it meanwhile) and its statistics are made anew; the write-ahead log keeps
    old bytes until the server reuses or removes its files. Raises CorpusError.
    """
    with database.translated_errors(), database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return _on_sqlite(connection) if database.dialect == "sqlite" else _on_postgres(connection)


def _on_sqlite(connection: Connection) -> list[str]:
    raw = connection.connection.driver_connection
    assert raw is not None
    if raw.in_transaction:
        raw.execute("COMMIT")
    raw.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
    raw.execute("VACUUM")
    (is_busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        return ["another program reads the database, whose log still has old pages: end it, and run erase --resume"]
    return []


def _on_postgres(connection: Connection) -> list[str]:
    for table in (*Base.metadata.tables, *_OTHERS):
        connection.execute(text(f"VACUUM (FULL, ANALYZE) {table}"))
    left = []
    for statement, what in (
        ("VACUUM FULL pg_statistic", "old statistics hold samples of columns"),
        ("SELECT pg_switch_wal()", "the write-ahead log was not switched"),
        ("CHECKPOINT", "files that were dropped wait for the server's next checkpoint"),
    ):
        try:
            connection.execute(text(statement))
        except DBAPIError:
            left.append(f"{what}: a superuser must run {statement}")
    return left
