"""Checks the URL of every request, robots.txt, redirects and probes too. The first Scrapy downloader middleware.

That of a requisite, which may be on another host than the site's, is checked by the spider's `requisites`.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.capture.exchange_recorder import RESOURCE_TYPE
from crawler.capture.session import session_of
from crawler.exceptions import RequestSkipped
from storage.exceptions import InvalidUrl


class UrlCheck:
    """A URL that is not as `Site.requestable` spells it fails with RequestSkipped, reason `bad-url`; one that was
    erased with the reason `erased`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        session = session_of(self.crawler)
        if session is not None and session.is_erased(request.url):
            raise RequestSkipped("erased", "the page was taken down on demand")
        if RESOURCE_TYPE in request.meta:
            self.crawler.spider.requisites.selection.check(request.url)  # type: ignore[union-attr]
            return
        site = getattr(self.crawler.spider, "site", None)
        try:
            if site is None or site.requestable(request.url) == request.url:
                return
            problem = "another parser would read it otherwise"
        except InvalidUrl as invalid:
            problem = str(invalid)
        raise RequestSkipped("bad-url", f"{request.url}: {problem}")
