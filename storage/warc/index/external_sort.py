"""Sorting more lines than memory holds, and searching files of sorted lines."""

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

#: Bytes of lines held in memory while they are sorted.
MEMORY_LIMIT = 32 * 1024 * 1024
#: Files merged at once.
FAN_IN = 64


class ExternalSorter:
    """Takes lines, each with its line end, in any order; gives them back once each, sorted byte by byte.

    What does not fit in `held` bytes of memory goes to unnamed temporary files, fewer than FAN_IN at any time.
    """

    def __init__(self, held: int = MEMORY_LIMIT) -> None:
        self._held = held
        self._lines: list[bytes] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line)
        if self._size > self._held:
            self._spill()

    def sorted(self) -> Iterator[bytes]:
        """Everything added so far; once, at the end."""
        for run in self._runs:
            run.seek(0)
        self._lines.sort()
        return deduplicated(heapq.merge(*self._runs, self._lines))

    def close(self) -> None:
        """Gives memory and temporary files back."""
        for run in self._runs:
            run.close()
        self._lines, self._runs, self._size = [], [], 0

    def _spill(self) -> None:
        runs, self._runs = (self._runs, []) if len(self._runs) >= FAN_IN - 1 else ([], self._runs)
        for run in runs:
            run.seek(0)
        self._lines.sort()
        spilled = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the sorter
        spilled.writelines(heapq.merge(*runs, self._lines))
        for run in runs:
            run.close()
        self._runs.append(spilled)
        self._lines, self._size = [], 0


def deduplicated(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines without those that stand there twice."""
    last = None
    for line in lines:
        if line != last:
            yield line
        last = line


def merge_sorted(paths: Iterable[Path]) -> Iterator[bytes]:
    """The lines of sorted files, in order, each once."""
    with ExitStack() as stack:
        yield from deduplicated(heapq.merge(*(stack.enter_context(path.open("rb")) for path in paths)))


def lines_from(path: Path, prefix: bytes) -> Iterator[bytes]:
    """The lines of a sorted file that are not before the prefix, found by binary search."""
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_after(file, middle)
            if line and line < prefix:
                low = middle + 1
            else:
                high = middle
        first = _line_after(file, low)
        if first:
            yield first
            yield from file


def _line_after(file: IO[bytes], offset: int) -> bytes:
    """The first line that begins at or behind the offset."""
    file.seek(max(0, offset - 1))
    if offset:
        file.readline()
    return file.readline()
