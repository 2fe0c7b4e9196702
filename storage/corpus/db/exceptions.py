"""What can be wrong with a database, in words that say what happened, where, and what to do.

DatabaseProblem
├── BadUrl            the URL names no database we know
├── DriverMissing     Postgres asked for, its driver not installed
├── Unreachable       no answer, no such database, no permission
├── Locked            another program holds it for too long
├── Collision         two writers were in each other's way; once more and it works
├── ReadOnly          it cannot be written
├── Full              no room on the disk
├── Corrupt           a damaged file, or none of ours
├── ForeignTables     tables of another program, none of ours
├── SchemaBehind      made by an older version of this program
├── SchemaNewer       made by a newer version of this program
└── Refused           anything else the database refuses
"""

import sqlite3

from sqlalchemy.exc import DBAPIError


class DatabaseProblem(Exception):
    """The message is for a person: what happened, in which database (password hidden), what to do."""


class BadUrl(DatabaseProblem):
    pass


class DriverMissing(DatabaseProblem):
    pass


class Unreachable(DatabaseProblem):
    pass


class Locked(DatabaseProblem):
    pass


class Collision(DatabaseProblem):
    pass


class ReadOnly(DatabaseProblem):
    pass


class Full(DatabaseProblem):
    pass


class Corrupt(DatabaseProblem):
    pass


class ForeignTables(DatabaseProblem):
    pass


class SchemaBehind(DatabaseProblem):
    pass


class SchemaNewer(DatabaseProblem):
    pass


class StatementRefused(DatabaseProblem):
    pass


#: What drivers say, what it means, and what to do; the first match counts. SQLSTATE classes stand in for Postgres'
#: messages, which the server translates.
_SIGNS: tuple[tuple[tuple[str, ...], type[DatabaseProblem], str, str], ...] = (
    (
        ("database is locked", "database table is locked", "55P03"),
        Locked,
        "is locked by another program",
        "let that program finish (for example another crawl) and try again",
    ),
    (
        ("40P01", "40001", "23505"),
        Collision,
        "undid a transaction that met another one",
        "try again",
    ),
    (
        ("readonly database", "read-only", "25006", "42501"),
        ReadOnly,
        "cannot be written",
        "check its permissions, and that the disk is not mounted read-only",
    ),
    (
        ("disk is full", "disk I/O error", "53100"),
        Full,
        "finds no room on its disk",
        "free some space and run the command again; what was captured is safe in the WARC files",
    ),
    (
        ("malformed", "not a database", "file is encrypted", "XX001", "XX002"),
        Corrupt,
        "is damaged or no database of ours",
        "move it away and run `emeroteca rebuild`: the rows can be made again from the WARC files",
    ),
    (
        ("unable to open database file",),
        Unreachable,
        "cannot be opened",
        "check that its folder exists and can be written",
    ),
)


def problem_of(error: Exception, where: str) -> DatabaseProblem:
    """The problem a driver's error stands for; `where` is the database's URL without its password."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = " ".join(str(cause).split())
    state = getattr(cause, "sqlstate", None)
    for signs, kind, what, advice in _SIGNS:
        if state in signs or any(sign in said for sign in signs):
            return kind(f"The database {where} {what} ({said}): {advice}.")
    if not isinstance(cause, sqlite3.Error) and (state is None or state[:2] in {"08", "28", "3D", "57"}):
        return Unreachable(
            f"The database {where} does not answer ({said}): check that it runs, and the host, user, password and "
            "name in --database or $EMEROTECA_DATABASE_URL."
        )
    return StatementRefused(f"The database {where} refused a statement ({said}): this is a bug, please report it.")
