"""Processes that read ranges, and hand back what they find as fast as it is taken."""

import signal
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from crawler.rebuild.choice import Choice
from crawler.rebuild.found import Found, Problem, Range
from crawler.rebuild.reading import Reader, Shelf


class Workers:
    """So many processes; with one job everything happens in this one.

    Begun before anything that a forked process should not share: threads, databases. A worker's pipe holds little, so
    that it waits as long as nobody takes what it has found: memory stays flat.
    """

    def __init__(self, jobs: int, shelf: Shelf, choice: Choice) -> None:
        self._shelf, self._choice = shelf, choice
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
                args=(theirs, inherited if forks else [], shelf, choice),
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

    def results(self, ranges: Iterator[Range]) -> Iterator[Found]:
        """What is found in the ranges, in whatever order it comes. A range whose worker dies is a problem."""
        return self._here(ranges) if not self._processes else self._there(ranges)

    def _here(self, ranges: Iterator[Range]) -> Iterator[Found]:
        reader = Reader(self._shelf, self._choice)
        try:
            for asked in ranges:
                yield from reader.read(asked)
        finally:
            reader.close()

    def _there(self, ranges: Iterator[Range]) -> Iterator[Found]:
        busy: dict[Connection, Range] = {}
        for connection in self._ours:
            _give(connection, ranges, busy)
        while busy:
            for connection in set(busy).intersection(wait(list(busy))):
                try:
                    found: Found = connection.recv()
                except (EOFError, OSError):
                    asked = busy.pop(connection)
                    yield Found(problems=[Problem(asked.source.name, asked.start, "worker died")], is_last=True)
                    continue
                yield found
                if found.is_last:
                    del busy[connection]
                    _give(connection, ranges, busy)


def _give(connection: Connection, ranges: Iterator[Range], busy: dict[Connection, Range]) -> None:
    asked = next(ranges, None)
    if asked is not None:
        connection.send(asked)
        busy[connection] = asked


def _work(connection: Connection, inherited: list[Connection], shelf: Shelf, choice: Choice) -> None:
    """A worker's life: it ends when nobody holds the other end of its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    reader = Reader(shelf, choice)
    try:
        while True:
            for found in reader.read(connection.recv()):
                connection.send(found)
    except (EOFError, OSError):
        return
