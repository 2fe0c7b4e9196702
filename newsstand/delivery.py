"""From a site's response to the bytes on the socket: conditional requests, codings, faults."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from zlib import crc32

from newsstand.coding import accepted, chunked, encode
from newsstand.faults import Fault, FaultKind
from newsstand.message import HTML, Request, Response, head, http_date

_HOP = "newsstand-hop"
DENIED = (
    "<!DOCTYPE html><html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>"
    "<p>You don't have permission to access this resource on this server.</p>"
    "<p>Reference&#32;#18.2f4d1c17.0</p></body></html>"
)
HOME = (
    "<!DOCTYPE html><html lang='it'><head><title>Edicola</title></head><body><nav><a href='/'>Home</a></nav>"
    "<h1>Benvenuti</h1></body></html>"
)


@dataclass(slots=True)
class Delivery:
    """Bytes to write: `raw` after `delay` seconds, then optionally close or reset the connection."""

    status: int
    raw: bytes
    delay: float = 0.0
    close: bool = False
    reset: bool = False
    faults: list[str] = field(default_factory=list)


def not_modified(request: Request, response: Response) -> bool:
    """Whether the client's copy is current (RFC 9110, 13.1): by entity tag, else by date."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return response.etag is not None and response.etag in tags
    since = request.headers.get("if-modified-since")
    if since is None or response.modified is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    return response.modified.replace(microsecond=0) <= (known if known.tzinfo else known.replace(tzinfo=UTC))


def redirected(request: Request, faults: list[Fault]) -> Response | None:
    """The next hop of a redirect chain or loop, if one of the faults is that."""
    hop = int(request.parameters.get(_HOP, "0") or 0)
    for fault in faults:
        if fault.kind is FaultKind.REDIRECT_CHAIN and hop < fault.hops:
            return _to_hop(request, hop + 1)
        if fault.kind is FaultKind.REDIRECT_LOOP:
            return _to_hop(request, 2 if hop == 1 else 1)
    return None


def _to_hop(request: Request, hop: int) -> Response:
    kept = [part for part in request.query.split("&") if part and not part.startswith(_HOP)]
    query = "&".join([*kept, f"{_HOP}={hop}"])
    return Response.redirect(f"{request.scheme}://{request.host}{request.path}?{query}", 302)


def replaced(response: Response, faults: list[Fault]) -> Response:
    """The response, or the wrong response of a fault."""
    for fault in faults:
        match fault.kind:
            case FaultKind.STATUS:
                wait = [("Retry-After", str(fault.retry_after))] if fault.retry_after is not None else []
                return Response(f"<h1>{fault.status}</h1>\n".encode(), fault.status, HTML, wait)
            case FaultKind.EMPTY:
                return Response(b"", 200, response.content_type)
            case FaultKind.ACCESS_DENIED:
                return Response(DENIED.encode())
            case FaultKind.HTML:
                return Response(HOME.encode())
            case FaultKind.TEMPLATE if response.status == 200 and response.content_type == HTML:
                return replace(response, body=redesigned(response.body), etag=None)
    return response


def redesigned(body: bytes) -> bytes:
    """The page after a redesign: unknown class names, no microdata."""
    body = re.sub(rb'class="([^"]*)"', _renamed, body)
    return re.sub(rb' item(?:prop|scope|type|id)(?:="[^"]*")?', b"", body)


def _renamed(found: re.Match[bytes]) -> bytes:
    return b'class="%s"' % b" ".join(b"v%08x" % crc32(name) for name in found[1].split())


def deliver(request: Request, response: Response, faults: list[Fault]) -> Delivery:
    """The bytes of a response under its faults."""
    kinds = {fault.kind: fault for fault in faults}
    response = replaced(response, faults)
    delivery = Delivery(response.status, b"", faults=[fault.kind.value for fault in faults])
    delivery.delay = kinds[FaultKind.SLOW].seconds if FaultKind.SLOW in kinds else 0.0
    delivery.reset = FaultKind.RESET in kinds
    delivery.close = not request.keeps_alive
    headers = [("Server", "nginx"), ("Date", formatdate(usegmt=True)), *response.headers]
    headers += [("ETag", response.etag)] if response.etag else []
    headers += [("Last-Modified", http_date(response.modified))] if response.modified else []
    if response.status == 200 and not_modified(request, response):
        delivery.status, delivery.raw = 304, head(304, headers)
        return delivery
    coding = kinds[FaultKind.ENCODING].coding if FaultKind.ENCODING in kinds else _coding(request, response)
    body = encode(coding, response.body)
    if coding != "identity":
        headers.append(("Content-Encoding", coding.removesuffix("-raw")))
    headers += [("Content-Type", _content_type(response, kinds)), ("Vary", "Accept-Encoding")]
    _frame(delivery, request, headers, body, kinds)
    return delivery


def _coding(request: Request, response: Response) -> str:
    if response.coded or not response.body:
        return "identity"
    return accepted(request.headers.get("accept-encoding", ""))


def _content_type(response: Response, kinds: dict[FaultKind, Fault]) -> str:
    if FaultKind.WRONG_CHARSET in kinds:
        return f"{response.content_type.split(';')[0]}; charset={kinds[FaultKind.WRONG_CHARSET].charset}"
    return response.content_type


def _frame(
    delivery: Delivery,
    request: Request,
    headers: list[tuple[str, str]],
    body: bytes,
    kinds: dict[FaultKind, Fault],
) -> None:
    half = body[: max(1, len(body) // 2)]
    cut = kinds.keys() & {FaultKind.CUT, FaultKind.CUT_CHUNKED}
    delivery.close = delivery.close or bool(cut)
    connection = ("Connection", "close" if delivery.close else "keep-alive")
    if FaultKind.CUT_CHUNKED in kinds or FaultKind.CHUNKED in kinds:
        framing, sent = ("Transfer-Encoding", "chunked"), chunked(body)
        if FaultKind.CUT_CHUNKED in kinds:
            sent = b"%x\r\n%b" % (len(body) + 1, half)
    else:
        framing, sent = ("Content-Length", str(len(body))), half if cut else body
        if cut and not body[1:]:
            framing = ("Content-Length", str(len(body) + 10))
    delivery.raw = head(delivery.status, [*headers, framing, connection])
    if request.method != "HEAD":
        delivery.raw += sent


def now() -> str:
    """The time of day for the log, UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat()
