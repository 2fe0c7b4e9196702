"""Fetches and obeys robots.txt (RFC 9309). A Scrapy downloader middleware, the first of all.

A robots.txt that was received is valid for 24 hours, across crawls too, and answers requests for itself (the sitemap
route makes them). Status 4xx: there is no robots.txt, everything is allowed. 5xx, 429 or no answer after all retries:
nothing is allowed. Up to five redirects are followed, to any host. The fetch is delayed and captured like any other
request. A disallowed request fails with RequestSkipped, reason `robots`, `robots-unreachable`, or the network error of
the fetch.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
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
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from crawler.capture.network_errors import reason_of
from crawler.capture.session import session_of
from crawler.capture.signals import robots_failed
from crawler.discovery.robots_txt import ALLOW_ALL, DISALLOW_ALL, MAX_BYTES, RobotsTxt, parse_robots
from crawler.exceptions import CrawlEnded, RequestSkipped
from crawler.fetching.compression_middleware import AS_SENT
from crawler.fetching.downloader import PoliteDownloader
from storage.exceptions import DecodingError, WriteFailed
from storage.warc.http.capture import content_of

logger = logging.getLogger(__name__)

#: Our product token (RFC 9309 2.2.1), the name of our group in robots.txt.
PRODUCT: Final = "emeroteca"
#: Seconds for which a robots.txt is valid (RFC 9309 2.4).
VALIDITY: Final = 24 * 3600
#: Redirects followed (RFC 9309 2.3.1.2).
MAX_REDIRECTS: Final = 5
#: Failures of a fetch without a readable answer.
NETWORK_ERRORS: Final = (
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
class RobotsState:
    """The rules in force for an authority (scheme, host, port) and where they come from.

    `reason` and `detail`: of the RequestSkipped of a disallowed request. `until`: on the monotonic clock. `response`:
    the answer for robots.txt, None where there was none.
    """

    rules: RobotsTxt
    reason: str
    detail: str
    until: float
    response: Response | None = None


class RobotsMiddleware:
    """Disabled by ROBOTSTXT_OBEY = False, which is for archives of one's own."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self._states: dict[str, RobotsState] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Applies the rules to the request; returns the answer known already to a request for robots.txt itself.
        Raises RequestSkipped."""
        if request.meta.get("dont_obey_robotstxt"):
            return None
        state = await self._state_for(request)
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        assert isinstance(downloader, PoliteDownloader)
        downloader.slot_of(request).raise_min_delay(max(state.rules.crawl_delay or 0.0, self._site_delay))
        if not state.rules.allows(request.url):
            self.crawler.stats.inc_value("emeroteca/robots_refused")
            raise RequestSkipped(state.reason, state.detail)
        if state.response is None or urlparse_cached(request).path != "/robots.txt":
            return None
        return Response(state.response.url, status=state.response.status, body=state.response.body)

    @property
    def _site_delay(self) -> float:
        site = getattr(self.crawler.spider, "site", None)
        return (site.delay if site is not None else None) or 0.0

    async def _state_for(self, request: Request) -> RobotsState:
        """The state of the request's authority; concurrent requests wait for one fetch."""
        url = urlparse_cached(request)
        authority = f"{url.scheme}://{url.netloc}"
        async with self._locks[authority]:
            state = self._states.get(authority)
            if state is None or state.until < monotonic():
                state = self._from_archive(authority) or await self._fetch(authority, state)
                self._states[authority] = state
            return state

    def _from_archive(self, authority: str) -> RobotsState | None:
        """The state by a capture of an earlier crawl that is still valid."""
        now = datetime.now(UTC)
        session = session_of(self.crawler)
        capture = session.robots.recall(authority, now - timedelta(seconds=VALIDITY)) if session else None
        if capture is None:
            return None
        encodings = [value for name, value in capture.headers if name.lower() == "content-encoding"]
        body = _body_of(capture.payload, encodings)
        response = Response(capture.url, status=capture.status or 0, body=body)
        age = (now - capture.captured_at).total_seconds()
        return self._state_of(response, None, monotonic() + VALIDITY - age)

    async def _fetch(self, authority: str, previous: RobotsState | None) -> RobotsState:
        """The state by a new request; the previous rules stay in force where robots.txt cannot be reached."""
        url, until = f"{authority}/robots.txt", monotonic() + VALIDITY
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True, "redirect_ttl": MAX_REDIRECTS, "robots": True}
        meta[AS_SENT] = True
        request = Request(url, priority=1000, callback=NO_CALLBACK, dont_filter=True, meta=meta)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except (CrawlEnded, WriteFailed):
            raise
        except RequestSkipped as skipped:
            return RobotsState(ALLOW_ALL, "robots", str(skipped), until)
        except NETWORK_ERRORS as problem:
            failure = Failure(problem)  # type: ignore[no-untyped-call]
            self.crawler.signals.send_catch_log(robots_failed, request=request, failure=failure)
            logger.info("%s cannot be reached (%s): nothing else is asked of the host", url, problem)
            rules = previous.rules if previous else DISALLOW_ALL
            return RobotsState(rules, reason_of(failure).value, f"{url} gave no answer: {problem}", until)
        if not _is_unreachable(response) and (session := session_of(self.crawler)) is not None:
            session.robots.add(authority, response.meta["capture"], datetime.now(UTC))
        encodings = [value.decode("latin-1") for value in response.headers.getlist("Content-Encoding")]
        response = Response(response.url, status=response.status, body=_body_of(response.body, encodings))
        return self._state_of(response, previous, until)

    def _state_of(self, response: Response, previous: RobotsState | None, until: float) -> RobotsState:
        if _is_unreachable(response):
            logger.warning("%s answers %d: nothing else is asked of the host", response.url, response.status)
            rules = previous.rules if previous else DISALLOW_ALL
            detail = f"{response.url} answered {response.status}"
            return RobotsState(rules, "robots-unreachable", detail, until)
        rules = parse_robots(response.body, PRODUCT) if 200 <= response.status < 300 else ALLOW_ALL
        return RobotsState(rules, "robots", f"forbidden by {response.url}", until, response)


def _body_of(payload: bytes, encodings: Sequence[str]) -> bytes:
    """As much of a robots.txt as counts: of a bomb the beginning, of one that is damaged what comes before that."""
    try:
        return content_of(payload, ",".join(encodings), MAX_BYTES)
    except DecodingError as problem:
        return problem.prefix


def _is_unreachable(response: Response) -> bool:
    """Whether RFC 9309 2.3.1.4 applies; 429 counts too."""
    return response.status >= 500 or response.status == 429
