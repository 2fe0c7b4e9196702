"""External sorting of lines, and binary search in files of sorted lines.

Called by the CDXJ index, the fixity checks and the WACZ writer.
"""

import heapq
import os
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO, Self

#: Bytes of lines held in memory while they are sorted.
MEMORY_LIMIT = 32 * 1024 * 1024
#: Files merged at once.
FAN_IN = 64


class ExternalSorter:
    """Sorts lines, each with its line end, byte by byte, and drops duplicates.

    memory_limit: bytes of lines held in memory; more go to unnamed temporary files, fewer than FAN_IN at any time.
    """

    def __init__(self, memory_limit: int = MEMORY_LIMIT) -> None:
        self._memory_limit = memory_limit
        self._lines: list[bytes] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line)
        if self._size > self._memory_limit:
            self._spill()

    def sorted(self) -> Iterator[bytes]:
        """All lines; called once, at the end."""
        return deduplicated(self._merge(self._runs))

    def close(self) -> None:
        """Release memory and temporary files."""
        for run in self._runs:
            run.close()
        self._lines, self._runs, self._size = [], [], 0

    def _spill(self) -> None:
        runs, self._runs = (self._runs, []) if len(self._runs) >= FAN_IN - 1 else ([], self._runs)
        spilled = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the sorter
        spilled.writelines(self._merge(runs))
        for run in runs:
            run.close()
        self._runs.append(spilled)
        self._lines, self._size = [], 0

    def _merge(self, runs: list[IO[bytes]]) -> Iterator[bytes]:
        for run in runs:
            run.seek(0)
        self._lines.sort()
        return heapq.merge(*runs, self._lines)


def deduplicated(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines without duplicates."""
    return (line for line, _ in groupby(lines))


def merge_sorted(paths: Iterable[Path]) -> Iterator[bytes]:
    """The lines of sorted files, in order, without duplicates."""
    with ExitStack() as stack:
        yield from deduplicated(heapq.merge(*(stack.enter_context(path.open("rb")) for path in paths)))


def lines_from(path: Path, prefix: bytes) -> Iterator[bytes]:
    """The lines of a sorted file that are not before the prefix, found by binary search."""
    with path.open("rb") as file:
        offsets = range(os.fstat(file.fileno()).st_size)
        begin = bisect_left(offsets, True, key=lambda at: not b"" < _line_after(file, at) < prefix)
        if first := _line_after(file, begin):
            yield first
            yield from file


def _line_after(file: IO[bytes], offset: int) -> bytes:
    """The first line that begins at the offset or after it."""
    file.seek(max(0, offset - 1))
    if offset:
        file.readline()
    return file.readline()
