"""Revisits whose originals are not known yet, since they may come in a later file; used by ingest.pipeline."""

import pickle
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

from crawler.ingest.messages import CaptureInput

#: Bytes of pending revisits held in memory; the rest is on the disk.
IN_MEMORY = 1024 * 1024


class PendingRevisits:
    """Any number of revisits, in the order of `add`."""

    def __init__(self) -> None:
        self._spool: SpooledTemporaryFile[bytes] | None = None
        self._count = 0

    def close(self) -> None:
        """Drop all."""
        for _ in self.drain():
            return

    def __len__(self) -> int:
        return self._count

    def add(self, revisits: Iterable[CaptureInput]) -> None:
        for revisit in revisits:
            self._spool = self._spool or SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  drain closes it
            pickle.dump(revisit, self._spool)
            self._count += 1

    def drain(self) -> Iterator[CaptureInput]:
        """Each revisit, and remove all."""
        spool, count = self._spool, self._count
        self._spool, self._count = None, 0
        if spool is None:
            return
        with spool:
            spool.seek(0)
            for _ in range(count):
                yield pickle.load(spool)
