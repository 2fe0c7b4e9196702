"""The collection's CDXJ index: a folder of sorted files, which pywb reads as it is.

Each sealed WARC file brings one sorted file. As soon as MANY of one size class have come together they are merged
into one of the next, so that a line is written again a few times in its life and a search opens few files, however
large the collection. A kill between a merge and the removal of what went into it leaves lines twice, and readers
take them once.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from storage.warc.atomic_write import replace_file
from storage.warc.digest import same_digest
from storage.warc.index.cdxj import CdxjEntry
from storage.warc.index.external_sort import lines_from, merge_sorted
from storage.warc.index.surt import surt

ENDING = ".cdxj"
#: Files of one size class that make one of the next.
MANY = 8
#: Bytes of the smallest size class; each is MANY times the one before.
SMALLEST = 1024 * 1024


class CdxjStore:
    """The index in a folder. Writing is for one process at a time, reading for any number at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        """The sorted files, by name."""
        return sorted(self.folder.glob("*" + ENDING))

    def add(self, name: str, lines: Iterable[bytes]) -> None:
        """Take in the sorted lines of the WARC file with that name; lines taken in before stay. Raises WriteFailed."""
        replace_file(self.folder / (name + ENDING), lines)
        while group := self._ripe():
            self._merge(group)

    def _ripe(self) -> list[Path]:
        classes: dict[int, list[Path]] = {}
        for path in self.files():
            classes.setdefault(_size_class(path.stat().st_size), []).append(path)
        return next((group for _, group in sorted(classes.items()) if len(group) >= MANY), [])

    def _merge(self, group: list[Path]) -> None:
        names = hashlib.sha256("\n".join(path.name for path in group).encode())
        replace_file(self.folder / f"merged-{names.hexdigest()[:16]}{ENDING}", merge_sorted(group))
        for path in group:
            path.unlink()

    def replace(self, lines: Iterable[bytes]) -> None:
        """Have these sorted lines and no others. Raises WriteFailed."""
        old = self.files()
        replace_file(self.folder / f"rebuilt{ENDING}", lines)
        for path in old:
            if path.name != f"rebuilt{ENDING}":
                path.unlink()

    def lines(self) -> Iterator[bytes]:
        """Every line, in order; of an index that nobody changes meanwhile."""
        return merge_sorted(self.files())

    def entries(self) -> Iterator[CdxjEntry]:
        """The same as entries."""
        return map(CdxjEntry.parse, self.lines())

    def lookup(self, url: str, at: datetime | None = None) -> list[CdxjEntry]:
        """The captures of a URL in any spelling of it, oldest first, revisits included; those of one second with `at`.

        Reads what it needs, by binary search in each file.
        """
        prefix = f"{surt(url)} {at.astimezone(UTC).strftime('%Y%m%d%H%M%S') if at else ''}".encode()
        while True:
            # A file that was merged into another one since its name was read is found in that one.
            with suppress(FileNotFoundError):
                found = {line for path in self.files() for line in _lines_with(path, prefix)}
                return [CdxjEntry.parse(line) for line in sorted(found)]

    def find_payload_record(self, url: str, digest: str, at: datetime | None = None) -> CdxjEntry | None:
        """The record that holds the payload a revisit names: by its WARC-Refers-To-Target-URI and -Date where it has
        them, else the newest capture of the revisit's own URL with that digest. None where the index has none.
        """
        same = [entry for entry in self.lookup(url, at) if same_digest(entry.digest, digest) and not entry.is_revisit]
        return same[-1] if same else None


def _lines_with(path: Path, prefix: bytes) -> Iterator[bytes]:
    return takewhile(lambda line: line.startswith(prefix), lines_from(path, prefix))


def _size_class(size: int) -> int:
    """0 up to SMALLEST, then one more each time it is MANY times as much."""
    steps = 0
    while size > SMALLEST * MANY**steps:
        steps += 1
    return steps
