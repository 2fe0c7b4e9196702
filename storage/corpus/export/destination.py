"""Where an export goes: a local file, or any URL that fsspec knows. It appears under its name whole or not at all."""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

import zstandard

from storage.exceptions import DependencyMissing, DestinationError, OutputExists
from storage.warc.durable_files import remove_unfinished

#: Bytes compared at a time.
_COMPARED = 1024 * 1024


class BytesWriter(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> Any: ...


@dataclass
class HashingWriter:
    """Passes bytes on, counts and digests them."""

    out: BytesWriter
    size: int = 0
    closed: bool = False
    _digest: Any = field(default_factory=hashlib.sha256)

    def write(self, data: bytes) -> int:
        data = bytes(data)
        self.out.write(data)
        self.size += len(data)
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Does nothing: no bytes are buffered."""

    def close(self) -> None:
        """Does nothing: the caller closes the file."""

    @property
    def sha256(self) -> str:
        return str(self._digest.hexdigest())


def is_url(target: str) -> bool:
    """Whether this is a URL, not a path."""
    return "://" in target


def sibling(target: str, name: str) -> str:
    """The name of a file in the same folder."""
    if is_url(target):
        return f"{target.rpartition('/')[0]}/{name}"
    return str(Path(target).with_name(name))


@contextmanager
def write_target(target: str, *, replace: bool = True) -> Iterator[IO[bytes] | BinaryIO]:
    """A file to write, at a path or a URL: under another name first, then renamed.

    Without `replace` a file that is there stays: raises OutputExists unless its bytes are the same. Raises OSError,
    ExportError, DependencyMissing.
    """
    with atomic_url(target, replace) if is_url(target) else atomic_file(Path(target), replace) as out:
        yield out


@contextmanager
def atomic_file(path: Path, replace: bool = True) -> Iterator[BinaryIO]:
    """A local file: written beside its name, synced, then renamed; `replace` as in `write_target`."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    remove_unfinished(path.parent, f".{path.name}.", ".part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if replace or not path.exists():
            part.replace(path)
        else:
            with part.open("rb") as new, path.open("rb") as old:
                _check_same(new, old, str(path))
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def atomic_url(url: str, replace: bool = True) -> Iterator[IO[bytes]]:
    """A file at a URL, moved to its name at the end; `replace` as in `write_target`."""
    system, path = _file_system(url)
    part = f"{path}.{os.getpid()}.part"
    try:
        with system.open(part, "wb") as out:
            yield out
        if replace or not system.exists(path):
            system.mv(part, path)
        else:
            with system.open(part, "rb") as new, system.open(path, "rb") as old:
                _check_same(new, old, url)
    finally:
        with suppress(FileNotFoundError):
            system.rm_file(part)


def _check_same(new: IO[bytes], old: IO[bytes], target: str) -> None:
    while piece := new.read(_COMPARED):
        if piece != old.read(len(piece)):
            break
    else:
        if not old.read(1):
            return
    raise OutputExists(
        f"{target} holds an earlier piece of the change feed, and is not replaced: process and remove it first, or "
        "have the cursor in the name of each piece: --output 'changes-{cursor}.jsonl'"
    )


def read_target(target: str) -> bytes | None:
    """What a file holds; None where there is none."""
    if not is_url(target):
        path = Path(target)
        return path.read_bytes() if path.exists() else None
    system, path_there = _file_system(target)
    return bytes(system.cat_file(path_there)) if system.exists(path_there) else None


def _file_system(url: str) -> tuple[Any, str]:
    try:
        import fsspec.core  # heavy, and an extra
    except ImportError:
        raise DependencyMissing(f"{url} needs fsspec: pip install 'emeroteca[remote]'") from None
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise DestinationError(f"{url} cannot be written: {error}") from error
    return system, path


@contextmanager
def compressed(out: BytesWriter, name: str) -> Iterator[BytesWriter]:
    """What is written goes to `out` gzipped or as zstd where the name ends so; the same bytes every time."""
    if name.endswith(".gz"):
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0, filename="") as packed:  # type: ignore[call-overload]
            yield packed
    elif name.endswith(".zst"):
        packer = zstandard.ZstdCompressor(level=6).compressobj()
        yield _ZstdWriter(out, packer)
        out.write(packer.flush())
    else:
        yield out


@dataclass
class _ZstdWriter:
    out: BytesWriter
    packer: Any

    def write(self, data: bytes) -> int:
        self.out.write(self.packer.compress(data))
        return len(data)
