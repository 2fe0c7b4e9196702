"""The collection's CDXJ index: a folder of sorted files, which pywb reads as it is.

Each sealed WARC file adds one sorted file. As soon as there are MERGE_WIDTH of one size class they are merged into one
of the next, so that a line is rewritten a few times in its life and a search opens few files, however large the
collection. A kill between a merge and the removal of its inputs leaves duplicate lines, which readers drop. Called by
`storage.warc.index.file_registry`, and through it by the commands.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count, takewhile
from pathlib import Path

from storage.warc.digest import same_digest
from storage.warc.durable_files import replace_file
from storage.warc.index.cdxj import CdxjEntry
from storage.warc.index.external_sort import lines_from, merge_sorted
from storage.warc.index.surt import surt

ENDING = ".cdxj"
#: Files of one size class that make one of the next.
MERGE_WIDTH = 8
#: Bytes of the smallest size class; each is MERGE_WIDTH times the one before.
SMALLEST = 1024 * 1024


class CdxjStore:
    """The index in a folder: one writing process at a time, any number of readers at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        """The sorted files, by name."""
        return sorted(self.folder.glob("*" + ENDING))

    def add(self, name: str, lines: Iterable[bytes]) -> None:
        """Add the sorted lines of the WARC file with that name. Raises WriteFailed."""
        replace_file(self.folder / (name + ENDING), lines)
        while group := self._mergeable_files():
            self._merge(group)

    def _mergeable_files(self) -> list[Path]:
        classes: dict[int, list[Path]] = {}
        for path in self.files():
            classes.setdefault(_size_class(path.stat().st_size), []).append(path)
        return next((group for _, group in sorted(classes.items()) if len(group) >= MERGE_WIDTH), [])

    def _merge(self, group: list[Path]) -> None:
        names = hashlib.sha256("\n".join(path.name for path in group).encode())
        replace_file(self.folder / f"merged-{names.hexdigest()[:16]}{ENDING}", merge_sorted(group))
        for path in group:
            path.unlink()

    def replace(self, lines: Iterable[bytes]) -> None:
        """Replace the whole index by these sorted lines. Raises WriteFailed."""
        new = self.folder / f"rebuilt{ENDING}"
        old = set(self.files()) - {new}
        replace_file(new, lines)
        for path in old:
            path.unlink()

    def lines(self) -> Iterator[bytes]:
        """Every line, in order; the index must not be written meanwhile."""
        return merge_sorted(self.files())

    def lookup(self, url: str, at: datetime | None = None) -> list[CdxjEntry]:
        """The captures of all URLs with the same SURT, oldest first, revisits included; at: only those of that second.
        Lines of a damaged file that are none are passed over; `emeroteca verify` names them.

        A binary search in each file.
        """
        prefix = f"{surt(url)} {at.astimezone(UTC).strftime('%Y%m%d%H%M%S') if at else ''}".encode()
        while True:
            # A file that was merged into another one since its name was read is found in that one.
            with suppress(FileNotFoundError):
                found = {line for path in self.files() for line in _lines_with_prefix(path, prefix)}
                entries = (CdxjEntry.of_record(line) for line in sorted(found))
                return [entry for entry in entries if entry is not None]

    def find_payload_record(self, url: str, digest: str, at: datetime | None = None) -> CdxjEntry | None:
        """The record that holds the payload a revisit names: by its WARC-Refers-To-Target-URI and -Date where it has
        them, else the newest capture of the revisit's own URL with that digest. None where the index has none.
        """
        same = [entry for entry in self.lookup(url, at) if same_digest(entry.digest, digest) and not entry.is_revisit]
        return same[-1] if same else None


def _lines_with_prefix(path: Path, prefix: bytes) -> Iterator[bytes]:
    return takewhile(lambda line: line.startswith(prefix), lines_from(path, prefix))


def _size_class(size: int) -> int:
    """0 up to SMALLEST bytes, then one more for each factor of MERGE_WIDTH."""
    return next(steps for steps in count() if size <= SMALLEST * MERGE_WIDTH**steps)
