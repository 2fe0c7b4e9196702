"""What every site's spider does: follow the routes, ask for the articles of the window, hand captures on."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archive import Archive
from crawler.discovery.route import Follow, Found, ListPage, Route, Unreadable, Window
from crawler.discovery.selection import Selection, lastmod_text
from crawler.site import Site

logger = logging.getLogger(__name__)


class WrongUse(ValueError):
    """A spider argument that cannot be used; the message says which and why."""


class NewsSpider(scrapy.Spider):
    """Base of the spiders. A site's file gives `name`, `site` and `routes`.

    Arguments, all text, as `scrapy crawl -a` gives them: `since` and `until` (ISO dates, inclusive, local days of the
    site), `limit` (number of articles to ask for), `urls` (white space between; instead of the routes). Raises
    WrongUse.
    """

    site: ClassVar[Site]
    routes: ClassVar[tuple[Route, ...]]

    def __init__(
        self,
        since: str | None = None,
        until: str | None = None,
        limit: str | None = None,
        urls: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.window = Window(_day_argument("since", since), _day_argument("until", until))
        if self.window.since and self.window.until and self.window.since > self.window.until:
            raise WrongUse(f"--since {since} lies after --until {until}")
        self.urls = [self._url_argument(url) for url in (urls or "").split()]
        self.allowed_domains = list(self.site.hosts)
        self.selection = Selection(self.site, self.window, _limit_argument(limit), self._known)
        self.broken_routes: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.nothing_left, signal=signals.spider_idle)
        return spider

    @property
    def archive(self) -> Archive:
        archive = self.crawler.get_extension(Archive)
        assert archive is not None
        return archive

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield self.article_request(Found(url=url, route="given"))
        if not self.urls:
            for route in self.routes:
                for url in route.start(self.window):
                    yield self.list_request(route, url)

    def list_request(self, route: Route, url: str) -> Request:
        return Request(
            url,
            callback=self.read_list,
            errback=self.list_failed,
            cb_kwargs={"route": route},
            priority=10,
            meta={"discovery": {"route": route.name}, "handle_httpstatus_all": True},
        )

    def article_request(self, found: Found) -> Request:
        claims = {
            "route": found.route,
            "via": found.via,
            "published": found.published.isoformat() if found.published else None,
            "lastmod": lastmod_text(found),
        }
        return Request(
            _without_tracking(found.url),
            callback=self.captured,
            errback=self.failed,
            meta={
                "discovery": {name: value for name, value in claims.items() if value},
                "handle_httpstatus_all": True,
            },
        )

    def read_list(self, response: Response, route: Route) -> Iterator[Request]:
        """A route's list has come: ask for the articles on it that are wanted, and for further lists."""
        try:
            steps = list(route.read(_list_page(response), self.window))
        except Unreadable as problem:
            self.route_broke(route, response.url, str(problem))
            return
        for step in steps:
            if isinstance(step, Follow) and self.site.owns(step.url):
                yield self.list_request(route, step.url)
        for found in self.selection.take(step for step in steps if isinstance(step, Found)):
            yield self.article_request(found)

    def nothing_left(self) -> None:
        """All lists are read: what none of them could date is fetched, unless a route has dated every article."""
        assert self.crawler.engine is not None
        all_days_known = any(
            route.dates_every_article and route.name not in self.broken_routes for route in self.routes
        )
        finds = self.selection.leftover(all_days_known=all_days_known)
        for found in finds:
            self.crawler.engine.crawl(self.article_request(found))
        if finds:
            raise DontCloseSpider

    async def captured(self, response: Response) -> None:
        """The exchange is in the archive, and what it holds is read from there: here only the pace is kept."""
        await self.archive.room()

    def failed(self, failure: Failure) -> None:
        self.archive.failed(failure.request, failure.value)  # type: ignore[attr-defined]

    def list_failed(self, failure: Failure) -> None:
        self.failed(failure)
        request: Request = failure.request  # type: ignore[attr-defined]
        self.route_broke(request.cb_kwargs["route"], request.url, failure.getErrorMessage())

    def route_broke(self, route: Route, url: str, problem: str) -> None:
        logger.warning("route %s: %s cannot be read: %s", route.name, url, problem)
        self.broken_routes.add(route.name)
        self.archive.route_broke(route.name, url, problem)

    def _known(self, url_keys: Any) -> Any:
        return self.archive.known(url_keys)

    def _url_argument(self, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not self.site.owns(url):
            raise WrongUse(f"--url {url} is not on {' or '.join(self.site.hosts)}")
        return url


def _list_page(response: Response) -> ListPage:
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return ListPage(url=response.url, status=response.status, body=response.body, headers=headers)


def _without_tracking(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _day_argument(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"--{name} {text} is no day: write it like 2022-02-14") from None


def _limit_argument(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdigit() or int(text) == 0:
        raise WrongUse(f"--limit {text} is no whole number above 0")
    return int(text)
