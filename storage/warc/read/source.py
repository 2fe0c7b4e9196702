"""The byte-stream layer: where archive bytes come from, a file of its own or one inside a WACZ."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from storage.warc.open_file import OPEN_SUFFIX

ARCHIVE_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".warc.wet", ".warc.wet.gz", ".wet", ".wet.gz")


def archive_files(path: Path) -> list[Path]:
    """The WARC and ARC files at a path: itself, those of a folder and all below it, those inside a WACZ.

    A file inside a WACZ is named by a path that goes on past the WACZ: `a.wacz/archive/data.warc.gz`. A folder's
    `.open` files are left out: they are being written, or wait for recovery.
    """
    if path.is_dir():
        return [inner for file in sorted(path.rglob("*")) if _is_archive(file) for inner in archive_files(file)]
    if not zipfile.is_zipfile(path):
        return [path]
    with zipfile.ZipFile(path) as wacz:
        return [path / name for name in sorted(wacz.namelist()) if name.endswith(ARCHIVE_SUFFIXES)]


def _is_archive(file: Path) -> bool:
    return file.name.endswith((*ARCHIVE_SUFFIXES, ".wacz")) and file.is_file()


@contextmanager
def open_archive(path: Path) -> Iterator[IO[bytes]]:
    """Open an archive file for reading, seekable. A sealed name also finds its file while that is still `.open`.

    Raises FileNotFoundError.
    """
    wacz = next((parent for parent in path.parents if parent.is_file()), None)
    if wacz is not None:
        with zipfile.ZipFile(wacz) as zipped, zipped.open(path.relative_to(wacz).as_posix()) as inner:
            yield inner
        return
    with _sealed_or_open(path) as file:
        yield file


def _sealed_or_open(path: Path) -> IO[bytes]:
    """Looked for under both names, and once more under the first: it may be sealed between the two."""
    for name in (path.name, path.name + OPEN_SUFFIX):
        with suppress(FileNotFoundError):
            return path.with_name(name).open("rb")
    return path.open("rb")
