"""What the home of a collection holds of erased pages beside captures and rows: logs, and URLs in the crash log."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.takedown.texts import PROBE
from storage.collection import Collection
from storage.warc.durable_files import replace_file

_ERASED = b"[a line about an erased page]\n"
#: Compressed, or a database that was written again; their contents are known.
_NOT_SEARCHED = (".gz", ".zst", ".wacz", ".db", ".db-wal", ".db-shm", ".warc", ".arc")


def forget_in_logs(collection: Collection, urls: Iterable[str], headlines: Iterable[str]) -> None:
    """Replace the lines of logs that name an erased URL or headline, and remove entries of the crash log that do.
    Raises WriteFailed.
    """
    sought = _expression(urls, headlines)
    if sought is None:
        return
    for path in sorted(collection.crash_log.glob("*")):
        if sought.search(path.read_bytes()):
            path.unlink(missing_ok=True)
    for path in sorted((collection.home / "log").glob("*")):
        if _holds(path, sought):
            replace_file(path, _lines_without(path, sought))


def remove_abandoned_files(collection: Collection) -> None:
    """Remove the unfinished files of processes that are dead: such as a package that was being written."""
    for path in collection.home.rglob("*.tmp"):
        process = path.name.split(".")[-2] if path.name.count(".") > 1 else ""
        if process.isdigit() and not _is_alive(int(process)):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def remaining_files(collection: Collection, urls: Iterable[str], headlines: Iterable[str]) -> list[str]:
    """The files in the home that still have an erased URL or headline in the clear, a sentence each."""
    sought = _expression(urls, headlines)
    files = (path for path in sorted(collection.home.rglob("*")) if path.is_file())
    searched = [path for path in files if not path.name.endswith(_NOT_SEARCHED)]
    return [f"{path} names an erased page" for path in searched if sought is not None and _holds(path, sought)]


def _expression(urls: Iterable[str], headlines: Iterable[str]) -> re.Pattern[bytes] | None:
    """Matches whole URLs, and headlines that are not too short to be of one page alone."""
    ends = rb"(?![\w/%?&=.-]*[\w/%])"
    parts = [re.escape(url.rstrip("/").encode()) + rb"/?" + ends for url in sorted(set(urls))]
    parts += [re.escape(headline.encode()) for headline in sorted(set(headlines)) if len(headline) >= PROBE // 2]
    return re.compile(b"|".join(parts)) if parts else None


def _holds(path: Path, sought: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            return any(sought.search(line) for line in file)
    except OSError:
        return False


def _lines_without(path: Path, sought: re.Pattern[bytes]) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            yield _ERASED if sought.search(line) else line
