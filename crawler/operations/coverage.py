"""Coverage: the article URLs that each route knew of a day, and the outcome of each. Called by `coverage`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crawler.site import Site
from storage.corpus.db.database import Database
from storage.corpus.read.discoveries import discovered, last_failures
from storage.corpus.write.store import LastCapture, Store


@dataclass(slots=True)
class DayCoverage:
    """One day of a site; `day` None for URLs without a known day.

    `routes`: how many URLs each route knew. `known`: URLs in all. Each of them is in one of: `extracted`, `moved` (it
    redirects), `refused` (captured, but no article; by reason), `not_asked` (given up without an answer, or a trap; by
    reason), `missing`. `missing_urls` are those last.
    """

    day: date | None
    routes: Counter[str] = field(default_factory=Counter)
    known: int = 0
    extracted: int = 0
    moved: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    not_asked: Counter[str] = field(default_factory=Counter)
    missing_urls: list[str] = field(default_factory=list)

    @property
    def captured(self) -> int:
        return self.extracted + self.moved + self.refused.total()

    @property
    def missing(self) -> int:
        return len(self.missing_urls)

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat() if self.day else None,
            "routes": dict(sorted(self.routes.items())),
            "known": self.known,
            "captured": self.captured,
            "extracted": self.extracted,
            "moved": self.moved,
            "refused": dict(self.refused),
            "not_asked": dict(self.not_asked),
            "missing": self.missing,
            "missing_urls": self.missing_urls,
        }


@dataclass(slots=True)
class SiteCoverage:
    """The days of a site of which any route knew an article, in order, the undated last; and by route the same of what
    that route knew."""

    days: list[DayCoverage] = field(default_factory=list)
    routes: dict[str, list[DayCoverage]] = field(default_factory=dict)


def coverage(
    database: Database, site: Site, *, since: date | None = None, until: date | None = None
) -> list[DayCoverage]:
    """The days of `site_coverage`. Raises CorpusError."""
    return site_coverage(database, site, since=since, until=until).days


def site_coverage(
    database: Database, site: Site, *, since: date | None = None, until: date | None = None
) -> SiteCoverage:
    """What the routes of a site knew of the days, and what became of it. Raises CorpusError."""
    known = list(discovered(database, site.name, since=since, until=until))
    seen = Store(database).last_captures(one.url for one in known)
    failed = {_canonical(site, url): reason for url, reason in last_failures(database, site.name).items()}
    days: dict[date | None, DayCoverage] = {}
    routes: dict[str, dict[date | None, DayCoverage]] = {}
    for one in known:
        given_up = one.refused or failed.get(one.url)
        for known_days in (days, *(routes.setdefault(route, {}) for route in one.routes)):
            day = known_days.setdefault(one.day, DayCoverage(one.day))
            day.known += 1
            day.routes.update(one.routes)
            _place(day, one.url, seen.get(one.url), given_up)
    return SiteCoverage(_in_order(days), {route: _in_order(found) for route, found in sorted(routes.items())})


def _in_order(days: dict[date | None, DayCoverage]) -> list[DayCoverage]:
    return sorted(days.values(), key=lambda day: (day.day is None, day.day or date.min))


def _place(day: DayCoverage, url: str, seen: LastCapture | None, given_up: str | None) -> None:
    led_nowhere = seen is None or seen.outcome == "redirect"
    if led_nowhere and given_up is not None:
        day.not_asked[given_up] += 1
    elif seen is None:
        day.missing_urls.append(url)
    elif seen.outcome == "redirect":
        day.moved += 1
    elif seen.reason is not None:
        day.refused[seen.reason] += 1
    else:
        day.extracted += 1


def total(days: Iterable[DayCoverage]) -> DayCoverage:
    """All of the days in one."""
    whole = DayCoverage(None)
    for day in days:
        for name in ("routes", "known", "extracted", "moved", "refused", "not_asked", "missing_urls"):
            setattr(whole, name, getattr(whole, name) + getattr(day, name))
    return whole


def _canonical(site: Site, url: str) -> str:
    article = site.article_url(url)
    return article.canonical_url if article else url


def covered_shares(database: Database, sites: Iterable[Site]) -> dict[date, float]:
    """Of each day of which a route of the sites knew articles, the share of them that has become an article or leads to
    one, from 0 to 1. Raises CorpusError."""
    known: Counter[date] = Counter()
    covered: Counter[date] = Counter()
    for site in sites:
        for day in coverage(database, site):
            if day.day is not None:
                known[day.day] += day.known
                covered[day.day] += day.extracted + day.moved
    return {day: covered[day] / count for day, count in known.items() if count}
