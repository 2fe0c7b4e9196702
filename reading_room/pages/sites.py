"""The sites: what the collection holds of each, the health of one, and a calendar of what its routes knew and what
became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.operations.coverage import DayCoverage, SiteCoverage, site_coverage, total
from crawler.operations.health import Health
from crawler.operations.site_health import health_of_site
from crawler.operations.site_status import site_status
from crawler.registry import all_sites, site_named
from reading_room.charts.coverage import years
from reading_room.library import Library
from reading_room.pages.crawls import with_state
from reading_room.parameters import text_value
from reading_room.rendering import language_of, library_of, rendered
from reading_room.wording import Wording
from storage.corpus.read.crawls import crawls
from storage.corpus.read.queries import sites
from storage.corpus.read.schedules import schedules

#: Seconds for which coverage, health and counts stand: they read every capture of a site.
FRESH: Final = 300


@dataclass(frozen=True, slots=True)
class Gap:
    """A reason for which addresses are no article, and how many."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class ShownRoute:
    """What one route knew: the sum of all days, and a calendar a year, none where another route is looked at."""

    name: str
    total: DayCoverage
    calendars: Sequence[Markup]


@dataclass(frozen=True, slots=True)
class ShownCoverage:
    """The coverage of a site as it is shown: the sum of all days, a calendar a year, gaps by reason, and by route."""

    total: DayCoverage
    calendars: Sequence[Markup]
    gaps: Sequence[Gap]
    routes: Sequence[ShownRoute]


def shown_coverage(coverage: SiteCoverage, wording: Wording, routes: Collection[str]) -> ShownCoverage:
    """The calendars of a site, in the words of a language. routes: those whose own calendars are shown."""
    whole = total(coverage.days)
    gaps = [Gap(reason, count) for reason, count in (whole.refused + whole.not_asked).most_common()]
    by_route = [
        ShownRoute(name, total(days), years(days, wording) if name in routes else ())
        for name, days in coverage.routes.items()
    ]
    return ShownCoverage(whole, years(coverage.days, wording), gaps, by_route)


def sites_page(request: Request) -> Response:
    """`/sites`: the counts of every site."""
    library = library_of(request)
    return rendered(request, "sites.html", sites=status_of(library), fingerprint="")


def status_of(library: Library) -> list[dict[str, Any]]:
    """The counts of every site, a few minutes old at most."""
    locks = library.collection.locks
    return library.of_the_moment("status", lambda: site_status(library.database, locks), seconds=FRESH)


def site_page(request: Request) -> Response:
    """`/sites/<name>`; `?route=` shows the calendars of that route too."""
    library, name = library_of(request), site_in_path(request)
    coverage, route = coverage_of(library, name), text_value(request.query_params, "route")
    if route is not None and route not in coverage.routes:
        raise HTTPException(404, "there is no such route of this site")
    found = [with_state(library, one) for one in crawls(library.database, name, limit=20)]
    shown = shown_coverage(coverage, Wording(language_of(request)), [route] if route else [])
    values: dict[str, Any] = {"name": name, "crawls": found, "coverage": shown, "health": health_of(library, name)}
    return rendered(request, "site.html", **values)


def site_in_path(request: Request) -> str:
    """The site that the path names. Raises HTTPException (404)."""
    name: str = request.path_params["name"]
    if name not in sites(library_of(request).database):
        raise HTTPException(404, "there is no such site in this collection")
    return name


def coverage_of(library: Library, name: str) -> SiteCoverage:
    """The coverage of a site; empty for one without a definition."""
    if not _is_defined(name):
        return SiteCoverage()
    site = site_named(name)
    return library.of_the_moment(("coverage", name), lambda: site_coverage(library.database, site), seconds=FRESH)


def health_of(library: Library, name: str) -> Health | None:
    """The health of a site; None of one without a definition."""
    if not _is_defined(name):
        return None

    def read() -> Health:
        plan = next((row for row in schedules(library.database) if row["site"] == name), None)
        return health_of_site(library.database, library.collection.locks, name, plan=plan)

    return library.of_the_moment(("health", name), read, seconds=FRESH)


def _is_defined(name: str) -> bool:
    return any(site.name == name for site in all_sites())
