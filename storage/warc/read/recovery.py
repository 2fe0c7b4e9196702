"""What a killed writer left behind: every `.open` file cut at its last whole capture and sealed."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from storage.exceptions import WriteFailed
from storage.warc.open_file import OPEN_SUFFIX, seal
from storage.warc.read.members import Members
from storage.warc.read.record import Record, records_in


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one file.

    path: of the sealed file; None where it held no capture and was removed. captures: kept. cut: bytes taken off its
    end, an unfinished write of nothing that was announced. damages: bad stretches before that, left as they are.
    """

    path: Path | None
    captures: int
    cut: int
    damages: int


def recover(folder: Path) -> list[Recovered]:
    """Cut and seal every `.open` file below the folder that no living process writes. Raises WriteFailed."""
    recovered = [_recover(path) for path in sorted(folder.rglob("*" + OPEN_SUFFIX))]
    return [report for report in recovered if report is not None]


def _recover(path: Path) -> Recovered | None:
    """None where the file is being written, or was sealed meanwhile."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteFailed(error.errno, f"cannot recover: {error.strerror}", str(path)) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return _cut_and_seal(path, fd)
    except BlockingIOError:
        return None
    finally:
        os.close(fd)


def _cut_and_seal(path: Path, fd: int) -> Recovered:
    captures, end, damages = _whole_captures(path)
    size = os.fstat(fd).st_size
    if captures == 0:
        path.unlink()
        return Recovered(None, 0, size, damages)
    try:
        os.ftruncate(fd, end)
        os.fsync(fd)
    except OSError as error:
        raise WriteFailed(error.errno, f"cannot recover: {error.strerror}", str(path)) from error
    return Recovered(seal(path), captures, size - end, damages)


def _whole_captures(path: Path) -> tuple[int, int, int]:
    """How many captures have both response and request, where the last of them ends, and the damages before that."""
    captures, end, response_id = 0, 0, ""
    with path.open("rb") as file:
        members = Members(file)
        for record in records_in(members):
            if record.record_type in ("response", "revisit"):
                response_id = record.record_id
                continue
            if _belongs_to(record, response_id):
                captures += record.record_type == "request"
                end = record.offset + record.length
    return captures, end, sum(damage.offset < end for damage in members.damages)


def _belongs_to(record: Record, response_id: str) -> bool:
    return response_id != "" and record.header("WARC-Concurrent-To") == response_id
