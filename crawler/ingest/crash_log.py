"""Pages that a process died of while it read them, so that whoever comes next reads them apart.

A process that reads captures says in a file of its own at which URL it is. The file is shared memory, so it outlives
the process, and locked, so that one whose process is gone can be told: the URL in it is a suspect. A suspect is read by
another process each time (`crawler.ingest.sandbox`); where that dies too, the capture is refused with the reason.
"""

import fcntl
import logging
import mmap
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.version import EXTRACTOR
from crawler.ingest.classify import extract_article
from crawler.ingest.sandbox import Answer
from storage.article import Article
from storage.warc.http.capture import Capture

logger = logging.getLogger(__name__)

#: Of CPU, for one page; the slowest that we know takes 3.
SECONDS = 300
_SIZE = 4096
#: Another version of the extractor gets a chance of its own.
_BEGIN, _END = f"{EXTRACTOR}\t".encode(), b"\n"
_SUFFIX = ".reading"
#: Seconds after which a file that names nothing is removed; a younger one may not be locked yet.
_OLD = 3600.0


class CrashLog:
    """Reads captures (`read`), and keeps account of suspects in a folder. limited: this process is there to read only,
    and ends where a page takes it more than `SECONDS` of CPU.
    """

    def __init__(
        self, folder: Path, *, limited: bool = False, read: Callable[[Capture], Article] = extract_article
    ) -> None:
        self._read = read
        self._limit = SECONDS if limited else 0
        self._known = dict(_left_in(folder))
        self._path = folder / f"{uuid4().hex}{_SUFFIX}"
        self._file: int | None = None
        self._note: mmap.mmap | bytearray = bytearray(_SIZE)
        try:
            self._share_note()
        except OSError as problem:
            logger.warning("a page that this process dies of will not be known afterwards: %s: %s", folder, problem)

    def read(self, capture: Capture) -> Article:
        """The article that a capture shows. Raises PageRefused."""
        note = _note_of(capture.url)
        if note in self._known:
            return self._apart(capture, note)
        self._note[: len(note)] = note
        self._set_timer(self._limit)
        try:
            return self._read(capture)
        finally:
            self._set_timer(0)
            self._note[0] = 0

    def close(self) -> None:
        """Nothing more is read."""
        if isinstance(self._note, mmap.mmap):
            self._note.close()
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)

    def _share_note(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.write(self._file, bytes(_SIZE))  # not truncated to it: on a full disk a hole would be a SIGBUS later
        self._note = mmap.mmap(self._file, _SIZE)

    def _set_timer(self, seconds: float) -> None:
        if self._limit:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)

    def _apart(self, capture: Capture, note: bytes) -> Article:
        told = subprocess.run(
            [sys.executable, "-m", "crawler.ingest.sandbox", str(SECONDS)],
            input=pickle.dumps(capture),
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C is for those who asked
            check=False,
        )
        if told.returncode:
            raise PageRefused(
                RefusalReason.EXTRACTOR_FAILED, f"the process that read it ended ({_ended(told.returncode)})"
            )
        self._known.pop(note).unlink(missing_ok=True)
        answer: Answer = pickle.loads(told.stdout)
        if isinstance(answer, Article):
            return answer
        raise PageRefused(*answer)


def _left_in(folder: Path) -> Iterator[tuple[bytes, Path]]:
    """What processes that are gone were at, and the files that say so."""
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):  # its process takes it away
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                note, end, _ = os.pread(file, _SIZE, 0).partition(_END)
                if note.startswith(_BEGIN):
                    yield note + end, path
                elif time.time() - path.stat().st_mtime > _OLD:
                    path.unlink()
            finally:
                os.close(file)


def _note_of(url: str) -> bytes:
    room = _SIZE - len(_BEGIN) - len(_END)
    return _BEGIN + url.encode("utf-8", "replace").replace(_END, b" ")[:room] + _END


def _ended(code: int) -> str:
    return signal.Signals(-code).name if -code in set(signal.Signals) else str(code)
