"""The record layer: WARC/0.17 to 1.1 and ARC records out of an archive's members (WARC/1.1, 4 and 5; ARC 1.0, 2).

Called by `reader`, `range_reader`, `recovery`, the CDXJ index, the fixity checks and the WACZ writer.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from storage.exceptions import DamagedMember
from storage.warc.http.message import parse_head
from storage.warc.read.members import Damage, Member, Members
from storage.warc.spool import PIECE, Octets, Spool

ARC_DATE_DIGITS = (8, 10, 12, 14)
LONGEST_HEADER = 1024 * 1024
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """A record's header.

    version: "WARC/1.1", "ARC/1". headers: in order, as text; an ARC record's line is translated to WARC headers.
    """

    version: str
    headers: Headers

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in any case."""
        return next((value for field, value in self.headers if field.lower() == name.lower()), None)

    @property
    def record_type(self) -> str:
        """ "response", "request", "warcinfo" and so on; empty where the record does not say."""
        return (self.header("WARC-Type") or "").lower()

    @property
    def target_uri(self) -> str:
        """WARC-Target-URI without the angle brackets of WARC/0.18; empty where there is none."""
        return (self.header("WARC-Target-URI") or "").strip("<>")

    @property
    def record_id(self) -> str:
        """WARC-Record-ID as it stands, with angle brackets; empty where there is none."""
        return self.header("WARC-Record-ID") or ""


@dataclass(frozen=True, slots=True)
class Record(RecordHeader):
    """One record.

    block: the bytes between header and record end; a large one is a mapped temporary file. offset, length: of the
    record's bytes in its file, compressed; length 0 where it shares them with other records. span: where it begins and
    ends in the plain bytes of its member, where length is 0.
    """

    block: Octets
    offset: int
    length: int
    span: tuple[int, int] = (0, 0)


def records_in(members: Members) -> Iterator[Record]:
    """Every whole record, in order. Damaged stretches are skipped and added to `members.damages`."""
    for member in members:
        try:
            yield from _records_of(member, members)
        except DamagedMember as fault:
            members.damages.append(Damage(member.offset + (member.at if member.is_plain else 0), str(fault)))


def _records_of(member: Member, members: Members) -> Iterator[Record]:
    while (start := _skip_blank_lines(member)) is not None:
        parsed = _read_header(member)
        if parsed is None:
            members.damages.append(Damage(member.offset + (start if member.is_plain else 0), "no record header"))
            member.skip_to(b"WARC/")
            continue
        header, size = parsed
        block = _read_block(member, size)
        _skip_blank_lines(member)
        offset, length = member.offset, 0
        if member.is_plain:
            offset, length = member.offset + start, member.at - start
        elif start == 0 and member.is_at_end():
            length = members.end - member.offset
        span = (0, 0) if length else (start, member.at)
        yield Record(header.version, header.headers, block, offset, length, span)


def _skip_blank_lines(member: Member) -> int | None:
    """Where the next record begins in the member, None at its end."""
    while not member.is_at_end():
        if not member.skip_blank():
            return member.at
    return None


def _read_header(member: Member) -> tuple[RecordHeader, int] | None:
    """The header at hand and its block's number of bytes; None where there is no header."""
    line = member.readline()
    if not line.startswith(b"WARC/"):
        return _parse_arc_header(line)
    lines = [line]
    size = 0
    while (line := member.readline()).strip(b"\r\n") and size < LONGEST_HEADER:
        lines.append(line)
        size += len(line)
    return parse_warc_header(b"".join(lines))


def parse_warc_header(data: bytes) -> tuple[RecordHeader, int] | None:
    """A WARC record's header and its block's number of bytes; None where it has no Content-Length."""
    head = parse_head(data)
    lengths = head.values(b"content-length")
    if not lengths or not lengths[0].isdigit():
        return None
    headers = tuple((name.decode("latin-1"), _text(value)) for name, value in head.fields)
    return RecordHeader(head.start_line.decode("latin-1").strip(), headers), int(lengths[0])


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _parse_arc_header(line: bytes) -> tuple[RecordHeader, int] | None:
    """An ARC record's line: URL, IP address, date, media type, [five more,] length."""
    fields = line.rstrip(b"\r\n").split(b" ")
    tail = next((fields[-count:] for count in (4, 9) if _is_arc_tail(fields[-count:], count)), None)
    if tail is None or len(fields) <= len(tail):
        return None
    url = _text(b" ".join(fields[: -len(tail)]))
    is_info = url.startswith("filedesc:")
    media_type = "application/http; msgtype=response" if url.startswith("http") else _text(tail[2])
    name = uuid.uuid5(uuid.NAMESPACE_URL, _text(line))
    headers = (
        ("WARC-Type", "warcinfo" if is_info else "response"),
        ("WARC-Record-ID", f"<urn:uuid:{name}>"),
        ("WARC-Target-URI", url),
        ("WARC-Date", _arc_date(tail[1].decode("ascii"))),
        ("WARC-IP-Address", _text(tail[0])),
        ("Content-Type", media_type),
    )
    return RecordHeader("ARC/1", headers), int(tail[-1])


def _is_arc_tail(tail: list[bytes], count: int) -> bool:
    is_dated = len(tail) == count and tail[1].isdigit() and len(tail[1]) in ARC_DATE_DIGITS
    return is_dated and tail[-1].isdigit()


def _arc_date(digits: str) -> str:
    return re.sub(r"(....)(..)(..)(..)(..)(..)", r"\1-\2-\3T\4:\5:\6Z", digits.ljust(14, "0"))


def _read_block(member: Member, size: int) -> Octets:
    block = Spool()
    while len(block) < size:
        part = member.read(min(PIECE, size - len(block)))
        if not part:
            raise DamagedMember("cut off")
        block.write(part)
    return block.octets()
