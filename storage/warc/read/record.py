"""The record layer: WARC/0.17 to 1.1 and ARC records out of an archive's members, parsed by warcio.

Called by `reader`, `range_reader`, `recovery`, the CDXJ index, the fixity checks and the WACZ writer.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ARC2WARCHeadersParser, ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from storage.exceptions import DamagedMember
from storage.warc.read.members import Damage, Member, Members, SeekableFile
from storage.warc.spool import Octets, Spool

ARC_DATE_DIGITS = (8, 10, 12, 14)
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
            parsed = _parse_header(member)
            if parsed is None:
                members.damages.append(Damage(offset, "no record header"))
                member.skip_to(b"WARC/")
                has_more = member.skip_blank_lines()
                continue
            record_type, headers = (parsed.rec_type or "").lower(), parsed.rec_headers.headers
            is_skipped = skips(record_type, headers, offset)
            block = _read_block(member, parsed.length, is_kept=not is_skipped)
            has_more = member.skip_blank_lines()
            if member.is_plain:
                length = member.at - start
            elif start == 0 and not has_more:
                length = members.end - offset
            if not is_skipped:
                yield Record(record_type, headers, block, offset, length, (0, 0) if length else (start, member.at))
    except DamagedMember as fault:
        members.damages.append(Damage(member.offset_of(member.at), str(fault)))


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
    is_dated = len(tail) == count and tail[1].isdigit() and len(tail[1]) in ARC_DATE_DIGITS
    return is_dated and tail[-1].isdigit()


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]
    """warcio's loader, for any version of WARC."""

    WARC_TYPES = ("WARC/",)

    def __init__(self) -> None:
        super().__init__()
        self.arc_parser = _ArcParser()


_LOADER = _Loader()


def _parse_header(member: Member) -> ArcWarcRecord | None:
    """The record at hand, without its block; None where there is no header with a Content-Length."""
    try:
        parsed = _LOADER.parse_record_stream(member.header_lines(), no_record_parse=True)
    except ArchiveLoadFailed:
        return None
    return parsed if (parsed.rec_headers.get_header("Content-Length") or "").isdigit() else None


def _read_block(member: Member, size: int, *, is_kept: bool) -> Octets:
    part = member.read(size)
    if len(part) == size:
        return part
    block, left = Spool(), size
    while part:
        left -= len(part)
        if is_kept:
            block.write(part)
        part = member.read(left)
    if left:
        raise DamagedMember("cut off")
    return block.octets()
