"""An HTTP exchange as it went over the socket: made by `crawler.capture.exchange_recorder` for the WARC writer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.warc.spool import Octets

Truncation = Literal["length", "time", "disconnect", "unspecified"]
"""Reasons of a truncated response (WARC/1.1, 5.13)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange, byte for byte.

    url: without fragment. request, response: all bytes of the message on the socket, a response without the 1xx
    heads before it; a large response is a mapped temporary file. started_at: when the request went out, aware, UTC.
    ip_address: of the origin server; None where a proxy stands between, whose address it would be.
    protocol: "http/1.1" or "http/1.0", as the status line says; None where there is none. tls: "tls/1.3" and so on.
    cipher_suite: IANA name. truncated: None where the message is whole. proxy: host:port.
    certificate_error: what is wrong with the server's certificate; None where it is trusted or there is none.
    resource_type: what a page uses the file for (`image`, `stylesheet` ...); None where it is requested for itself.
    """

    url: str
    method: str
    request: bytes
    response: Octets
    started_at: datetime
    ip_address: str | None = None
    protocol: str | None = "http/1.1"
    tls: str | None = None
    cipher_suite: str | None = None
    truncated: Truncation | None = None
    proxy: str | None = None
    certificate_error: str | None = None
    resource_type: str | None = None
