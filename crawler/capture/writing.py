"""When and where captures are written: in the reactor's thread, those that come together together, the slow ones aside.

See docs/decisions/014.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred, execute
from twisted.internet.threads import deferToThread

T = TypeVar("T")


class Writing:
    """Does jobs one after the other, in the order given; what comes of each is told in the reactor's thread.

    Quick jobs are done there too, all that were given in one turn of the reactor in a row: that is twice as fast as
    each in between what else a page needs. One that is not quick is done in a thread of the reactor's pool; the jobs
    after it wait, the reactor does not.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Job] = deque()
        self._goes_on = False

    def do(self, job: Callable[[], T], is_quick: Callable[[], bool]) -> "Deferred[T]":
        """What the job returns, or the failure of what it raises, once it is done.

        is_quick: whether it takes no longer than a few milliseconds; asked when its turn has come.
        """
        self._waiting.append(given := _Job(job, is_quick))
        if not self._goes_on:
            self._goes_on = True
            call_later(0, self._go_on)
        return given.told

    def _go_on(self) -> None:
        done = []
        while self._waiting and self._waiting[0].is_quick():
            job = self._waiting.popleft()
            done.append((job.told, execute(job.do)))
        for told, outcome in done:
            outcome.chainDeferred(told)
        if not self._waiting:
            self._goes_on = False
        elif done:
            call_later(0, self._go_on)
        else:
            job = self._waiting.popleft()
            deferToThread(job.do).addBoth(self._tell, job.told)

    def _tell(self, outcome: Any, told: Deferred[Any]) -> None:
        told.callback(outcome)
        self._go_on()


@dataclass(frozen=True, slots=True)
class _Job:
    do: Callable[[], Any]
    is_quick: Callable[[], bool]
    told: Deferred[Any] = field(default_factory=Deferred)
