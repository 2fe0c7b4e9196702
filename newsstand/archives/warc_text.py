"""WARC/1.0 records as Common Crawl writes them, each a gzip member."""

import gzip
import hashlib
import uuid
from base64 import b32encode
from collections.abc import Sequence

from newsstand.archives.holdings import Held
from newsstand.message import head

Field = tuple[str, str]


def sha1(data: bytes) -> str:
    """The SHA-1 in base32."""
    return b32encode(hashlib.sha1(data).digest()).decode()


def response_member(held: Held, *, archive: str, truncated: bool = False) -> bytes:
    """The record of a capture; a truncated one has half of the body."""
    answer = held.answer
    body = answer.body[: len(answer.body) // 2] if truncated else answer.body
    fields = [("Content-Type", answer.content_type), ("X-Crawler-Content-Length", str(len(answer.body)))]
    fields += [*answer.headers, ("Content-Length", str(len(body)))]
    block = head(answer.status, fields) + body
    own = [("WARC-Payload-Digest", f"sha1:{sha1(body)}"), ("WARC-Block-Digest", f"sha1:{sha1(block)}")]
    own += [("WARC-Truncated", "length")] if truncated else []
    return record_member("response", held, archive, own, block, "application/http; msgtype=response")


def request_member(held: Held, *, archive: str) -> bytes:
    """The record of the request."""
    block = b"GET / HTTP/1.1\r\nUser-Agent: stand-in\r\n\r\n"
    return record_member("request", held, archive, [], block, "application/http; msgtype=request")


def record_member(
    kind: str, held: Held, archive: str, fields: Sequence[Field], block: bytes, content_type: str
) -> bytes:
    """One record, as a gzip member."""
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{archive} {kind} {held.timestamp} {held.url}")
    whole = [
        ("WARC-Type", kind),
        ("WARC-Date", f"{held.moment:%Y-%m-%dT%H:%M:%SZ}"),
        ("WARC-Record-ID", f"<urn:uuid:{number}>"),
        ("Content-Length", str(len(block))),
        ("Content-Type", content_type),
        ("WARC-Target-URI", held.url),
        *fields,
    ]
    lines = "".join(f"{name}: {value}\r\n" for name, value in whole)
    return gzip.compress(f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n", mtime=0)
