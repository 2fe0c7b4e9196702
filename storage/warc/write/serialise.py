"""Serialises WARC/1.1 records, each as a gzip member of its own. Called by `storage.warc.write.writer`."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from isal import isal_zlib

from storage.warc.dates import format_warc_date
from storage.warc.digest import sha1_digest
from storage.warc.http.capture import Capture
from storage.warc.http.exchange import Exchange
from storage.warc.http.message import Head, parse_head, payload_parts
from storage.warc.spool import PIECE, Octets, Spool, pieces

IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""The profiles of WARC/1.1, 6.7.2 and 6.7.3."""

Fields = Sequence[tuple[str, str | None]]
LEVEL = 2
"""Of ISA-L: a sixth of the time of zlib's level 4 and smaller files; a quarter on payloads that are compressed."""
GZIP = isal_zlib.MAX_WBITS + 16
WARC_FIELDS = "application/warc-fields"


def new_record_id() -> str:
    """A fresh record id with its angle brackets."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def one_line(value: object) -> str:
    """A value as text without line ends, for a header or a warc-fields line."""
    shown = value.isoformat() if isinstance(value, datetime) else str(value)
    return " ".join(shown.split()) if "\n" in shown or "\r" in shown else shown


def warc_fields(values: Mapping[str, object]) -> bytes:
    """An application/warc-fields block: a line each, a list's members one after the other, None left out."""
    lines = []
    for name, value in values.items():
        members = value if isinstance(value, list | tuple | set | frozenset) else [value]
        lines += [f"{name}: {one_line(member)}\r\n" for member in members if member is not None]
    return "".join(lines).encode("utf-8")


def append_record(spool: Spool, fields: Fields, block: Octets) -> int:
    """Append a record as one gzip member and return the member's length. Fields that are None are left out."""
    before = len(spool)
    record = _record(fields, block)
    if len(block) <= PIECE:  # in one go: every call of the compressor releases the interpreter's lock
        spool.write(isal_zlib.compress(b"".join(record), LEVEL, GZIP))
    else:
        gzip = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
        for part in record:
            spool.write(gzip.compress(part))
        spool.write(gzip.flush())
    return len(spool) - before


def _record(fields: Fields, block: Octets) -> Iterable[bytes | memoryview]:
    whole: Fields = (
        *fields,
        ("WARC-Block-Digest", sha1_digest(pieces(block))),
        ("Content-Length", str(len(block))),
    )
    lines = [f"{name}: {value}\r\n" for name, value in whole if value is not None]
    header = "".join(lines)
    if header.count("\n") != len(lines) or header.count("\r") != len(lines):
        header = "".join(f"{name}: {one_line(value)}\r\n" for name, value in whole if value is not None)
    yield f"WARC/1.1\r\n{header}\r\n".encode()
    yield from pieces(block)
    yield b"\r\n\r\n"


def _fields(
    record_type: str, record_id: str, shared: Fields, content_type: str, *own: tuple[str, str | None]
) -> Fields:
    named = (("WARC-Type", record_type), ("WARC-Record-ID", record_id))
    return (*named, *shared, *own, ("Content-Type", content_type))


def warcinfo_fields(record_id: str, file: str, created_at: datetime) -> Fields:
    """The header of a file's first record."""
    shared = (("WARC-Date", format_warc_date(created_at)), ("WARC-Filename", file))
    return _fields("warcinfo", record_id, shared, WARC_FIELDS)


@dataclass(frozen=True, slots=True)
class Payload:
    """A response's payload, after transfer decoding: its digest and its number of bytes."""

    digest: str
    size: int


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


def response_fields(
    shared: Fields, record_id: str, exchange: Exchange, head: Head | None, payload: Payload | None
) -> Fields:
    """The header of a response record. Bytes that are no HTTP message have no payload, so no payload digest."""
    return _fields(
        "response",
        record_id,
        shared,
        "application/http; msgtype=response" if head else "application/octet-stream",
        ("WARC-Payload-Digest", payload.digest if payload else None),
        ("WARC-Truncated", exchange.truncated),
    )


def revisit_fields(shared: Fields, record_id: str, original: Capture, profile: str) -> Fields:
    """The header of a revisit record (WARC/1.1, 6.7); a payload that is left out is a truncation (6.7.2)."""
    return _fields(
        "revisit",
        record_id,
        shared,
        "application/http; msgtype=response",
        ("WARC-Profile", profile),
        ("WARC-Refers-To", original.ref.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", format_warc_date(original.captured_at)),
        ("WARC-Payload-Digest", original.payload_digest),
        ("WARC-Truncated", "length" if profile == IDENTICAL_PAYLOAD else None),
    )


def payload_of(response: Octets, head: Head | None) -> Payload | None:
    """None where the bytes are no HTTP message with a whole head."""
    if head is None or not head.complete:
        return None
    parts = payload_parts(response, head)
    return Payload(sha1_digest(parts), sum(len(part) for part in parts))


def request_fields(shared: Fields, exchange: Exchange, response_id: str) -> Fields:
    """The header of a request record; it has a payload digest only where the request has a body."""
    digest = None
    if exchange.request.find(b"\r\n\r\n") + 4 < len(exchange.request):
        digest = sha1_digest(payload_parts(exchange.request, parse_head(exchange.request)))
    return _fields(
        "request",
        new_record_id(),
        shared,
        "application/http; msgtype=request",
        ("WARC-Concurrent-To", response_id),
        ("WARC-Payload-Digest", digest),
    )


def metadata_fields(shared: Fields, response_id: str) -> Fields:
    """The header of a metadata record, whose block says how the URL was discovered."""
    return _fields("metadata", new_record_id(), shared[:3], WARC_FIELDS, ("WARC-Concurrent-To", response_id))
