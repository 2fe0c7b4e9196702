"""What becomes of the WARC files of a crawl when they are sealed: manifest, index, row."""

from storage.corpus.store import Store
from storage.warc.cdxj import entry_of
from storage.warc.keeping import Keeping
from storage.warc.record import Record
from storage.warc.sorted_lines import Sorter


class Sealing:
    """Notes the captures of a crawl, in the order they were written, and so keeps the index of the file at hand.

    A capture of another file says that the one before it is sealed.
    """

    def __init__(self, keeping: Keeping, store: Store, crawl: int) -> None:
        self._keeping = keeping
        self._store = store
        self._crawl = crawl
        self._file: str | None = None
        self._lines = Sorter()

    def note(self, record: Record, file: str) -> None:
        """A capture has been read back. Raises WriteFailed, DatabaseProblem, like `finish`."""
        if file != self._file:
            self.finish()
            self._file = file
        if (entry := entry_of(record, file)) is not None:
            self._lines.add(entry.line())

    def finish(self) -> None:
        """Take in the file at hand, which is sealed and will get no more captures."""
        file, self._file = self._file, None
        if file is None:
            return
        with self._lines:
            kept = self._keeping.keep(self._keeping.warc / file, self._lines.sorted())
        self._store.warc_file(kept.name, crawl=self._crawl, size=kept.size, sha256=kept.sha256)


def take_in_missing(keeping: Keeping, store: Store) -> int:
    """Take in the sealed files that an interrupted run, or somebody's hand, left. Their number. Raises as above."""
    missing = keeping.missing()
    for path in missing:
        kept = keeping.keep(path)
        store.warc_file(kept.name, size=kept.size, sha256=kept.sha256)
    return len(missing)
