"""The objects that a crawl's components share, held by the extension `crawler.crawl.session.CrawlSession`."""

from scrapy.crawler import Crawler

from crawler.capture.robots_memory import RobotsMemory
from storage.corpus.write.erasure import ErasedKeys
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter


class CaptureSession:
    """Base class of the Scrapy extension that opens the WARC writer before the first request.

    writer: for the download handler. resolver: finds earlier captures, for conditional requests. robots: for the robots
    middleware. erased: what is not requested.
    """

    writer: WarcWriter
    resolver: RevisitResolver
    robots: RobotsMemory
    erased: ErasedKeys


def session_of(crawler: Crawler) -> CaptureSession | None:
    """The session of a crawl; None for spiders that are no news spiders, whose requests are not captured: those of
    `scrapy shell` on an unknown site, and a project's own."""
    return crawler.get_extension(CaptureSession)
