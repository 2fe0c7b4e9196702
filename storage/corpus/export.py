"""The corpus for other programs: one JSON object a line, sorted by article id.

The bytes depend on the captures alone, not on the database nor on the order in which it was filled.
"""

import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Select, select

from storage.corpus.database import Database
from storage.corpus.view import CORPUS

#: Rows fetched at a time: what bounds the memory.
_FETCHED = 100


def export_jsonl(
    database: Database,
    out: BinaryIO,
    *,
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Write the articles to `out`, UTF-8, a line each; returns how many.

    `since` and `until` are days of `published_date`, inclusive; articles without a day are in only without them.
    Raises DatabaseProblem.
    """
    count = 0
    with (
        database.reading() as connection,
        closing(records(connection, site=site, since=since, until=until)) as found,
    ):
        for record in found:
            out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def records(
    connection: Connection, *, site: str | None = None, since: date | None = None, until: date | None = None
) -> Generator[dict[str, Any]]:
    """The rows of the view `corpus` as JSON objects, in the order of article ids, at flat memory."""
    statement = chosen(site=site, since=since, until=until).order_by(CORPUS.c.article_id)
    with connection.execution_options(yield_per=_FETCHED).execute(statement) as rows:
        for row in rows.mappings():
            yield {name: _plain(value) for name, value in row.items()}


def chosen(*, site: str | None = None, since: date | None = None, until: date | None = None) -> Select[Any]:
    """The articles of a site and of days."""
    statement = select(CORPUS)
    if site is not None:
        statement = statement.where(CORPUS.c.site == site)
    if since is not None:
        statement = statement.where(CORPUS.c.published_date >= since)
    if until is not None:
        statement = statement.where(CORPUS.c.published_date <= until)
    return statement


def _plain(value: Any) -> Any:
    """A moment or a day as ISO 8601; the rest is JSON already."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def write_export(
    database: Database,
    path: Path,
    *,
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """`export_jsonl` to a file. Raises DatabaseProblem, OSError; the file is then what it was before."""
    with whole_file(path) as out:
        return export_jsonl(database, out, site=site, since=since, until=until)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name whole or not at all: written beside it, synced, then renamed."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
