"""The thread that captures are written in, so that digests, compression and the disk do not hold up the network."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")


class WritingThread:
    """Does one thing after the other, in the order given; what comes of each is told in the reactor's thread."""

    def __init__(self) -> None:
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
