"""A buffer in memory that moves to a temporary file when it grows large.

Called by the exchange recorder, the WARC writer and the record reader.
"""

import tempfile
from mmap import ACCESS_READ, mmap
from typing import IO, TypeAlias

from storage.exceptions import WriteFailed

Octets: TypeAlias = bytes | mmap
"""Bytes in memory, or a temporary file mapped into it: both can be sliced, searched, digested and written."""

MEMORY_LIMIT = 8 * 1024 * 1024
PIECE = 1024 * 1024


class Spool:
    """An append-only buffer; `octets()` returns its content as one object.

    limit: bytes kept in memory; past it everything moves to an unnamed temporary file.
    """

    def __init__(self, limit: int = MEMORY_LIMIT) -> None:
        self._limit = limit
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def write(self, data: bytes | memoryview) -> None:
        """Append. Raises WriteFailed where the temporary folder is full."""
        self._size += len(data)
        if self._file is not None:
            self._spill(data)
            return
        self._memory += data
        if len(self._memory) > self._limit:
            self._spill(self._memory)
            self._memory = bytearray()

    def _spill(self, data: bytes | bytearray | memoryview) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  lives as long as the spool
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise WriteFailed(error.errno, f"cannot spool: {error.strerror}", tempfile.gettempdir()) from error

    def octets(self) -> Octets:
        """The content; called once, at the end. The mapping outlives the spool, which takes no more."""
        if self._file is None:
            return bytes(self._memory)
        with self._file:
            return mmap(self._file.fileno(), 0, access=ACCESS_READ)

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()


def pieces(data: Octets, start: int = 0, end: int | None = None) -> list[memoryview]:
    """Views of data[start:end], at most PIECE bytes each, without copying."""
    view = memoryview(data)[start:end]
    return [view[at : at + PIECE] for at in range(0, len(view), PIECE)]
