"""A news site as data: its hosts, its clock, its language and the grammar of its article URLs.

Pure: no Scrapy, no SQL, no WARC. Each file of the package `spiders` makes one `Site`; extraction, crawl and
rebuild use its URL grammar.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from crawler.urls import host_of, port_of, web_url
from storage.exceptions import InvalidUrl

_DAY_IN_PATH = re.compile(r"/(20\d\d|19\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/+_-]|$)")


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


def day_in(path: str) -> date | None:
    """The day in the path of a URL: /2021/02/14/, /2021-02-14 or /20210214; None where there is none."""
    found = _DAY_IN_PATH.search(path)
    return day_of("".join(found.groups())) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Selectors of what a page shows, CSS or XPath; None where the general rules find it. `drop`: not of the text."""

    body: str | None = None
    drop: tuple[str, ...] = ()
    headline: str | None = None
    lede: str | None = None
    date: str | None = None
    authors: str | None = None
    keywords: str | None = None
    section: str | None = None
    images: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site: `name` is also its spider's; `hosts` are those it answers on, the canonical one first.

    `parse_url` maps an absolute URL on one of the hosts to an `ArticleUrl`, or to None where the grammar says that
    it is no article (a listing, a feed, an image). It must be idempotent on canonical URLs. `since` is a day before
    which nothing was published there, so that earlier dates on its pages are errors; None where unknown. `ports` are
    those that are requested; those of the spider's first lists are added. `networks` ("10.0.0.0/8") are private ones
    that its hosts may be in.

    Of a site that a file describes: `language` is empty, and `has_timezone` false, where they are not known (days are
    then days of UTC). `has_grammar` is false: its article URLs are told by patterns that do not know the one spelling
    of a URL, so that the canonical link of a page counts. `query` names the query parameters that belong to an
    article's URL. `delay`: seconds between requests, at least. `selectors`: of its pages.
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
    has_timezone: bool = True
    has_grammar: bool = True
    query: Collection[str] = ()
    delay: float | None = None
    selectors: Selectors = Selectors()

    def requestable(self, url: str) -> str:
        """The URL as `web_url` spells it, on one of the site's ports. Raises InvalidUrl."""
        url = web_url(url)
        if port_of(url) not in self.ports:
            raise InvalidUrl(f"its port is none of the site's: {', '.join(map(str, sorted(self.ports)))}")
        return url

    def without_tracking(self, url: str) -> str:
        """The URL with the query parameters that belong to an article's URL, and without fragment."""
        parts = urlsplit(url)
        query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] in self.query]) if self.query else ""
        return parts._replace(query=query, fragment="").geturl()

    def owns(self, url: str) -> bool:
        """Whether the URL's host is one of the site's."""
        return host_of(url) in self.hosts

    def article_url(self, url: str) -> ArticleUrl | None:
        """The URL by the site's grammar; None where it is no article of this site."""
        return self.parse_url(url) if self.owns(url) else None
