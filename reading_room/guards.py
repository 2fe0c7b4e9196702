"""What stands before every page: the token, the host, the size of a request, and headers that shut the browser's doors.

docs/security.md names the threats.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes of a path with its query.
_LONGEST_TARGET: Final = 8000
#: Bytes of all headers.
_LONGEST_HEAD: Final = 16_000

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class Guards:
    """An ASGI application before another one. token: None where the server is on loopback; then only requests for a
    loopback host pass, since a page of another site could have its own name resolve to this machine."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST_TARGET:
            return PlainTextResponse("The address is too long.\n", 414)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > _LONGEST_HEAD:
            return PlainTextResponse("The headers are too long.\n", 431)
        if headers.get("transfer-encoding") or headers.get("content-length", "0") != "0":
            return PlainTextResponse("The reading room takes no request bodies.\n", 413)
        if self._token is None:
            if is_loopback(_host_of(headers.getlist("host"))):
                return None
            return PlainTextResponse("This host is not served here.\n", 421)
        if any(hmac.compare_digest(one, self._token.encode()) for one in _credentials(headers)):
            return None
        challenge = {"WWW-Authenticate": 'Basic realm="Emeroteca", charset="UTF-8"'}
        return PlainTextResponse("The token of this reading room is the password, with any name.\n", 401, challenge)


def _host_of(hosts: list[str]) -> str:
    """The host of the Host header without its port; an empty text for none or several."""
    if len(hosts) != 1:
        return ""
    host, separator, port = hosts[0].rpartition(":")
    return host if separator and port.isdigit() else hosts[0]


def _credentials(headers: Headers) -> Iterable[bytes]:
    """The token of `Authorization: Bearer`, or the password of Basic."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        yield value.strip().encode("latin-1")
    elif kind.lower() == "basic":
        try:
            yield base64.b64decode(value.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return
