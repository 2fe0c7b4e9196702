"""Revisits that wait for their originals, which may come in a later file."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from storage.warc.http.capture import Capture

#: Bytes of what waits that are held in memory; the rest is on the disk.
IN_MEMORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PendingRevisit:
    """A revisit whose original is not known yet. place: of its file, a path or URL. lastmod: the list's claim."""

    capture: Capture
    place: str
    lastmod: str | None


class PendingRevisits:
    """Whatever number of them, in the order they came."""

    def __init__(self) -> None:
        self._spool: SpooledTemporaryFile[bytes] | None = None
        self._count = 0

    def close(self) -> None:
        """Forgets all."""
        for _ in self.drain():
            return

    def __len__(self) -> int:
        return self._count

    def add(self, held: Iterable[PendingRevisit]) -> None:
        for one in held:
            self._spool = self._spool or SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # drain closes it
            pickle.dump(one, self._spool)
            self._count += 1

    def drain(self) -> Iterator[PendingRevisit]:
        """Each one; from now on none waits."""
        spool, count = self._spool, self._count
        self._spool, self._count = None, 0
        if spool is None:
            return
        with spool:
            spool.seek(0)
            for _ in range(count):
                yield pickle.load(spool)
