"""Records the bytes of one request's exchange on its connection; used by the download handler."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.url import add_http_if_no_scheme
from twisted.internet.defer import CancelledError
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure

from crawler.capture.ciphers import iana_name
from storage.exceptions import WriteFailed
from storage.warc.http.exchange import Exchange, Truncation
from storage.warc.http.message import Head, is_complete, parse_response, strip_informational
from storage.warc.spool import Spool

RESOURCE_TYPE = "resource_type"
"""Key of a request's meta: what a page uses the file for; into the record, and by it the capture is no page."""

PROXY_AUTHORIZATION = re.compile(rb"(?im)^proxy-authorization:[^\n]*\n")


class ExchangeRecorder:
    """Records both directions of one request's exchange. Rewound when Twisted sends the request again.

    spool_limit: bytes of a response kept in memory; more goes to a temporary file. on_response: called with the
    first bytes of a response when they come.
    """

    def __init__(
        self,
        request: Request,
        spool_limit: int,
        certificate_errors: Mapping[SSL.Connection, str],
        on_response: Callable[[bytes], None],
    ) -> None:
        self._request = request
        self._on_response = on_response
        self._spool_limit = spool_limit
        self._certificate_errors = certificate_errors
        self.rewind(None)

    def rewind(self, transport: Any) -> None:
        """Begin anew on a connection: also for Twisted's second try after a dead pooled connection."""
        self._transport = transport
        self._peer = Peer()
        self._sent = bytearray()
        self._received = Spool(self._spool_limit)
        self._started_at = datetime.now(UTC)
        self._end: Failure | None = None
        self._fault: WriteFailed | None = None
        self._stopped = False
        #: Set where the response was cut off for its length before it was read.
        self.is_too_long = False

    def sent(self, data: bytes) -> None:
        """Bytes given to the transport."""
        self._sent += data

    def received(self, data: bytes) -> None:
        """Bytes that came from the transport. Bytes after the end of the exchange are ignored."""
        if self._stopped:
            return
        if not len(self._received):
            self._peer = _peer_of(self._transport, self._certificate_errors)
            self._on_response(data)
        try:
            self._received.write(data)
        except WriteFailed as fault:
            self._fault = fault
            self._stopped = True

    def closed(self, reason: Failure) -> None:
        """The connection ended from the other side, or broke."""
        if not self._stopped:
            self._end = reason

    @property
    def size(self) -> int:
        """Bytes that came back."""
        return len(self._received)

    def stop(self) -> None:
        """The request has ended: nothing that comes now belongs to it."""
        self._stopped = True

    def exchange(self, result: Response | Failure) -> Exchange:
        """The exchange recorded until `stop`, in any thread. result: the response or failure that ended the download.

        Raises WriteFailed where the temporary folder is full.
        """
        if self._fault is not None:
            raise self._fault
        request, response = self._request, strip_informational(self._received.octets())
        head = parse_response(response)
        closed = self._end is not None and isinstance(self._end.value, ConnectionDone)
        proxy = _proxy_of(request)
        return Exchange(
            url=request.url.partition("#")[0],
            method=request.method,
            request=_without_proxy_secret(bytes(self._sent)),
            response=response,
            started_at=self._started_at,
            ip_address=None if proxy else self._peer.ip_address,
            protocol=_version_of(head),
            tls=self._peer.tls,
            cipher_suite=self._peer.cipher_suite,
            truncated=None if is_complete(response, head, request.method, closed=closed) else self._why_cut(result),
            proxy=proxy,
            certificate_error=self._peer.certificate_error,
            resource_type=request.meta.get(RESOURCE_TYPE),
        )

    def _why_cut(self, result: Response | Failure) -> Truncation:
        if self.is_too_long:
            return "length"
        if isinstance(result, Failure):
            if isinstance(result.value, DownloadTimeoutError):
                return "time"
            if isinstance(result.value, DownloadCancelledError | CancelledError):
                return "length"
        return "unspecified" if self._end is None else "disconnect"


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection, read while it is open."""

    ip_address: str | None = None
    tls: str | None = None
    cipher_suite: str | None = None
    certificate_error: str | None = None


def _peer_of(transport: Any, certificate_errors: Mapping[SSL.Connection, str]) -> Peer:
    ip_address = transport.getPeer().host
    connection = transport.getHandle()
    if not isinstance(connection, SSL.Connection):
        return Peer(ip_address)
    cipher = connection.get_cipher_name()
    return Peer(
        ip_address,
        _tls_version(connection.get_protocol_version_name()),
        iana_name(cipher) if cipher else None,
        certificate_errors.get(connection),
    )


def _tls_version(openssl: str) -> str:
    """ "TLSv1.3" as WARC-Protocol has it: "tls/1.3"."""
    number = openssl.removeprefix("TLSv")
    return f"tls/{number if '.' in number else number + '.0'}"


def _version_of(head: Head | None) -> str | None:
    return head.start_line.split(None, 1)[0].decode("latin-1").lower() if head else None


def _proxy_of(request: Request) -> str | None:
    """The proxy's host and port, without its credentials."""
    proxy = request.meta.get("proxy")
    return urlsplit(add_http_if_no_scheme(proxy)).netloc.rpartition("@")[2] if proxy else None


def _without_proxy_secret(request: bytes) -> bytes:
    head, end, body = request.partition(b"\r\n\r\n")
    return PROXY_AUTHORIZATION.sub(b"", head + b"\r\n") + end[2:] + body if end else request
