"""One live crawl, a Scrapy extension: opens the collection and the WARC writer, and closes them in order.

The download handler announces captures as they are written; the worker process (`crawler.crawl.worker_client`) reads
each back from its WARC file and stores its result. WARC bytes are on the disk before the rows of their captures.
"""

import hashlib
import json
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.capture.network_errors import reason_of
from crawler.capture.robots_memory import RobotsMemory
from crawler.capture.session import CaptureSession
from crawler.capture.signals import exchange_captured, robots_failed
from crawler.crawl.recovery import recover_interrupted_crawls
from crawler.crawl.report import CrawlReport, ReportedSpider, spider_name
from crawler.crawl.respect import checked_reservations, reserved
from crawler.crawl.worker import crawl_outcome, is_expected
from crawler.crawl.worker_client import WorkerClient
from crawler.event_log import display_records
from crawler.exceptions import RequestSkipped
from crawler.extraction.refusals import RefusalReason
from crawler.extraction.version import Reader
from crawler.ingest.capture_metadata import Claims
from crawler.ingest.classify import Extractor
from crawler.ingest.memento import original_url
from crawler.registry import canonical_url_of, use_home
from crawler.takedown.erase import keys_erased
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.captures import article_captures
from storage.corpus.read.crawl_history import last_robots, requisites_open_since
from storage.corpus.read.discoveries import DiscoveryClaim, record_discoveries
from storage.corpus.write.erasure import NOTHING_ERASED
from storage.corpus.write.store import Store
from storage.exceptions import CaptureMissing, CorpusError, WriteFailed
from storage.locks import SiteLock, exclusive_reader_lock
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import read_capture
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

logger = logging.getLogger(__name__)


class CrawlSession(CaptureSession):
    """A crawl of one site into one collection."""

    def __init__(self, crawler: Crawler) -> None:
        display_records()
        self.crawler = crawler
        self.site = spider_name(crawler)
        self.extractor = Extractor(Reader(crawler.settings["EMEROTECA_READER"]), witness_all=True)
        self.worker = WorkerClient(crawler)
        home, database_url = crawler.settings["EMEROTECA_HOME"], crawler.settings["EMEROTECA_DATABASE_URL"]
        use_home(Path(home))
        is_there = crawler.settings.getbool("EMEROTECA_HOME_EXISTS")
        self.collection = Collection(Path(home), database_url, must_exist=is_there)
        self.collection.create()
        self.store = Store(open_database(self.collection.database_url))
        self.lock = SiteLock(self.store.database, self.collection.locks, self.site).acquire()
        self.resolver = RevisitResolver(self.collection.warc, PayloadIndex(self.collection.payload_index))
        self.robots = RobotsMemory(self.collection.warc, self.resolver)
        self.report = CrawlReport(crawler, self.worker.outcomes, self.robots.captures)
        self.crawl: int | None = None
        self.erased = NOTHING_ERASED
        self.respected = checked_reservations(crawler.settings.getlist("EMEROTECA_RESPECT"))
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.exchange_captured, signal=exchange_captured)
        crawler.signals.connect(self.robots_failed, signal=robots_failed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not hasattr(crawler.spider, "window"):
            raise NotConfigured  # no news spider
        return cls(crawler)

    def spider_opened(self, spider: ReportedSpider) -> None:
        """Begin the crawl after the recovery of interrupted ones; an error ends it."""
        self.report.spider = spider
        try:
            self._begin(spider)
        except Exception as problem:  # of any kind: Scrapy would log it, and crawl on without a writer or rows
            told = str(problem) or repr(problem)
            logger.error("the crawl cannot begin: %s", told, exc_info=not is_expected(problem))
            self.report.outcome = crawl_outcome(problem)
            self.worker.abandon()
            assert self.crawler.engine is not None
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=self.report.outcome))

    def exchange_captured(self, ref: CaptureRef, request: Request) -> None:
        self.worker.add_capture(ref, Claims(request.meta.get("discovery", {}).get("lastmod")))

    async def spider_closed(self, reason: str) -> None:
        """Seal the WARC file, store the results of all captures, record the outcome of the crawl."""
        if self.crawl is not None:
            await self._end(self.crawl, reason)
        self.worker.close()
        self.resolver.index.close()
        self.lock.release()
        self.store.database.close()

    def is_erased(self, url: str) -> bool:
        """Whether a page was erased on demand. url: in any spelling, or of a memento of it."""
        return bool(self.erased.digests) and self.erased.has_url(canonical_url_of(original_url(url)))

    def reserved(self, exchange: Exchange) -> str | None:
        """The reservation for which an answer is not kept: one of the setting EMEROTECA_RESPECT."""
        return reserved(exchange, self.respected) if self.respected else None

    def record_failure(self, request: Request, failure: Failure) -> None:
        """Store a request that ended without a capture, and the reason; of an erased page the number alone."""
        if isinstance(failure.value, RequestSkipped) and failure.value.reason == RefusalReason.ERASED:
            if self.report.spider is not None:
                self.report.spider.selection.counts[RefusalReason.ERASED.value] += 1
            return
        reason = _reason_of(failure)
        if reason in self.respected and self.report.spider is not None:
            self.report.spider.selection.counts[reason] += 1
        else:
            self.report.failures += 1
        record = partial(
            Store.record_failure,
            url=request.meta.get("redirect_urls", [request.url])[0],
            reason=reason,
            detail=failure.getErrorMessage(),
            site=self.site,
            crawl=self.crawl,
        )
        self.worker.add_write(record)

    def robots_failed(self, request: Request, failure: Failure) -> None:
        """The same for a robots.txt; that of a host of requisites alone is no failure of the crawl."""
        site = getattr(self.crawler.spider, "site", None)
        if site is None or site.owns(request.url) or not self.crawler.settings.getbool("EMEROTECA_REQUISITES"):
            self.record_failure(request, failure)

    def pages_without_requisites(self) -> Iterator[Capture]:
        """The pages of earlier crawls that were to capture requisites and did not finish."""
        since = requisites_open_since(self.store.database, self.site, self.crawl)
        for ref in article_captures(self.store.database, self.site, since) if since else ():
            with suppress(CaptureMissing):
                page = self.resolver.resolve(read_capture(self.collection.warc / ref.file, ref))
                if page is not None:
                    yield page

    def record_discoveries(self, claims: Sequence[DiscoveryClaim]) -> None:
        """Store the claims of a list, for `coverage`."""
        if claims:
            self.worker.add_write(partial(_record_discoveries, site=self.site, claims=claims))

    def _begin(self, spider: ReportedSpider) -> None:
        with exclusive_reader_lock(self.collection.locks, self.site):
            recover_interrupted_crawls(self.collection, self.store, self.extractor)
        self.erased = keys_erased(self.collection, self.store.database)
        self.robots.earlier = last_robots(self.store.database, self.site)
        settings, arguments = self.crawler.settings, self._arguments(spider)
        self.crawl = self.store.begin_crawl(self.site, arguments)
        self.writer = WarcWriter(
            self.collection.warc,
            prefix=self.site,
            software=settings["USER_AGENT"].split(" ")[0],
            operator=settings["EMEROTECA_CONTACT"],
            info=self._warcinfo(arguments),
            max_bytes=settings.getint("EMEROTECA_WARC_BYTES"),
            max_seconds=settings.getfloat("EMEROTECA_WARC_SECONDS"),
            revisit_resolver=self.resolver,
        )
        self.worker.start(self.collection, self.crawl, self.extractor)

    async def _end(self, crawl: int, reason: str) -> None:
        try:
            self.writer.close()
        except WriteFailed as problem:
            logger.error("the WARC file at hand is left to the next run: %s", problem)
            reason = crawl_outcome(problem)
        await self.worker.finish()
        if self.worker.problem is not None:
            reason = self.worker.problem
        elif self.report.failures and not self.writer.captures:
            reason = "unreachable"
        elif reason == "finished" and self.report.spider is not None and self.report.spider.all_routes_broke:
            reason = "routes-broken"
        self.report.outcome = reason
        try:
            self.store.finish_crawl(crawl, reason, self.report.counts())
        except CorpusError as problem:
            logger.error("the end of the crawl cannot be noted: %s", problem)
            self.report.outcome = crawl_outcome(problem)

    def _arguments(self, spider: ReportedSpider) -> dict[str, Any]:
        return {
            "since": spider.window.since.isoformat() if spider.window.since else None,
            "until": spider.window.until.isoformat() if spider.window.until else None,
            "limit": spider.selection.limit,
            "archive": spider.archive,
            "urls": spider.urls,
            "delay": self.crawler.settings.getfloat("DOWNLOAD_DELAY"),
            "requisites": self.crawler.settings.getbool("EMEROTECA_REQUISITES"),
            "user_agent": self.crawler.settings["USER_AGENT"],
        }

    def _warcinfo(self, arguments: dict[str, Any]) -> dict[str, str]:
        canonical = json.dumps(arguments, sort_keys=True, ensure_ascii=False)
        return {
            "robots": "obey" if self.crawler.settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "http-header-user-agent": self.crawler.settings["USER_AGENT"],
            "hostname": socket.gethostname(),
            "isPartOf": f"{'import' if arguments['archive'] else 'crawl'} {self.crawl} of {self.site}",
            "settings-digest": f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}",
        }


def _record_discoveries(store: Store, site: str, claims: Sequence[DiscoveryClaim]) -> None:
    record_discoveries(store.database, site, claims)


def _reason_of(failure: Failure) -> str:
    if isinstance(failure.value, RequestSkipped):
        return failure.value.reason
    return "ignored" if isinstance(failure.value, IgnoreRequest) else reason_of(failure).value
