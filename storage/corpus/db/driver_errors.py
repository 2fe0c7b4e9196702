"""Translates errors of the drivers, sqlite3 and psycopg, to CorpusError; called by storage.corpus.db.database."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from storage.exceptions import (
    CorpusCorrupt,
    CorpusError,
    CorpusFull,
    CorpusLocked,
    CorpusReadOnly,
    CorpusUnreachable,
    QueryTimeout,
    StatementRefused,
    WriteConflict,
)

#: Parts of a driver's message or SQLSTATEs (Postgres translates its messages), the error, what happened, what to do.
#: The first match counts.
_SIGNS: tuple[tuple[tuple[str, ...], type[CorpusError], str, str], ...] = (
    (
        ("database is locked", "database table is locked", "55P03"),
        CorpusLocked,
        "is locked by another program",
        "let that program finish (for example another crawl) and try again",
    ),
    (
        ("40P01", "40001", "23505"),
        WriteConflict,
        "undid a transaction that met another one",
        "try again",
    ),
    (
        ("interrupted", "57014"),
        QueryTimeout,
        "took too long to answer",
        "ask for less, such as fewer days or one site",
    ),
    (
        ("readonly database", "read-only", "25006", "42501"),
        CorpusReadOnly,
        "cannot be written",
        "check its permissions, and that the disk is not mounted read-only",
    ),
    (
        ("disk is full", "disk I/O error", "53100"),
        CorpusFull,
        "finds no room on its disk",
        "free some space and run the command again; what was captured is safe in the WARC files",
    ),
    (
        ("malformed", "not a database", "file is encrypted", "XX001", "XX002"),
        CorpusCorrupt,
        "is damaged or no database of ours",
        "move it away and run `emeroteca rebuild`: the rows can be made again from the WARC files",
    ),
    (
        ("unable to open database file",),
        CorpusUnreachable,
        "cannot be opened",
        "check that its folder exists and can be written",
    ),
)


def corpus_error(error: Exception, where: str) -> CorpusError:
    """The error to raise for a driver's; where: the database's URL without its password."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = " ".join(str(cause).split())
    state = getattr(cause, "sqlstate", None)
    for signs, kind, what, advice in _SIGNS:
        if state in signs or any(sign in said for sign in signs):
            return kind(f"The database {where} {what} ({said}): {advice}.")
    if not isinstance(cause, sqlite3.Error) and (state is None or state[:2] in {"08", "28", "3D", "57"}):
        return CorpusUnreachable(
            f"The database {where} does not answer ({said}): check that it runs, and the host, user, password and "
            "name in --database or $EMEROTECA_DATABASE_URL."
        )
    return StatementRefused(f"The database {where} refused a statement ({said}): this is a bug, please report it.")
