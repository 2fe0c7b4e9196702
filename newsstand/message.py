"""HTTP/1.1 requests and responses, the subset that the newsstand supports (RFC 9112)."""

from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=utf-8"
XML = "text/xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
_MAX_BODY = 1 << 20


class BadRequest(Exception):
    """Bytes that are not a supported HTTP request; the text gives the reason."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `host` is empty for the newsstand's own port (origin form, no proxying)."""

    method: str
    scheme: str
    host: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query of the request."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def parameters(self) -> dict[str, str]:
        """The query parameters; of repeated ones the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def keeps_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


@dataclass(slots=True)
class Response:
    """A response before content and transfer coding. `etag` and `modified` make it answer conditional requests; the
    body of one that is `coded` is sent as it is."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: list[tuple[str, str]] = field(default_factory=list)
    etag: str | None = None
    modified: datetime | None = None
    coded: bool = False

    @classmethod
    def of_text(cls, text: str, content_type: str = HTML, status: int = 200) -> "Response":
        """A response with an entity tag made from its bytes."""
        body = text.encode()
        tag = blake2b(body, digest_size=8).hexdigest()
        return cls(body, status, content_type, etag=f'"{tag}"' if status == 200 else None)

    @classmethod
    def redirect(cls, url: str, status: int = 301) -> "Response":
        """A redirect to an absolute URL."""
        return cls(f'<a href="{url}">Moved</a>\n'.encode(), status, headers=[("Location", url)])


def head(status: int, headers: list[tuple[str, str]]) -> bytes:
    """Status line and header lines with the empty line after them."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def http_date(moment: datetime) -> str:
    """An aware datetime as HTTP writes dates (RFC 9110, 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


async def read_request(reader: StreamReader, tunnel_host: str | None) -> Request | None:
    """The next request of a connection, None at its end. `tunnel_host` is set inside a CONNECT tunnel."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except IncompleteReadError as error:
        if error.partial.strip():
            raise BadRequest("the request's head is cut off") from error
        return None
    except LimitOverrunError as error:
        raise BadRequest("the request's head is too long") from error
    first, *lines = raw.decode("latin-1").strip("\r\n").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest(f"no HTTP/1 request line: {first!r}")
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > _MAX_BODY:
        raise BadRequest(f"unacceptable Content-Length {length!r}")
    body = await reader.readexactly(int(length)) if length != "0" else b""
    return _request(parts[0], parts[1], headers, body, tunnel_host)


def _request(method: str, target: str, headers: dict[str, str], body: bytes, tunnel_host: str | None) -> Request:
    if method == "CONNECT":
        return Request(method, "https", target.rpartition(":")[0].lower(), "", "", headers)
    url = urlsplit(target)
    scheme, host = ("https", tunnel_host) if tunnel_host else (url.scheme, (url.hostname or "").lower())
    return Request(method, scheme, host, url.path or "/", url.query, headers, body)
