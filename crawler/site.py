"""A news site as data: its hosts, its clock, its language and the grammar of its article URLs.

Pure: no Scrapy, no SQL, no WARC. Each file of the package `spiders` makes one `Site`; extraction, crawl and
rebuild use its URL grammar.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from crawler.urls import host_of, port_of, web_url
from storage.exceptions import InvalidUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleUrl:
    """The facts on an article that its URL alone shows.

    `canonical_url` is one spelling for all variants of the URL (scheme, host, slash, AMP, print, tracking), as far
    as the URL alone allows. `native_id` is the site's own number where the URL shows it. `day` is the local day of
    publication where the URL shows it, `section` likewise.
    """

    canonical_url: str
    native_id: str | None = None
    day: date | None = None
    section: str | None = None


def day_of(digits: str) -> date | None:
    """The day written as YYYYMMDD, None where there is no such day."""
    try:
        return date.fromisoformat(digits) if len(digits) == 8 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site: `name` is also its spider's; `hosts` are those it answers on, the canonical one first.

    `parse_url` maps an absolute URL on one of the hosts to an `ArticleUrl`, or to None where the grammar says that
    it is no article (a listing, a feed, an image). It must be idempotent on canonical URLs. `since` is a day before
    which nothing was published there, so that earlier dates on its pages are errors; None where unknown. `ports` are
    those that are requested; those of the spider's first lists are added. `networks` ("10.0.0.0/8") are private ones
    that its hosts may be in.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    timezone: ZoneInfo
    language: str
    parse_url: Callable[[str], ArticleUrl | None]
    since: date | None = None
    ports: Collection[int] = (80, 443)
    networks: tuple[str, ...] = ()

    def requestable(self, url: str) -> str:
        """The URL as `web_url` spells it, on one of the site's ports. Raises InvalidUrl."""
        url = web_url(url)
        if port_of(url) not in self.ports:
            raise InvalidUrl(f"its port is none of the site's: {', '.join(map(str, sorted(self.ports)))}")
        return url

    def owns(self, url: str) -> bool:
        """Whether the URL's host is one of the site's."""
        return host_of(url) in self.hosts

    def article_url(self, url: str) -> ArticleUrl | None:
        """The URL by the site's grammar; None where it is no article of this site."""
        return self.parse_url(url) if self.owns(url) else None
