"""The article URLs that routes have discovered: written by crawler.crawl, compared with captures by `coverage`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.corpus.db.bulk import BulkWriter, in_keys, upsert
from storage.corpus.db.database import Database
from storage.corpus.db.sanitise import sanitise
from storage.corpus.db.tables import CaptureRow, DiscoveryRow, FailureRow, RevisionRow, SiteRow, shown_revision
from storage.corpus.write.identity import digest_key


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryClaim:
    """A URL with what the route's list says of it; the fields of `DiscoveryRow`."""

    url: str
    route: str
    day: date | None = None
    published: str | None = None
    lastmod: str | None = None
    via: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class DiscoverySummary:
    """A URL, its day of publication if known, the routes that discovered it, and the reason for not requesting it."""

    url: str
    day: date | None
    routes: tuple[str, ...]
    refused: str | None


def record_discoveries(database: Database, site: str, named: Sequence[DiscoveryClaim]) -> None:
    """Insert new URLs, update those that are known with their newest claims. Raises CorpusError."""
    now = datetime.now(UTC)
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for one in named:
        url = sanitise(one.url)
        claims = {"published": sanitise(one.published), "lastmod": sanitise(one.lastmod), "via": sanitise(one.via)}
        times = {"first_seen_at": now, "last_seen_at": now}
        facts = {"url_key": digest_key(url), "route": one.route, "site": site, "url": url, "day": one.day}
        rows[digest_key(url), one.route] = {**facts, **claims, "refused": one.refused, **times}
    with database.writing() as connection:
        BulkWriter(connection).insert_new(SiteRow, [{"name": site}])
        upsert(connection, DiscoveryRow, list(rows.values()), _newest_claims)


def _newest_claims(new: Any) -> Mapping[str, Any]:
    old = DiscoveryRow.__table__.c
    claims = {name: func.coalesce(new[name], old[name]) for name in ("day", "published", "lastmod", "via")}
    return {**claims, "refused": new["refused"], "last_seen_at": new["last_seen_at"]}


def discovered(
    database: Database, site: str, *, since: date | None = None, until: date | None = None
) -> Iterator[DiscoverySummary]:
    """The URLs that any route of the site has discovered, of days `since` to `until` and of unknown day.

    A URL's day is the earliest that a route claims for it, else the day of publication of the article behind it.
    """
    with database.reading() as connection:
        found: dict[int, tuple[str, date | None, list[str], str | None]] = {}
        columns = (DiscoveryRow.url_key, DiscoveryRow.url, DiscoveryRow.day, DiscoveryRow.route, DiscoveryRow.refused)
        where = DiscoveryRow.site == site
        for digest, url, day, route, refused in connection.execute(select(*columns).where(where)):
            _, known_day, routes, known_refused = found.get(digest, (url, None, [], None))
            earliest = min(filter(None, (day, known_day)), default=None)
            found[digest] = (url, earliest, [*routes, route], refused or known_refused)
        undated = [digest for digest, (_, day, _, _) in found.items() if day is None]
        days = _days_of(connection, undated)
    for digest, (url, day, routes, refused) in found.items():
        belongs = day or days.get(digest)
        if belongs is None or ((since is None or belongs >= since) and (until is None or belongs <= until)):
            yield DiscoverySummary(url, belongs, tuple(sorted(routes)), refused)


def _days_of(connection: Connection, digests: Iterable[int]) -> dict[int, date]:
    statement = select(CaptureRow.asked_key, RevisionRow.published_date).join(RevisionRow, shown_revision)
    statement = statement.where(in_keys(connection, CaptureRow.asked_key, digests))
    return {digest: day for digest, day in connection.execute(statement) if digest is not None and day is not None}


def last_failures(database: Database, site: str) -> dict[str, str]:
    """The reason of the last failed request, by URL of the site."""
    with database.reading() as connection:
        statement = select(FailureRow.url, FailureRow.reason).where(FailureRow.site == site).order_by(FailureRow.id)
        return {row.url: row.reason for row in connection.execute(statement)}
