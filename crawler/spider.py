"""The base class of the spiders: follows the routes of a site, and requests the articles that are selected.

Each file of the package `spiders` has a subclass; `crawler.crawl.session` captures the responses.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, Self, TypeVar

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.session import CrawlSession
from crawler.discovery.list_queue import ListQueue
from crawler.discovery.revisit_policy import REVISIT_POLICY
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Route, Window
from crawler.discovery.selection import Selection, lastmod_text
from crawler.exceptions import CrawlEnded, RequestSkipped
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from crawler.fetching.compression_middleware import AS_SENT
from crawler.fetching.contact import HOW, contact_problem
from crawler.requisites.requisite_requests import RequisiteRequests
from crawler.site import Site
from crawler.spider_arguments import day_argument, limit_argument
from crawler.urls import port_of
from storage.corpus.db.database import open_read_only
from storage.corpus.read.crawl_history import changes_known_until, published_since, was_crawled_whole
from storage.corpus.write.store import LastCapture, Store
from storage.exceptions import InvalidSpiderArgument, InvalidUrl, UnreadableList

logger = logging.getLogger(__name__)

#: Lists that a rehearsal reads.
MOST_LISTS_REHEARSED: Final = 50
#: Steps of a list that are processed in one turn of the event loop.
PART = 100

Step = TypeVar("Step", DiscoveredUrl, Follow, DiscoveredUrl | Follow)


class NewsSpider(scrapy.Spider):
    """A site's file defines `name`, `site`, `routes` and `fallbacks`: routes to follow where one of `routes` is broken.

    Arguments, all text, as `scrapy crawl -a` gives them: `since` and `until` (ISO dates, inclusive, local days of the
    site), `limit` (number of articles to request), `urls` (white space between; instead of the routes),
    `is_rehearsal` (request lists alone, MOST_LISTS_REHEARSED at most), `captured_in` (URL of the database that knows
    what was captured, in place of the crawl's own). Raises InvalidSpiderArgument.
    """

    site: Site
    routes: tuple[Route, ...]
    fallbacks: tuple[Route, ...] = ()
    archive: str | None = None

    def __init_subclass__(cls) -> None:
        """The ports that the first lists name are the site's too."""
        super().__init_subclass__()
        if hasattr(cls, "routes") and hasattr(cls, "site"):
            cls.allowed_domains = list(cls.site.hosts)  # by which Scrapy's commands find the spider of a URL
            ports = {port_of(url) for route in (*cls.routes, *cls.fallbacks) for url in route.start(Window())}
            cls.site = replace(cls.site, ports=ports.union(cls.site.ports))

    def __init__(
        self,
        since: str | None = None,
        until: str | None = None,
        limit: str | None = None,
        urls: str | None = None,
        is_rehearsal: str = "",
        captured_in: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.is_rehearsal = bool(is_rehearsal)
        self._captured_in = Store(open_read_only(captured_in, seconds=60.0)) if captured_in else None
        self.window = Window(day_argument("since", since), day_argument("until", until))
        if self.window.since and self.window.until and self.window.since > self.window.until:
            raise InvalidSpiderArgument(f"--since {since} lies after --until {until}")
        self.urls = [self._url_argument(url) for url in (urls or "").split()]
        self._limit = limit_argument(limit)
        self.broken_routes: set[str] = set()
        self._started_routes: set[str] = set()
        self._revisits_requested = False
        #: Of a crawl with EMEROTECA_REQUISITES, from its start on.
        self.requisites: RequisiteRequests | None = None
        self.begin_site()

    def begin_site(self) -> None:
        """Begin with the first route of `site`."""
        self.allowed_domains = list(self.site.hosts)
        self.selection = Selection(self.site, self.window, self._limit, self._known, self._is_erased)
        self.lists = ListQueue(self.site)
        self._held_lists: deque[Request] = deque()
        self._routes = deque(self.routes if not self.urls else ())
        self._fallbacks = deque(self.fallbacks if not self.urls else ())

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        problem = contact_problem(crawler.settings["EMEROTECA_CONTACT"], spider.site.hosts)
        if problem is not None:
            raise InvalidSpiderArgument(problem)
        if not crawler.settings["EMEROTECA_CONTACT"]:
            logger.warning("nobody answers for this crawl, which stays on this machine; elsewhere, %s", HOW)
        crawler.signals.connect(spider.spider_idle, signal=signals.spider_idle)
        return spider

    @property
    def session(self) -> CrawlSession:
        session = self.crawler.get_extension(CrawlSession)
        assert session is not None
        return session

    @property
    def history(self) -> Store:
        """The corpus that knows what was captured before."""
        return self._captured_in or self.session.store

    @property
    def requisite_counts(self) -> Counter[str] | None:
        """What became of requisites; None without EMEROTECA_REQUISITES."""
        return self.requisites.selection.counts if self.requisites is not None else None

    async def start(self) -> AsyncIterator[Request]:
        self.requisites = RequisiteRequests.begin(self.crawler.settings, self.site, self.session.resolver)
        if not self.window.bounded and not self.selection.limit:
            known_until = changes_known_until(self.history.database, self.name)
            self.window = replace(self.window, changed_since=known_until)
        urls = [DiscoveredUrl(url=url, route="given") for url in self.urls]
        self.session.record_discoveries(self.selection.claims(urls))
        for request in self._article_requests(urls):
            yield request
        for request in self.next_route():
            yield request
        if self.requisites is not None and not self.is_rehearsal:
            async for request in self.requisites.of_captures(self.session.pages_without_requisites()):
                yield request

    def next_route(self) -> list[Request]:
        """The first lists of the next route, once all lists of the route before are read, which may name the same
        articles with more claims. None once the limit is reached."""
        while not self.lists.pending and not self._has_enough:
            if not self._routes and self.broken_routes:
                self._routes, self._fallbacks = self._fallbacks, deque()
            if not self._routes:
                break
            route = self._routes.popleft()
            requests = self._list_requests(route, (Follow(url) for url in route.start(self.window)))
            if requests:
                self._started_routes.add(route.name)
                return requests
        return []

    @property
    def _has_enough(self) -> bool:
        """Whether no further list is to be read: by the limit, or in a rehearsal."""
        return self.selection.limit_reached or (self.is_rehearsal and self.lists.done >= MOST_LISTS_REHEARSED)

    @property
    def all_routes_broke(self) -> bool:
        """Whether every route that was followed has broken."""
        return bool(self._started_routes) and self._started_routes <= self.broken_routes

    def list_request(self, route: Route, url: str, via: str | None = None) -> Request:
        """via: URL of the list that names this one."""
        return Request(
            url,
            callback=self.read_list,
            errback=self.list_failed,
            cb_kwargs={"route": route},
            priority=10,
            # `lists` has those requested before; Scrapy's own filter would drop one without a message
            dont_filter=True,
            meta={"discovery": {"route": route.name} | ({"via": via} if via else {})},
        )

    def _article_requests(self, finds: Iterable[DiscoveredUrl]) -> list[Request]:
        """The requests of selected articles; none in a rehearsal, which counts them."""
        return [] if self.is_rehearsal else [self.article_request(found) for found in finds]

    def article_request(self, found: DiscoveredUrl) -> Request:
        claims = {
            "route": found.route,
            "via": found.via,
            "published": found.published.isoformat() if found.published else None,
            "lastmod": lastmod_text(found),
        }
        return Request(
            self.site.without_tracking(found.url),
            callback=self.captured if self.requisites is None else self.captured_with_requisites,
            errback=self.failed,
            # each is selected once; Scrapy's own filter would end a redirect loop without a message
            dont_filter=True,
            meta={"discovery": {name: value for name, value in claims.items() if value}, AS_SENT: True},
        )

    async def read_list(self, response: Response, route: Route) -> AsyncIterator[Request]:
        """Request the selected articles of a list, and further lists.

        A long list is processed in parts, so that the network is served between them.
        """
        new = 0
        whole = was_crawled_whole(self.history.database, self.name)
        try:
            steps = self._requestable(route.read(list_page(response), self.window), response.url)
            while not self.selection.limit_reached and (part := list(islice(steps, PART))):
                finds = [step for step in part if isinstance(step, DiscoveredUrl)]
                fresh = self.lists.count_new(route.name, finds)
                self.session.record_discoveries(self.selection.claims(finds))
                selected = self.selection.select(finds)
                # after a whole crawl, a list without new articles has been followed to its end before
                new += len(selected) if whole else fresh
                for request in self._article_requests(selected):
                    yield request
                for request in self._list_requests(
                    route, self._further_lists(part, anything_new=new > 0), via=response.url
                ):
                    yield request
                await asyncio.sleep(0)
        except UnreadableList as problem:
            self.route_broke(route, response.url, str(problem))
        except Exception as problem:  # foreign bytes, through foreign parsers: any error is one list's problem
            logger.debug("route %s: %s", route.name, response.url, exc_info=True)
            self.route_broke(route, response.url, f"{type(problem).__name__}: {problem}")
        for request in self._after_list():
            yield request

    def _requestable(self, steps: Iterable[Step], source: str) -> Iterator[Step]:
        """The steps with URLs as `web_url` spells them; others are counted as `bad-url`, with the list they are on."""
        for step in steps:
            try:
                yield replace(step, url=self.site.requestable(step.url))
            except InvalidUrl as problem:
                counts = self.lists.refused if isinstance(step, Follow) else self.selection.counts
                counts["bad-url"] += 1
                level = logging.DEBUG if self.session.report.bad_urls[source] else logging.WARNING
                logger.log(level, "%s names the URL %r, which is not requested: %s", source, step.url, problem)
                self.session.report.bad_urls[source] += 1

    def _further_lists(self, steps: Iterable[DiscoveredUrl | Follow], *, anything_new: bool) -> Iterator[Follow]:
        for step in steps:
            if isinstance(step, Follow) and not self.selection.limit_reached:
                if step.older and not anything_new:
                    self.lists.refused["nothing-new"] += 1
                else:
                    yield step

    def _list_requests(self, route: Route, follows: Iterable[Follow], via: str | None = None) -> list[Request]:
        """The requests to send now. With a limit, and in a rehearsal, lists are requested one after the other, since
        the first may name enough articles."""
        urls = self.lists.take(route.name, (step.url for step in follows))
        requests = [self.list_request(route, url, via) for url in urls]
        if self.selection.limit is None and not self.is_rehearsal:
            return requests
        self._held_lists.extend(requests)
        return self._next_in_turn()

    def _next_in_turn(self) -> list[Request]:
        """The next list that is held back, once no other is under way; none once the limit is reached."""
        if self._has_enough:
            reason = "over-limit" if self.selection.limit_reached else "rehearsed"
            self.lists.leave_out(len(self._held_lists), reason)
            self._held_lists.clear()
        is_under_way = self.lists.pending > len(self._held_lists)
        return [self._held_lists.popleft()] if self._held_lists and not is_under_way else []

    def _after_list(self) -> list[Request]:
        """The lists to request after one that was read, or did not come."""
        self.lists.list_done()
        return self._next_in_turn() or self.next_route()

    def spider_idle(self) -> None:
        """All lists are read: request the articles without a date, unless a route dates every article, and revisits."""
        assert self.crawler.engine is not None
        all_days_known = any(
            route.dates_every_article and route.name not in self.broken_routes for route in self.routes
        )
        finds = [*self.selection.undated(all_days_known=all_days_known), *self._revisits()]
        requests = self._article_requests(finds)
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _revisits(self) -> list[DiscoveredUrl]:
        """Once a crawl: the articles that are due by the revisit policy."""
        if self.urls or self._revisits_requested or not self.crawler.settings.getbool("EMEROTECA_REVISITS"):
            return []
        self._revisits_requested = True
        now = datetime.now(UTC)
        recent = published_since(self.history.database, self.name, now - REVISIT_POLICY.limit)
        due = [article for article in recent if REVISIT_POLICY.is_due(article.published, article.seen, now)]
        finds = (DiscoveredUrl(url=article.url, route="revisit", published=article.published) for article in due)
        return self.selection.revisits(self._requestable(finds, "an earlier crawl"))

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, Any]]:
        """The article of a response, for a look with `scrapy parse`; a crawl stores what its captures show."""
        try:
            page = Page.from_bytes(
                response.body, response.url, content_type=list_page(response).headers.get("content-type")
            )
            yield extract(page).as_json()
        except PageRefused as refused:
            logger.warning("%s is no article: %s", response.url, refused)

    async def captured(self, response: Response) -> None:
        """The article is extracted from the capture by the worker process; here the spider waits for it to keep up."""
        await self.session.worker.wait_for_capacity()

    async def captured_with_requisites(self, response: Response) -> AsyncIterator[Request]:
        """The same, and request what the page needs to look as it did."""
        await self.captured(response)
        assert self.requisites is not None
        for request in await self.requisites.of_page(response):
            yield request

    def failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, CrawlEnded):
            self.session.record_failure(failure.request, failure)  # type: ignore[attr-defined]

    def list_failed(self, failure: Failure) -> list[Request]:
        if isinstance(failure.value, CrawlEnded):
            self.lists.list_done()
            return []
        if isinstance(failure.value, RequestSkipped) and failure.value.reason == "robots":
            self.lists.refused["robots"] += 1
            return self._after_list()
        self.failed(failure)
        request: Request = failure.request  # type: ignore[attr-defined]
        self.route_broke(request.cb_kwargs["route"], request.url, failure.getErrorMessage())
        return self._after_list()

    def route_broke(self, route: Route, url: str, problem: str) -> None:
        logger.info("route %s: %s cannot be read: %s", route.name, url, problem)
        self.broken_routes.add(route.name)
        self.session.report.broken_routes.append({"route": route.name, "url": url, "problem": problem})

    def _known(self, url_keys: Iterable[str]) -> Mapping[str, LastCapture]:
        return self.history.last_captures(url_keys)

    def _is_erased(self, url: str) -> bool:
        return self.session.is_erased(url)

    def _url_argument(self, url: str) -> str:
        problem = f"--url {url} is not on {' or '.join(self.site.hosts)}"
        try:
            requestable = self.site.requestable(url)
        except InvalidUrl as invalid:
            raise InvalidSpiderArgument(f"{problem}: {invalid}") from None
        if not self.site.owns(requestable):
            raise InvalidSpiderArgument(problem)
        return requestable


def list_page(response: Response) -> ListPage:
    """A list as its route reads it."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return ListPage(url=response.url, status=response.status, body=response.body, headers=headers)
