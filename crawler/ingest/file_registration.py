"""What becomes of the WARC files of a crawl when they are sealed: manifest, index, and in the end their row.

A file's row has its size and SHA-256 once every capture in it has a row too, so the files whose rows say so need never
be read again to find out what an interrupted run left undone.
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
    """Notes the captures of a crawl, in the order they were written, and so keeps the index of the file at hand.

    A capture of another file says that the one before it is sealed. settled: saves rows, and says whether every capture
    noted so far has its own.
    """

    def __init__(self, registry: WarcFileRegistry, store: Store, crawl: int, settled: Callable[[], bool]) -> None:
        self._registry = registry
        self._store = store
        self._crawl = crawl
        self._settled = settled
        self._file: str | None = None
        self._lines = ExternalSorter()
        self._kept: list[RegisteredFile] = []

    def note(self, record: Record, file: str) -> None:
        """A capture has been read back. Raises WriteFailed, CorpusError, like `finish`."""
        if file != self._file:
            self.finish()
            self._file = file
        if (entry := entry_of(record, file)) is not None:
            self._lines.add(entry.line())

    def finish(self) -> None:
        """Take in the file at hand, which is sealed and will get no more captures."""
        file, self._file = self._file, None
        if file is not None:
            with self._lines:
                self._kept.append(self._registry.register(self._registry.warc / file, self._lines.sorted()))
        if self._kept and self._settled():
            for kept in self._kept:
                self._store.warc_file(kept.name, crawl=self._crawl, size=kept.size, sha256=kept.sha256)
            self._kept = []


def unregistered_files(registry: WarcFileRegistry, store: Store) -> list[Path]:
    """The sealed files whose rows do not say that all is done: left by a kill, or by somebody's hand."""
    done = {row.name for row in warc_files(store.database) if row.sha256}
    return [path for path in registry.sealed_files() if path.name not in done]


def register_files(registry: WarcFileRegistry, store: Store, files: Iterable[Path]) -> None:
    """Have manifest and index of every sealed file, and the rows of these, whose captures have theirs."""
    for path in registry.unregistered_files():
        registry.register(path)
    digests = registry.manifest.digests()
    for path in files:
        store.warc_file(path.name, size=path.stat().st_size, sha256=digests[path.name])
