"""Articles as Scrapy items: for feed exports (`-o`), item pipelines and extensions of Scrapy's users.

An item is made of the result of a capture, once its row is stored; nothing is extracted a second time. Items are sent
by the worker process where something takes them (FEEDS, ITEM_PIPELINES, EMEROTECA_ITEMS). A crawl ends, for whatever
reason, after the items of all its captures have gone through the pipelines.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.pipelines import ItemPipelineManager

from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.identity import article_id

Item = dict[str, Any]
#: Items that are in pipelines at once.
AT_ONCE = 16
#: Items on their way, above which callbacks of the spider wait.
CAPACITY = 256
#: Seconds between looks whether all items are through.
LOOK = 0.05

pipelines_closing = object()
"""Sent, and its handlers awaited, when the spider closes and before the item pipelines do."""


def item_of(result: CaptureResult) -> Item:
    """The fields of the article, as `emeroteca extract` prints them, and where it comes from."""
    assert result.article is not None
    return {
        "article_id": article_id(result.article, result.url),
        **result.article.as_json(),
        "captured_at": result.captured_at.isoformat(),
        "warc_file": result.file,
        "warc_offset": result.offset,
        "warc_record_id": result.record_id,
        "payload_digest": result.payload_digest,
        "extractor": result.extractor,
    }


class ResultSource(Protocol):
    """What gives the results: the client of the worker process."""

    @property
    def is_done(self) -> bool: ...

    def flush(self) -> None: ...

    def resume(self) -> None: ...


class ItemFeed:
    """Sends items through Scrapy's pipelines; holds an idle spider open until all captures have theirs."""

    def __init__(self, crawler: Crawler, source: ResultSource) -> None:
        self.crawler = crawler
        self._source = source
        self._running: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._is_flushed = self._is_closed = False
        crawler.signals.connect(self.drain, signal=pipelines_closing)
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(self.request_scheduled, signal=signals.request_scheduled)

    @classmethod
    def of(cls, crawler: Crawler, source: ResultSource) -> Self | None:
        """The feed of a crawl; None where nothing takes items."""
        settings = crawler.settings
        wanted = settings.getbool("EMEROTECA_ITEMS") or settings.getdict("FEEDS") or settings.getdict("ITEM_PIPELINES")
        return cls(crawler, source) if wanted else None

    def add(self, items: Sequence[Item]) -> None:
        """Send items; called in the thread of the event loop. Once the pipelines are closed nothing takes them."""
        for item in items if not self._is_closed else ():
            task = asyncio.ensure_future(self._send(item))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def request_scheduled(self) -> None:
        self._is_flushed = False

    def spider_idle(self) -> None:
        """Hold the spider open while results or items are under way."""
        if not self._is_flushed:
            self._is_flushed = True
            self._source.flush()
            raise DontCloseSpider
        if not self._source.is_done or self._running:
            raise DontCloseSpider

    @property
    def has_capacity(self) -> bool:
        """Whether the pipelines keep up."""
        return len(self._running) < CAPACITY

    async def drain(self) -> None:
        """Return when the results of all captures are stored, and their items through the pipelines."""
        self._source.flush()
        while not self._source.is_done or self._running:
            await asyncio.sleep(LOOK)
        self._is_closed = True

    async def _send(self, item: Item) -> None:
        assert self.crawler.engine is not None
        async with self._gate:
            sent: Coroutine[Any, Any, None] = self.crawler.engine.scraper.start_itemproc_async(item, response=None)
            await sent
        self._source.resume()
        slot = self.crawler.engine.scraper.slot
        if slot is not None and slot.closing and not slot.closing.called and slot.is_idle():
            # Scrapy looks only after a callback of the spider, and waits for ever where an item is the last to end
            assert self.crawler.spider is not None
            slot.closing.callback(self.crawler.spider)


class DrainingPipelineManager(ItemPipelineManager):
    """Scrapy's item pipelines, which close after the last item (setting ITEM_PROCESSOR)."""

    async def close_spider_async(self) -> None:
        assert self.crawler is not None
        await self.crawler.signals.send_catch_log_async(signal=pipelines_closing)
        await super().close_spider_async()
