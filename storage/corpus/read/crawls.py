"""The crawls of a corpus and what came of each; for the reading room."""

from typing import Any

from sqlalchemy import Connection, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, CrawlRow, FailureRow

_COLUMNS = (CrawlRow.id, CrawlRow.site, CrawlRow.started_at, CrawlRow.finished_at, CrawlRow.outcome, CrawlRow.counts)


def crawls(database: Database, site: str | None = None, *, limit: int = 100) -> list[dict[str, Any]]:
    """The last crawls, of a site or of all, the newest first: `id, site, started_at, finished_at` (UTC), `outcome`
    (None while it runs or where it was cut off) and `counts`. Raises CorpusError."""
    statement = select(*_COLUMNS).order_by(CrawlRow.id.desc()).limit(limit)
    if site is not None:
        statement = statement.where(CrawlRow.site == site)
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def crawl(database: Database, number: int, *, examples: int = 3) -> dict[str, Any] | None:
    """A crawl as `crawls` has it, with `captures` by outcome, `bytes` of their records, `refusals` (`reason`, `count`,
    `urls`: the last examples) and `failures` likewise, as they are stored by now; None where there is none. Raises
    CorpusError."""
    with database.reading() as connection:
        found = connection.execute(select(*_COLUMNS).where(CrawlRow.id == number)).mappings().first()
        if found is None:
            return None
        captured = CaptureRow.crawl_id == number
        counted = select(CaptureRow.outcome, func.count(), func.sum(CaptureRow.length)).where(captured)
        rows = connection.execute(counted.group_by(CaptureRow.outcome).order_by(CaptureRow.outcome)).all()
        return {
            **found,
            "captures": {outcome: count for outcome, count, _ in rows},
            "bytes": sum(int(size or 0) for *_, size in rows),
            "refusals": _reasons(connection, CaptureRow, captured & CaptureRow.reason.is_not(None), examples),
            "failures": _reasons(connection, FailureRow, FailureRow.crawl_id == number, examples),
        }


def _reasons(
    connection: Connection, table: type[CaptureRow] | type[FailureRow], condition: Any, examples: int
) -> list[dict[str, Any]]:
    """The reasons with their numbers and last URLs, the most frequent first."""
    counted = select(table.reason, func.count().label("n")).where(condition).group_by(table.reason)
    found = []
    for reason, count in connection.execute(counted.order_by(func.count().desc(), table.reason)).all():
        last = select(table.url).where(condition, table.reason == reason).order_by(table.id.desc()).limit(examples)
        found.append({"reason": reason, "count": count, "urls": list(connection.scalars(last))})
    return found
