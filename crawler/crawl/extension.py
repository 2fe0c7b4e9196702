"""The crawl's archive, a Scrapy extension: the WARC file that the wire tap writes to, and the way from there to rows.

Captures are announced by the tap as they are written. A process of the archive's own reads each back from its WARC
file, judges it and saves rows in batches; WARC bytes are on the disk before the rows that point at them.
"""

import hashlib
import json
import logging
import socket
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.capture.network_errors import reason_of
from crawler.capture.signals import exchange_captured, robots_failed
from crawler.crawl.worker import why_stopped
from crawler.crawl.worker_client import WorkerClient
from crawler.discovery.list_queue import ListQueue
from crawler.discovery.revisit_policy import REVISIT_POLICY
from crawler.discovery.route import Window
from crawler.discovery.selection import Selection
from crawler.exceptions import RequestSkipped
from crawler.ingest.crash_log import CrashLog
from crawler.ingest.file_registration import register_files, unregistered_files
from crawler.ingest.pipeline import ingest_missing_captures
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.crawl_history import (
    RecentArticle,
    changes_known_until,
    last_robots,
    published_since,
    was_crawled_whole,
)
from storage.corpus.read.discoveries import DiscoveryClaim, record_discoveries
from storage.corpus.write.store import LastCapture, Store
from storage.exceptions import CaptureMissing, CorpusError, WriteFailed
from storage.locks import SiteLock, exclusive_reader_lock
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import read_capture
from storage.warc.read.recovery import recover
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

logger = logging.getLogger(__name__)


class Asking(Protocol):
    """What the archive knows of a spider: what it was asked for, and what it selected."""

    name: str
    urls: list[str]
    window: Window
    selection: Selection
    lists: ListQueue


class Archive:
    """Opens the collection when the spider opens, keeps every exchange, and closes it in order."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.reading = WorkerClient(crawler)
        settings = crawler.settings
        self.collection = Collection(Path(settings["EMEROTECA_HOME"]), settings["EMEROTECA_DATABASE_URL"])
        self.collection.create()
        self.store = Store(open_database(self.collection.database_url))
        self.lock = SiteLock(self.store.database, self.collection.locks, crawler.spidercls.name).acquire()
        self.originals = RevisitResolver(self.collection.warc, PayloadIndex(self.collection.payload_index))
        self.spider: Asking | None = None
        self.broken_routes: list[dict[str, str]] = []
        #: Of each authority, the robots.txt that this crawl obeys: see `last_robots`.
        self.robots: dict[str, dict[str, Any]] = {}
        self.failures = 0
        self.outcome: str | None = None
        self.crawl: int | None = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.exchange_captured, signal=exchange_captured)
        crawler.signals.connect(self.robots_failed, signal=robots_failed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_opened(self, spider: Asking) -> None:
        """Mends what an interrupted run left, then begins a crawl; where that cannot be, the crawl ends here."""
        self.spider = spider
        try:
            self._begin(spider)
        except (CorpusError, WriteFailed) as problem:
            logger.error("the crawl cannot begin: %s", problem)
            self.outcome = why_stopped(problem)
            assert self.crawler.engine is not None
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=self.outcome))

    def _begin(self, spider: Asking) -> None:
        with exclusive_reader_lock(self.collection.locks, spider.name):
            self._mend()
        self._last_robots = last_robots(self.store.database, spider.name)
        self.crawl = self.store.begin_crawl(spider.name, self._settings(spider))
        self.writer = WarcWriter(
            self.collection.warc,
            prefix=spider.name,
            software=self.crawler.settings["USER_AGENT"].split(" ")[0],
            operator=self.crawler.settings["EMEROTECA_CONTACT"],
            info=self._warcinfo(spider),
            max_bytes=self.crawler.settings.getint("EMEROTECA_WARC_BYTES"),
            max_seconds=self.crawler.settings.getfloat("EMEROTECA_WARC_SECONDS"),
            revisit_resolver=self.originals,
        )
        self.crawler.warc_writer = self.writer  # type: ignore[attr-defined]  # where the wire tap looks for it
        self.crawler.originals = self.originals  # type: ignore[attr-defined]  # where conditional requests look
        self.reading.start(self.collection, self.crawl)

    def exchange_captured(self, ref: CaptureRef, request: Request) -> None:
        self.reading.put(ref, request.meta.get("discovery", {}).get("lastmod"))

    async def spider_closed(self, reason: str) -> None:
        """Everything captured becomes rows, the WARC file is sealed, the crawl gets its outcome."""
        if self.crawl is not None:
            await self._end(self.crawl, reason)
        self.reading.close()
        self.originals.index.close()
        self.lock.release()
        self.store.database.close()

    async def _end(self, crawl: int, reason: str) -> None:
        try:
            self.writer.close()
        except WriteFailed as problem:
            logger.error("the WARC file at hand is left to the next run: %s", problem)
            reason = why_stopped(problem)
        await self.reading.finish()
        self.outcome = self._outcome(reason)
        try:
            self.store.finish_crawl(crawl, self.outcome, self.counts())
        except CorpusError as problem:
            logger.error("the end of the crawl cannot be noted: %s", problem)
            self.outcome = why_stopped(problem)

    async def room(self) -> None:
        """Returns when the reading keeps up: a spider that waits here is never far ahead of it."""
        await self.reading.room()

    def known(self, url_keys: Iterable[str]) -> Mapping[str, LastCapture]:
        return self.store.last_captures(url_keys)

    def was_crawled_whole(self) -> bool:
        return was_crawled_whole(self.store.database, self.crawler.spidercls.name)

    def changes_known_until(self) -> datetime | None:
        return changes_known_until(self.store.database, self.crawler.spidercls.name)

    def robots_kept(self, authority: str, ref: CaptureRef, captured_at: datetime) -> None:
        """That capture is the authority's robots.txt, for this crawl and those that come soon."""
        place = {"file": ref.file, "offset": ref.offset, "record_id": ref.record_id}
        self.robots[authority] = {**place, "captured_at": captured_at.isoformat()}

    def robots_since(self, authority: str, since: datetime) -> Capture | None:
        """The authority's robots.txt as an earlier crawl captured it, not before then; what it said is in force."""
        kept = self._last_robots.get(authority)
        if kept is None or datetime.fromisoformat(kept["captured_at"]) < since:
            return None
        try:
            ref = CaptureRef(kept["file"], kept["offset"], 0, kept["record_id"])
            shown = self.originals.resolve(read_capture(self.collection.warc, ref))
        except CaptureMissing:
            return None  # another machine has it, or somebody has taken it away
        if shown is not None:
            self.robots[authority] = kept
        return shown

    def due_again(self) -> list[RecentArticle]:
        """The young articles that are to be visited again by now, the newest first."""
        now = datetime.now(UTC)
        young = published_since(self.store.database, self.crawler.spidercls.name, now - REVISIT_POLICY.limit)
        return [one for one in young if REVISIT_POLICY.is_due(one.published, one.seen, now)]

    def failed(self, failure: Failure) -> None:
        """A request that was given up without a capture: a row with its reason."""
        self._note_failure(failure.request, failure)  # type: ignore[attr-defined]

    def robots_failed(self, request: Request, failure: Failure) -> None:
        self._note_failure(request, failure)

    def _note_failure(self, request: Request, failure: Failure) -> None:
        self.failures += 1
        record = partial(
            Store.record_failure,
            url=request.meta.get("redirect_urls", [request.url])[0],
            reason=_reason_of(failure),
            detail=failure.getErrorMessage(),
            site=self.crawler.spidercls.name,
            crawl=self.crawl,
        )
        self.reading.note(record)

    def discovered(self, named: Sequence[DiscoveryClaim]) -> None:
        """What a list names, for `coverage`."""
        if named:
            self.reading.note(partial(_record_named, site=self.crawler.spidercls.name, named=named))

    def route_broke(self, route: str, url: str, problem: str) -> None:
        self.broken_routes.append({"route": route, "url": url, "problem": problem})

    def counts(self) -> dict[str, Any]:
        """What `status` shows of a crawl."""
        stats = self.crawler.stats
        return {
            "captures": dict(self.reading.tally.outcomes),
            "refusals": dict(self.reading.tally.refused()),
            "failures": self.failures,
            "errors": stats.get_value("spider_exceptions/count", 0),
            "urls": dict(self.spider.selection.counts) if self.spider else {},
            "lists_not_read": dict(self.spider.lists.refused) if self.spider else {},
            "broken_routes": self.broken_routes,
            "robots": self.robots,
            "requests": stats.get_value("downloader/request_count", 0),
            "response_bytes": stats.get_value("downloader/response_bytes", 0),
        }

    @property
    def articles_done(self) -> int:
        """Articles asked for that have been captured and read."""
        return len(self.reading.tally.articles)

    @property
    def needs_a_look(self) -> bool:
        """Whether something that was asked for did not come out as it should."""
        counts = self.counts()
        return any(counts[name] for name in ("failures", "errors", "broken_routes", "refusals"))

    def in_words(self) -> str:
        """The captures so far, for people."""
        tally = self.reading.tally
        words = f"{tally.outcomes.total()} captures, {tally.outcomes['article']} articles"
        refused = tally.refused()
        for reason, count in refused.items():
            words += f", {count} {reason}"
        return words + (f", {self.failures} failed" if self.failures else "")

    def _outcome(self, reason: str) -> str:
        if self.reading.problem is not None:
            return self.reading.problem
        return "unreachable" if self.failures and not self.writer.captures else reason

    def _mend(self) -> None:
        for recovered in recover(self.collection.warc):
            logger.warning("an interrupted run left a WARC file open: %s", recovered)
        left = unregistered_files(self.collection.registry(), self.store)
        with closing(CrashLog(self.collection.crash_log)) as suspects:
            missing = ingest_missing_captures(self.store, self.originals, left, suspects.read)
        if missing:
            logger.warning("%d captures of an interrupted run have got their rows", missing)
        register_files(self.collection.registry(), self.store, left)

    def _settings(self, spider: Asking) -> dict[str, Any]:
        settings = self.crawler.settings
        return {
            "since": spider.window.since.isoformat() if spider.window.since else None,
            "until": spider.window.until.isoformat() if spider.window.until else None,
            "limit": spider.selection.limit,
            "urls": spider.urls,
            "delay": settings.getfloat("DOWNLOAD_DELAY"),
            "user_agent": settings["USER_AGENT"],
        }

    def _warcinfo(self, spider: Asking) -> dict[str, str]:
        settings = self.crawler.settings
        asked = json.dumps(self._settings(spider), sort_keys=True, ensure_ascii=False)
        return {
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "http-header-user-agent": settings["USER_AGENT"],
            "hostname": socket.gethostname(),
            "isPartOf": f"crawl {self.crawl} of {spider.name}",
            "settings-digest": f"sha256:{hashlib.sha256(asked.encode()).hexdigest()}",
        }


def _record_named(store: Store, site: str, named: Sequence[DiscoveryClaim]) -> None:
    record_discoveries(store.database, site, named)


def _reason_of(failure: Failure) -> str:
    if isinstance(failure.value, RequestSkipped):
        return failure.value.reason
    return "ignored" if isinstance(failure.value, IgnoreRequest) else reason_of(failure).value
