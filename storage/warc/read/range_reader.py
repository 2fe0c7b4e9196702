"""Records of a range of an archive file, read as far as they are wanted.

In a WARC with a gzip member a record, only the header of an unwanted record is looked at, and what is known already is
jumped over without being inflated. Whatever is otherwise (members with many records, ARC, zstd, uncompressed files,
damage) goes through `storage.warc.read.record`, which knows it all; both give the same records.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import IO

from storage.warc.http.message import Head, parse_head
from storage.warc.read.members import GZIP, MOST_AT_ONCE, PIECE, Damage, Members
from storage.warc.read.reader import CAPTURE_RECORD_TYPES
from storage.warc.read.record import Record, records_in

#: Bytes that are read at a time.
READ = 1024 * 1024
#: Bytes of a member that are inflated to see its record's header.
GLANCE = 4096
#: A block of more bytes goes through the reader that spools.
LARGE = 8 * 1024 * 1024
#: Members behind the end of a range that may still belong to its last capture.
TRAILING = 4
PAGE_RECORD_TYPES = frozenset((*CAPTURE_RECORD_TYPES, "conversion"))
"""Types of records that hold a page."""

_RECORD_END = b"\r\n\r\n"
_GZIP_WINDOW = zlib.MAX_WBITS + 16
_TYPE = re.compile(rb"^WARC-Type[ \t]*:[ \t]*([A-Za-z-]+)", re.I | re.M)

Headers = tuple[tuple[str, str], ...]
SkipRule = Callable[[str, Headers], str | None]
"""Says of a record, by its type and header, why it is not wanted; None where it is."""


@dataclass(frozen=True, slots=True)
class _Read:
    kind: str
    record: Record | None
    end: int


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """Records that need no reading. lengths: by offset; sharing: offset and id of those that share a gzip member."""

    lengths: Mapping[int, int] = field(default_factory=dict)
    sharing: Set[tuple[int, str]] = frozenset()

    def __contains__(self, record: Record) -> bool:
        if record.length:
            return record.offset in self.lengths
        return (record.offset, record.record_id) in self.sharing


class RangeReader:
    """The wanted records that begin in bytes `start` to `end` of a file, and the metadata that goes with the last.

    known: records that are passed over. passed: how many were not wanted, by reason. damages:
    what could not be read. at: how far it got.
    """

    def __init__(self, file: IO[bytes], start: int, end: int | None, unwanted: SkipRule, known: KnownRecords) -> None:
        self.passed: Counter[str] = Counter()
        self.damages: list[Damage] = []
        self.at = start
        self._file = file
        self._start = start
        self._end = end
        self._unwanted = unwanted
        self._known = known
        self._buffer, self._buffer_at = memoryview(b""), 0

    def __iter__(self) -> Iterator[Record]:
        if self._start == 0 and not self._begins_a_warc(0):
            yield from self._by_the_reader()
            return
        at = self._member_from(self._start)
        while at is not None and not self._is_past(at):
            self.at = at
            if length := self._known.lengths.get(at):
                self.passed["done"] += 1
                at = self._member_from(at + length)
            elif (read := self._member(at)) is not None:
                if read.record is not None:
                    yield read.record
                at = self._member_from(read.end)
            else:
                at = yield from self._odd_member(at)
        yield from self._trailing(at)

    def _trailing(self, at: int | None) -> Iterator[Record]:
        """Metadata of the last capture that stands behind the end of the range."""
        for _ in range(TRAILING):
            read = self._member(at) if at is not None else None
            if read is None or read.kind in PAGE_RECORD_TYPES:
                return
            if read.record is not None:
                yield read.record
            at = self._member_from(read.end)

    def _by_the_reader(self) -> Iterator[Record]:
        """The whole file."""
        members = Members(self._file)
        for record in records_in(members):
            self.at = record.offset
            if self._is_wanted(record):
                yield record
            self._note(members)
        self._note(members)

    def _odd_member(self, at: int) -> Generator[Record, None, int | None]:
        """The records of a member that is not as usual; returns where the next good one begins."""
        members = Members(self._file, at)
        following = None
        for record in records_in(members):
            if record.offset > at:
                following = record.offset
                break
            if self._is_wanted(record):
                yield record
        self._note(members)
        return following

    def _note(self, members: Members) -> None:
        self.damages += [damage for damage in members.damages if not self._is_past(damage.offset)]
        members.damages.clear()

    def _is_wanted(self, record: Record) -> bool:
        reason = "done" if record in self._known else self._unwanted(record.record_type, record.headers)
        if reason is not None:
            self.passed[reason] += 1
        return reason is None

    def _is_past(self, offset: int) -> bool:
        return self._end is not None and offset >= self._end

    def _member(self, at: int) -> _Read | None:
        """The record of a member; None where the member is bad, or does not hold exactly one record."""
        stream = _Inflating(self._piece, at)
        try:
            plain = stream.read(GLANCE)
            header_end = plain.find(_RECORD_END) + len(_RECORD_END)
            kind = _TYPE.search(plain, 0, header_end)
            if not plain.startswith(b"WARC/") or header_end < len(_RECORD_END) or kind is None:
                return None
            head = parse_head(plain[:header_end])
            lengths = head.values(b"content-length")
            if not lengths or not lengths[0].isdigit() or int(lengths[0]) > LARGE:
                return None
            name, headers = kind[1].decode("ascii").lower(), _headers(head)
            reason = self._unwanted(name, headers)
            record_end = header_end + int(lengths[0])
            parts = [plain, *stream.rest(record_end + len(_RECORD_END) - len(plain), keep=reason is None)]
        except (zlib.error, _Odd):
            return None
        if not record_end <= stream.size <= record_end + len(_RECORD_END):
            return None
        if reason is not None:
            self.passed[reason] += 1
            return _Read(name, None, stream.end)
        version = head.start_line.decode("latin-1").strip()
        plain = b"".join(parts)
        if plain[record_end:].strip(_RECORD_END):
            return None
        block = plain[header_end:record_end]
        return _Read(name, Record(version, headers, block, at, stream.end - at), stream.end)

    def _member_from(self, at: int) -> int | None:
        """Where the next member begins, from there on; bytes before it that are no padding are a damage."""
        if self._piece(at)[: len(GZIP)] == GZIP and at != self._start:
            return at
        place, is_clean = at, True
        while piece := bytes(self._piece(place)):
            found = piece.find(GZIP)
            is_clean = is_clean and not (piece if found < 0 else piece[:found]).strip(b"\0\r\n")
            if found < 0:
                place += max(len(piece) - len(GZIP) + 1, 1)
            elif self._begins_a_warc(place + found):
                break
            else:
                place, is_clean = place + found + 1, False
        if not is_clean and at != self._start:
            self.damages.append(Damage(at, "no member"))
        return place + found if piece else None

    def _begins_a_warc(self, at: int) -> bool:
        try:
            return zlib.decompressobj(_GZIP_WINDOW).decompress(self._piece(at), 5) == b"WARC/"
        except zlib.error:
            return False

    def _piece(self, at: int) -> memoryview:
        """Some bytes from there on, a few at least; none at the end of the file."""
        begin = at - self._buffer_at
        if not 0 <= begin <= len(self._buffer) - GLANCE:
            self._file.seek(at)
            self._buffer, self._buffer_at, begin = memoryview(self._file.read(READ)), at, 0
        return self._buffer[begin : begin + PIECE]


class _Odd(ValueError):
    """Not one record to a member, or no whole member."""


class _Inflating:
    """One gzip member. size: plain bytes so far. end: where it stops in the file, once all is read."""

    def __init__(self, piece: Callable[[int], memoryview], at: int) -> None:
        self.size = 0
        self._piece = piece
        self._gzip = zlib.decompressobj(_GZIP_WINDOW)
        self._following = at

    @property
    def end(self) -> int:
        return self._following - len(self._gzip.unused_data)

    def read(self, most: int) -> bytes:
        compressed: bytes | memoryview = self._gzip.unconsumed_tail
        if not compressed:
            compressed = self._piece(self._following)
            self._following += len(compressed)
        if not compressed:
            raise _Odd
        plain = self._gzip.decompress(compressed, most)
        self.size += len(plain)
        return plain

    def rest(self, most: int, *, keep: bool) -> list[bytes]:
        """What is left, kept or not. Raises _Odd where it is more than `most` bytes."""
        kept: list[bytes] = []
        limit = self.size + most
        while not self._gzip.eof:
            plain = self.read(MOST_AT_ONCE)
            if self.size > limit:
                raise _Odd
            if keep:
                kept.append(plain)
        return kept


def _headers(head: Head) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in head.fields)
