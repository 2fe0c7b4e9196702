"""Recovery after a kill: every `.open` file is truncated behind its last whole capture and sealed.

Called by the crawler's extension before a crawl begins.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.warc.durable_files import locked, write_errors
from storage.warc.open_file import OPEN_SUFFIX, seal
from storage.warc.read.members import Damage
from storage.warc.read.record import records_in


@dataclass(frozen=True, slots=True)
class Recovered:
    """The outcome of one file.

    path: of the sealed file; None where it held no capture and was removed. captures: whole ones. cut: bytes truncated,
    an unfinished write whose capture was never reported. damages: unreadable stretches before that, left as they are.
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
    with (
        write_errors("cannot recover", path),
        suppress(FileNotFoundError, BlockingIOError),
        locked(path, wait=False) as fd,
    ):
        captures, end, damages = _whole_captures(path)
        size = os.fstat(fd).st_size
        if captures == 0:
            path.unlink()
            return Recovered(None, 0, size, damages)
        os.ftruncate(fd, end)
        os.fsync(fd)
        return Recovered(seal(path), captures, size - end, damages)
    return None


def _whole_captures(path: Path) -> tuple[int, int, int]:
    """How many captures are whole, where the last of them ends, and the damages before that. A response is whole with
    its request, a conversion and a record copied from elsewhere with their metadata.
    """
    captures, end, response_id, is_whole = 0, 0, "", False
    damages: list[Damage] = []
    with path.open("rb") as file:
        for record in records_in(file, damages=damages):
            if record.record_type in ("response", "revisit", "conversion"):
                response_id, is_whole = record.record_id, False
                continue
            if response_id and record.header("WARC-Concurrent-To") == response_id:
                captures += not is_whole
                is_whole = True
                end = record.offset + record.length
    return captures, end, sum(damage.offset < end for damage in damages)
