"""A WARC file under construction: appended to in whole steps, locked, renamed when it is finished.

Called by the WARC writer; `storage.warc.read.recovery` seals what a killed process left.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from storage.exceptions import WriteFailed
from storage.warc.durable_files import sync_path, write_errors
from storage.warc.spool import Octets

OPEN_SUFFIX = ".open"


class OpenFile:
    """A file that holds whole appends only.

    folder, name: its place when sealed; until then it has the suffix `.open` and a lock that ends with the process,
    so that recovery leaves it alone. Raises WriteFailed where it cannot be made.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / (name + OPEN_SUFFIX)
        self.size = 0
        self._broken = False
        with write_errors("cannot start a WARC file", folder):
            self._fd = self._create()
            sync_path(folder)

    def _create(self) -> int:
        """A new file under its lock; made again where a recovery removed it before it was locked."""
        while True:
            fd = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o644)
            fcntl.flock(fd, fcntl.LOCK_EX)
            if self.path.exists():
                return fd
            os.close(fd)

    def append(self, data: Octets) -> int:
        """Append the data in one write and return its offset; on failure nothing of it stays. Raises WriteFailed."""
        if self._broken:
            raise WriteFailed(f"{self.path}: an earlier write could not be taken back, the file takes no more")
        offset = self.size
        rest = memoryview(data)
        with write_errors(f"cannot write a capture of {len(data)} bytes", self.path):
            try:
                while rest:
                    rest = rest[os.write(self._fd, rest) :]
            except OSError:
                self._roll_back()
                raise
        self.size = offset + len(data)
        return offset

    def _roll_back(self) -> None:
        try:
            os.ftruncate(self._fd, self.size)
        except OSError:
            self._broken = True

    def sync(self) -> None:
        """Have the disk confirm the appended bytes. Raises WriteFailed."""
        with write_errors("cannot sync", self.path):
            os.fsync(self._fd)

    def discard(self) -> None:
        """Close and remove the file, which holds no capture."""
        os.close(self._fd)
        self.path.unlink(missing_ok=True)

    def seal(self) -> Path:
        """Sync, close, remove the suffix `.open`, and return the final path. Raises WriteFailed."""
        try:
            self.sync()
        finally:
            os.close(self._fd)
        return seal(self.path)


def seal(path: Path) -> Path:
    """Rename a finished `.open` file to its final name, durably. Raises WriteFailed."""
    with write_errors("cannot seal", path):
        sealed = path.rename(path.with_name(path.name.removesuffix(OPEN_SUFFIX)))
        sync_path(path.parent)
    return sealed


def sync_open_file(folder: Path, name: str) -> None:
    """Have the disk confirm the bytes that another process appended to an open file; a sealed file is on the disk
    already. Raises WriteFailed.
    """
    path = folder / (name + OPEN_SUFFIX)
    with write_errors("cannot sync", path), suppress(FileNotFoundError):
        sync_path(path, os.O_WRONLY)
