"""The byte-stream layer: archive files on the disk, in a folder, inside a WACZ, or at a URL that fsspec opens.

Called by the readers, which open files by path, and by `crawler.rebuild`, which also takes globs and URLs.
"""

import logging
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from storage.exceptions import SourceNotFound
from storage.file_handles import check_file_handles
from storage.warc.open_file import OPEN_SUFFIX
from storage.warc.read.members import is_bomb

logger = logging.getLogger(__name__)

ARCHIVE_SUFFIXES = (
    *(".warc", ".warc.gz", ".warc.zst", ".warc.lz4", ".arc", ".arc.gz"),
    *(".warc.wet", ".warc.wet.gz", ".wet", ".wet.gz"),
)
#: Bytes of an entry of a WACZ that is read as a whole.
MOST_AT_ONCE = 64 * 1024 * 1024
#: Bytes that are requested at a time of a remote file.
REMOTE_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """An archive file.

    name: its name in rows: the bare name, or `a.wacz/archive/data.warc.gz` for one in a WACZ. place: absolute path or
    URL, continued behind a WACZ in the same way. size: bytes, 0 where it is unknown.
    """

    name: str
    place: str
    size: int


def archive_files(path: Path) -> list[Path]:
    """The WARC and ARC files at a path: itself, those of a folder and all below it, those inside a WACZ.

    The path of a file inside a WACZ goes on behind the WACZ: `a.wacz/archive/data.warc.gz`. A folder's `.open` files
    are left out: they are being written, or recovery has not yet sealed them.
    """
    if path.is_dir():
        return [inner for file in sorted(path.rglob("*")) if _is_archive(file) for inner in archive_files(file)]
    if not zipfile.is_zipfile(path):
        return [path]
    with open_package(path) as wacz:
        return [path / name for name in sorted(set(wacz.namelist())) if _is_read(name, path)]


@contextmanager
def open_package(file: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open a WACZ, which is a zip file. Raises zipfile.BadZipFile, whatever is wrong with its directory."""
    try:
        package = zipfile.ZipFile(file)
    except (ValueError, NotImplementedError, OverflowError, EOFError, struct.error, OSError) as problem:
        if isinstance(problem, FileNotFoundError | PermissionError):
            raise
        raise zipfile.BadZipFile(f"its directory cannot be read: {problem}") from problem
    with package:
        yield package


def open_entry(package: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open an entry of a WACZ. Its checksum is not compared: the records have their own, and a wrong one at its end
    would hide them. Raises KeyError, and zipfile.BadZipFile where it cannot be read or is a bomb.
    """
    check_size(package, name)
    try:
        entry = package.open(name)
    except (RuntimeError, NotImplementedError, ValueError, EOFError, struct.error, OSError) as problem:
        raise zipfile.BadZipFile(f"the entry {name!r} cannot be read: {problem}") from problem
    vars(entry).update(dict.fromkeys(("_expected_crc", "_orig_crc")))
    return entry


def check_size(package: zipfile.ZipFile, name: str) -> None:
    """Raises zipfile.BadZipFile where an entry is a bomb, and KeyError where there is none of this name."""
    info = package.getinfo(name)
    if is_bomb(info.file_size, min(info.compress_size, package.start_dir)):  # the directory may claim any size
        raise zipfile.BadZipFile(f"the entry {name!r} is a bomb: unpacked it has {info.file_size} bytes")


def read_entry(package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of an entry that is read as a whole, such as datapackage.json. Raises zipfile.BadZipFile also where
    there are more than MOST_AT_ONCE of them.
    """
    with package.open(name) as entry:
        data = entry.read(MOST_AT_ONCE + 1)
    if len(data) > MOST_AT_ONCE:
        raise zipfile.BadZipFile(f"the entry {name!r} has more than {MOST_AT_ONCE} bytes")
    return data


def _is_read(name: str, package: Path | str) -> bool:
    """Whether an entry of a WACZ is an archive file. One whose name leads out of the package is reported, and is not:
    rows would name another file by it."""
    if not name.endswith(ARCHIVE_SUFFIXES):
        return False
    if name.startswith("/") or "\\" in name or not name.isprintable() or ".." in name.split("/"):
        logger.warning("%s: the entry %r is not read, since its name leads out of the package", package, name)
        return False
    return True


def _is_archive(file: Path) -> bool:
    return file.name.endswith((*ARCHIVE_SUFFIXES, ".wacz")) and file.is_file()


@contextmanager
def open_archive(path: Path) -> Iterator[IO[bytes]]:
    """Open an archive file for reading, seekable. A sealed name also finds its file while that is still `.open`.

    Raises FileNotFoundError.
    """
    if (wacz := _enclosing_wacz(path)) is not None:
        with open_package(wacz) as zipped, open_entry(zipped, path.relative_to(wacz).as_posix()) as inner:
            yield inner
        return
    with _sealed_or_open(path) as file:
        yield file


def _enclosing_wacz(path: Path) -> Path | None:
    return next((parent for parent in path.parents if parent.is_file()), None)


def _sealed_or_open(path: Path) -> IO[bytes]:
    """Tries both names, then the first again: the file may be sealed between the two attempts."""
    for name in (path.name, path.name + OPEN_SUFFIX):
        with suppress(FileNotFoundError):
            return path.with_name(name).open("rb")
    return path.open("rb")


def find_sources(paths: Iterable[str]) -> Iterator[Source]:
    """The archive files at each path, glob or URL, each once. Raises SourceNotFound."""
    seen: set[str] = set()
    for path in paths:
        for source in _remote_sources(path) if is_remote(path) else _local_sources(path):
            if source.place not in seen:
                seen.add(source.place)
                yield source


def is_remote(place: str) -> bool:
    """Whether a place is a URL, and not a path."""
    return "://" in place


@contextmanager
def open_source(place: str) -> Iterator[IO[bytes]]:
    """Open the file at a source's place for reading, seekable. Raises OSError."""
    if not is_remote(place):
        with open_archive(Path(place)) as file:
            yield file
        return
    outer, wacz, inner = place.partition(".wacz/")
    with _open_url(outer + wacz.rstrip("/")) as file:
        if not inner:
            yield file
            return
        with open_package(file) as zipped, open_entry(zipped, inner) as member:
            yield member


def _local_sources(path: str) -> Iterator[Source]:
    existing = Path(path)
    found = [existing] if existing.exists() else _glob(existing)
    if not found:
        raise SourceNotFound(f"there is no file {path}")
    for one in found:
        try:
            files = archive_files(one)
        except zipfile.BadZipFile:
            files = [one]
        yield from (_local_source(file.absolute()) for file in files)


def _glob(pattern: Path) -> list[Path]:
    anchor = Path(pattern.anchor) if pattern.anchor else Path()
    return sorted(anchor.glob(str(pattern.relative_to(anchor)))) if pattern.parts else []


def _local_source(file: Path) -> Source:
    wacz = _enclosing_wacz(file)
    if wacz is None:
        return Source(file.name, str(file), file.stat().st_size)
    inner = file.relative_to(wacz).as_posix()
    with open_package(wacz) as zipped:
        return Source(f"{wacz.name}/{inner}", str(file), zipped.getinfo(inner).file_size)


def _remote_sources(url: str) -> Iterator[Source]:
    system, path = _file_system(url)
    try:
        found = system.glob(path) if any(sign in path for sign in "*[") else [path]
        if found == [path] and not path.endswith((*ARCHIVE_SUFFIXES, ".wacz", ".gz")) and system.isdir(path):
            found = [file for file in sorted(system.find(path)) if file.endswith((*ARCHIVE_SUFFIXES, ".wacz"))]
        for file in found:
            yield from _sources_at(system, system.unstrip_protocol(file))
    except (OSError, ValueError) as problem:
        raise SourceNotFound(f"{url} cannot be read: {problem}") from problem


def _sources_at(system: Any, url: str) -> Iterator[Source]:
    name = url.partition("?")[0].rpartition("/")[2]
    if not url.endswith(".wacz"):
        yield Source(name, url, system.size(url) or 0)
        return
    with _open_url(url) as file, open_package(file) as zipped:
        for inner in zipped.infolist():
            if _is_read(inner.filename, url):
                yield Source(f"{name}/{inner.filename}", f"{url}/{inner.filename}", inner.file_size)


#: HTTP statuses of a file that is not there; object stores that may not be listed say 403.
NOT_THERE = (403, 404, 410)


@contextmanager
def _open_url(url: str) -> Iterator[IO[bytes]]:
    """A remote file; where the server has no range requests, a temporary copy."""
    system, path = _file_system(url)
    with _opened(system, path, block_size=REMOTE_PIECE, cache_type="readahead") as file:
        if _supports_ranges(file):
            yield file
            return
    with _opened(system, path, block_size=0) as stream, tempfile.TemporaryFile() as copy:
        copyfileobj(stream, copy, REMOTE_PIECE)
        copy.seek(0)
        yield copy


def _opened(system: Any, path: str, **options: Any) -> Any:
    """A remote file. Raises OSError. fsspec reports any error (no connection, an untrusted certificate) as one that is
    not there."""
    try:
        return system.open(path, "rb", **options)
    except FileNotFoundError as problem:
        cause = problem.__cause__
        if isinstance(cause, FileNotFoundError | None) or getattr(cause, "status", None) in NOT_THERE:
            raise
        raise ConnectionError(f"{path} cannot be read: {cause or type(cause).__name__}") from cause


def _supports_ranges(file: Any) -> bool:
    if not file.seekable() or not file.size:
        return False
    try:
        file.seek(file.size - 1)
        file.read(1)
        file.seek(0)
    except ValueError:
        return False
    return True


def _file_system(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # an extra: few need it
    except ImportError:
        raise SourceNotFound(f"{url} needs more than is installed: pip install 'emeroteca[remote]'") from None
    check_file_handles()  # fsspec makes an event loop
    try:
        # proxies of the environment, as Scrapy takes them
        options = {"client_kwargs": {"trust_env": True}} if url.startswith(("http://", "https://")) else {}
        system, path = url_to_fs(url, **options)
    except (ImportError, ValueError) as problem:
        raise SourceNotFound(f"{url} cannot be read: {problem}") from problem
    return system, path
