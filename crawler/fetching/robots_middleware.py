"""Fetches and obeys robots.txt (RFC 9309). A Scrapy downloader middleware, the first of all.

A robots.txt that was received is valid for 24 hours, across crawls too, and answers requests for itself (the sitemap
route makes them). Status 4xx: there is no robots.txt, everything is allowed. 5xx, 429 or no answer after all retries:
nothing is allowed. Up to five redirects are followed, to any host. The fetch is delayed and captured like any other
request. A disallowed request fails with RequestSkipped, reason `robots`, `robots-unreachable`, or the network error of
the fetch.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final, Self

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotConfigured,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.capture.network_errors import reason_of
from crawler.capture.signals import robots_failed
from crawler.crawl.extension import Archive
from crawler.discovery.robots_txt import ALLOW_ALL, DISALLOW_ALL, RobotsTxt, parse_robots
from crawler.exceptions import CrawlEnded, RequestSkipped
from crawler.fetching.downloader import PoliteDownloader
from storage.exceptions import DecodingError, WriteFailed

logger = logging.getLogger(__name__)

#: Our product token (RFC 9309 2.2.1): `User-agent: emeroteca` in robots.txt means us.
PRODUCT: Final = "emeroteca"
#: Seconds for which a robots.txt is believed (RFC 9309 2.4).
HOLDS: Final = 24 * 3600
#: Redirects that are followed (RFC 9309 2.3.1.2).
REDIRECTS: Final = 5
#: How a fetch fails without an answer that could be read.
NETWORK: Final = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    TunnelError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Word:
    """What an authority's robots.txt says; `reason` and `detail` go with a refusal. `response`: where it answered.
    `until`: as the monotonic clock has it."""

    robots: RobotsTxt
    reason: str
    detail: str
    until: float
    response: Response | None = None


class RobotsMiddleware:
    """Off where ROBOTSTXT_OBEY is off, which is for archives of one's own."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self._words: dict[str, Word] = {}
        self._asking: dict[str, list[Deferred[None]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """What is known of robots.txt, where that is asked for. Raises RequestSkipped."""
        if request.meta.get("dont_obey_robotstxt"):
            return None
        word = await self._word_of(request)
        self._downloader.slot_of(request).keep_to(word.robots.crawl_delay or 0.0)
        if not word.robots.allows(request.url):
            self.crawler.stats.inc_value("emeroteca/robots_refused")
            raise RequestSkipped(word.reason, word.detail)
        if word.response is None or urlparse_cached(request).path != "/robots.txt":
            return None
        return Response(word.response.url, status=word.response.status, body=word.response.body)

    async def _word_of(self, request: Request) -> Word:
        """The word that holds for the request's scheme, host and port; asked for once, however many wait for it."""
        url = urlparse_cached(request)
        authority = f"{url.scheme}://{url.netloc}"
        while (known := self._words.get(authority)) is None or known.until < monotonic():
            if authority in self._asking:
                waiting: Deferred[None] = Deferred()
                self._asking[authority].append(waiting)
                await maybe_deferred_to_future(waiting)
                continue
            self._asking[authority] = []
            try:
                self._words[authority] = self._remembered(authority) or await self._fetch(authority, known)
            finally:
                for waiting in self._asking.pop(authority):
                    waiting.callback(None)
        return known

    def _remembered(self, authority: str) -> Word | None:
        """What an earlier crawl captured within the time for which that holds."""
        archive = self.crawler.get_extension(Archive)
        now = datetime.now(UTC)
        kept = archive.robots_since(authority, now - timedelta(seconds=HOLDS)) if archive else None
        if kept is None:
            return None
        try:
            response = Response(kept.url, status=kept.status or 0, body=kept.content())
        except DecodingError:
            return None
        return self._said(response, None, monotonic() + HOLDS - (now - kept.captured_at).total_seconds())

    def _keep(self, authority: str, response: Response) -> None:
        archive = self.crawler.get_extension(Archive)
        if archive is not None and response.status < 500 and response.status != 429:
            archive.robots_kept(authority, response.meta["capture"], datetime.now(UTC))

    async def _fetch(self, authority: str, known: Word | None) -> Word:
        """What robots.txt says now; one that cannot be reached leaves what was known before in force."""
        url, until = f"{authority}/robots.txt", monotonic() + HOLDS
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True, "redirect_ttl": REDIRECTS, "robots": True}
        asked = Request(url, priority=1000, callback=NO_CALLBACK, dont_filter=True, meta=meta)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(asked)
        except (CrawlEnded, WriteFailed):
            raise
        except RequestSkipped as redirects:
            return Word(ALLOW_ALL, "robots", str(redirects), until)
        except NETWORK as problem:
            failure = Failure(problem)  # type: ignore[no-untyped-call]
            self.crawler.signals.send_catch_log(robots_failed, request=asked, failure=failure)
            reason = reason_of(failure).value
            word = known.robots if known else DISALLOW_ALL
            logger.warning("%s cannot be reached (%s): nothing else is asked of the host", url, problem)
            return Word(word, reason, f"{url} gave no answer: {problem}", until)
        self._keep(authority, response)
        return self._said(response, known, until)

    def _said(self, response: Response, known: Word | None, until: float) -> Word:
        refused = f"forbidden by {response.url}"
        if response.status >= 500 or response.status == 429:
            logger.warning("%s answers %d: nothing else is asked of the host", response.url, response.status)
            word = known.robots if known else DISALLOW_ALL
            return Word(word, "robots-unreachable", f"{response.url} answered {response.status}", until)
        if not 200 <= response.status < 300:
            return Word(ALLOW_ALL, "robots", refused, until, response)
        return Word(parse_robots(response.body, PRODUCT), "robots", refused, until, response)

    @property
    def _downloader(self) -> PoliteDownloader:
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        assert isinstance(downloader, PoliteDownloader)
        return downloader
