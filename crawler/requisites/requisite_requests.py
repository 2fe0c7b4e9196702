"""Requests the requisites of captured pages, below all other requests; used by the spider with EMEROTECA_REQUISITES."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.capture.exchange_recorder import RESOURCE_TYPE
from crawler.capture.network_errors import reason_of
from crawler.exceptions import CrawlEnded, RequestSkipped
from crawler.extraction.html.limits import MOST_BYTES
from crawler.fetching.compression_middleware import AS_SENT
from crawler.requisites.page_requisites import page_requisites
from crawler.requisites.requisite import Requisite, RequisiteKind
from crawler.requisites.selection import RequisiteLimits, RequisiteSelection
from crawler.requisites.stylesheet import stylesheet_requisites
from crawler.site import Site
from storage.exceptions import DecodingError
from storage.warc.http.capture import Capture
from storage.warc.http.content_coding import decode
from storage.warc.read.revisit_resolver import RevisitResolver

#: The route of requisites in metadata records.
ROUTE: Final = "requisite"
#: Below lists and articles, which have 10 and 0.
PRIORITY: Final = -10
#: A style sheet may import another, this often.
MOST_IMPORTS: Final = 4


class RequisiteRequests:
    """archived: gives the newest capture of a URL. HTML and CSS are parsed in threads, beside the network."""

    def __init__(self, selection: RequisiteSelection, archived: Callable[[str], Capture | None]) -> None:
        self.selection = selection
        self._archived = archived

    @classmethod
    def begin(cls, settings: BaseSettings, site: Site, resolver: RevisitResolver) -> Self | None:
        """Those of a crawl of the site; None without EMEROTECA_REQUISITES."""
        if not settings.getbool("EMEROTECA_REQUISITES"):
            return None
        selection = RequisiteSelection(site, RequisiteLimits.of(settings), resolver.index.captured_since)
        return cls(selection, resolver.latest_capture)

    async def of_captures(self, pages: Iterable[Capture]) -> AsyncIterator[Request]:
        """The requests for what captured pages need."""
        for page in pages:
            found = await asyncio.to_thread(page_requisites, _archived_content(page), page.url, page.content_type)
            for request in await self._requests(found, page.url, MOST_IMPORTS):
                yield request

    async def of_page(self, response: Response) -> list[Request]:
        """The requests for what a page needs, without what was requested before."""
        body = _content(response)
        if response.status != 200 or body is None:
            return []
        found = await asyncio.to_thread(page_requisites, body, response.url, _content_type(response))
        return await self._requests(found, response.url, MOST_IMPORTS)

    async def stylesheet_captured(self, response: Response, imports: int) -> AsyncIterator[Request]:
        """Request what a style sheet needs; imports: how deep its imports are followed."""
        self.selection.answered(response.url, response.status)
        css = _content(response)
        if response.status == 200 and css is not None:
            found = await asyncio.to_thread(stylesheet_requisites, css, response.url, _charset(response))
            for request in await self._requests(found, response.url, imports):
                yield request

    def captured(self, response: Response, imports: int) -> None:
        self.selection.answered(response.url, response.status)

    def failed(self, failure: Failure) -> None:
        """A page without a picture is a whole capture of the page: this is counted, and no failure of the crawl."""
        if isinstance(failure.value, CrawlEnded):
            return
        problem = failure.value
        reason = problem.reason if isinstance(problem, RequestSkipped) else reason_of(failure).value
        self.selection.counts[reason] += 1

    async def _requests(self, found: Iterable[Requisite], via: str, imports: int) -> list[Request]:
        """Requests; a style sheet that the collection has is read there, since what it names may be missing."""
        requests, sheets = [], deque([(found, via, imports)])
        while sheets:
            found, via, imports = sheets.popleft()
            for one, is_known in self.selection.select(found):
                is_sheet = one.kind is RequisiteKind.STYLESHEET
                if is_sheet and imports <= 0:
                    continue
                archived = self._archived(one.url) if is_known and is_sheet else None
                if archived is not None:
                    css = _archived_content(archived)
                    sheets.append((await asyncio.to_thread(stylesheet_requisites, css, one.url), one.url, imports - 1))
                elif is_sheet or not is_known:
                    requests.append(self._request(one, via, imports - 1 if is_sheet else imports))
        return requests

    def _request(self, one: Requisite, via: str, imports: int) -> Request:
        is_sheet = one.kind is RequisiteKind.STYLESHEET
        return Request(
            one.url,
            headers={"Accept": "*/*"},
            callback=self.stylesheet_captured if is_sheet else self.captured,
            errback=self.failed,
            cb_kwargs={"imports": imports},
            priority=PRIORITY,
            # each is selected once; Scrapy's own filters would drop those on other hosts
            dont_filter=True,
            meta={
                "discovery": {"route": ROUTE, "via": via},
                RESOURCE_TYPE: one.kind.value,
                AS_SENT: True,
                "download_maxsize": self.selection.limits.bytes,
            },
        )


def _content_type(response: Response) -> str | None:
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def _charset(response: Response) -> str | None:
    found = (_content_type(response) or "").lower().partition("charset=")[2].strip(" \"';")
    return found or None


def _content(response: Response) -> bytes | None:
    """The body without content codings; None where they cannot be undone, or give more than a page may have."""
    values = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
    try:
        return decode(response.body, [coding.strip() for coding in values.split(",") if coding.strip()], MOST_BYTES)
    except DecodingError:
        return None


def _archived_content(capture: Capture) -> bytes:
    try:
        return capture.content(MOST_BYTES)
    except DecodingError:
        return b""
