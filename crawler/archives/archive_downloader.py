"""The downloader of imports from web archives: fixed rates, and a long pause where an archive asks for one.

The setting DOWNLOAD_SLOTS has a slot for the index and one for mementos, each with `delay` (seconds between two
requests being sent) and `concurrency`; requests name theirs in `download_slot`. With the first answer 429 all slots
wait, as long as Retry-After says and EMEROTECA_ARCHIVE_WAIT seconds at least. With the second, of a request that was
sent after that wait, nothing is asked for EMEROTECA_ARCHIVE_PAUSE seconds, since archives block the address of whoever
goes on; signal `archive_paused` has the end of it.
"""

import logging
from datetime import UTC, datetime, timedelta
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.archives.memento_outcome import headers_of, says_excluded
from crawler.fetching.downloader import HostSlot, PoliteDownloader, retry_after

logger = logging.getLogger(__name__)

archive_paused = object()
"""Sent with until (aware UTC): nothing is asked of the archive before."""


class ArchiveSlot(HostSlot):
    """A slot with a fixed rate: requests overlap, and the delay does not depend on how fast the archive answers."""

    def free_transfer_slots(self) -> int:
        return int(self.concurrency) - len(self.transferring)

    def adapt(self, latency: float) -> None:
        """Nothing: the rate is fixed."""


class ArchiveDownloader(PoliteDownloader):
    """See the module."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.shortest_wait = crawler.settings.getfloat("EMEROTECA_ARCHIVE_WAIT")
        self.long_pause = crawler.settings.getfloat("EMEROTECA_ARCHIVE_PAUSE")
        self._sent_at: dict[Request, float] = {}
        #: 1 after a first answer 429; none after a long pause, or as long without another.
        self._warnings = 0
        self._waited_at = float("-inf")
        self._paused_until = 0.0

    def slot_of(self, request: Request) -> HostSlot:
        key = self.get_slot_key(request)
        if key not in self.slots:
            own = self.per_slot_settings.get(key, {})
            concurrency = own.get("concurrency", self.domain_concurrency)
            self.slots[key] = new = ArchiveSlot(key, concurrency, own.get("delay", self._delay))
            new.paused_until = self._paused_until
            self._start_slot_gc()
        slot = self.slots[key]
        assert isinstance(slot, HostSlot)
        return slot

    def pause_all(self, seconds: float) -> None:
        """Send nothing for so many seconds."""
        self._paused_until = max(self._paused_until, monotonic() + seconds)
        for slot in self.slots.values():
            assert isinstance(slot, HostSlot)
            slot.pause(seconds)

    async def _download(self, slot: HostSlot, request: Request) -> Response:  # type: ignore[override]
        self._sent_at[request] = monotonic()
        try:
            return await super()._download(slot, request)
        finally:
            del self._sent_at[request]

    def _wait(self, slot: HostSlot, request: Request, response: Response) -> None:
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC)) or 0.0
        self.crawler.stats.inc_value("emeroteca/waits")
        if response.status != 429:
            slot.pause(max(asked, min(2.0 ** request.meta.get("retry_times", 0), self.longest_wait)))
            return
        if self._sent_at[request] < self._waited_at:
            self.pause_all(asked)
            return  # it was under way before the wait began
        is_long = self._warnings > 0 and monotonic() - self._waited_at < self.long_pause
        seconds = max(asked, self.long_pause if is_long else self.shortest_wait)
        self._waited_at = monotonic()
        self.pause_all(seconds)
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._warnings = 0 if is_long else 1
        logger.warning(
            "%s asks for fewer requests%s: nothing is asked of it before %s UTC",
            response.url,
            " again" if is_long else "",
            f"{until:%Y-%m-%d %H:%M:%S}",
        )
        if is_long:
            self.signals.send_catch_log(archive_paused, until=until)

    def _count_refusal(self, slot: HostSlot, response: Response) -> None:
        """A page that the archive does not show says nothing of the next."""
        if not says_excluded(headers_of(response), response.body):
            super()._count_refusal(slot, response)

    def _failed(self, slot: HostSlot, request: Request) -> None:
        """429 is a wish, and no sign that the archive is down."""
        if self._waited_at < self._sent_at.get(request, float("inf")):
            super()._failed(slot, request)
