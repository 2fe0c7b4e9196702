"""Where captures come from: files, folders, globs, WACZ, and what fsspec reaches (http://, https://, s3:// ...)."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from storage.exceptions import SourceNotFound
from storage.warc.read.source import ARCHIVE_SUFFIXES, archive_files, open_archive

#: Bytes that are asked for at a time of a remote file.
REMOTE_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """An archive file.

    name: as rows call it: the bare name, or `a.wacz/archive/data.warc.gz` for one in a WACZ. place: absolute path or
    URL, which goes on past a WACZ in the same way. size: bytes, 0 where nobody knows.
    """

    name: str
    place: str
    size: int


def find_sources(paths: Iterable[str]) -> Iterator[Source]:
    """The archive files at each path, each once. Raises SourceNotFound."""
    seen: set[str] = set()
    for path in paths:
        for source in _remote(path) if is_remote(path) else _local(path):
            if source.place not in seen:
                seen.add(source.place)
                yield source


def is_remote(place: str) -> bool:
    """Whether a place is a URL, and not a path."""
    return "://" in place


@contextmanager
def opened(place: str) -> Iterator[IO[bytes]]:
    """The bytes at a source's place, seekable. Raises OSError."""
    if not is_remote(place):
        with open_archive(Path(place)) as file:
            yield file
        return
    outer, wacz, inner = place.partition(".wacz/")
    with _fetched(outer + wacz.rstrip("/")) as file:
        if not inner:
            yield file
            return
        with zipfile.ZipFile(file) as zipped, zipped.open(inner) as member:
            yield member


def _local(path: str) -> Iterator[Source]:
    there = Path(path)
    found = [there] if there.exists() else _globbed(there)
    if not found:
        raise SourceNotFound(f"there is no file {path}")
    for one in found:
        try:
            files = archive_files(one)
        except zipfile.BadZipFile:
            files = [one]
        for file in files:
            yield _source_of(file.absolute())


def _globbed(pattern: Path) -> list[Path]:
    anchor = Path(pattern.anchor) if pattern.anchor else Path()
    return sorted(anchor.glob(str(pattern.relative_to(anchor)))) if pattern.parts else []


def _source_of(file: Path) -> Source:
    wacz = next((parent for parent in file.parents if parent.is_file()), None)
    if wacz is None:
        return Source(file.name, str(file), file.stat().st_size)
    inner = file.relative_to(wacz).as_posix()
    with zipfile.ZipFile(wacz) as zipped:
        return Source(f"{wacz.name}/{inner}", str(file), zipped.getinfo(inner).file_size)


def _remote(url: str) -> Iterator[Source]:
    system, path = _system(url)
    try:
        found = system.glob(path) if any(sign in path for sign in "*[") else [path]
        if found == [path] and not path.endswith((*ARCHIVE_SUFFIXES, ".wacz", ".gz")) and system.isdir(path):
            found = [file for file in sorted(system.find(path)) if file.endswith((*ARCHIVE_SUFFIXES, ".wacz"))]
        for file in found:
            yield from _remote_file(system, system.unstrip_protocol(file))
    except (OSError, ValueError) as problem:
        raise SourceNotFound(f"{url} cannot be had: {problem}") from problem


def _remote_file(system: Any, url: str) -> Iterator[Source]:
    name = url.partition("?")[0].rpartition("/")[2]
    if not url.endswith(".wacz"):
        yield Source(name, url, system.size(url) or 0)
        return
    with _fetched(url) as file, zipfile.ZipFile(file) as zipped:
        for inner in zipped.infolist():
            if inner.filename.endswith(ARCHIVE_SUFFIXES):
                yield Source(f"{name}/{inner.filename}", f"{url}/{inner.filename}", inner.file_size)


@contextmanager
def _fetched(url: str) -> Iterator[IO[bytes]]:
    """A remote file; one whose server gives no ranges is copied to a temporary file first."""
    system, path = _system(url)
    with system.open(path, "rb", block_size=REMOTE_PIECE, cache_type="readahead") as file:
        if _gives_ranges(file):
            yield file
            return
    with system.open(path, "rb", block_size=0) as stream, tempfile.TemporaryFile() as copy:
        copyfileobj(stream, copy, REMOTE_PIECE)
        copy.seek(0)
        yield copy


def _gives_ranges(file: Any) -> bool:
    if not file.seekable() or not file.size:
        return False
    try:
        file.seek(file.size - 1)
        file.read(1)
        file.seek(0)
    except ValueError:
        return False
    return True


def _system(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # an extra: few need it
    except ImportError:
        raise SourceNotFound(f"{url} needs more than is installed: pip install 'emeroteca[remote]'") from None
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as problem:
        raise SourceNotFound(f"{url} cannot be had: {problem}") from problem
    return system, path
