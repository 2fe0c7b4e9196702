"""The objects that a crawl's components share, held by the extension `crawler.crawl.session.CrawlSession`."""

from scrapy.crawler import Crawler

from crawler.capture.robots_memory import RobotsMemory
from storage.warc.http.exchange import Exchange
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter


class CaptureSession:
    """Base class of the Scrapy extension that opens the WARC writer before the first request.

    writer: for the download handler. resolver: finds earlier captures, for conditional requests. robots: for the robots
    middleware.
    """

    writer: WarcWriter
    resolver: RevisitResolver
    robots: RobotsMemory

    def is_erased(self, url: str) -> bool:
        """Whether a URL, in any spelling, or the page of which it is a memento, was erased and is not requested."""
        return False

    def reserved(self, exchange: Exchange) -> str | None:
        """The reservation for which an answer is not kept; None where it is kept."""
        return None


def session_of(crawler: Crawler) -> CaptureSession | None:
    """The session of a crawl; None for spiders that are no news spiders, whose requests are not captured: those of
    `scrapy shell` on an unknown site, and a project's own."""
    return crawler.get_extension(CaptureSession)
