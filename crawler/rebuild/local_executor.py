"""Processes that read ranges, and hand back what they find as fast as it is taken."""

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from crawler.ingest.crash_log import CrashLog
from crawler.rebuild.executor import PIECES, worker_died
from crawler.rebuild.filters import CaptureFilter
from crawler.rebuild.messages import Task, TaskResult
from crawler.rebuild.range_worker import RangeWorker
from storage.collection import Collection


class LocalExecutor:
    """So many processes of this machine; with one job everything happens in this one.

    Begun before anything that a forked process should not share: threads, databases. A worker's pipe holds little, so
    that it waits as long as nobody takes what it has found: memory stays flat.
    """

    #: Bytes of a file that are given at a time.
    least, most = 256 * 1024, 64 * 1024 * 1024

    def __init__(self, jobs: int, collection: Collection, choice: CaptureFilter) -> None:
        self._collection, self._choice = collection, choice
        self._processes: list[BaseProcess] = []
        self._ours: list[Connection] = []
        forks = sys.platform == "linux"
        context: ForkContext | SpawnContext = get_context("fork") if forks else get_context("spawn")
        pipes = [context.Pipe() for _ in range(jobs if jobs > 1 else 0)]
        self._ours = [ours for ours, _ in pipes]
        for _, theirs in pipes:
            inherited = [one for pair in pipes for one in pair if one is not theirs]
            process = context.Process(
                target=_work,
                args=(theirs, inherited if forks else [], collection, choice),
                daemon=True,
            )
            process.start()
            self._processes.append(process)
        for _, theirs in pipes:
            theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._ours:
            connection.close()
        for process in self._processes:
            if error is not None:
                process.terminate()
            process.join()

    def step(self, total: int) -> int:
        jobs = len(self._processes)
        return min(self.most, max(self.least, total // (jobs * PIECES))) if jobs else self.most

    def results(self, work: Iterator[Task]) -> Iterator[TaskResult]:
        """What the work gives, in whatever order it comes. A task that its worker dies of is a problem, and so is all
        that is left once none lives."""
        return self._there(work) if self._processes else self._here(work)

    def _here(self, work: Iterator[Task]) -> Iterator[TaskResult]:
        with closing(CrashLog(self._collection.crash_log)) as suspects:
            reader = RangeWorker(self._collection.warc, self._choice, suspects.read)
            for asked in work:
                yield from reader.read(asked)

    def _there(self, work: Iterator[Task]) -> Iterator[TaskResult]:
        busy: dict[Connection, Task] = {}
        for connection in self._ours:
            _give(connection, work, busy)
        while busy:
            for connection in set(busy).intersection(wait(list(busy))):
                try:
                    found: TaskResult = connection.recv()
                except (EOFError, OSError):
                    yield worker_died(busy.pop(connection))
                    self._ours.remove(connection)
                    connection.close()
                    continue
                yield found
                if found.is_last:
                    del busy[connection]
                    _give(connection, work, busy)
        yield from map(worker_died, work)


def _give(connection: Connection, work: Iterator[Task], busy: dict[Connection, Task]) -> None:
    asked = next(work, None)
    if asked is not None:
        with suppress(BrokenPipeError):  # its end is seen where its answer is waited for
            connection.send(asked)
        busy[connection] = asked


def _work(connection: Connection, inherited: list[Connection], collection: Collection, choice: CaptureFilter) -> None:
    """A worker's life: it ends when nobody holds the other end of its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    with suppress(EOFError, OSError), closing(CrashLog(collection.crash_log, limited=True)) as suspects:
        reader = RangeWorker(collection.warc, choice, suspects.read)
        while True:
            for found in reader.read(connection.recv()):
                connection.send(found)
