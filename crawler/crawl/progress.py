"""How a crawl goes, on standard error: a bar on a terminal, plain lines in a log. A Scrapy extension."""

import sys
from time import monotonic
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawl.extension import Archive

#: Seconds between two pictures of the bar, and between two lines of a log.
ON_TERMINAL, IN_LOG = 0.2, 10.0


class CrawlProgress:
    """Shows articles asked for, captured, and what became of them. Off unless EMEROTECA_PROGRESS is on."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("EMEROTECA_PROGRESS"):
            raise NotConfigured
        self.crawler = crawler
        console = Console(stderr=True)
        self.bar = _bar(console) if console.is_terminal else None
        self.looping = create_looping_call(self.show)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        self.began = monotonic()
        if self.bar is not None:
            self.bar.start()
            self.task = self.bar.add_task(spider.name, total=None, words="")
        self.looping.start(ON_TERMINAL if self.bar is not None else IN_LOG, now=False)

    def spider_closed(self, spider: Spider) -> None:
        self.looping.stop()
        self.show()
        if self.bar is not None:
            self.bar.stop()

    def show(self) -> None:
        archive = self.crawler.get_extension(Archive)
        if archive is None or archive.spider is None:
            return
        spider = archive.spider
        asked = len(spider.urls) + spider.selection.counts["asked"]
        done = archive.articles_done
        words = f"{done} of {asked} captured, {archive.in_words()}, {done / (monotonic() - self.began + 1e-9):.0f}/s"
        if self.bar is not None:
            self.bar.update(self.task, total=asked or None, completed=done, words=words)
        else:
            print(f"{spider.name}: {words}", file=sys.stderr, flush=True)


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[words]}"),
        TimeElapsedColumn(),
        console=console,
    )
