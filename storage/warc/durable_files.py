"""Files that survive a kill or a power cut: atomic replacement, fsync, advisory locks, and errors as WriteFailed.

Called by everything that writes below a collection's home: WARC files, CDXJ index, manifest, WACZ packages.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.exceptions import WriteFailed


@contextmanager
def write_errors(action: str, path: Path) -> Iterator[None]:
    """Turns an OSError inside into WriteFailed. action: what could not be done, such as "cannot sync"."""
    try:
        yield
    except WriteFailed:
        raise
    except OSError as error:
        raise WriteFailed(error.errno, f"{action}: {error.strerror}", str(path)) from error


@contextmanager
def locked(path: Path, flags: int = os.O_RDWR, *, wait: bool = True) -> Iterator[int]:
    """An open file or folder under an exclusive advisory lock, which ends with the block or the process.

    flags: of os.open. Gives the file descriptor. Raises OSError; without `wait` BlockingIOError where it is locked.
    """
    fd = os.open(path, flags | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield fd
    finally:
        os.close(fd)


def sync_path(path: Path, flags: int = os.O_RDONLY) -> None:
    """Have the disk confirm a file's bytes, or the names in a folder. Raises OSError."""
    fd = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file, durably, in place of the old one: readers, and a kill, see one of the two whole. Makes its folder.
    Raises WriteFailed.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with write_errors("cannot write", path):
        try:
            path.parent.mkdir(exist_ok=True)
            remove_unfinished(path.parent, f"{path.name}.", ".tmp")
            with unfinished.open("wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
            sync_path(path.parent)
        except BaseException:  # Ctrl-C too
            unfinished.unlink(missing_ok=True)
            raise


def remove_unfinished(folder: Path, before: str, behind: str) -> None:
    """Remove what killed processes of this machine left in a folder: files named by their process id between these
    two. Raises OSError."""
    for path in folder.iterdir():
        number = path.name[len(before) : -len(behind)]
        is_named_so = path.name == f"{before}{number}{behind}" and number.isdecimal()
        if is_named_so and int(number) != os.getpid() and not _lives(int(number)):
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
