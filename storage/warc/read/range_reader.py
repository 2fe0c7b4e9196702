"""Records of a byte range of an archive file, without those that a rebuild skips.

In a WARC with one gzip member per record, only the header of a skipped record is parsed, and a known record is not even
decompressed. Everything else (members with many records, ARC, zstd, uncompressed files, damage) is read by
`storage.warc.read.record`; both give the same records. Called by `crawler.ingest.extraction_worker`.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from storage.exceptions import DamagedMember
from storage.warc.http.content_coding import GZIP_WINDOW
from storage.warc.read.members import GZIP, PIECE, Damage, Members
from storage.warc.read.reader import CAPTURE_RECORD_TYPES
from storage.warc.read.record import Headers, Record, parse_warc_header, records_in

#: Bytes that are read at a time.
READ = 1024 * 1024
#: A larger block is read by `storage.warc.read.record`, which spools it.
LARGE = 8 * 1024 * 1024
#: Members behind the end of a range that may still belong to its last capture.
TRAILING = 4
PAGE_RECORD_TYPES = frozenset((*CAPTURE_RECORD_TYPES, "conversion"))
"""Types of records that hold a page."""

_RECORD_END = b"\r\n\r\n"

SkipRule = Callable[[str, Headers], str | None]
"""The reason to skip a record of this type and header; None to read it."""


class _MemberRecord(NamedTuple):
    record_type: str
    record: Record | None
    end: int


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """Records that are processed already. lengths: by offset; sharing: offset and id of those in a shared member."""

    lengths: Mapping[int, int] = field(default_factory=dict)
    sharing: Set[tuple[int, str]] = frozenset()

    def __contains__(self, record: Record) -> bool:
        if record.length:
            return record.offset in self.lengths
        return (record.offset, record.record_id) in self.sharing


class RangeReader:
    """The records that begin in bytes `start` to `end` of a file, and the metadata that belongs to the last of them.

    skip_reason: decides which to skip. known: skipped without a look. passed: how many were skipped, by reason.
    damages: what could not be read. at: offset of the newest record.
    """

    def __init__(
        self, file: IO[bytes], start: int, end: int | None, skip_reason: SkipRule, known: KnownRecords
    ) -> None:
        self.passed: Counter[str] = Counter()
        self.damages: list[Damage] = []
        self.at = start
        self._file = _ReadAhead(file)
        self._start = start
        self._end = end
        self._skip_reason = skip_reason
        self._known = known

    def __iter__(self) -> Iterator[Record]:
        if self._start == 0 and not self._begins_a_warc(0):
            yield from self._parsed_records(0, whole_file=True)
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
                at = yield from self._parsed_records(at)
        yield from self._trailing(at)

    def _trailing(self, at: int | None) -> Iterator[Record]:
        """Metadata of the last capture that stands behind the end of the range."""
        for _ in range(TRAILING):
            read = self._member(at) if at is not None else None
            if read is None or read.record_type in PAGE_RECORD_TYPES:
                return
            if read.record is not None:
                yield read.record
            at = self._member_from(read.end)

    def _parsed_records(self, at: int, *, whole_file: bool = False) -> Generator[Record, None, int | None]:
        """The records of one member of any kind, or of all from there on; returns where the next good one begins."""
        members = Members(self._file, at)
        following = None
        for record in records_in(members):
            if record.offset > at and not whole_file:
                following = record.offset
                break
            self.at = record.offset
            if self._is_read(record):
                yield record
            self._note(members)
        self._note(members)
        return following

    def _note(self, members: Members) -> None:
        self.damages += [damage for damage in members.damages if not self._is_past(damage.offset)]
        members.damages.clear()

    def _is_read(self, record: Record) -> bool:
        reason = "done" if record in self._known else self._skip_reason(record.record_type, record.headers)
        if reason is not None:
            self.passed[reason] += 1
        return reason is None

    def _is_past(self, offset: int) -> bool:
        return self._end is not None and offset >= self._end

    def _member(self, at: int) -> _MemberRecord | None:
        """The record of a member; None where the member is damaged, or does not hold exactly one record."""
        members = Members(self._file, at)
        parts = members.inflate(at)
        try:
            plain = next(parts, b"")
            header_end = plain.find(_RECORD_END) + len(_RECORD_END)
            if not plain.startswith(b"WARC/") or header_end < len(_RECORD_END):
                return None
            parsed = parse_warc_header(plain[:header_end])
            if parsed is None or not (record_type := parsed[0].record_type) or parsed[1] > LARGE:
                return None
            header, record_end = parsed[0], header_end + parsed[1]
            reason = self._skip_reason(record_type, header.headers)
            size, kept = len(plain), [plain]
            for part in parts:
                size += len(part)
                if size > record_end + len(_RECORD_END):
                    return None
                if reason is None:
                    kept.append(part)
        except DamagedMember:
            return None
        if not record_end <= size <= record_end + len(_RECORD_END):
            return None
        if reason is not None:
            self.passed[reason] += 1
            return _MemberRecord(record_type, None, members.end)
        plain = b"".join(kept)
        if plain[record_end:].strip(_RECORD_END):
            return None
        record = Record(header.version, header.headers, plain[header_end:record_end], at, members.end - at)
        return _MemberRecord(record_type, record, members.end)

    def _member_from(self, at: int) -> int | None:
        """The offset of the next member, from there on; bytes before it that are no padding are a damage."""
        if at != self._start and self._bytes_at(at, len(GZIP)) == GZIP:
            return at
        place, is_clean = at, True
        while piece := self._bytes_at(place):
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
            return zlib.decompressobj(GZIP_WINDOW).decompress(self._bytes_at(at), 5) == b"WARC/"
        except zlib.error:
            return False

    def _bytes_at(self, at: int, size: int = PIECE) -> bytes:
        self._file.seek(at)
        return self._file.read(size)


class _ReadAhead:
    """A file that is read READ bytes at a time, so that short steps back need no seek: in a zip archive a step back
    reads the file again from its beginning.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._buffer, self._buffer_at, self._is_last = b"", 0, False
        self._at = 0

    def seek(self, offset: int) -> int:
        self._at = offset
        return offset

    def read(self, size: int) -> bytes:
        begin = self._at - self._buffer_at
        if not 0 <= begin <= len(self._buffer) - size and not (self._is_last and begin >= 0):
            self._file.seek(self._at)
            self._buffer, self._buffer_at, begin = self._file.read(READ), self._at, 0
            self._is_last = len(self._buffer) < READ
        data = self._buffer[begin : begin + size]
        self._at += len(data)
        return data
