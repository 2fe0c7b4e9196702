"""Checksums of the records of sealed files: they tell which record of a changed file has changed.

A record's own digests say nothing of its gzip header, nor of the bits that fill up its last byte of data; the manifest
has one SHA-256 a file. So each sealed file has a list, `checksums/NAME.crc32` beside the manifest, a line a record
(or a member, where it holds several): `OFFSET CRC32`, decimal and hexadecimal; the last has the size of the file and
`end`. Each stretch goes on to the next line's offset, so together they have every byte. Called by
`storage.warc.index.file_registry` and `crawler.operations.verify_collection`.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import IO

from storage.exceptions import DamagedMember, RecordError
from storage.warc.durable_files import replace_file, write_errors
from storage.warc.read.members import PIECE, Members
from storage.warc.read.record import records_of
from storage.warc.read.source import open_source

FOLDER = "checksums"
SUFFIX = ".crc32"
END = "end"
#: Of an offset, at most.
DIGITS = 18


class Checksums:
    """The lists of a folder of WARC files."""

    def __init__(self, folder: Path) -> None:
        self._warc = folder
        self.folder = folder / FOLDER

    def has(self, name: str) -> bool:
        """Whether there is a list of the file's records."""
        return self._list_of(name).exists()

    def write(self, name: str) -> None:
        """Make the list of a file, in place of any other. Raises WriteFailed."""
        checksums, size = _checksums(self._warc / name)
        lines = {**checksums, size: END}
        replace_file(self._list_of(name), (f"{offset} {checksum}\n".encode() for offset, checksum in lines.items()))

    def remove(self, name: str) -> None:
        """Remove the list of a file that is gone. Raises WriteFailed."""
        path = self._list_of(name)
        with write_errors("cannot remove", path):
            path.unlink(missing_ok=True)

    def changes(self, path: Path | str, name: str) -> Iterator[tuple[int, str]]:
        """What of a file is not as its list says: offset of the record, and details. Nothing where there is no list.
        path: also the place of a `Source`. Raises RecordError where the list cannot be read.
        """
        try:
            listed, end = _parse(self._list_of(name).read_bytes())
        except FileNotFoundError:
            return
        except ValueError as problem:
            remedy = "emeroteca index makes it again"
            raise RecordError(f"the list of its checksums cannot be read ({problem}): {remedy}") from None
        found, size = _checksums(path, listed)
        for offset, checksum in listed.items():
            if found.get(offset) != checksum:
                yield offset, f"its checksum was {checksum} when the file was sealed and is {found.get(offset, 'gone')}"
        if size != end:
            yield min(size, end), f"the file had {end} bytes when it was sealed and has {size}"

    def _list_of(self, name: str) -> Path:
        """Not with a suffix of WARC files, as which programs that look into folders would read it."""
        return self.folder / f"{name}{SUFFIX}"


def _parse(data: bytes) -> tuple[dict[int, str], int]:
    """The checksums by offset, and the size of the file. Raises ValueError, which names the line."""
    *lines, rest = data.split(b"\n")
    found: dict[int, str] = {}
    last = -1
    for number, line in enumerate(lines, 1):
        offset, _, checksum = line.partition(b" ")
        if not offset.isdigit() or len(offset) > DIGITS or not checksum or int(offset) <= last:
            raise ValueError(f"line {number} is none of it")
        last = int(offset)
        found[last] = checksum.decode("ascii", "backslashreplace")
    if rest or found.pop(last, "") != END or (found and 0 not in found):
        raise ValueError("it is cut off")
    return found, last


def _checksums(path: Path | str, offsets: Iterable[int] | None = None) -> tuple[dict[int, str], int]:
    """The checksum of each stretch by its offset, and the size of the file. offsets: where the stretches begin; without
    them where the records do.
    """
    found: dict[int, str] = {}
    with open_source(str(path)) as file:
        size = file.seek(0, 2)
        begins = {0, *(_record_offsets(file) if offsets is None else offsets)}
        edges = [*sorted(begin for begin in begins if begin < size), size]
        for begin, end in pairwise(edges):
            found[begin] = f"{_crc32(file, begin, end):08x}"
    return found, size


def _crc32(file: IO[bytes], begin: int, end: int) -> int:
    file.seek(begin)
    checksum = 0
    while piece := file.read(min(PIECE, end - begin)):
        checksum = zlib.crc32(piece, checksum)
        begin += len(piece)
    return checksum


def _record_offsets(file: IO[bytes]) -> Iterator[int]:
    members = Members(file)
    for member in members:
        if member.is_plain:
            yield from (record.offset for record in records_of(member, members))
            continue
        yield member.offset
        with suppress(DamagedMember):
            while member.read(PIECE):
                pass
