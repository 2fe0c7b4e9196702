"""When and where captures are written: those that come together together, in the reactor's thread, slow ones aside.

See docs/decisions/014.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import CaptureToWrite, WarcWriter

Written = tuple[CaptureRef, Exchange]


class Writing:
    """Has captures written in the order given, and tells in the reactor's thread what came of each.

    Those that are given in one turn of the reactor are written together, in its thread, as long as that is quick. One
    that is not is written in a thread of the reactor's pool; those after it wait, the reactor does not.
    """

    def __init__(self, writer: WarcWriter) -> None:
        self._writer = writer
        self._waiting: deque[_Job] = deque()
        self._goes_on = False

    def write(self, size: int, given: Callable[[], CaptureToWrite]) -> Deferred[Written]:
        """Where the capture stands, or the failure to write it. size: bytes of the response. given: makes what is to
        be written, in any thread."""
        self._waiting.append(job := _Job(size, cache(given)))
        if not self._goes_on:
            self._goes_on = True
            call_later(0, self._go_on)
        return job.told

    def _go_on(self) -> None:
        if jobs := self._quick():
            self._tell(self._written(jobs), jobs)
        else:
            jobs = [self._waiting.popleft()]
            deferToThread(self._written, jobs).addCallback(self._tell, jobs)

    def _quick(self) -> "list[_Job]":
        """As many of those that wait as are quick together."""
        jobs: list[_Job] = []
        size = 0
        while self._waiting and self._writer.is_quick(size := size + self._waiting[0].size):
            jobs.append(self._waiting.popleft())
        return jobs

    def _written(self, jobs: "Sequence[_Job]") -> list[Written | Failure]:
        try:
            given = [job.given() for job in jobs]
            refs = self._writer.write_all(given)
        except Exception as problem:  # whoever waits for it has to know, whatever it is
            if len(jobs) > 1:  # what can be kept is kept
                return [outcome for job in jobs for outcome in self._written([job])]
            return [Failure(problem)]  # type: ignore[no-untyped-call]
        return [(ref, exchange) for ref, (exchange, _, _) in zip(refs, given, strict=True)]

    def _tell(self, outcomes: Sequence[Written | Failure], jobs: "Sequence[_Job]") -> None:
        for outcome, job in zip(outcomes, jobs, strict=True):
            job.told.callback(outcome)
        self._goes_on = bool(self._waiting)
        if self._goes_on:
            call_later(0, self._go_on)


@dataclass(frozen=True, slots=True)
class _Job:
    size: int
    given: Callable[[], CaptureToWrite]
    told: Deferred[Written] = field(default_factory=Deferred)
