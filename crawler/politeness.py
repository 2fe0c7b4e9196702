"""What a server asks of a crawler beyond robots.txt's yes and no: Crawl-delay and Retry-After."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import deferred_from_coro

logger = logging.getLogger(__name__)

#: Statuses with which a server may send Retry-After (RFC 9110 10.2.3, RFC 6585 4).
ASKS_TO_WAIT = frozenset({429, 503})


class Politeness:
    """A Scrapy extension: holds each host to its Crawl-delay where longer than ours, and to its Retry-After.

    While a host asks to wait nothing is sent to it. A wait over EMEROTECA_LONGEST_WAIT seconds ends the crawl with
    the reason `asked-to-wait`: the next run goes on.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.longest_wait = crawler.settings.getfloat("EMEROTECA_LONGEST_WAIT")
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """`request` is the one for whose sake robots.txt was fetched: its slot is the host's."""
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        _, slot = self._downloader._get_slot(request)
        if asked is not None and asked > slot.delay:
            logger.info("robots.txt for %s asks for %s seconds between requests", request.url, asked)
            slot.delay = float(asked)

    def response_downloaded(self, response: Response, request: Request) -> None:
        if response.status not in ASKS_TO_WAIT:
            return
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is None:
            asked = min(2.0 ** request.meta.get("retry_times", 0), self.longest_wait)
        if asked > self.longest_wait:
            logger.warning("%s asks to wait %d seconds: the crawl ends here", request.url, asked)
            assert self.crawler.engine is not None
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="asked-to-wait"))
            return
        self.crawler.stats.inc_value("emeroteca/waits")
        _, slot = self._downloader._get_slot(request)
        self._pause(slot, asked)

    @property
    def _downloader(self) -> Downloader:
        assert self.crawler.engine is not None
        return self.crawler.engine.downloader

    def _pause(self, slot: Slot, seconds: float) -> None:
        """Scrapy sends nothing from a slot that waits for its `latercall`."""
        if slot.latercall:
            slot.latercall.cancel()
        slot.latercall = call_later(seconds, self._downloader._latercall, slot)


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header: delay-seconds or an HTTP-date (RFC 9110 10.2.3)."""
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)
