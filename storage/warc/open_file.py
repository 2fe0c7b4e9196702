"""One WARC file while it is written: appended to in whole steps, locked, and renamed when it is done."""

import fcntl
import os
from pathlib import Path

from storage.exceptions import WriteFailed
from storage.warc.spool import Octets

OPEN_SUFFIX = ".open"


class OpenFile:
    """A file that holds whole appends only.

    folder, name: where it stands when sealed; until then it carries the ending `.open` and a lock that dies with the
    process, so that nobody takes a living file for a left one. Raises WriteFailed where it cannot be made.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.size = 0
        self._folder = folder
        self._broken = False
        try:
            self._fd = self._created()
            sync_folder(folder)
        except OSError as error:
            raise WriteFailed(error.errno, f"cannot start a WARC file: {error.strerror}", str(folder)) from error

    def _created(self) -> int:
        """A new file under its lock; made again where a recovery took it for a left one before it was locked."""
        while True:
            fd = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o644)
            fcntl.flock(fd, fcntl.LOCK_EX)
            if self.path.exists():
                return fd
            os.close(fd)

    @property
    def path(self) -> Path:
        return self._folder / (self.name + OPEN_SUFFIX)

    def append(self, data: Octets) -> int:
        """Append all of it in one write and return its offset; on failure nothing of it stays. Raises WriteFailed."""
        if self._broken:
            raise WriteFailed(f"{self.path}: an earlier write could not be taken back, the file takes no more")
        offset = self.size
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            self._take_back()
            reason = f"cannot write a capture of {len(data)} bytes: {error.strerror}"
            raise WriteFailed(error.errno, reason, str(self.path)) from error
        self.size = offset + len(data)
        return offset

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._fd, self.size)
        except OSError:
            self._broken = True

    def sync(self) -> None:
        """Have the disk confirm what was appended. Raises WriteFailed."""
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise WriteFailed(error.errno, f"cannot sync: {error.strerror}", str(self.path)) from error

    def discard(self) -> None:
        """Give the file up: it holds nothing that anybody needs."""
        os.close(self._fd)
        self.path.unlink(missing_ok=True)

    def seal(self) -> Path:
        """Sync, close, take the ending `.open` away, and return the final path. Raises WriteFailed."""
        try:
            self.sync()
        finally:
            os.close(self._fd)
        return seal(self.path)


def seal(path: Path) -> Path:
    """Rename a finished `.open` file to its final name, durably. Raises WriteFailed."""
    sealed = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
    try:
        path.rename(sealed)
        sync_folder(path.parent)
    except OSError as error:
        raise WriteFailed(error.errno, f"cannot seal: {error.strerror}", str(path)) from error
    return sealed


def sync_open_file(folder: Path, name: str) -> None:
    """Have the disk confirm what another process has appended to an open file; one that is sealed is on the disk.
    Raises WriteFailed."""
    path = folder / (name + OPEN_SUFFIX)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fsync(fd)
    except OSError as error:
        raise WriteFailed(error.errno, f"cannot sync: {error.strerror}", str(path)) from error
    finally:
        os.close(fd)


def sync_folder(folder: Path) -> None:
    """Make a new or renamed name durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
