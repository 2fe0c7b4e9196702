"""Scrapy's downloader with the delays, pauses and limits of a polite crawler; named in the setting DOWNLOADER.

Every request passes here: robots.txt, retries and redirects too. Per host, in `HostSlot`:

- **delay**: seconds between two requests being sent; ours, or the Crawl-delay of robots.txt where longer, or the time
  that the server takes to answer where that is longer still. With a delay there is one request at a time.
- **wait**: Retry-After holds the host's whole queue, from the first bytes of the answer on; what asks for longer than
  EMEROTECA_LONGEST_WAIT ends the crawl.
- **back-off**: from the third failure in a row each one doubles a pause.
- **breaker**: after EMEROTECA_BREAKER failures in a row the host is asked for robots.txt alone, at growing intervals.
  When it answers the crawl goes on; when it stays silent the crawl ends.
- **wall**: EMEROTECA_WALL answers 401, 403 or 451 in a row end the crawl. Nothing goes around them.
- **budget**: EMEROTECA_BUDGET requests in all end the crawl.

A crawl that ends so has `asked-to-wait`, `host-down`, `blocked` or `budget-spent` as its outcome; what waited in queues
is not sent, and the next run takes it. A host that only requisites are on (the crawl has EMEROTECA_REQUISITES, and the
host is none of the site's) ends no crawl: it is asked for nothing more.
"""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.capture.exchange_recorder import RESOURCE_TYPE
from crawler.capture.signals import exchange_captured, throttled
from crawler.exceptions import CrawlEnded, RequestSkipped
from storage.warc.http.exchange import Exchange

logger = logging.getLogger(__name__)

#: Statuses with Retry-After (RFC 9110 10.2.3, RFC 6585 4).
RETRY_AFTER_STATUSES = frozenset({429, 503})
#: Statuses that refuse access.
REFUSAL_STATUSES = frozenset({401, 403, 451})
#: Seconds after an answered probe in which failures do not open the breaker: pages are broken, not the host.
PROBE_VALIDITY = 60.0
#: Seconds; the limit of an adapted delay and of a back-off pause. A Crawl-delay may be longer.
MAX_DELAY = 60.0


class HostSlot(Slot):
    """A host's queue and state in this crawl. Times are of the monotonic clock, in seconds."""

    def __init__(self, host: str, concurrency: int, delay: float) -> None:
        super().__init__(concurrency, delay, 0.0)
        self.host = host
        #: Seconds between requests at least.
        self.floor = delay
        self.paused_until = 0.0
        #: Requests whose answers have begun with a status of RETRY_AFTER_STATUSES, and are not complete.
        self.awaiting_retry_after: set[Request] = set()
        #: Failures in a row: no answer, 5xx, or 429.
        self.failures = 0
        #: Answers in a row with a status of REFUSAL_STATUSES.
        self.refusals = 0
        #: Whether the host has ever given an answer that is no failure.
        self.answered = False
        self.proven_at = float("-inf")
        #: While the breaker is open: how many probes have failed. None: it is closed.
        self.probes: int | None = None
        self.probe_url = ""
        #: Why nothing more is asked of the host, while the crawl goes on.
        self.left: str | None = None

    def free_transfer_slots(self) -> int:
        concurrency = 1 if self.delay else self.concurrency
        return concurrency - len(self.transferring)

    def next_send_time(self) -> float:
        """The time before which no request is sent."""
        return max(self.paused_until, self.lastseen + self.delay if self.lastseen else 0.0)

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds; a longer pause in effect remains."""
        self.paused_until = max(self.paused_until, monotonic() + seconds)

    def raise_min_delay(self, floor: float) -> None:
        """Apply a Crawl-delay of the host."""
        self.floor = max(self.floor, floor)
        self.delay = max(self.delay, self.floor)

    def adapt(self, latency: float) -> None:
        """Raise the delay for a slow server, ease it for a fast one. Without a configured delay there is none."""
        if self.floor:
            eased = (self.delay + latency) / 2
            self.delay = max(self.floor, min(max(latency, eased), MAX_DELAY))


class PoliteDownloader(Downloader):
    """Scrapy's downloader with a HostSlot for each host; see the module."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.longest_wait = settings.getfloat("EMEROTECA_LONGEST_WAIT")
        self.backoff = settings.getfloat("EMEROTECA_BACKOFF")
        self.breaker = settings.getint("EMEROTECA_BREAKER")
        self.breaker_wait = settings.getfloat("EMEROTECA_BREAKER_WAIT")
        self.breaker_probes = settings.getint("EMEROTECA_BREAKER_PROBES")
        self.wall = settings.getint("EMEROTECA_WALL")
        self.budget = settings.getint("EMEROTECA_BUDGET") or None
        self.has_requisites = settings.getbool("EMEROTECA_REQUISITES")
        self.sent = 0
        #: Why the crawl ends before its work is done; None while it goes on.
        self.ending: str | None = None
        crawler.signals.connect(self._throttled, signal=throttled)
        crawler.signals.connect(self._exchange_captured, signal=exchange_captured)

    def slot_of(self, request: Request) -> HostSlot:
        """The slot of the request's host."""
        key = self.get_slot_key(request)
        if key not in self.slots:
            self.slots[key] = HostSlot(key, self.domain_concurrency, self._delay)
            self._start_slot_gc()
        slot = self.slots[key]
        assert isinstance(slot, HostSlot)
        return slot

    def end(self, reason: str) -> None:
        """Ends the crawl with this outcome; nothing more is sent."""
        if self.ending is None:
            self.ending = reason
            for slot in self.slots.values():
                self._empty(slot)
            assert self.crawler.engine is not None
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=reason))

    def leave(self, slot: HostSlot, reason: str) -> None:
        """Asks nothing more of a host; of one of the site's own, ends the crawl."""
        site = getattr(self.crawler.spider, "site", None)
        if not self.has_requisites or site is None or slot.host in site.hosts:
            self.end(reason)
        else:
            slot.left = reason
            self._empty(slot)

    # --- overridden parts of Scrapy's downloader --------------------------------------------------------------

    def _get_slot(self, request: Request, spider: object = None) -> tuple[str, Slot]:
        slot = self.slot_of(request)
        return slot.host, slot

    #: Seconds between two calls of `_slot_gc`.
    _SLOT_GC_INTERVAL = 0.5

    def _slot_gc(self, age: float = 60) -> None:
        """Keeps the slots of idle hosts, since a crawl has few; empties all queues when the crawl is closing."""
        if self._is_ending:
            for slot in self.slots.values():
                self._empty(slot)

    def _process_queue(self, slot: Slot) -> None:
        """Sends the requests that may be sent now, and schedules itself for the next."""
        assert isinstance(slot, HostSlot)
        if self._is_ending or slot.left is not None:
            self._empty(slot)
        while slot.queue and slot.free_transfer_slots() > 0 and not slot.latercall and not slot.awaiting_retry_after:
            wait = slot.next_send_time() - monotonic()
            if wait > 0:
                slot.latercall = call_later(wait, self._latercall, slot)
                return
            taken = _next(slot)
            if taken is None:
                return
            if self.budget is not None and self.sent >= self.budget:
                logger.warning("the budget of %d requests is spent: the crawl ends here", self.budget)
                slot.queue.appendleft(taken)
                self.end("budget-spent")
                return
            self.sent += 1
            slot.lastseen = monotonic()
            # now, since the download begins in a later iteration of the event loop, after this `while`
            slot.transferring.add(taken[0])
            deferred_from_coro(self._wait_for_download(slot, *taken))

    async def _download(self, slot: Slot, request: Request) -> Response:
        assert isinstance(slot, HostSlot)
        response: Response | None = None
        try:
            response = await self.handlers.download_request_async(request)
            self.signals.send_catch_log(
                signal=signals.response_downloaded, response=response, request=request, spider=self.crawler.spider
            )
            return response
        finally:
            slot.transferring.remove(request)
            slot.awaiting_retry_after.discard(request)
            self._update(slot, request, response)
            self._resume(slot)
            self.signals.send_catch_log(
                signal=signals.request_left_downloader, request=request, spider=self.crawler.spider
            )

    # --- state from answers -----------------------------------------------------------------------------------

    def _throttled(self, request: Request) -> None:
        self.slot_of(request).awaiting_retry_after.add(request)

    def _exchange_captured(self, exchange: Exchange, request: Request) -> None:
        """The delay counts from when the request went over the wire, which setting up a connection makes later."""
        slot = self.slot_of(request)
        ago = (datetime.now(UTC) - exchange.started_at).total_seconds()
        slot.lastseen = max(slot.lastseen, monotonic() - max(ago, 0.0))

    def _update(self, slot: HostSlot, request: Request, response: Response | None) -> None:
        if response is None:
            slot.lastseen = monotonic()
            self._failed(slot, request)
            return
        if response.status in RETRY_AFTER_STATUSES:
            self._wait(slot, request, response)
        if response.status >= 500 or response.status == 429:
            self._failed(slot, request)
            return
        slot.answered = True
        slot.failures = 0
        slot.probes = None
        if RESOURCE_TYPE not in request.meta:  # those are counted by themselves: crawler/requisites/selection.py
            self._count_refusal(slot, response)
        slot.adapt(request.meta.get("download_latency", 0.0))

    def _wait(self, slot: HostSlot, request: Request, response: Response) -> None:
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is None:
            asked = min(2.0 ** request.meta.get("retry_times", 0), self.longest_wait)
        if asked > self.longest_wait:
            logger.warning("%s asks to wait %d seconds: nothing more is asked of it", request.url, asked)
            self.leave(slot, "asked-to-wait")
            return
        self.crawler.stats.inc_value("emeroteca/waits")
        slot.pause(asked)

    def _count_refusal(self, slot: HostSlot, response: Response) -> None:
        slot.refusals = slot.refusals + 1 if response.status in REFUSAL_STATUSES else 0
        if self.wall and slot.refusals >= self.wall:
            logger.warning("%s has answered %d to the last %d requests", slot.host, response.status, slot.refusals)
            self.end("blocked")

    def _failed(self, slot: HostSlot, request: Request) -> None:
        """Counts failures; hosts that never answered, or have just answered a probe, open no breaker."""
        if slot.probes is not None:
            if "probe" in request.meta:
                self._probe_failed(slot)
            return
        if not slot.answered or monotonic() - slot.proven_at < PROBE_VALIDITY:
            return
        slot.failures += 1
        if self.breaker and slot.failures >= self.breaker:
            logger.warning("%s has failed %d times in a row: is it down?", slot.host, slot.failures)
            url = urlparse_cached(request)
            slot.probe_url = f"{url.scheme}://{url.netloc}/robots.txt"
            slot.probes = 0
            self._probe(slot)
        elif slot.failures > 2:
            slot.pause(min(self.backoff * 2.0 ** (slot.failures - 3), MAX_DELAY))

    # --- the breaker ------------------------------------------------------------------------------------------

    def _probe(self, slot: HostSlot) -> None:
        """Requests robots.txt, past the host's queue."""
        if self._is_ending or slot.probes is None:
            return
        meta = {"dont_obey_robotstxt": True, "dont_retry": True, "dont_redirect": True, "probe": True}
        probe = Request(slot.probe_url, callback=NO_CALLBACK, dont_filter=True, meta=meta)
        assert self.crawler.engine is not None
        asked = deferred_from_coro(self.crawler.engine.download_async(probe))
        asked.addCallbacks(self._probed, lambda _: None, callbackArgs=(slot,))

    def _probed(self, response: Response, slot: HostSlot) -> None:
        if slot.probes is None:
            logger.warning("%s answers: the crawl goes on", slot.host)
            slot.proven_at = monotonic()
            self._resume(slot)

    def _probe_failed(self, slot: HostSlot) -> None:
        assert slot.probes is not None
        slot.probes += 1
        if slot.probes >= self.breaker_probes:
            logger.warning("%s stays down: nothing more is asked of it", slot.host)
            self.leave(slot, "host-down")
            return
        wait = self.breaker_wait * 2.0 ** (slot.probes - 1)
        logger.warning("%s is down: it is asked again in %d seconds", slot.host, wait)
        slot.pause(wait)
        call_later(wait, self._probe, slot)

    # --- the queue --------------------------------------------------------------------------------------------

    @property
    def _is_ending(self) -> bool:
        engine = self.crawler.engine
        closing = engine is not None and engine._slot is not None and engine._slot.closing is not None
        return self.ending is not None or closing

    def _resume(self, slot: HostSlot) -> None:
        """Processes the queue at once, since its times may have changed."""
        _cancel_timer(slot)
        self._process_queue(slot)

    def _empty(self, slot: Slot) -> None:
        _cancel_timer(slot)
        while slot.queue:
            request, waiting = slot.queue.popleft()
            left = slot.left if isinstance(slot, HostSlot) and not self._is_ending else None
            skipped = RequestSkipped(left, f"{request.url} is not requested: {left}") if left else None
            waiting.errback(skipped or CrawlEnded(self.ending or "it was told to stop"))


def _cancel_timer(slot: Slot) -> None:
    if slot.latercall:
        slot.latercall.cancel()
        slot.latercall = None


def _next(slot: HostSlot) -> tuple[Request, Deferred[Response]] | None:
    """The next request of the queue; while the breaker is open, a probe alone."""
    if slot.probes is None:
        return slot.queue.popleft()
    for at, (request, _) in enumerate(slot.queue):
        if "probe" in request.meta:
            taken = slot.queue[at]
            del slot.queue[at]
            return taken
    return None


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
