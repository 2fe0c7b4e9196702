"""A record of another WARC file, copied as it is, with its origin in a metadata record.

Written by `storage.warc.write.writer`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO

from isal import isal_zlib

from storage.exceptions import CaptureMissing
from storage.warc.dates import format_warc_date, parse_warc_date
from storage.warc.read.members import GZIP
from storage.warc.read.record import Record, records_in
from storage.warc.spool import Spool
from storage.warc.write import serialise
from storage.warc.write.conversion import Members


@dataclass(frozen=True, slots=True)
class CopiedRecord:
    """record: as it was read. member: its gzip member, byte for byte; of a record that shares one or is not compressed
    its bytes in a member of its own. origin: where it is from, as warc-fields."""

    record: Record
    member: bytes
    origin: Mapping[str, object]

    @property
    def captured_at(self) -> datetime:
        """Its WARC-Date, aware. Raises CaptureMissing."""
        moment = parse_warc_date(self.record.header("WARC-Date"))
        if moment is None:
            raise CaptureMissing(f"record {self.record.record_id} has no date")
        return moment


def copy_of(file: IO[bytes], record: Record, origin: Mapping[str, object]) -> CopiedRecord:
    """The copy of a record that was read from a file, which is seekable, and may be read on from where it was."""
    position = file.tell()
    try:
        return _copied(file, record, origin)
    finally:
        file.seek(position)


def _copied(file: IO[bytes], record: Record, origin: Mapping[str, object]) -> CopiedRecord:
    if record.length:
        file.seek(record.offset)
        member = file.read(record.length)
        if member.startswith(GZIP):
            return CopiedRecord(record, member, origin)
        plain = member
    else:
        plain = _plain(file, record)
    return CopiedRecord(record, _compressed(plain), origin)


def copy_in(member: bytes, origin: Mapping[str, object]) -> CopiedRecord:
    """The copy of the record in a gzip member. Raises CaptureMissing where it holds no record, or several."""
    found = list(records_in(BytesIO(member)))
    if len(found) != 1 or not found[0].record_id:
        raise CaptureMissing("the bytes hold no WARC record" if not found else "the bytes hold several WARC records")
    return copy_of(BytesIO(member), found[0], origin)


def copied_members(copy: CopiedRecord, warcinfo_id: str) -> Members:
    """The record and the metadata record of its origin; of the first begin, length and id. Raises CaptureMissing."""
    spool = Spool()
    spool.write(copy.member)
    record_id = copy.record.record_id
    shared = (
        ("WARC-Date", format_warc_date(copy.captured_at)),
        ("WARC-Target-URI", copy.record.target_uri),
        ("WARC-Warcinfo-ID", warcinfo_id),
    )
    serialise.RecordWriter(spool).write_record(serialise.metadata_record(shared, record_id, copy.origin))
    return spool, [(0, len(copy.member), record_id)]


def _plain(file: IO[bytes], record: Record) -> bytes:
    """The bytes of a record inside a member that it shares."""
    file.seek(record.offset)
    stream, found = isal_zlib.decompressobj(serialise.GZIP), bytearray()
    while len(found) < record.span[1] and not stream.eof and (piece := file.read(64 * 1024)):
        found += stream.decompress(piece)
    return bytes(found[record.span[0] : record.span[1]])


def _compressed(plain: bytes) -> bytes:
    stream = isal_zlib.compressobj(serialise.LEVEL, isal_zlib.DEFLATED, serialise.GZIP)
    return bytes(stream.compress(plain) + stream.flush())
