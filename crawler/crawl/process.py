"""Runs one Scrapy crawl to its end, for the commands `crawl` and `import`."""

from time import monotonic
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.crawl.session import CrawlSession
from storage.file_handles import check_file_handles


def new_process(settings: Settings) -> AsyncCrawlerProcess:
    """A process for one crawl, with its event loop. Raises OSError where there are too few file handles."""
    check_file_handles()
    process = AsyncCrawlerProcess(settings)
    from twisted.internet import reactor  # installed now

    # by Twisted's own clock, that of the wall, what is due now waits for ever once that is set back
    object.__setattr__(reactor, "seconds", monotonic)
    return process


def run_to_end(process: AsyncCrawlerProcess, crawler: Crawler, **arguments: Any) -> CrawlSession | None:
    """Run the crawler of a process with the spider's arguments. Returns its session, None where the crawl was stopped
    before it had one. Raises what kept the crawl from beginning, such as WriteFailed, which Scrapy logs only; OSError
    where there are too few file handles to begin.
    """
    crawl = process.crawl(crawler, **arguments)
    check_file_handles()
    process.start()
    problem = crawl.exception() if crawl.done() and not crawl.cancelled() else None
    if problem is not None:
        raise problem
    try:
        return crawler.get_extension(CrawlSession)
    except RuntimeError:  # there are no extensions yet
        return None
