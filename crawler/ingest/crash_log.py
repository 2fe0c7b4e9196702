"""The URLs under extraction when a worker crashed; such captures are extracted in a sandbox from then on.

A process that extracts articles keeps the URL of the current capture in a file of its own. The file is shared memory,
so it outlives the process, and locked, so that the file of a dead process is recognised: its URL is in the crash log. A
capture of that URL is extracted by another process each time (`crawler.ingest.sandbox`); where that crashes too, the
capture is refused with the reason. Used by the crawl's worker and by the local executor.
"""

import fcntl
import logging
import mmap
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from crawler.extraction.extract import Extraction
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.version import extractor_of
from crawler.ingest.classify import Extract, Extracted, extraction_of
from crawler.registry import site_of
from storage.warc.http.capture import Capture

logger = logging.getLogger(__name__)

#: Of CPU, for one page; the slowest known page takes 3.
SECONDS = 300
_SIZE = 4096
#: Between extractor and URL, and behind them.
_TAB, _END = b"\t", b"\n"
_SUFFIX = ".reading"
#: Seconds after which a file without an entry is removed; a younger one may not be locked yet.
_OLD = 3600.0


class CrashLog:
    """Extracts articles (`extract`), and keeps the crash log in a folder.

    extractor: what is called, also in the sandbox. limited: the process does nothing else, and ends where a page takes
    it more than `SECONDS` of CPU.
    """

    def __init__(self, folder: Path, extractor: Extract, *, limited: bool = False) -> None:
        self._extractor = extractor
        self._limit = SECONDS if limited else 0
        self._crashed = dict(_entries_in(folder))
        self._path = folder / f"{uuid4().hex}{_SUFFIX}"
        self._file: int | None = None
        self._entry: mmap.mmap | bytearray = bytearray(_SIZE)
        try:
            self._share_entry()
        except OSError as problem:
            logger.warning("a page that this process dies of will not be known afterwards: %s: %s", folder, problem)

    def extract(self, capture: Capture) -> Extraction:
        """The article that a capture shows. Raises PageRefused; ChildProcessError where the sandbox cannot work."""
        entry = _entry_of(capture.url)
        if entry in self._crashed:
            return self._extract_in_sandbox(capture, entry)
        self._entry[: len(entry)] = entry
        self._set_timer(self._limit)
        try:
            return self._extractor(capture)
        finally:
            self._set_timer(0)
            self._entry[0] = 0

    def close(self) -> None:
        """Remove the file of this process, which extracts no more."""
        if isinstance(self._entry, mmap.mmap):
            self._entry.close()
        if self._file is not None:
            with suppress(OSError):  # on a disk that is read-only now: the entry is empty, and names no page
                self._path.unlink(missing_ok=True)
            os.close(self._file)

    def _share_entry(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.write(self._file, bytes(_SIZE))  # not truncated to it: on a full disk a hole would be a SIGBUS later
        self._entry = mmap.mmap(self._file, _SIZE)

    def _set_timer(self, seconds: float) -> None:
        if self._limit:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)

    def _extract_in_sandbox(self, capture: Capture, entry: bytes) -> Extraction:
        ended = subprocess.run(
            [sys.executable, "-m", "crawler.ingest.sandbox", str(SECONDS)],
            input=pickle.dumps((self._extractor, capture)),
            capture_output=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C is for the parent
            check=False,
        )
        told = ended.stderr.decode("utf-8", "replace")
        if ended.returncode:
            detail = f"the process that read it ended ({_exit_name(ended.returncode)})"
            if ended.returncode == 1 or _is_for_want_of_memory(-ended.returncode):
                raise ChildProcessError(f"{detail}: {(told.splitlines() or [''])[-1]}")
            raise PageRefused(RefusalReason.EXTRACTOR_FAILED, detail)
        sys.stderr.write(told)
        self._crashed.pop(entry).unlink(missing_ok=True)
        extracted: Extracted = pickle.loads(ended.stdout)
        return extraction_of(extracted)


def _entries_in(folder: Path) -> Iterator[tuple[bytes, Path]]:
    """The entries of dead processes, and their files."""
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):  # removed by its process
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                entry, end, _ = os.pread(file, _SIZE, 0).partition(_END)
                url = entry.partition(_TAB)[2].decode("utf-8", "replace")
                if entry.startswith(_beginning(url)):  # of another extractor it does not count
                    yield entry + end, path
                elif time.time() - path.stat().st_mtime > _OLD:
                    path.unlink()
            finally:
                os.close(file)


def _entry_of(url: str) -> bytes:
    entry = _beginning(url) + url.encode("utf-8", "replace").replace(_END, b" ")
    return entry[: _SIZE - len(_END)] + _END


def _beginning(url: str) -> bytes:
    return extractor_of(site_of(url)).encode() + _TAB


def _is_for_want_of_memory(number: int) -> bool:
    """Whether a process may have died of a signal for want of memory, which is limited here: C libraries crash then."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return limit != resource.RLIM_INFINITY and number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)


def _exit_name(code: int) -> str:
    return signal.Signals(-code).name if -code in set(signal.Signals) else str(code)
