"""A crawl in a process of its own: the requests come as JSON on standard input, the outcomes leave as JSON.

Input: {"folder", "settings", "writer", "requests": [{"url", "method", "body", "meta"}]}. Output, one line a request:
{"url", "name", "status" or "failure", "body", "capture"}, then one line {"reason", "captured", "failed"}.
"""

import base64
import json
import resource
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

from crawler.capture.download_handler import DOWNLOAD_HANDLER
from crawler.capture.session import CaptureSession, session_of
from crawler.capture.signals import exchange_captured, exchange_failed
from storage.warc.write.writer import WarcWriter

ORDER = json.load(sys.stdin)
if limit := ORDER["settings"].pop("TEST_FILE_LIMIT", None):
    # A file that may not grow past a limit fails a write half way, as a full disk does.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


class Session(CaptureSession):
    """What the download handler needs of a crawl."""

    def __init__(self) -> None:
        self.writer = WarcWriter(Path(ORDER["folder"]), prefix="test", software="test", **ORDER["writer"])


class Errand(scrapy.Spider):
    name = "errand"

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "Errand":
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.captured = []
        spider.failed = []
        crawler.signals.connect(spider.on_captured, exchange_captured)
        crawler.signals.connect(spider.on_failed, exchange_failed)
        crawler.signals.connect(spider.on_closed, scrapy.signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for wish in ORDER["requests"]:
            yield scrapy.Request(
                wish["url"],
                method=wish.get("method", "GET"),
                body=wish.get("body", "").encode(),
                headers=wish.get("headers"),
                meta=wish.get("meta", {}),
                callback=self.came,
                errback=self.failed_,
                dont_filter=True,
                cb_kwargs={"name": wish["name"]},
            )

    def came(self, response: Any, name: str) -> None:
        body = base64.b64encode(response.body).decode()
        tell(name=name, status=response.status, body=body, capture=named(response.meta))

    def failed_(self, failure: Any) -> None:
        kind = type(failure.value).__name__
        tell(name=failure.request.cb_kwargs["name"], failure=kind, capture=named(failure.request.meta))

    def on_captured(self, ref: Any, exchange: Any, request: Any) -> None:
        self.captured.append([ref.record_id, exchange.url, exchange.truncated])

    def on_failed(self, reason: Any, request: Any, failure: Any) -> None:
        self.failed.append([str(reason), request.url])

    def on_closed(self, reason: str) -> None:
        session_of(self.crawler).writer.close()
        tell(reason=reason, captured=self.captured, failed=self.failed)


def named(meta: dict[str, Any]) -> Any:
    ref = meta.get("capture")
    return ref and [ref.file, ref.offset, ref.length, ref.record_id]


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


SETTINGS = {
    "EXTENSIONS": {Session: 0},
    "EMEROTECA_NETWORKS": "127.0.0.0/8",
    "DOWNLOAD_HANDLERS": {"http": DOWNLOAD_HANDLER, "https": DOWNLOAD_HANDLER},
    "HTTPERROR_ALLOW_ALL": True,
    "REDIRECT_ENABLED": False,
    "RETRY_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "USER_AGENT": "errand",
    **ORDER["settings"],
}
process = CrawlerProcess(SETTINGS)
process.crawl(Errand)
process.start()
