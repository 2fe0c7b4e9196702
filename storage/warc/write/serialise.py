"""Builds WARC/1.1 records for warcio's writer, which writes each as a gzip member of its own.

Called by `storage.warc.write.writer`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

from isal import isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser
from warcio.warcwriter import WARCWriter

from storage.warc.dates import format_warc_date
from storage.warc.digest import sha1_digest
from storage.warc.http.capture import Capture
from storage.warc.http.exchange import Exchange
from storage.warc.http.message import Head, parse_head, payload_parts
from storage.warc.spool import PIECE, Octets, Spool, pieces

IDENTICAL_PAYLOAD = WARCWriter.REVISIT_PROFILE_1_1
SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""The profiles of WARC/1.1, 6.7.2 and 6.7.3."""

Fields = Sequence[tuple[str, str | None]]
LEVEL = 2
"""Of ISA-L: a sixth of the time of zlib's level 4 and smaller files; a quarter on payloads that are compressed."""
GZIP = isal_zlib.MAX_WBITS + 16

new_record_id = StatusAndHeadersParser.make_warc_id
"""A fresh record id with its angle brackets."""


class RecordWriter(WARCWriter):  # type: ignore[misc]
    """warcio's writer of records, which appends each to a spool as a gzip member."""

    def __init__(self, spool: Spool) -> None:
        super().__init__(_GzipMembers(spool), gzip=False)

    def ensure_digest(self, record: ArcWarcRecord, block: bool = True, payload: bool = True) -> None:
        """Nothing: a record of `build_record` has its digests. warcio would digest a body with its chunks."""


class _GzipMembers:
    """An output of warcio's writer that makes each record, which ends with a flush, a gzip member by ISA-L.

    A record up to PIECE bytes is compressed in one go: every call of the compressor releases the interpreter's lock.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._parts: list[bytes] = []
        self._size = 0
        self._gzip: Any = None

    def write(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size > PIECE:
            self._gzip = self._gzip or isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
            self._spool.write(self._gzip.compress(self._taken()))

    def _taken(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts, self._size = [], 0
        return taken

    def flush(self) -> None:
        if self._gzip is None:
            self._spool.write(isal_zlib.compress(self._taken(), LEVEL, GZIP))
            return
        self._spool.write(self._gzip.compress(self._taken()) + self._gzip.flush())
        self._gzip = None


def build_record(
    record_type: str, record_id: str, fields: Fields, block: Octets, content_type: str | None = None
) -> ArcWarcRecord:
    """A record of warcio's with the header fields that are not None, content type, block digest and length."""
    whole: Fields = (
        ("WARC-Type", record_type),
        ("WARC-Record-ID", record_id),
        *fields,
        ("Content-Type", content_type or WARCWriter.WARC_RECORDS[record_type]),
        ("WARC-Block-Digest", sha1_digest(pieces(block))),
        ("Content-Length", str(len(block))),
    )
    header = StatusAndHeaders("", [], WARCWriter.WARC_1_1)
    header.headers = [(name, value) for name, value in whole if value is not None]
    if has_line_ends("".join([value for _, value in header.headers])):
        header.headers = [(name, one_line(value)) for name, value in header.headers]
    stream = BytesIO(block) if isinstance(block, bytes) else block
    stream.seek(0)
    # the type that the writer sees: for "revisit" it would write a head of its own in place of the block
    return ArcWarcRecord("warc", "response", header, stream, None, None, len(block))


def one_line(value: object) -> str:
    """A value as text without line ends, for a header or a warc-fields line."""
    shown = value.isoformat() if isinstance(value, datetime) else str(value)
    return " ".join(shown.split()) if has_line_ends(shown) else shown


def has_line_ends(text: str) -> bool:
    return "\n" in text or "\r" in text


def warc_fields(values: Mapping[str, object]) -> bytes:
    """An application/warc-fields block: a line each, a list's members one after the other, None left out."""
    lines: list[tuple[str, str]] = []
    for name, value in values.items():
        members = value if isinstance(value, list | tuple | set | frozenset) else [value]
        lines += [(name, one_line(member)) for member in members if member is not None]
    return str(StatusAndHeaders("", lines)).encode()


def warcinfo_record(record_id: str, file: str, created_at: datetime, info: Mapping[str, object]) -> ArcWarcRecord:
    """A file's first record."""
    fields = (("WARC-Date", format_warc_date(created_at)), ("WARC-Filename", file))
    return build_record("warcinfo", record_id, fields, warc_fields(info))


class Payload(NamedTuple):
    """A response's payload, after transfer decoding: its digest and its number of bytes."""

    digest: str
    size: int


def payload_of(response: Octets, head: Head | None) -> Payload | None:
    """None where the bytes are no HTTP message with a whole head."""
    if head is None or not head.complete:
        return None
    parts = payload_parts(response, head)
    return Payload(sha1_digest(parts), sum(len(part) for part in parts))


def shared_fields(exchange: Exchange, warcinfo_id: str) -> Fields:
    """The fields that all records of a capture share."""
    return (
        ("WARC-Date", format_warc_date(exchange.started_at)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-IP-Address", exchange.ip_address),
        ("WARC-Protocol", exchange.protocol),
        ("WARC-Protocol", exchange.tls),
        ("WARC-Cipher-Suite", exchange.cipher_suite),
    )


def response_record(
    shared: Fields, record_id: str, exchange: Exchange, head: Head | None, payload: Payload | None
) -> ArcWarcRecord:
    """A response as served. Bytes that are no HTTP message have no payload, so no payload digest."""
    fields = (
        *shared,
        ("WARC-Payload-Digest", payload.digest if payload else None),
        ("WARC-Truncated", exchange.truncated),
        ("WARC-Resource-Type", exchange.resource_type),
    )
    return build_record("response", record_id, fields, exchange.response, None if head else "application/octet-stream")


def revisit_record(
    shared: Fields, record_id: str, exchange: Exchange, head: bytes, original: Capture, profile: str
) -> ArcWarcRecord:
    """A revisit (WARC/1.1, 6.7) with the head as served; the payload that is left out is a truncation (6.7.2)."""
    fields = (
        *shared,
        ("WARC-Profile", profile),
        ("WARC-Refers-To", original.ref.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", format_warc_date(original.captured_at)),
        ("WARC-Payload-Digest", original.payload_digest),
        ("WARC-Truncated", "length" if profile == IDENTICAL_PAYLOAD else None),
        ("WARC-Resource-Type", exchange.resource_type),
    )
    return build_record("revisit", record_id, fields, head)


def request_record(shared: Fields, exchange: Exchange, response_id: str) -> ArcWarcRecord:
    """A request; it has a payload digest only where it has a body."""
    digest = None
    if exchange.request.find(b"\r\n\r\n") + 4 < len(exchange.request):
        digest = sha1_digest(payload_parts(exchange.request, parse_head(exchange.request)))
    own = (("WARC-Concurrent-To", response_id), ("WARC-Payload-Digest", digest))
    return build_record("request", new_record_id(), (*shared, *own), exchange.request)


def metadata_record(shared: Fields, response_id: str, discovery: Mapping[str, object]) -> ArcWarcRecord:
    """How the URL was discovered."""
    fields = (*shared[:3], ("WARC-Concurrent-To", response_id))
    return build_record("metadata", new_record_id(), fields, warc_fields(discovery))
