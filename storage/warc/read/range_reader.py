"""Records of a byte range of an archive file, without those that a rebuild skips.

Only the header of a skipped record is parsed, and a known one in a gzip member of its own is not even decompressed.
Called by `crawler.ingest.extraction_worker`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from storage.warc.read.members import Damage, Members
from storage.warc.read.reader import CAPTURE_RECORD_TYPES
from storage.warc.read.record import Headers, Record, records_in, records_of

#: Records behind the end of a range that may still belong to its last capture.
TRAILING = 4
PAGE_RECORD_TYPES = frozenset((*CAPTURE_RECORD_TYPES, "conversion"))
"""Types of records that hold a page."""

SkipRule = Callable[[str, Headers], str | None]
"""The reason to skip a record of this type and header; None to read it."""


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """Records that are processed already. lengths: by offset; sharing: offset and id of those in a shared member."""

    lengths: Mapping[int, int] = field(default_factory=dict)
    sharing: Set[tuple[int, str]] = frozenset()

    def has(self, offset: int, headers: Headers) -> bool:
        """Whether it is the record with this offset and header."""
        if not self.sharing:
            return offset in self.lengths
        ids = (value for name, value in headers if name.lower() == "warc-record-id")
        return offset in self.lengths or (offset, next(ids, "")) in self.sharing


class RangeReader:
    """The records that begin in bytes `start` to `end` of a file, and the metadata that belongs to the last of them.

    A WARC with a gzip member a record can be read from any offset; of any other file the first range has all records.
    skip_reason: decides which to skip. known: skipped without a look. passed: how many were skipped, by reason.
    damages: what could not be read. at: offset of the newest record.
    """

    def __init__(
        self, file: IO[bytes], start: int, end: int | None, skip_reason: SkipRule, known: KnownRecords
    ) -> None:
        self.passed: Counter[str] = Counter()
        self.damages: list[Damage] = []
        self.at = start
        self._file = file
        self._members = Members(file, start, self.damages)
        self._start = start
        self._end = end
        self._skip_reason = skip_reason
        self._known = known

    def __iter__(self) -> Iterator[Record]:
        members = self._members
        end = self._end if self._start or members.begins_a_warc(0) else None
        for member in members.of_warc() if self._start else members:
            if end is not None and member.offset >= end:
                yield from self._trailing(member.offset)
                return
            self.at = member.offset
            if not member.is_plain and (length := self._known.lengths.get(member.offset)):
                self.passed["done"] += 1
                members.end = member.offset + length
            else:
                yield from records_of(member, members, self._is_skipped)

    def _trailing(self, at: int) -> Iterator[Record]:
        """Metadata of the last capture that stands behind the end of the range."""
        for record in islice(records_in(self._file, at), TRAILING):
            if record.record_type in PAGE_RECORD_TYPES:
                return
            if self._skip_reason(record.record_type, record.headers) is None:
                yield record

    def _is_skipped(self, record_type: str, headers: Headers, offset: int) -> bool:
        self.at = offset
        reason = "done" if self._known.has(offset, headers) else self._skip_reason(record_type, headers)
        if reason is not None:
            self.passed[reason] += 1
        return reason is not None
