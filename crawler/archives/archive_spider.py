"""The base of the spiders that import captures of a site from a web archive: first its index, then the captures.

Every line of the index goes to the ledger (`storage.corpus.write.archive_ledger`) and gets an outcome there. Of the
lines of an article with the same digest one is requested, and the next where that one is of no use. A killed import
goes on where it was: the ledger has the lines, and captures that it does not know are found in the collection.
"""

import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import groupby
from time import monotonic
from typing import Any, Final, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archives.archive_downloader import ArchiveDownloader, archive_paused
from crawler.archives.index_answer import of_site
from crawler.archives.line_decisions import GOOD, LineDecisions
from crawler.archives.memento_outcome import Found
from crawler.archives.unknown_site import described_by
from crawler.crawl.known_sites import know_sites, write_site_file
from crawler.crawl.session import CrawlSession
from crawler.discovery.list_queue import ListQueue
from crawler.discovery.route import ListPage, Window
from crawler.discovery.selection import Selection
from crawler.event_log import report
from crawler.exceptions import CrawlEnded
from crawler.fetching.compression_middleware import AS_SENT
from crawler.site import Site
from crawler.sites.file_site import site_of_file
from crawler.spider import list_page
from storage.corpus.read.archive_ledger import known_captures, page_urls, paused_until, pending_lines
from storage.corpus.write.archive_ledger import (
    IndexLine,
    LineOutcome,
    add_queries,
    reclassify,
    record_answer,
    reopen,
)
from storage.corpus.write.store import Store
from storage.exceptions import CaptureMissing, EmerotecaError, SurveyFailed
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.read.reader import read_capture

logger = logging.getLogger(__name__)

#: Slots of the downloader: of the archive's index, and of its captures.
INDEX_SLOT: Final = "archive-index"
CAPTURE_SLOT: Final = "archive-captures"
#: Articles whose lines are read from the ledger at a time.
ARTICLES: Final = 500
#: Seconds between two words on how far the index is read.
SAY: Final = 5.0
#: Redirects to the same memento that are followed.
MOST_REDIRECTS: Final = 3


class ArchiveSpider(scrapy.Spider, ABC):
    """of_site: whose captures are imported. archive: its name in the ledger. since, until: days of capture, UTC,
    inclusive. all_captures: each capture of an article, not each distinct payload. limit: captures to request at most.
    only_index: end when the index is read. address: of a site that is not described yet; the URLs of the index do.
    """

    requisite_counts: Counter[str] | None = None
    all_routes_broke = False

    def __init__(
        self,
        of_site: Site,
        archive: str,
        since: date | None = None,
        until: date | None = None,
        *,
        all_captures: bool = False,
        limit: int | None = None,
        only_index: bool = False,
        address: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(of_site.name, **kwargs)
        self.of_site, self.archive, self.address = of_site, archive, address
        #: Of the index, in messages.
        self.title = f"index of {archive}"
        self.since, self.until = since, until
        self.all_captures, self.limit, self.only_index = all_captures, limit, only_index
        self.urls: list[str] = []
        self.window = Window(since, until)
        self.selection = Selection(of_site, self.window, limit, lambda _: {})
        self.lists = ListQueue(of_site)
        #: Parts of the index that could not be read, and those that the archive does not show.
        self.unread: list[str] = []
        self.excluded: list[str] = []
        #: Lines of pages that were erased.
        self.erased = 0
        self.decisions = LineDecisions(archive, lambda job: self.session.worker.add_write(job))
        self._requested = 0
        self._said_at = float("-inf")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._paused, signal=archive_paused)
        crawler.signals.connect(spider.spider_idle, signal=signals.spider_idle)
        return spider

    @property
    def session(self) -> CrawlSession:
        session = self.crawler.get_extension(CrawlSession)
        assert session is not None
        return session

    @property
    def store(self) -> Store:
        return self.session.store

    async def start(self) -> AsyncIterator[Request]:
        database = self.store.database
        self._wait_for_pause()
        reopen(database, self.name, self.archive)
        try:
            await self.read_index()
            self._describe_site()
        except CrawlEnded:
            return
        except EmerotecaError as problem:
            is_excluded = isinstance(problem, SurveyFailed) and self.excluded
            shown = f"{self.archive} does not show {self.name} (excluded)" if is_excluded else str(problem)
            self.session.report.problem = shown
            return
        reclassify(self.store.database, self.name, self.archive, partial(of_site, site=self.of_site))
        self._find_captured()
        if self.only_index:
            return
        for group in self._groups():
            request = self._next_request(group)
            if request is not None:
                yield request

    @abstractmethod
    async def read_index(self) -> None:
        """Store the lines of all parts of the index that are not known yet."""

    @abstractmethod
    def capture_request(self, line: IndexLine) -> Request:
        """The request of a line's capture, without callbacks."""

    @abstractmethod
    def found(self, line: IndexLine, response: Response) -> tuple[Found, str | None]:
        """The outcome of a line by the archive's answer, and the WARC-Record-ID of the capture here."""

    @abstractmethod
    def found_earlier(self, line: IndexLine, capture: Capture) -> Found | None:
        """The outcome of a line by its capture here; None where it has to be requested again."""

    @abstractmethod
    def captured_url(self, line: IndexLine) -> str:
        """The URL of the record of a line's capture here."""

    # --- the index --------------------------------------------------------------------------------------------

    async def fetch(self, url: str, *, as_sent: bool = False) -> ListPage:
        """The answer for a part of the index, a capture. as_sent: without decoding. Raises what the network raises."""
        assert self.crawler.engine is not None
        meta: dict[str, Any] = {"discovery": {"route": self.archive}, AS_SENT: as_sent}
        meta |= {"download_slot": INDEX_SLOT, "dont_redirect": True}
        response: Response = await self.crawler.engine.download_async(Request(url, dont_filter=True, meta=meta))
        return list_page(response)

    def add_parts(self, scopes: Iterable[str]) -> None:
        """Note parts of the index that are to be read."""
        add_queries(self.store.database, self.name, self.archive, scopes)

    def store_part(
        self,
        scope: str,
        lines: Sequence[IndexLine] = (),
        *,
        outcome: str | None,
        detail: str | None = None,
        resume_key: str | None = None,
    ) -> None:
        """Store an answer for a part of the index, without lines of pages that were erased."""
        shown = [line for line in lines if not self.session.is_erased(line.url)]
        self.erased += len(lines) - len(shown)
        if outcome == "excluded":
            self.excluded.append(scope)
        elif outcome == "failed":
            self.unread.append(scope)
        record_answer(
            self.store.database,
            self.name,
            self.archive,
            scope,
            list(of_site(shown, self.of_site)),
            outcome=outcome,
            detail=detail,
            resume_key=resume_key,
        )

    def say(self, message: str, *, now: bool = True) -> None:
        """Tell how far the index is read: now, or where the last time is some seconds ago."""
        if not now and monotonic() - self._said_at < SAY:
            return
        self._said_at = monotonic()
        report("archive-index", f"{self.title}: {message}", site=self.name, archive=self.archive)

    def _describe_site(self) -> None:
        """Write the site file of a site that is not described yet. Raises SurveyFailed."""
        if self.address is None:
            return
        described = described_by(self.address, page_urls(self.store.database, self.name, self.archive))
        path = write_site_file(self.session.collection, described)
        self.session.worker.add_write(know_sites())
        self.of_site = site_of_file(described)
        self.say(f"articles are {' or '.join(described.articles.include)}; written: {path}")

    # --- the captures -----------------------------------------------------------------------------------------

    def _groups(self) -> Iterator[list[IndexLine]]:
        """The lines that wait, by article and digest, the best first; those of no digest, or with `all_captures`, one
        by one."""
        after = -1
        while lines := pending_lines(self.store.database, self.name, self.archive, after, ARTICLES):
            after = lines[-1].article or 0
            wanted = [line for line in lines if self._is_in_span(line)]
            for (_, digest), group in groupby(wanted, key=lambda line: (line.article, line.digest)):
                best_first = sorted(group, key=lambda line: (line.status is None, line.captured_at))
                yield from [[line] for line in best_first] if self.all_captures or not digest else [best_first]

    def _is_in_span(self, line: IndexLine) -> bool:
        day = line.captured_at.date()
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def _next_request(self, group: list[IndexLine]) -> Request | None:
        if not group or (self.limit is not None and self._requested >= self.limit):
            return None
        self._requested += 1
        self.selection.counts["asked"] += 1
        return self._request(self.capture_request(group[0]), group)

    def _request(self, request: Request, group: list[IndexLine]) -> Request:
        meta = {"download_slot": CAPTURE_SLOT, "dont_redirect": True}
        return request.replace(
            callback=self.captured,
            errback=self.failed,
            cb_kwargs={"group": group},
            dont_filter=True,
            meta={**request.meta, **meta},
        )

    async def captured(self, response: Response, group: list[IndexLine]) -> AsyncIterator[Request]:
        """Decide on the first line of a group; request the next where that was of no use."""
        found, record_id = self.found(group[0], response)
        tried = response.request.meta.get("followed", 0) if response.request else 0
        if found.follow is not None and tried < MOST_REDIRECTS:
            followed = Request(found.follow, meta={**self.capture_request(group[0]).meta, "followed": tried + 1})
            yield self._request(followed, group)
            return
        self.decisions.add(group, found, record_id)
        if found.outcome not in GOOD:
            following = self._next_request(group[1:])
            if following is not None:
                yield following
        await self.session.worker.wait_for_capacity()

    def failed(self, failure: Failure) -> None:
        """No answer, after all tries."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, CrawlEnded):
            return
        self.session.record_failure(request, failure)
        self.decisions.add(request.cb_kwargs["group"], Found(LineOutcome.FAILED, failure.getErrorMessage()), None)

    def spider_idle(self) -> None:
        self.decisions.flush()

    def closed(self, reason: str) -> None:
        """Called by Scrapy, before the session ends the worker."""
        self.decisions.flush()

    def _find_captured(self) -> None:
        """Decide on lines whose captures a killed import left in the collection."""
        found = known_captures(self.store.database, self.archive)
        if not found:
            return
        decisions = LineDecisions(self.archive, lambda job: job(self.store))
        for group in self._groups():
            for at, line in enumerate(group):
                ref = found.get((self.captured_url(line), line.captured_at))
                capture = self._earlier(ref) if ref is not None else None
                outcome = self.found_earlier(line, capture) if capture is not None else None
                if capture is not None and outcome is not None:
                    rest = [*group[:at], *group[at + 1 :]]
                    decisions.add([line, *rest], outcome, capture.ref.record_id)
                    break
        decisions.flush()

    def _earlier(self, ref: CaptureRef) -> Capture | None:
        try:
            return self.session.resolver.resolve(read_capture(self.session.collection.warc / ref.file, ref))
        except CaptureMissing:
            return None

    # --- pauses -----------------------------------------------------------------------------------------------

    def _wait_for_pause(self) -> None:
        until = paused_until(self.store.database, self.archive)
        seconds = (until - datetime.now(UTC)).total_seconds() if until is not None else 0.0
        if until is not None and seconds > 0:
            self.say(f"it has asked for fewer requests: nothing is asked before {until:%Y-%m-%d %H:%M:%S} UTC")
            assert self.crawler.engine is not None
            downloader = self.crawler.engine.downloader
            assert isinstance(downloader, ArchiveDownloader)
            downloader.pause_all(seconds)

    def _paused(self, until: datetime) -> None:
        self.decisions.pause(until)
        self.session.worker.flush()
