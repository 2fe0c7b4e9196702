"""The manifest: the SHA-256 of every sealed WARC file, in a file that `sha256sum --check` reads.

A line a file, `HEXADECIMAL  NAME`, as in BagIt's manifests (RFC 8493, 2.1.3); appended when a file is sealed, and
changed by an erasure alone, so a file that no longer agrees with its line has changed since. Called by
`storage.warc.index.file_registry`.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from storage.warc.durable_files import locked, replace_file, write_errors
from storage.warc.read.source import open_source

NAME = "manifest-sha256.txt"
_LINE = re.compile(r"(?P<digits>[0-9a-f]{64})  (?P<name>.+)", re.DOTALL)


class Manifest:
    """The manifest of a folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def digests(self) -> dict[str, str]:
        """SHA-256 in hexadecimal by file name. A last line that was cut off does not count, nor one in another form."""
        try:
            lines = self.path.read_bytes().decode("utf-8", "backslashreplace").split("\n")[:-1]
        except FileNotFoundError:
            return {}
        return {found["name"]: found["digits"] for line in lines if (found := _LINE.fullmatch(line))}

    def add(self, name: str, sha256: str) -> str:
        """Append a file, durably; a file that is listed already keeps its first SHA-256. Returns the listed SHA-256.
        Raises WriteFailed.
        """
        digests = self.digests()
        if name in digests:
            return digests[name]
        if not self._is_complete():
            replace_file(self.path, map(_line, digests.items()))
        with write_errors("cannot write", self.path), self.path.open("ab", buffering=0) as file:
            file.write(_line((name, sha256)))
            os.fsync(file.fileno())
        return sha256

    def replace(self, changes: Mapping[str, str | None]) -> None:
        """Give files another SHA-256, or, where that is None, take them off: after an erasure, the one change that a
        sealed file undergoes. Raises WriteFailed.
        """
        digests = {**self.digests(), **changes}
        replace_file(self.path, (_line((name, digest)) for name, digest in digests.items() if digest))

    def _is_complete(self) -> bool:
        return self.path.exists() and self.path.read_bytes()[-1:] == b"\n"


def _line(entry: tuple[str, str]) -> bytes:
    name, sha256 = entry
    return f"{sha256}  {name}\n".encode()


def sha256_of(path: Path | str) -> str:
    """The SHA-256 of a file's bytes, hexadecimal. path: also the place of a `Source`."""
    with open_source(str(path)) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Held by the one process and thread that changes manifest and index. Makes the folder. Raises WriteFailed."""
    with ExitStack() as stack:
        with write_errors("cannot be opened", folder):
            folder.mkdir(exist_ok=True)
            stack.enter_context(locked(folder, os.O_RDONLY))
        yield
