"""The thread that captures are written in, so that digests, compression and the disk do not hold up the network."""

import gc
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")

#: Seconds after which a thread lets the reactor's go on. That one has to wait so long each time that it has talked to a
#: socket or a file; with Python's own 5 ms it would do little else.
TURN = 0.0005


def make_room_for_the_reactor() -> None:
    """Called once threads are about to work beside the reactor's: they hold it up as little as can be.

    What is in memory now stays: to look through it for garbage again and again would hold everybody up for a while.
    """
    sys.setswitchinterval(TURN)
    gc.freeze()


class WritingThread:
    """Does one thing after the other, in the order given; what comes of each is told in the reactor's thread."""

    def __init__(self) -> None:
        make_room_for_the_reactor()
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Deferred[Any]] | None] = SimpleQueue()
        Thread(target=self._run, name="writing", daemon=True).start()

    def do(self, job: Callable[[], T]) -> "Deferred[T]":
        """What the job returns, or the failure of what it raises, once it is done."""
        done: Deferred[T] = Deferred()
        self._jobs.put((job, done))
        return done

    def end(self) -> None:
        """After the jobs given so far there are no more."""
        self._jobs.put(None)

    def _run(self) -> None:
        from twisted.internet import reactor  # the one that the crawl has installed

        while (item := self._jobs.get()) is not None:
            job, done = item
            try:
                outcome = job()
            except Exception:  # whoever waits for it has to know, whatever it is
                outcome = Failure()  # type: ignore[no-untyped-call]
            reactor.callFromThread(done.callback, outcome)
