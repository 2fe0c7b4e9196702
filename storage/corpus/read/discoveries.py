"""What routes have named: the second list that a collection is held against, besides its captures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.corpus.db.among import among
from storage.corpus.db.database import Database
from storage.corpus.db.sanitise import clean
from storage.corpus.db.tables import Base, CaptureRow, FailureRow, RevisionRow, SiteRow
from storage.corpus.db.types import Ordered
from storage.corpus.db.upsert import chunks, insert_new, insert_or_update
from storage.corpus.write.identity import key


class DiscoveryRow(Base):
    """An article URL that a route of a site has named. One row a URL and route, however often it is named.

    `url` is canonical, `url_key` its 63-bit digest, as `captures.asked_key`. `day` is the local day of publication
    that the URL or the list claims; `published` and `lastmod` are the list's own claims, ISO 8601; `via` is the list.
    `refused` names why it is not asked for at all (a trap); null where it may be.
    """

    __tablename__ = "discoveries"
    __table_args__ = (Index("ix_discoveries_site_day", "site", "day"),)

    url_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    route: Mapped[str] = mapped_column(Ordered, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.name"))
    url: Mapped[str]
    day: Mapped[date | None]
    published: Mapped[str | None]
    lastmod: Mapped[str | None]
    via: Mapped[str | None]
    refused: Mapped[str | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryClaim:
    """A URL as a route names it now; the fields of `DiscoveryRow`."""

    url: str
    route: str
    day: date | None = None
    published: str | None = None
    lastmod: str | None = None
    via: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class DiscoveredUrl:
    """A URL, the day it belongs to as far as anybody knows, the routes that named it, and why it is not asked for."""

    url: str
    day: date | None
    routes: tuple[str, ...]
    refused: str | None


def record_discoveries(database: Database, site: str, named: Sequence[DiscoveryClaim]) -> None:
    """Keep what a list named: new URLs become rows, known ones get their newest claims. Raises CorpusError."""
    now = datetime.now(UTC)
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for one in named:
        url = clean(one.url)
        claims = {"published": clean(one.published), "lastmod": clean(one.lastmod), "via": clean(one.via)}
        times = {"first_seen_at": now, "last_seen_at": now}
        facts = {"url_key": key(url), "route": one.route, "site": site, "url": url, "day": one.day}
        rows[key(url), one.route] = {**facts, **claims, "refused": one.refused, **times}
    with database.writing() as connection:
        insert_new(connection, SiteRow, [{"name": site}])
        for chunk in chunks(rows.values()):
            insert_or_update(
                connection,
                DiscoveryRow,
                chunk,
                key=["url_key", "route"],
                update=_again,
                returning=[DiscoveryRow.url_key],
            )


def _again(new: ReadOnlyColumnCollection[str, Any]) -> Mapping[str, Any]:
    old = DiscoveryRow.__table__.c
    claims = ("day", "published", "lastmod", "via")
    kept = {name: func.coalesce(new[name], old[name]) for name in claims}
    return {**kept, "refused": new["refused"], "last_seen_at": new["last_seen_at"]}


def discovered(
    database: Database, site: str, *, since: date | None = None, until: date | None = None
) -> Iterator[DiscoveredUrl]:
    """The URLs that any route of the site has named, for days `since` to `until` and of no known day.

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
            yield DiscoveredUrl(url, belongs, tuple(sorted(routes)), refused)


def _days_of(connection: Connection, digests: Iterable[int]) -> dict[int, date]:
    same = (RevisionRow.article == CaptureRow.article) & (RevisionRow.content_hash == CaptureRow.content_hash)
    statement = select(CaptureRow.asked_key, RevisionRow.published_date).join(RevisionRow, same)
    days: dict[int, date] = {}
    where = among(CaptureRow.asked_key, digests) & RevisionRow.published_date.is_not(None)
    for digest, day in connection.execute(statement.where(where)):
        if digest is not None and day is not None:
            days[digest] = day
    return days


def last_failures(database: Database, site: str) -> dict[str, str]:
    """Of each URL of the site that was given up without an answer: the reason of the last time."""
    with database.reading() as connection:
        statement = select(FailureRow.url, FailureRow.reason).where(FailureRow.site == site).order_by(FailureRow.id)
        return {row.url: row.reason for row in connection.execute(statement)}
