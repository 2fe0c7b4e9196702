"""All sites with their scenario: the state served by the proxy and changed by the control interface."""

from collections.abc import Iterator
from typing import Any, Protocol

from newsstand.alanews.site import Alanews
from newsstand.archives.common_crawl import CommonCrawl
from newsstand.archives.holdings import Holdings
from newsstand.archives.wayback import Wayback
from newsstand.message import Request, Response
from newsstand.papers.almina import Almina
from newsstand.papers.deichbote import Deichbote
from newsstand.papers.gazette import Gazette
from newsstand.scenario import LAST_STEP
from newsstand.sputnik.site import Sputnik

SMALLEST, LARGEST = 10, 100_000


class Site(Protocol):
    """A site: responses for its hosts and ground truth of its articles, at a step of the clock."""

    name: str
    hosts: tuple[str, ...]

    def respond(self, request: Request, clock: int) -> Response: ...

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]: ...


class Newsroom:
    """The sites of one (seed, size) and their common clock.

    archived: the paper that the web archives hold; None for all.
    """

    def __init__(self, *, articles: int, seed: int, clock: int = 0, archived: str | None = None) -> None:
        if not SMALLEST <= articles <= LARGEST:
            raise ValueError(f"articles per site: {SMALLEST} to {LARGEST}, not {articles}")
        self.articles, self.seed = articles, seed
        self.clock = clock
        papers = (Deichbote(seed, articles), Gazette(seed, articles), Almina(seed, articles))
        self.papers: tuple[Site, ...] = (Sputnik(seed, articles), Alanews(seed, articles), *papers)
        papers_held = [paper for paper in self.papers if archived in (None, paper.name)]
        self.wayback = Wayback(seed, Holdings("wayback", seed, papers_held))
        held, news = (Holdings(name, seed, papers_held) for name in ("commoncrawl", "cc-news"))
        self.common_crawl = CommonCrawl(seed, held, news)
        self.sites: tuple[Site, ...] = (*self.papers, self.wayback, self.common_crawl)
        self.by_host = {host: site for site in self.sites for host in site.hosts}

    @property
    def clock(self) -> int:
        """The scenario's step: 0 is the first edition."""
        return self._clock

    @clock.setter
    def clock(self, step: int) -> None:
        if not 0 <= step <= LAST_STEP:
            raise ValueError(f"clock: 0 to {LAST_STEP}, not {step}")
        self._clock = step

    def respond(self, request: Request) -> Response:
        """The response of the site on the request's host. Raises KeyError for any other host."""
        site = self.by_host[request.host]
        if request.method not in ("GET", "HEAD"):
            return Response.of_text("<h1>405</h1>\n", status=405)
        return site.respond(request, self.clock)

    def truth(self, name: str, start: int = 0, end: int | None = None) -> Iterator[dict[str, Any]]:
        """The ground truth of a site's articles, oldest first, or a slice. Raises KeyError for an unknown site."""
        return {site.name: site for site in self.sites}[name].truth(self.clock, start, end)
