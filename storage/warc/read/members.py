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
from itertools import chain
from typing import Any, Protocol

import zstandard
from isal import isal_zlib

from storage.exceptions import DamagedMember
from storage.warc.http.content_coding import GZIP_WINDOW
from storage.warc.spool import Octets, pieces

PIECE = 32 * 1024
MOST_AT_ONCE = 1024 * 1024
#: Bytes that are read of a file at a time.
READ = 128 * 1024
GZIP = b"\x1f\x8b\x08"
LZ4 = b"\x04\x22\x4d\x18"
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_NAMES = {GZIP: "gzip", ZSTD: "zstd", LZ4: "LZ4"}
#: Bytes that are decompressed at once of zstd, to 64 MiB at most, of LZ4, and of a damaged member.
AT_ONCE = 2048
#: Bytes of a member that are read again, at most: so many times what was read of it, and some more.
REREAD_TIMES, REREAD_MORE = 8, 64 * 1024 * 1024
#: Bytes of ever smaller pieces in which a fault is looked for, and members of a file in which it is: each of these is
#: read again, and in a zip archive all that is before it too.
FINER, MOST_READ_AGAIN = (512, 1), 100
_CORRUPT: Any = (isal_zlib.error, zlib.error, zstandard.ZstdError, RuntimeError)  # ISA-L's type is wrong
#: A member of more plain bytes than these, and than so many times its compressed ones, is a bomb: what is in it goes to
#: temporary files, which would fill a disk. An answer that a crawl captures is smaller (DOWNLOAD_MAXSIZE).
BOMB_BYTES, BOMB_RATIO = 512 * 1024 * 1024, 100
#: Bytes of a dictionary for zstd, at most.
LARGEST_DICTIONARY = 64 * 1024 * 1024
LONGEST_LINE = LONGEST_HEADER = 1024 * 1024
RECORD_BEGIN = rb"WARC/|[a-z]+:"
"""The beginning of a WARC record, or of an ARC record, whose first field is its URL."""
_HEADER_END = re.compile(rb"\n[ \t\r]*\n")
FIRST_LINE = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
"""The first line of a WARC record."""
_FIELD = re.compile(rb"^(?:WARC-Type|WARC-Record-ID|WARC-Date|WARC-Target-URI|Content-Length)(?=:)", re.I | re.M)
_SURE_BEGIN = rb"WARC/\d|filedesc://|https?://"
"""The same where it is not known whether there are records at all."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a file that cannot be read: from an offset, and why ("cut off", "corrupt gzip: ...")."""

    offset: int
    reason: str


class Member:
    """The plain bytes of one member, read forward.

    offset: in the file. is_plain: uncompressed, so that positions inside it are positions in the file. passed: the line
    ends that `skip_blank_lines` passed over last. Reading raises DamagedMember.
    """

    def __init__(self, offset: int, parts: Iterator[bytes], *, is_plain: bool = False) -> None:
        self.offset = offset
        self.is_plain = is_plain
        self._parts = parts
        self._part, self._part_at = BytesIO(), 0
        self.passed, self._reread = b"", 0
        self._fault: DamagedMember | None = None

    @property
    def at(self) -> int:
        """The number of plain bytes read so far."""
        return self._part_at + self._part.tell()

    def _next_part(self) -> bool:
        if self._fault is not None:
            raise self._fault
        try:
            part = next(self._parts, b"")
        except DamagedMember as fault:
            self._fault = fault
            raise
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

    def take_header(self) -> bytes:
        """The lines up to the next blank one, with it. Where another record's first line stands among them, up to that,
        which stays to be read.
        """
        data, begin = self._part.getvalue(), self._part.tell()
        if found := _HEADER_END.search(data, begin, begin + LONGEST_HEADER):
            lines = self._part.read(found.end() - begin)
            if (other := _other_header(lines)) is not None:
                self._part.seek(begin + other)
                return lines[:other]
            return lines
        header = bytearray(self.readline())
        while len(header) < LONGEST_HEADER and (line := self.readline(LONGEST_HEADER)):
            if line.startswith(b"WARC/"):
                self.put_back(line)
                break
            header += line
            if not line.strip():
                break
        return bytes(header)

    def skip_to(self, begin: Callable[[bytes], int | None]) -> None:
        """Pass over everything before the next record. begin: where one begins in a line, None where none does."""
        while line := self.readline():
            if (at := begin(line)) is not None:
                self.put_back(line[at:])
                return

    def skip_blank_lines(self) -> bool:
        """Pass over the line ends at hand; whether anything is left."""
        self.passed, size = b"", 4
        while data := self.read(size):
            rest = data.lstrip(b"\r\n")
            self.passed = (self.passed + data[: len(data) - len(rest)])[-PIECE:]
            if rest:
                self._part.seek(-len(rest), SEEK_CUR)
                return True
            size = PIECE
        return False

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer at the end of the member."""
        data = self._part.read(size)
        if len(data) == size:
            self._part.seek(-size, SEEK_CUR)
            return data
        begin, has_more = self.at - len(data), True
        while len(data) < size and has_more:
            try:
                has_more = self._next_part()
            except DamagedMember:  # raised again where these bytes are read
                break
            data += self._part.read(size - len(data))
        self._part_at, self._part = begin, BytesIO(data + self._part.read())
        return data

    def rewind(self, read: Octets, start: int) -> bool:
        """Read again what was read last, from a position in it on; called after `skip_blank_lines`. False where so much
        has been read again that a file of lies would take the square of its size.
        """
        count = len(read) - start + len(self.passed)
        if self._reread + count > REREAD_TIMES * self.at + REREAD_MORE:
            return False
        self._reread += count
        begin = self.at - count
        again = (bytes(view[at : at + PIECE]) for view in pieces(read, start) for at in range(0, len(view), PIECE))
        rest = (part for part in (self.passed, self._part.read()) if part)
        self._parts = chain(again, rest, self._parts)
        self._part_at, self._part = begin, BytesIO()
        return True

    def put_back(self, data: bytes) -> None:
        """Read these bytes, which were read last, again."""
        at, rest = self.at, self._part.read()
        self._part_at, self._part = at - len(data), BytesIO(data + rest)

    def offset_of(self, at: int) -> int:
        """The offset in the file of a record that begins at this plain byte."""
        return self.offset + at if self.is_plain else self.offset


def _other_header(lines: bytes) -> int | None:
    """Where in the lines of a header that of another record begins: at a line, or behind what is left of one, where a
    stretch of the file is missing.
    """
    found = FIRST_LINE.search(lines, 1)
    if found is None:
        return None
    before, behind = (
        set(map(bytes.lower, _FIELD.findall(part))) for part in (lines[: found.start()], lines[found.end() :])
    )
    return found.start() if lines[found.start() - 1 : found.start()] == b"\n" or before & behind else None


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
        self._read_again = 0
        self._magic, self._decode = GZIP, self._inflate

    def __iter__(self) -> Iterator[Member]:
        magic = self._file.read_at(self._start, 4)
        if magic == ZSTD_DICTIONARY:
            try:
                _ = self._dictionary
            except DamagedMember as fault:
                self.damages.append(Damage(self._start, f"{fault}; no record can be read without it"))
                return iter(())
            self._start += 8 + int.from_bytes(self._file.read_at(self._start + 4, 4), "little")
        if magic in (ZSTD, ZSTD_DICTIONARY):
            self._take_for(ZSTD)
        elif magic == LZ4:
            self._take_for(LZ4)
        elif not magic.startswith(GZIP) and not self._has_member_later():
            return iter([Member(self._start, self._plain(), is_plain=True)] if magic else [])
        return self._compressed(self._start)

    def _take_for(self, magic: bytes) -> None:
        self._magic = magic
        self._decode = {GZIP: self._inflate, ZSTD: self._unzstd, LZ4: self._unlz4}[magic]

    def _has_member_later(self) -> bool:
        """Of a file that begins neither with a record nor with a member, as where its first byte has changed: whether
        members follow before any record. The stretch before them is a damage, and the first is the start.
        """
        if re.match(RECORD_BEGIN, self._file.read_at(self._start, PIECE).lstrip(b"\r\n\0")):
            return False
        for magic in (GZIP, ZSTD, LZ4):
            self._take_for(magic)
            found = self._find(self._start, begin=_SURE_BEGIN)
            if found is not None and not self._has_plain_record(found):
                self.damages.append(Damage(self._start, "no member"))
                self._start = found
                return True
        self._take_for(GZIP)
        return False

    def _has_plain_record(self, end: int) -> bool:
        at = self._start
        while at < end and (window := self._file.read_at(at, PIECE)):
            if 0 <= window.find(b"\nWARC/") < end - at:
                return True
            at += max(len(window) - 5, 1)
        return False

    def of_warc(self) -> Iterator[Member]:
        """The gzip members from the first one on, behind any offset, that begins with a WARC record."""
        return self._compressed(self._find(self._start, begin=b"WARC/"))

    def begins_a_warc(self, offset: int) -> bool:
        """Whether a gzip member with a WARC record begins at the offset."""
        return self._begins_with(b"WARC/", offset)

    def _begins_with(self, begin: bytes, offset: int) -> bool:
        try:
            if self._magic == GZIP:  # read no further than that takes, whatever follows
                plain = zlib.decompressobj(GZIP_WINDOW).decompress(self._file.read_at(offset, AT_ONCE), 64)
            else:
                plain = next(self._decode(offset), b"")
        except (DamagedMember, zlib.error):
            return False
        return re.match(begin, plain) is not None

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
        return self._decompressed(
            offset,
            stream,
            lambda data: stream.decompress(data, MOST_AT_ONCE),
            lambda: zlib.decompressobj(GZIP_WINDOW),
        )

    def _unzstd(self, offset: int) -> Iterator[bytes]:
        stream = _Zstd(self._zstd)
        yield from self._decompressed(offset, stream, stream.decompress, lambda: _Zstd(self._zstd))

    def _unlz4(self, offset: int) -> Iterator[bytes]:
        stream = _Lz4()
        yield from self._decompressed(offset, stream, stream.decompress, _Lz4)

    def _decompressed(
        self, offset: int, stream: Any, decompress: Callable[[bytes], bytes], new_stream: Callable[[], Any]
    ) -> Iterator[bytes]:
        """The plain bytes of the member at an offset; `end` is set at its end. Raises DamagedMember behind those before
        the fault.

        stream: a decompression object of ISA-L, zstandard or lz4. new_stream: makes one for the bytes before a fault.
        """
        at, compressed, given = offset, b"", 0
        while not stream.eof:
            if not compressed:
                compressed = self._file.read_at(at, PIECE)
                at += len(compressed)
            if not compressed:
                raise DamagedMember("cut off")
            try:
                plain = decompress(compressed)
            except _CORRUPT as error:
                yield from self._up_to_fault(new_stream, offset, at - len(compressed), at, given)
                raise DamagedMember(f"corrupt {_NAMES[self._magic]}: {error}") from error
            compressed = stream.unconsumed_tail
            if is_bomb(given + len(plain), at - offset):
                raise DamagedMember(f"a bomb: {at - offset} bytes of it make {given + len(plain)}")
            if stream.eof:
                self.end = at - len(stream.unused_data)
            if plain:
                given += len(plain)
                yield plain

    def _up_to_fault(
        self, new_stream: Callable[[], Any], offset: int, good: int, end: int, given: int
    ) -> Iterator[bytes]:
        """The plain bytes of a damaged member before its fault, without as many as are given already. Of a piece with a
        fault decompression objects give nothing, so it is decompressed again, in ever smaller ones.

        good: offset behind the last piece without a fault; end: behind the piece with one.
        """
        self._read_again += 1
        for step in FINER if self._read_again <= MOST_READ_AGAIN else ():
            stream, at, made = new_stream(), offset, 0
            with suppress(*_CORRUPT):
                while at < end and not stream.eof:
                    piece = self._file.read_at(at, min(AT_ONCE, good - at) if at < good else min(step, end - at))
                    if not piece:
                        return
                    plain = stream.decompress(piece)
                    at += len(piece)
                    made += len(plain)
                    if made > given:
                        yield plain[len(plain) - (made - given) :]
                        given = made
            good = at

    @cached_property
    def _dictionary(self) -> zstandard.ZstdCompressionDict | None:
        """The dictionary that a .warc.zst may have in a skippable frame at its beginning (IIPC, WARC zstd 1.0). Raises
        DamagedMember.
        """
        magic, size = self._file.read_at(0, 4), int.from_bytes(self._file.read_at(4, 4), "little")
        if magic != ZSTD_DICTIONARY:
            return None
        if size > LARGEST_DICTIONARY or len(data := self._file.read_at(8, size)) < size:
            raise DamagedMember(f"the dictionary of {size} bytes is cut off or too large")
        try:
            if data.startswith(ZSTD):
                data = zstandard.ZstdDecompressor().stream_reader(data).read(LARGEST_DICTIONARY)
            return zstandard.ZstdCompressionDict(data)
        except zstandard.ZstdError as error:
            raise DamagedMember(f"corrupt dictionary: {error}") from error

    @property
    def _zstd(self) -> zstandard.ZstdDecompressor:
        if (dictionary := self._dictionary) is None:
            return zstandard.ZstdDecompressor()
        return zstandard.ZstdDecompressor(dict_data=dictionary)


def is_bomb(size: int, compressed_size: int) -> bool:
    """Whether so many plain bytes of so many compressed ones are no archive that anybody would make."""
    return size > BOMB_BYTES and size > BOMB_RATIO * compressed_size


class _Zstd:
    """A zstd frame, decompressed with the interface of zlib's objects, little by little: of a byte it makes 32,000."""

    def __init__(self, decompressor: zstandard.ZstdDecompressor) -> None:
        self._stream = decompressor.decompressobj()
        self.unconsumed_tail = b""

    def decompress(self, data: bytes) -> bytes:
        self.unconsumed_tail = data[AT_ONCE:]
        return self._stream.decompress(data[:AT_ONCE])

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
        self.unconsumed_tail = data[AT_ONCE:]
        return bytes(self._stream.decompress(data[:AT_ONCE]))

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        return (self._stream.unused_data or b"") + self.unconsumed_tail


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
