"""The corpus for other programs: JSON lines, CSV, Parquet or plain text, sorted by article id, at flat memory.

JSON lines have an article as `extract` gives it, times with the page's offset; CSV and Parquet are tables, whose times
are instants in UTC with the page's own form in a column beside them.

The bytes depend on the captures alone, not on the database nor on the order in which it was filled. An export after a
cursor is the change feed: what has changed since, once, and the next cursor.
"""

import csv
import io
import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from sqlalchemy import Connection, Select, false, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow
from storage.corpus.db.view import CORPUS, article_json
from storage.corpus.export.datapackage import describe
from storage.corpus.export.destination import BytesWriter, HashingWriter, compressed, write_target
from storage.corpus.export.parquet import write_parquet
from storage.corpus.read.fingerprint import fingerprint_of
from storage.corpus.read.rights import RobotsHistory
from storage.corpus.search.filters import Matching
from storage.corpus.search.query import is_findable, parse
from storage.corpus.search.saved_query import SavedQuery
from storage.corpus.write import change_feed
from storage.corpus.write.change_feed import Cursor
from storage.exceptions import InvalidCursor

#: Rows fetched at a time: what bounds the memory.
_FETCHED = 100

#: What a spreadsheet takes for a formula; and what would be taken for a text that is marked as none.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

Form = Literal["jsonl", "csv", "parquet", "txt"]
NAMES = tuple(CORPUS.c.keys())


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which articles: `since` and `until` are days of `published_date`, inclusive (articles without a day are in only
    without them); `after` is the cursor of an earlier export; of `rights`, reservations of `storage.rights`, articles
    are left out that had any when they were captured; `found_by`: only what this search finds."""

    site: str | None = None
    since: date | None = None
    until: date | None = None
    after: Cursor | None = None
    rights: frozenset[str] = frozenset()
    found_by: SavedQuery | None = None

    def of(self, statement: Select[Any], site: Any) -> Select[Any]:
        if self.site is not None:
            statement = statement.where(site == self.site)
        if self.after is not None:
            statement = statement.where(ArticleRow.change > self.after.position)
        return statement

    def statement(self, connection: Connection) -> Select[Any]:
        statement = select(CORPUS)
        if self.found_by is not None:
            parts = parse(self.found_by.query)
            found = Matching(connection, parts, self.found_by.chosen).article_ids().subquery("found")
            statement = statement.join(found, found.c.article_id == CORPUS.c.article_id)
            if not is_findable(self.found_by.query, parts):
                statement = statement.where(false())
        if self.after is not None:
            statement = statement.join(ArticleRow, ArticleRow.article_id == CORPUS.c.article_id)
        if self.since is not None:
            statement = statement.where(CORPUS.c.published_date >= self.since)
        if self.until is not None:
            statement = statement.where(CORPUS.c.published_date <= self.until)
        return self.of(statement, CORPUS.c.site).order_by(CORPUS.c.article_id)


@dataclass(frozen=True, slots=True)
class ExportResult:
    """How many articles were written, how many of the feed are gone, and the cursor for the next export."""

    articles: int
    gone: int
    cursor: Cursor


def export(
    database: Database, out: BytesWriter, form: Form = "jsonl", chosen: ExportFilter | None = None
) -> ExportResult:
    """Write articles to `out`. Of one state of the database, with everything up to the cursor in it.

    After a cursor, JSON lines also tell of articles that are gone or withheld, at the end:
    `{"article_id": ..., "gone": true}`. Raises CorpusError, DependencyMissing, InvalidCursor.
    """
    with database.reading() as connection:
        return _export(connection, out, form, chosen or ExportFilter())


def _export(connection: Connection, out: BytesWriter, form: Form, chosen: ExportFilter) -> ExportResult:
    cursor = change_feed.newest_cursor(connection)
    if chosen.after is not None:
        change_feed.check_cursor(chosen.after, cursor)
    gone = _gone(connection, chosen) if chosen.after is not None else []
    reserved: list[str] = []
    with closing(records(connection, chosen, reserved)) as found:
        if form == "parquet":
            count = write_parquet(found, NAMES, out)
        elif form == "csv":
            count = _write_csv(found, out)
        else:
            count = (_write_texts if form == "txt" else _write_lines)(map(article_json, found), out)
    if chosen.after is not None:
        gone = sorted({*gone, *reserved})
    if form == "jsonl":
        _write_lines(({"article_id": id, "gone": True} for id in gone), out)
    return ExportResult(count, len(gone), cursor)


def _gone(connection: Connection, chosen: ExportFilter) -> list[str]:
    is_gone = (ArticleRow.revision_count == 0) | ArticleRow.withheld.is_not(None)
    statement = select(ArticleRow.article_id).where(is_gone).order_by(ArticleRow.article_id)
    return list(connection.scalars(chosen.of(statement, ArticleRow.site)))


def records(
    connection: Connection, chosen: ExportFilter, reserved: list[str] | None = None
) -> Generator[dict[str, Any]]:
    """The rows of the view `corpus`, in the order of article ids, at flat memory. reserved: gets the ids of articles
    that are left out for their rights.
    """
    history = RobotsHistory(connection) if chosen.rights else None
    with connection.execution_options(yield_per=_FETCHED).execute(chosen.statement(connection)) as rows:
        for row in rows:
            record = dict(zip(NAMES, row, strict=True))
            if history is None or history.reserved(record).isdisjoint(chosen.rights):
                yield record
            elif reserved is not None:
                reserved.append(record["article_id"])


def _write_lines(found: Iterable[Mapping[str, Any]], out: BytesWriter) -> int:
    count = 0
    for record in found:
        out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _write_texts(found: Iterable[Mapping[str, Any]], out: BytesWriter) -> int:
    """For programs that read plain text: headline, a line of facts, lede and body of each article; a form feed ends
    it."""
    count = 0
    for record in found:
        facts = (record[name] for name in ("published_date", "site", "canonical_url", "article_id"))
        parts = (record["headline"], "  ".join(filter(None, facts)), record["description"], record["body"])
        out.write(("\n\n".join(filter(None, parts)) + "\n\f\n").encode())
        count += 1
    return count


def _write_csv(found: Iterable[Mapping[str, Any]], out: BytesWriter) -> int:
    """UTF-8, a head line, lists as JSON, instants of one width, nothing for null; an apostrophe before what a
    spreadsheet would run as a formula."""
    count = 0
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(NAMES)
    for record in found:
        writer.writerow(_cells(record))
        out.write(line.getvalue().encode())
        line.seek(0)
        line.truncate()
        count += 1
    out.write(line.getvalue().encode())
    return count


def _cells(record: Mapping[str, Any]) -> Iterator[Any]:
    for value in record.values():
        if isinstance(value, str):
            yield f"'{value}" if _FORMULA.match(value) else value
        elif isinstance(value, list):
            yield json.dumps(value, ensure_ascii=False)
        else:
            yield value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def write_export(
    database: Database, target: str, form: Form = "jsonl", chosen: ExportFilter | None = None
) -> ExportResult:
    """`export` to a path or a URL, gzipped or as zstd where the name ends so, with a datapackage.json beside it.

    A piece of the change feed never replaces a file: `{cursor}` in the target becomes the positions from and to which
    it goes and the feed's name, and where nothing has changed since the cursor no file is written. Raises CorpusError,
    OSError, DependencyMissing, ExportError; the file is then what it was before.
    """
    chosen = chosen or ExportFilter()
    with database.reading() as connection:
        if chosen.after is not None:
            newest = change_feed.newest_cursor(connection)
            change_feed.check_cursor(chosen.after, newest)
            if newest.position == chosen.after.position:
                return ExportResult(0, 0, newest)
            target = target.replace("{cursor}", f"{chosen.after.position}-{newest}")
        with write_target(target, replace=chosen.after is None) as file:
            counted = HashingWriter(file)
            with compressed(counted, target) as out:
                exported = _export(connection, out, form, chosen)
        facts = {"bytes": counted.size, "hash": f"sha256:{counted.sha256}", "cursor": str(exported.cursor)}
        describe(target, form, exported.articles, facts | {"corpus_fingerprint": fingerprint_of(connection)})
    return exported


def export_jsonl(
    database: Database,
    out: BinaryIO,
    *,
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """`export` of JSON lines; how many articles."""
    return export(database, out, "jsonl", ExportFilter(site, since, until)).articles


def read_cursor(path: Path) -> Cursor | None:
    """The cursor a file holds; None where there is no file. Raises InvalidCursor."""
    if not path.exists():
        return None
    try:
        return Cursor.of(path.read_text(encoding="utf-8", errors="replace"))
    except InvalidCursor as problem:
        raise InvalidCursor(f"{path}: {problem}, or remove the file") from problem
