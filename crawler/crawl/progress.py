"""Shows the progress of a crawl on standard error; a Scrapy extension, enabled by crawler.settings."""

from typing import Final, Self

from rich.progress import TimeElapsedColumn
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawl.report import spider_name
from crawler.crawl.session import CrawlSession
from crawler.event_log import is_json
from crawler.progress_bar import LOG_INTERVAL, ProgressBar

#: Seconds between two updates of the bar.
UPDATE_INTERVAL: Final = 0.2


class CrawlProgress:
    """Shows articles requested, captured, and their outcomes. Off unless EMEROTECA_PROGRESS is on."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("EMEROTECA_PROGRESS"):
            raise NotConfigured
        self.crawler = crawler
        self.bar = ProgressBar(spider_name(crawler), TimeElapsedColumn(), transient=False)
        self.looping = create_looping_call(self.show)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        self.bar.start()
        self.looping.start(UPDATE_INTERVAL if self.bar.on_terminal else LOG_INTERVAL, now=False)

    def spider_closed(self, spider: Spider) -> None:
        self.looping.stop()
        if self.bar.on_terminal or is_json():  # in a plain log the report of the crawl follows
            self.show()
        self.bar.stop()

    def show(self) -> None:
        session = self.crawler.get_extension(CrawlSession)
        if session is None or session.report.spider is None:
            return
        report, spider = session.report, session.report.spider
        requested = len(spider.urls) + spider.selection.counts["asked"]
        done = report.articles_done
        text = f"{done} of {requested} captured, {report.summary()}, {done / self.bar.seconds:.0f}/s"
        self.bar.update(text, done, requested or None, now=True)
