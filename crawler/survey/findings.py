"""What a survey found, and the site file that it makes of that."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from crawler.discovery.route import DiscoveredUrl
from crawler.sites.site_file import ArticleRules, FileRoute, SiteFile
from crawler.survey.page_links import PageLinks
from crawler.survey.scope import domain_of, hosts_of, is_in_domain, site_name
from crawler.survey.time_zone import ZoneFound, find_zone, with_offset
from crawler.survey.url_patterns import SeenUrls, place
from crawler.urls import is_web_url

#: Times of lists that are looked at for the time zone.
MOST_MOMENTS = 2_000


@dataclass(slots=True)
class Findings:
    """What is known of the site of the address `start`.

    seen: the URLs that its lists and pages name. routes: the lists that a crawl would follow. home: its home page;
    pages: the others that were read. named: URLs whose hosts are the site's. sampled: of each sitemap that was looked
    at, the URLs it named. has_all: every sitemap was read to its end. ignores_sitemaps: some are left out by their
    names. estimated_urls: those in all sitemaps, by the ones that were looked at; lists: how many lists a crawl reads.
    delay: Crawl-delay, in seconds. moments: times of lists with the offsets that they have. zone: what these and the
    times of its pages say of its time zone.
    """

    start: str
    seen: SeenUrls = field(default_factory=SeenUrls)
    routes: list[FileRoute] = field(default_factory=list)
    home: PageLinks | None = None
    pages: list[PageLinks] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    sampled: dict[str, list[str]] = field(default_factory=dict)
    has_all: bool = True
    ignores_sitemaps: bool = False
    estimated_urls: int = 0
    lists: int = 0
    delay: float | None = None
    moments: list[datetime] = field(default_factory=list)
    zone: ZoneFound | None = None

    def is_own(self, url: str) -> bool:
        """Whether a URL is one of the site's registrable domain."""
        return is_web_url(url) and is_in_domain(url, self.start)

    def take(self, urls: Iterable[str], seen: set[str]) -> None:
        """Add the site's own of the URLs to one of the sets of `seen`."""
        for url in urls:
            if self.is_own(url):
                seen.add(url)
                self.named.append(url)

    def take_times(self, finds: Iterable[DiscoveredUrl]) -> None:
        """Keep the times of a list's URLs that have an offset, up to MOST_MOMENTS."""
        times = (time for one in finds if self.is_own(one.url) for time in (one.published, one.lastmod))
        self.moments += islice(with_offset(times), max(0, MOST_MOMENTS - len(self.moments)))

    def find_zone(self) -> ZoneFound:
        """The time zone, by the times of lists and pages."""
        pages = [page for page in (self.home, *self.pages) if page is not None]
        region = next((page.region for page in pages if page.region), None)
        language = self.home.language if self.home else None
        moments = [*self.moments, *(moment for page in pages for moment in page.moments)]
        self.zone = find_zone(moments, self.start, language, region)
        return self.zone

    @property
    def comments(self) -> tuple[str, ...]:
        """What the site file says in comments: a doubtful time zone."""
        if self.zone is None or self.zone.zone is None or not self.zone.is_doubtful:
            return ()
        return (f'timezone = "{self.zone.zone}"  # doubtful ({self.zone.why}): check it, and remove the first #',)

    def without_sitemap(self) -> bool:
        """Whether no list names all articles, so that sections have to be read."""
        return not self.seen.listed and not any(route.kind == "wordpress" for route in self.routes)

    def described(self, rules: ArticleRules) -> SiteFile:
        """The site file."""
        shown = [url for url in self.seen.headlines if _is_included(url, rules)]
        return SiteFile(
            name=site_name(self.start),
            title=_site_title(self.home.title if self.home else "", self.start),
            hosts=hosts_of([url for url in (*self.named, *shown) if is_in_domain(url, self.start)]),
            timezone=self.zone.zone if self.zone is not None and not self.zone.is_doubtful else None,
            language=self.home.language if self.home else None,
            delay=self.delay,
            ports=(port,) if (port := urlsplit(self.start).port) else (),
            articles=rules,
            routes=tuple(self._without_empty(self._fallback_or_not(route, rules), rules) for route in self.routes),
        )

    def _fallback_or_not(self, route: FileRoute, rules: ArticleRules) -> FileRoute:
        """Sections are a fallback where the other lists name what the sections show."""
        if route.kind != "listing" or not route.fallback or not self.has_all:
            return route
        known = {place(url) for url in self.seen.articles | self.seen.listed}
        shown = {place(url) for url in self.seen.headlines if _is_included(url, rules)}
        return replace(route, fallback=len(shown & known) >= 0.9 * len(shown))

    def _without_empty(self, route: FileRoute, rules: ArticleRules) -> FileRoute:
        """The route without the sitemaps that name no article."""
        kept = tuple(
            url
            for url in route.urls
            if not (named := self.sampled.get(url)) or any(_is_included(one, rules) for one in named)
        )
        return replace(route, urls=kept or route.urls)


def _is_included(url: str, rules: ArticleRules) -> bool:
    where = place(url)
    return any(re.search(pattern, where) for pattern in rules.include) and not any(
        re.search(pattern, where) for pattern in rules.exclude
    )


def _site_title(title: str, url: str) -> str:
    """The part of a home page's title that names the site: the one that is like its domain, else the last."""
    parts = [part for part in re.split(r"\s+[|–—·:-]\s+", title) if part]
    letters = re.sub(r"\W", "", domain_of(url).partition(".")[0])
    alike = [part for part in parts if letters in re.sub(r"\W", "", part).casefold()]
    return alike[0] if alike else parts[-1] if parts else site_name(url)
