"""The member layer: an archive file as members that can each be decompressed on their own.

A member is a gzip member, a zstd or LZ4 frame, or the whole of an uncompressed file. A damaged one is reported and
skipped; warcio's `ArchiveIterator` ends there, and reads no zstd. Called by `storage.warc.read.record`, which has
warcio parse the records in the members.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from io import SEEK_CUR, BytesIO
from typing import Any, Protocol

import zstandard
from isal import isal_zlib
from warcio.limitreader import LimitReader

from storage.exceptions import DamagedMember
from storage.warc.http.content_coding import GZIP_WINDOW

PIECE = 32 * 1024
MOST_AT_ONCE = 1024 * 1024
#: Bytes that are read of a file at a time.
READ = 128 * 1024
GZIP = b"\x1f\x8b\x08"
LZ4 = b"\x04\x22\x4d\x18"
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_NAMES = {GZIP: "gzip", ZSTD: "zstd", LZ4: "LZ4"}
#: Bytes of zstd that are decompressed at once, to 64 MiB at most.
ZSTD_AT_ONCE = 2048
LONGEST_LINE = LONGEST_HEADER = 1024 * 1024
RECORD_BEGIN = rb"WARC/|[a-z]+:"
"""The beginning of a WARC record, or of an ARC record, whose first field is its URL."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a file that cannot be read: from an offset, and why ("cut off", "corrupt gzip: ...")."""

    offset: int
    reason: str


class Member:
    """The plain bytes of one member, read forward.

    offset: in the file. is_plain: uncompressed, so that positions inside it are positions in the file. Reading raises
    DamagedMember.
    """

    def __init__(self, offset: int, parts: Iterator[bytes], *, is_plain: bool = False) -> None:
        self.offset = offset
        self.is_plain = is_plain
        self._parts = parts
        self._part, self._part_at = BytesIO(), 0

    @property
    def at(self) -> int:
        """The number of plain bytes read so far."""
        return self._part_at + self._part.tell()

    def _next_part(self) -> bool:
        part = next(self._parts, b"")
        self._part_at, self._part = self.at, BytesIO(part)
        return bool(part)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, at least one unless the member is at its end. At the end of a compressed member its
        checksum is known good.
        """
        data = self._part.read(size)
        return self._part.read(size) if size and not data and self._next_part() else data

    def readline(self, size: int = LONGEST_LINE) -> bytes:
        """Up to and with the next LF; without one at the end of the member, or where a line exceeds `size` bytes."""
        line = self._part.readline(size)
        while not line.endswith(b"\n") and len(line) < size and self._next_part():
            line += self._part.readline(size - len(line))
        return line

    def header_lines(self) -> BytesIO | LimitReader:
        """A stream to read a record's header from; the part at hand, which is faster, where that has all of it."""
        begin = self._part.tell()
        is_whole = self._part.getvalue().find(b"\r\n\r\n", begin, begin + LONGEST_HEADER) >= 0
        return self._part if is_whole else LimitReader(self, LONGEST_HEADER)

    def skip_to(self, marker: bytes) -> None:
        """Pass over everything before the next line that begins with the marker."""
        while line := self.readline():
            if line.startswith(marker):
                at, rest = self.at, self._part.read()
                self._part_at, self._part = at - len(line), BytesIO(line + rest)
                return

    def skip_blank_lines(self) -> bool:
        """Pass over the line ends at hand; whether anything is left."""
        while data := self.read(4):
            if rest := data.lstrip(b"\r\n"):
                self._part.seek(-len(rest), SEEK_CUR)
                return True
        return False

    def offset_of(self, at: int) -> int:
        """The offset in the file of a record that begins at this plain byte."""
        return self.offset + at if self.is_plain else self.offset


class SeekableFile(Protocol):
    """What `Members` needs of a file."""

    def seek(self, offset: int, /) -> int: ...
    def read(self, size: int, /) -> bytes: ...


class Members:
    """The members of an open file, one after the other, from an offset on (the beginning of one).

    end: of the last member that was read to its end; the next is looked for from there on. Iteration goes on after
    DamagedMember, at the next magic number that begins a record; `damages` has the stretches that were skipped.
    """

    def __init__(self, file: SeekableFile, offset: int = 0, damages: list[Damage] | None = None) -> None:
        self.end = offset
        self.damages = [] if damages is None else damages
        self._file = _ReadAhead(file, self.damages)
        self._start = offset
        self._magic, self._decode = GZIP, self._inflate

    def __iter__(self) -> Iterator[Member]:
        magic = self._file.read_at(self._start, 4)
        if magic == ZSTD_DICTIONARY:
            self._start += 8 + int.from_bytes(self._file.read_at(self._start + 4, 4), "little")
        if magic in (ZSTD, ZSTD_DICTIONARY):
            self._magic, self._decode = ZSTD, self._unzstd
        elif magic == LZ4:
            self._magic, self._decode = LZ4, self._unlz4
        elif not magic.startswith(GZIP):
            return iter([Member(self._start, self._plain(), is_plain=True)] if magic else [])
        return self._compressed(self._start)

    def of_warc(self) -> Iterator[Member]:
        """The gzip members from the first one on, behind any offset, that begins with a WARC record."""
        return self._compressed(self._find(self._start, begin=b"WARC/"))

    def begins_a_warc(self, offset: int) -> bool:
        """Whether a gzip member with a WARC record begins at the offset."""
        return self._begins_with(b"WARC/", offset)

    def _begins_with(self, begin: bytes, offset: int) -> bool:
        try:
            return re.match(begin, next(self._decode(offset), b"")) is not None
        except DamagedMember:
            return False

    def _plain(self) -> Iterator[bytes]:
        while part := self._file.read_at(self.end, PIECE):
            self.end += len(part)
            yield part

    def _compressed(self, at: int | None) -> Iterator[Member]:
        while at is not None:
            self.end = at
            yield Member(at, self._decode(at))
            if self.end == at:
                at = self._find(at + 1)
                continue
            end, at = self.end, self._find(self.end, expected=self.end)
            self._report_gap(end, at)

    def _report_gap(self, start: int, end: int | None) -> None:
        """Bytes between two members are a damage, unless they are padding."""
        between = self._file.read_at(start, PIECE if end is None else min(end - start, PIECE))
        if between.strip(b"\0\r\n"):
            self.damages.append(Damage(start, "no member"))

    def _find(self, at: int, *, begin: bytes = RECORD_BEGIN, expected: int | None = None) -> int | None:
        """The offset of the next member; None where there is none. A magic number elsewhere than at the expected offset
        may be chance, so the member has to begin like a record.
        """
        while window := self._file.read_at(at, PIECE):
            found = window.find(self._magic)
            if found < 0:
                at += max(len(window) - len(self._magic) + 1, 1)
            elif at + found == expected or self._begins_with(begin, at + found):
                return at + found
            else:
                at += found + 1
        return None

    def _inflate(self, offset: int) -> Iterator[bytes]:
        stream = isal_zlib.decompressobj(GZIP_WINDOW)
        return self._decompressed(offset, stream, lambda data: stream.decompress(data, MOST_AT_ONCE))

    def _unzstd(self, offset: int) -> Iterator[bytes]:
        stream = _Zstd(self._zstd)
        return self._decompressed(offset, stream, stream.decompress)

    def _unlz4(self, offset: int) -> Iterator[bytes]:
        stream = _Lz4()
        yield from self._decompressed(offset, stream, stream.decompress)

    def _decompressed(self, offset: int, stream: Any, decompress: Callable[[bytes], bytes]) -> Iterator[bytes]:
        """The plain bytes of the member at an offset; `end` is set at its end. Raises DamagedMember.

        stream: a decompression object of ISA-L or zstandard.
        """
        at, compressed = offset, b""
        while not stream.eof:
            if not compressed:
                compressed = self._file.read_at(at, PIECE)
                at += len(compressed)
            if not compressed:
                raise DamagedMember("cut off")
            try:
                plain = decompress(compressed)
            except (isal_zlib.error, zstandard.ZstdError, RuntimeError) as error:  # type: ignore[misc]
                raise DamagedMember(f"corrupt {_NAMES[self._magic]}: {error}") from error
            compressed = stream.unconsumed_tail
            if stream.eof:
                self.end = at - len(stream.unused_data)
            if plain:
                yield plain

    @cached_property
    def _zstd(self) -> zstandard.ZstdDecompressor:
        """With the dictionary that a .warc.zst may have in a skippable frame at its beginning (IIPC, WARC zstd 1.0)."""
        if self._file.read_at(0, 4) != ZSTD_DICTIONARY:
            return zstandard.ZstdDecompressor()
        data = self._file.read_at(8, int.from_bytes(self._file.read_at(4, 4), "little"))
        if data.startswith(ZSTD):
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        return zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(data))


class _Zstd:
    """A zstd frame, decompressed with the interface of zlib's objects, little by little: of a byte it makes 32,000."""

    def __init__(self, decompressor: zstandard.ZstdDecompressor) -> None:
        self._stream = decompressor.decompressobj()
        self.unconsumed_tail = b""

    def decompress(self, data: bytes) -> bytes:
        plain = self._stream.decompress(data[:ZSTD_AT_ONCE])
        self.unconsumed_tail = data[ZSTD_AT_ONCE:]
        return plain

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data + self.unconsumed_tail


class _Lz4:
    """An LZ4 frame, with the same interface; of a byte it makes 255. Raises DamagedMember without the library."""

    def __init__(self) -> None:
        try:
            from lz4.frame import LZ4FrameDecompressor
        except ImportError:
            raise DamagedMember("LZ4, which needs a library: pip install 'emeroteca[lz4]'") from None
        self._stream = LZ4FrameDecompressor()
        self.unconsumed_tail = b""

    def decompress(self, data: bytes) -> bytes:
        return bytes(self._stream.decompress(data))

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data or b""


class _ReadAhead:
    """A file that is read READ bytes at a time, forward: in a zip archive a seek backward reads it again from its
    beginning, and elsewhere it is a request or a system call. A compressed entry of a zip archive that is damaged ends
    there, and the damage is added to `damages`.
    """

    def __init__(self, file: SeekableFile, damages: list[Damage]) -> None:
        self._file = file
        self._damages = damages
        self._buffer, self._buffer_at = b"", -1

    def read_at(self, offset: int, size: int) -> bytes:
        """The bytes at an offset, fewer at the end of the file."""
        begin = offset - self._buffer_at
        if not 0 <= begin <= len(self._buffer):
            self._seek(offset)
            self._buffer, self._buffer_at, begin = b"", offset, 0
        if len(self._buffer) - begin < size:
            self._buffer = self._buffer[begin:] + self._read(offset, max(READ, size))
            self._buffer_at, begin = offset, 0
        return self._buffer[begin : begin + size]

    def _seek(self, offset: int) -> None:
        with suppress(zipfile.BadZipFile, zlib.error, EOFError):  # what follows is read, and says it
            self._file.seek(offset)

    def _read(self, offset: int, size: int) -> bytes:
        try:
            return self._file.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
            damage = Damage(offset, f"the package is damaged: {problem}")
            if all(known.reason != damage.reason for known in self._damages):
                self._damages.append(damage)
            return b""
