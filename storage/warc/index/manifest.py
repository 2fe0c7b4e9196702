"""The manifest: the SHA-256 of every sealed WARC file, in a file that `sha256sum --check` reads.

A line a file, `HEXADECIMAL  NAME`, as in BagIt's manifests (RFC 8493, 2.1.3); appended when a file is sealed, so a
line stands for good, and a file that no longer agrees with its line has changed since.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.exceptions import WriteFailed
from storage.warc.atomic_write import replace_file

NAME = "manifest-sha256.txt"
_DIGITS = 64


class Manifest:
    """The manifest of a folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def digests(self) -> dict[str, str]:
        """SHA-256 in hexadecimal by file name. A last line that was cut off does not count."""
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return {}
        return {line[_DIGITS + 2 :]: line[:_DIGITS] for line in lines if len(line) > _DIGITS + 2}

    def add(self, name: str, sha256: str) -> str:
        """Put a file on the list, durably, unless it is there: then its first SHA-256 stands. Returns the one that
        stands. Raises WriteFailed.
        """
        digests = self.digests()
        if name in digests:
            return digests[name]
        if not self._ends_well():
            replace_file(self.path, map(_line, digests.items()))
        try:
            with self.path.open("ab", buffering=0) as file:
                file.write(_line((name, sha256)))
                os.fsync(file.fileno())
        except OSError as error:
            raise WriteFailed(error.errno, f"cannot write: {error.strerror}", str(self.path)) from error
        return sha256

    def _ends_well(self) -> bool:
        return self.path.exists() and self.path.read_bytes()[-1:] == b"\n"


def _line(entry: tuple[str, str]) -> bytes:
    name, sha256 = entry
    return f"{sha256}  {name}\n".encode()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """For one process and thread at a time: what changes manifest and index. Raises WriteFailed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise WriteFailed(error.errno, f"cannot be opened: {error.strerror}", str(folder)) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
