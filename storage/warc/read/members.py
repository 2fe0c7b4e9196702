"""The member layer: an archive file as members that can each be decompressed on their own.

A member is a gzip member, a zstd frame, or the whole of an uncompressed file. A damaged one is reported and skipped.
Called by `storage.warc.read.record`, which parses the records in the members.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import zstandard

from storage.exceptions import DamagedMember
from storage.warc.http.content_coding import GZIP_WINDOW

PIECE = 64 * 1024
MOST_AT_ONCE = 1024 * 1024
GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a file that cannot be read: from an offset, and why ("cut off", "corrupt gzip: ...")."""

    offset: int
    reason: str


class Member:
    """The plain bytes of one member, read forward.

    offset: in the file. is_plain: uncompressed, so that positions inside it are positions in the file. at: plain bytes
    read so far. Reading raises DamagedMember.
    """

    def __init__(self, offset: int, parts: Iterator[bytes], *, is_plain: bool = False) -> None:
        self.offset = offset
        self.is_plain = is_plain
        self.at = 0
        self._parts = parts
        self._buffer = b""

    def read(self, size: int) -> bytes:
        """At most `size` bytes, at least one unless the member is at its end."""
        if not self._buffer:
            self._buffer = next(self._parts, b"")
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        self.at += len(taken)
        return taken

    def readline(self) -> bytes:
        """Up to and with the next LF; without one at the end of the member, or where a line exceeds LONGEST_LINE."""
        while b"\n" not in self._buffer and len(self._buffer) < LONGEST_LINE:
            part = next(self._parts, b"")
            if not part:
                return self.read(len(self._buffer)) if self._buffer else b""
            self._buffer += part
        return self.read(self._buffer.find(b"\n") + 1 or len(self._buffer))

    def skip_to(self, marker: bytes) -> bool:
        """Pass over everything before the next line that begins with the marker; False where there is none."""
        while line := self.readline():
            if line.startswith(marker):
                self._buffer = line + self._buffer
                self.at -= len(line)
                return True
        return False

    def skip_blank(self) -> bool:
        """Pass over the line ends at hand; False where there were none."""
        rest = self._buffer.lstrip(b"\r\n")
        passed = len(self._buffer) - len(rest)
        self._buffer = rest
        self.at += passed
        return passed > 0

    def is_at_end(self) -> bool:
        """Whether nothing is left; for a compressed member only then its own end, and its checksum, are known good."""
        while not self._buffer:
            part = next(self._parts, None)
            if part is None:
                return True
            self._buffer = part
        return False


class SeekableFile(Protocol):
    """What `Members` needs of a file."""

    def seek(self, offset: int, /) -> int: ...
    def read(self, size: int, /) -> bytes: ...


class Members:
    """The members of an open file from an offset on (the beginning of one), one after the other.

    end: of the last member that was read to its end. Iteration goes on after DamagedMember, at the next magic number;
    `damages` has the stretches that were skipped.
    """

    def __init__(self, file: SeekableFile, offset: int = 0) -> None:
        self.end = offset
        self.damages: list[Damage] = []
        self._file = file
        self._start = offset

    def __iter__(self) -> Iterator[Member]:
        self._file.seek(self._start)
        magic = self._file.read(4)
        if magic == ZSTD_DICTIONARY:
            self._start += 8 + int.from_bytes(self._file.read(4), "little")
        if magic.startswith(GZIP):
            return self._compressed(GZIP, self.inflate)
        if magic in (ZSTD, ZSTD_DICTIONARY):
            return self._compressed(ZSTD, self._unzstd())
        return iter([Member(self._start, self._plain(), is_plain=True)] if magic else [])

    def _plain(self) -> Iterator[bytes]:
        self._file.seek(self._start)
        while part := self._file.read(PIECE):
            self.end += len(part)
            yield part

    def _compressed(self, magic: bytes, decode: Callable[[int], Iterator[bytes]]) -> Iterator[Member]:
        at = self._next_magic(magic, self._start)
        while at is not None:
            self.end = at
            yield Member(at, decode(at))
            following = self._next_magic(magic, max(self.end, at + 1))
            if self.end > at:
                self._report_gap(self.end, following)
            at = following

    def _report_gap(self, start: int, end: int | None) -> None:
        """Bytes between two members are a damage, unless they are padding."""
        self._file.seek(start)
        between = self._file.read(PIECE if end is None else min(end - start, PIECE))
        if between.strip(b"\0\r\n"):
            self.damages.append(Damage(start, "no member"))

    def _next_magic(self, magic: bytes, start: int) -> int | None:
        """The offset of the next member; None where there is none."""
        self._file.seek(start)
        window = b""
        at = start
        while part := self._file.read(PIECE):
            window += part
            if (found := window.find(magic)) >= 0:
                return at + found
            at += max(len(window) - len(magic) + 1, 0)
            window = window[-len(magic) + 1 :]
        return None

    def inflate(self, offset: int) -> Iterator[bytes]:
        """The plain bytes of the gzip member at an offset; `end` is set at its end. Raises DamagedMember."""
        stream = zlib.decompressobj(GZIP_WINDOW)
        return self._decompressed(offset, "gzip", stream, lambda data: stream.decompress(data, MOST_AT_ONCE))

    def _unzstd(self) -> Callable[[int], Iterator[bytes]]:
        decompressor = zstandard.ZstdDecompressor(dict_data=self._zstd_dictionary())

        def decode(offset: int) -> Iterator[bytes]:
            stream = decompressor.decompressobj()
            return self._decompressed(offset, "zstd", stream, stream.decompress)

        return decode

    def _decompressed(
        self, offset: int, name: str, stream: Any, decompress: Callable[[bytes], bytes]
    ) -> Iterator[bytes]:
        """The plain bytes of one member. stream: a decompression object of zlib or zstandard."""
        self._file.seek(offset)
        at, compressed = offset, b""
        while not stream.eof:
            if not compressed:
                compressed = self._file.read(PIECE)
                at += len(compressed)
            if not compressed:
                raise DamagedMember("cut off")
            try:
                plain = decompress(compressed)
            except (zlib.error, zstandard.ZstdError) as error:
                raise DamagedMember(f"corrupt {name}: {error}") from error
            compressed = stream.unconsumed_tail
            if stream.eof:
                self.end = at - len(stream.unused_data)
            if plain:
                yield plain

    def _zstd_dictionary(self) -> zstandard.ZstdCompressionDict | None:
        """The dictionary that a .warc.zst carries in a skippable frame at its beginning (IIPC, WARC zstd 1.0)."""
        self._file.seek(0)
        if self._file.read(4) != ZSTD_DICTIONARY:
            return None
        data = self._file.read(int.from_bytes(self._file.read(4), "little"))
        if data.startswith(ZSTD):
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        return zstandard.ZstdCompressionDict(data)
