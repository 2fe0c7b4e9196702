"""The record layer: WARC/0.17 to 1.1 and ARC records out of an archive's members, parsed by warcio.

Called by `reader`, `range_reader`, `recovery`, the CDXJ index, the fixity checks and the WACZ writer.
"""

import logging
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ARC2WARCHeadersParser, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from storage.exceptions import DamagedMember
from storage.warc.digest import digest_matches
from storage.warc.read.members import FIRST_LINE, LONGEST_LINE, RECORD_BEGIN, Damage, Member, Members, SeekableFile
from storage.warc.spool import Octets, Spool, pieces

ARC_DATE_DIGITS = (8, 10, 12, 14)
#: Bytes that show whether a record begins; of the first line of an ARC record, most often.
SHORT, LONGEST_ARC_LINE = 64, 4096
_NUMBER = re.compile(r"[0-9]{1,18}")
_WARC_LINE = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n(?=[A-Za-z-]+[ \t]*:)")
_MAYBE_ARC_LINE = re.compile(rb"\n(?=[a-z]+:)")
Headers = Sequence[tuple[str, str]]
SkipCheck = Callable[[str, Headers, int], bool]
"""Whether to skip the record of this type and header at this offset: its block is then passed over."""

logging.getLogger(ArcWarcRecordLoader.__module__).setLevel(logging.ERROR)  # it warns of each URL with a space


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    record_type: "response", "request", "warcinfo" and so on; empty where the record does not say. headers: in order, as
    text; an ARC record's line is translated to WARC headers. block: the bytes between header and record end; a large
    one is a mapped temporary file. offset, length: of the record's bytes in its file, compressed; length 0 where it
    shares them with other records. span: where it begins and ends in the plain bytes of its member, where length is 0.
    """

    record_type: str
    headers: Headers
    block: Octets
    offset: int
    length: int
    span: tuple[int, int] = (0, 0)

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in any case."""
        return next((value for field, value in self.headers if field.lower() == name.lower()), None)

    @property
    def target_uri(self) -> str:
        """WARC-Target-URI, without the angle brackets of WARC/0.18; empty where there is none."""
        return self.header("WARC-Target-URI") or ""

    @property
    def record_id(self) -> str:
        """WARC-Record-ID as it stands, with angle brackets; empty where there is none."""
        return self.header("WARC-Record-ID") or ""


def records_in(file: SeekableFile, offset: int = 0, damages: list[Damage] | None = None) -> Iterator[Record]:
    """Every whole record of an open file from an offset on, in order. Damaged stretches are skipped and added to
    `damages`.
    """
    members = Members(file, offset, damages)
    for member in members:
        yield from records_of(member, members)


def records_of(member: Member, members: Members, skips: SkipCheck = lambda *_: False) -> Iterator[Record]:
    """The whole records of one member that are not skipped; see `records_in`."""
    try:
        has_more = member.skip_blank_lines()
        while has_more:
            start = member.at
            offset, length = member.offset_of(start), 0
            try:
                header = _read_header(member)
            except _NoRecord as reason:
                members.damages.append(Damage(offset, str(reason)))
                member.skip_to(_record_begin)
                has_more = member.skip_blank_lines()
                continue
            is_skipped = skips(header.record_type, header.fields, offset)
            is_first = start == 0 and not member.is_plain
            block, count = _read_block(member, header.size, is_kept=not (is_skipped and is_first))
            has_more, is_whole = member.skip_blank_lines(), count == header.size
            is_alone = is_first and is_whole and not has_more
            is_followed = is_whole and (not has_more or _is_followed(member))
            inside = None if is_followed else _record_inside(header, block, member)
            if inside is not None and member.rewind(block, inside):
                why = f"its Content-Length is {header.size}, and another record begins after {inside} bytes"
                members.damages.append(Damage(offset, why))
                block, has_more = header.without_line_ends(block, inside), True
                is_whole = header.digest_matches(block) is not False
            elif not is_whole:
                members.damages.append(Damage(offset, "cut off"))
            if member.is_plain:
                length = member.at - start
            elif is_alone:
                length = members.end - offset
            if is_whole and not is_skipped:
                span = (0, 0) if length else (start, member.at)
                yield Record(header.record_type, header.fields, block, offset, length, span)
    except DamagedMember as fault:
        members.damages.append(Damage(member.offset_of(member.at), str(fault)))


class _NoRecord(Exception):
    """What is at hand is no record; the message says why."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a record; size: its Content-Length."""

    record_type: str
    fields: Headers
    size: int
    is_arc: bool

    def digest_matches(self, block: Octets) -> bool | None:
        """Whether the block has the digest that the header says; None where it says none that is known."""
        digest = next((value for name, value in self.fields if name.lower() == "warc-block-digest"), None)
        return digest_matches(digest, pieces(block)) if digest else None

    def without_line_ends(self, data: Octets, end: int) -> Octets:
        """The data up to there, without the line ends behind a block."""
        for _ in range(1 if self.is_arc else 2):
            end -= data[end - 1 : end] == b"\n"
            end -= data[end - 1 : end] == b"\r"
        if isinstance(data, bytes):
            return data[:end]
        block = Spool()
        for part in pieces(data, 0, end):
            block.write(part)
        return block.octets()


class _ArcParser(ARC2WARCHeadersParser):  # type: ignore[misc]
    """warcio's parser, for the ten fields of ARC 2.0 too, and with the same record id at every reading."""

    def parse(self, stream: Any, headerline: str) -> StatusAndHeaders:
        fields = headerline.rstrip("\r\n").split(" ")
        tail = next((fields[-count:] for count in (4, 9) if _is_arc_tail(fields[-count:], count)), None)
        if tail is None or len(fields) <= len(tail):
            raise StatusAndHeadersParserException("no ARC record", headerline)
        address, date, media_type = tail[:3]
        url = " ".join(fields[: -len(tail)])
        headers = super().parse(stream, f"{url} {address} {date.ljust(14, '0')} {media_type} {tail[-1]}")
        record_id = StatusAndHeadersParser.make_warc_id(uuid.uuid5(uuid.NAMESPACE_URL, headerline))
        headers.replace_header("WARC-Record-ID", record_id)
        return headers


def _is_arc_tail(tail: list[str], count: int) -> bool:
    is_dated = len(tail) == count and tail[1].isdecimal() and len(tail[1]) in ARC_DATE_DIGITS
    return is_dated and tail[-1].isdecimal()


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]
    """warcio's loader, for any version of WARC."""

    WARC_TYPES = ("WARC/",)

    def __init__(self) -> None:
        super().__init__()
        self.arc_parser = _ArcParser()


_LOADER = _Loader()


def _read_header(member: Member) -> _Header:
    """The header at hand. Raises _NoRecord."""
    is_arc = member.peek(5) != b"WARC/"
    lines = b"" if is_arc else member.take_header()
    if lines and lines.splitlines()[-1].strip() and member.peek(5) == b"WARC/":
        raise _NoRecord("no record header: that of another record begins in it")
    try:
        parsed = _LOADER.parse_record_stream(member if is_arc else BytesIO(lines), no_record_parse=True)
    except ArchiveLoadFailed:
        raise _NoRecord("no record header") from None
    size = parsed.rec_headers.get_header("Content-Length")
    if size is None:
        raise _NoRecord("no record header: it has no Content-Length")
    if not _NUMBER.fullmatch(size):
        raise _NoRecord(f"no record header: its Content-Length is {size[:40]!r}")
    return _Header((parsed.rec_type or "").lower(), parsed.rec_headers.headers, parsed.length, is_arc)


def _read_block(member: Member, size: int, *, is_kept: bool) -> tuple[Octets, int]:
    """A block, empty where it is not kept, and the number of bytes read: fewer than `size` at the end of the member."""
    part = member.read(size)
    count = len(part)
    if count == size:
        return part, size
    block = Spool()
    while part:
        if is_kept:
            block.write(part)
        part = member.read(size - count)
        count += len(part)
    return block.octets(), count


def _is_followed(member: Member) -> bool:
    """Whether the line ends behind a block, and another record behind those, are what is next."""
    return bool(member.passed) and re.match(RECORD_BEGIN, member.peek(SHORT)) is not None


def _record_begin(line: bytes) -> int | None:
    """Where in a line a record begins: that of an ARC record, or what may stand behind the rest of another line, the
    first one of a WARC record. None where none does.
    """
    if found := FIRST_LINE.search(line):
        return found.start()
    return 0 if line.startswith(b"WARC/") or _is_arc_line(line) else None


def _is_arc_line(line: bytes) -> bool:
    fields = line.rstrip(b"\r\n").decode("latin-1").rsplit(" ", 9) if re.match(RECORD_BEGIN, line) else []
    return any(_is_arc_tail(fields[-count:], count) for count in (4, 9))


def _record_inside(header: _Header, block: Octets, member: Member) -> int | None:
    """Where in a block, behind which no record follows, another one begins; None where none does, or where the block
    has the digest that its header says.
    """
    begins = _arc_lines if header.is_arc else _warc_lines
    edge = max(len(block) - LONGEST_ARC_LINE, 0)
    across = bytes(block[edge:]) + member.passed + member.peek(LONGEST_ARC_LINE)
    at_edge = (edge + at for at in begins(across))  # a line of which the block has a part
    inside = next((at for at in chain(begins(block), at_edge) if at < len(block)), None)
    return None if inside is None or header.digest_matches(block) else inside


def _warc_lines(data: Octets) -> Iterator[int]:
    return (found.start() for found in _WARC_LINE.finditer(data))


def _arc_lines(data: Octets) -> Iterator[int]:
    for found in _MAYBE_ARC_LINE.finditer(data):
        if _is_arc_line(data[found.end() : found.end() + LONGEST_LINE].partition(b"\n")[0]):
            yield found.end()
