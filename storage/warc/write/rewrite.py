"""Writes an archive file again without some of its records: all other bytes are copied as they are.

A revisit whose payload goes with another record can be written as a response that has the payload itself. Called by
`crawler.takedown` and by storage.warc.wacz.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

import zstandard
from isal import isal_zlib

from storage.exceptions import RecordError
from storage.warc.durable_files import sync_path, write_errors
from storage.warc.http.capture import Capture
from storage.warc.http.message import parse_response
from storage.warc.read.members import GZIP, LZ4, PIECE, ZSTD, ZSTD_DICTIONARY, Damage, Members
from storage.warc.read.record import Record, records_in
from storage.warc.read.source import open_archive
from storage.warc.spool import Spool
from storage.warc.write import serialise

RecordPlace = tuple[int, str]
"""Offset and WARC-Record-ID of a record."""

#: Fields of a revisit that the response has not, or has with other values.
_OF_REVISITS = frozenset(
    {
        *("warc-type", "warc-record-id", "warc-profile", "warc-refers-to", "warc-refers-to-target-uri"),
        *("warc-refers-to-date", "warc-truncated", "warc-block-digest", "content-length", "content-type"),
    }
)


@dataclass(slots=True)
class RewrittenFile:
    """places: new offset and length of each record that is left, by its old place. erased: SHA-256, hexadecimal, of the
    bytes of each record that went, by its place. damages: stretches that cannot be read, which are copied.
    """

    places: dict[RecordPlace, tuple[int, int]] = field(default_factory=dict)
    erased: dict[RecordPlace, str] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)
    has_captures: bool = False


def rewrite(
    path: Path, output: Path, is_erased: Callable[[Record], bool], responses: Mapping[RecordPlace, Capture]
) -> RewrittenFile:
    """Write to `output` the archive file at a path without the records that `is_erased` names.

    responses: revisits to be written as responses, by their places, with their payloads. A member that holds an erased
    record and others is written as a member a record. The bytes are on the disk at the end. Raises WriteFailed; raises
    RecordError where a member of several records is compressed with a dictionary.
    """
    done = RewrittenFile()
    with (
        write_errors("cannot write", output),
        open_archive(path) as source,
        open_archive(path) as copied,
        output.open("wb") as target,
    ):
        copy = _Copy(copied, target)
        magic = copied.read(4)
        for _, group in groupby(records_in(source, damages=done.damages), attrgetter("offset")):
            records = list(group)
            _rewrite_records(records, copy, magic, is_erased, responses, done)
        copy.up_to(None)
        target.flush()
    sync_path(output)
    return done


def _rewrite_records(
    records: Sequence[Record],
    copy: "_Copy",
    magic: bytes,
    is_erased: Callable[[Record], bool],
    responses: Mapping[RecordPlace, Capture],
    done: RewrittenFile,
) -> None:
    """The records at one offset: one, or all of a member."""
    goes = [is_erased(record) for record in records]
    changes = any(goes) or any((record.offset, record.record_id) in responses for record in records)
    done.has_captures |= not all(goes[at] or record.record_type == "warcinfo" for at, record in enumerate(records))
    if not changes:
        for record in records:
            done.places[record.offset, record.record_id] = (copy.new_offset(record.offset), record.length)
        return
    copy.up_to(records[0].offset)
    for record, plain, is_gone in zip(records, copy.records(records), goes, strict=True):
        place = (record.offset, record.record_id)
        if is_gone:
            done.erased[place] = hashlib.sha256(plain).hexdigest()
            continue
        if place in responses:
            plain = _plain(_as_response(record, responses[place]))
        packed = plain if record.length and place not in responses else _packed(plain, magic)
        done.places[place] = (copy.target.tell(), len(packed))
        copy.target.write(packed)


class _Copy:
    """Copies a file in stretches. at: how far it is copied or passed over."""

    def __init__(self, source: IO[bytes], target: IO[bytes]) -> None:
        self.source, self.target, self.at = source, target, 0

    def new_offset(self, offset: int) -> int:
        return self.target.tell() + offset - self.at

    def up_to(self, end: int | None) -> None:
        """Copy up to an offset; None: to the end."""
        self.source.seek(self.at)
        while piece := self.source.read(PIECE if end is None else min(PIECE, end - self.at)):
            self.target.write(piece)
            self.at += len(piece)

    def records(self, records: Sequence[Record]) -> Iterator[bytes]:
        """The bytes of each record at the offset reached, and pass over them: as in the file where a record has a
        member of its own, else decompressed.
        """
        if records[0].length:
            for record in records:
                self.source.seek(record.offset)
                yield self.source.read(record.length)
                self.at = record.offset + record.length
            return
        members = Members(self.source, self.at)
        member, at = next(iter(members)), 0
        for record in records:
            start, end = record.span
            plain = bytearray()
            while at < end and (piece := member.read(min(PIECE, (start if at < start else end) - at))):
                plain += piece if at >= start else b""
                at += len(piece)
            yield bytes(plain)
        while member.read(PIECE):
            pass
        self.at = members.end


def _packed(plain: bytes, magic: bytes) -> bytes:
    """A record as a member of a file that begins with this magic number."""
    if magic == ZSTD_DICTIONARY:
        raise RecordError("a record in a member that others share, compressed with a dictionary, cannot be erased")
    if magic == LZ4:
        from lz4.frame import compress  # an extra, without which the file could not be read

        return bytes(compress(plain))
    if magic == ZSTD:
        return zstandard.ZstdCompressor().compress(plain)
    return isal_zlib.compress(plain, serialise.LEVEL, serialise.GZIP) if magic.startswith(GZIP) else plain


def _as_response(revisit: Record, resolved: Capture) -> Any:
    """The record of a revisit as a response: the head as served, and the payload of the capture."""
    head = parse_response(revisit.block)
    begin = bytes(revisit.block)[: head.end] if head else bytes(revisit.block)
    codings = head.first(b"transfer-encoding") if head else None
    is_chunked = "chunked" in (codings or "").lower()
    payload = resolved.payload
    if is_chunked:
        payload = b"%x\r\n%b\r\n0\r\n\r\n" % (len(payload), payload) if payload else b"0\r\n\r\n"
    fields = [(name, value) for name, value in revisit.headers if name.lower() not in _OF_REVISITS]
    return serialise.build_record("response", revisit.record_id, fields, begin + payload)


def _plain(record: Any) -> bytes:
    spool = Spool()
    serialise.RecordWriter(spool).write_record(record)
    return bytes(isal_zlib.decompress(bytes(spool.octets()), serialise.GZIP))
