"""Writes captures in batches: quick ones in the reactor's thread, slow ones in another; used by the download handler.

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


class WriteQueue:
    """Writes captures in the order of the calls; the result of each is delivered in the reactor's thread.

    The captures of one turn of the reactor are written together, in its thread, as long as that is quick. A slow one
    is written in a thread of the reactor's pool; the captures after it wait, the reactor does not.
    """

    def __init__(self, writer: WarcWriter) -> None:
        self._writer = writer
        self._jobs: deque[_Job] = deque()
        self._is_active = False

    def write(self, size: int, exchange: Callable[[], CaptureToWrite]) -> Deferred[Written]:
        """The written capture, or the failure to write it. size: bytes of the response. exchange: makes the arguments
        of `WarcWriter.write`, in any thread."""
        self._jobs.append(job := _Job(size, cache(exchange)))
        if not self._is_active:
            self._is_active = True
            call_later(0, self._write_next)
        return job.written

    def _write_next(self) -> None:
        if jobs := self._take_quick():
            self._deliver(self._write(jobs), jobs)
        else:
            jobs = [self._jobs.popleft()]
            try:
                written = deferToThread(self._write, jobs)
            except Exception:  # no memory for a thread: the requests would wait for ever
                self._deliver(self._write(jobs), jobs)
            else:
                written.addCallback(self._deliver, jobs)

    def _take_quick(self) -> "list[_Job]":
        """The first jobs of the queue, as many as are quick together."""
        jobs: list[_Job] = []
        size = 0
        while self._jobs and self._writer.is_quick(size := size + self._jobs[0].size):
            jobs.append(self._jobs.popleft())
        return jobs

    def _write(self, jobs: "Sequence[_Job]") -> list[Written | Failure]:
        try:
            exchanges = [job.exchange() for job in jobs]
            refs = self._writer.write_all(exchanges)
        except Exception as problem:  # any error fails the requests that wait for it
            if len(jobs) > 1:  # those that can be written are
                return [outcome for job in jobs for outcome in self._write([job])]
            return [Failure(problem)]  # type: ignore[no-untyped-call]
        return [(ref, exchange) for ref, (exchange, _, _) in zip(refs, exchanges, strict=True)]

    def _deliver(self, outcomes: Sequence[Written | Failure], jobs: "Sequence[_Job]") -> None:
        for outcome, job in zip(outcomes, jobs, strict=True):
            job.written.callback(outcome)
        self._is_active = bool(self._jobs)
        if self._is_active:
            call_later(0, self._write_next)


@dataclass(frozen=True, slots=True)
class _Job:
    size: int
    exchange: Callable[[], CaptureToWrite]
    written: Deferred[Written] = field(default_factory=Deferred)
