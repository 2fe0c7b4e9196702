"""The objects that a crawl's components share, held by the extension `crawler.crawl.session.CrawlSession`."""

from scrapy.crawler import Crawler

from crawler.capture.robots_memory import RobotsMemory
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


def session_of(crawler: Crawler) -> CaptureSession:
    """The session of a crawl that has an extension of this class."""
    session = crawler.get_extension(CaptureSession)
    assert session is not None
    return session
