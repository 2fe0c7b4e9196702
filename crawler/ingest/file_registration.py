"""Registers sealed WARC files: in the index and the manifest, and, once their captures have results, in the database.

The row of a file gets size and SHA-256 once every capture in the file has a row, so such a file need not be read again
after an interrupted run. Used by the crawl's worker, recovery and rebuild.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from storage.corpus.read.captures import warc_files
from storage.corpus.write.store import Store
from storage.warc.index.cdxj import entry_of
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.index.file_registry import RegisteredFile, WarcFileRegistry
from storage.warc.read.record import Record


class FileRegistration:
    """Registers the files of a crawl. Their index is made of the captures, added in the order of writing; a
    capture of another file means that the file before is sealed.

    flush: stores results, and returns whether these are of all captures so far.
    """

    def __init__(self, registry: WarcFileRegistry, store: Store, crawl: int, flush: Callable[[], bool]) -> None:
        self._registry, self._store, self._crawl, self._flush = registry, store, crawl, flush
        self._file: str | None = None
        self._lines = ExternalSorter()
        self._registered: list[RegisteredFile] = []

    def add(self, record: Record, file: str) -> None:
        """Add a capture of a file. Raises WriteFailed, CorpusError, like `finish`."""
        if file != self._file:
            self.finish()
            self._file = file
        if (entry := entry_of(record, file)) is not None:
            self._lines.add(entry.line())

    def finish(self) -> None:
        """Register the current file, which is sealed and gets no more captures."""
        file, self._file = self._file, None
        if file is not None:
            with self._lines:
                self._registered.append(self._registry.register(self._registry.warc / file, self._lines.sorted()))
        if self._registered and self._flush():
            for registered in self._registered:
                self._store.warc_file(
                    registered.name, crawl=self._crawl, size=registered.size, sha256=registered.sha256
                )
            self._registered = []


def unregistered_files(registry: WarcFileRegistry, store: Store) -> list[Path]:
    """The sealed files whose captures may lack results: left by a kill, or put there by hand."""
    complete = {row.name for row in warc_files(store.database) if row.sha256}
    return [path for path in registry.sealed_files() if path.name not in complete]


def register_files(registry: WarcFileRegistry, store: Store, files: Iterable[Path]) -> None:
    """Register every sealed file in index and manifest; in the database `files`, all of whose captures have results."""
    for path in registry.unregistered_files():
        registry.register(path)
    digests = registry.manifest.digests()
    for path in files:
        store.warc_file(path.name, size=path.stat().st_size, sha256=digests[path.name])
