"""Named reasons for which an attempt brought no response, as rows of failures and reports use them."""

from enum import StrEnum

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import DownloadTimeoutError
from twisted.internet.error import ConnectError, ConnectionClosed, ConnectionRefusedError, DNSLookupError, TimeoutError
from twisted.python.failure import Failure
from twisted.web._newclient import _WrapperException


class NetworkReason(StrEnum):
    """The reason of an exchange without a response."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TUNNEL = "tunnel-refused"
    TLS = "tls"
    DISCONNECTED = "disconnected"
    OTHER = "other"


BY_ERROR: tuple[tuple[type[BaseException], NetworkReason], ...] = (
    (DNSLookupError, NetworkReason.DNS),
    (ConnectionRefusedError, NetworkReason.REFUSED),
    (DownloadTimeoutError, NetworkReason.TIMEOUT),
    (TimeoutError, NetworkReason.TIMEOUT),
    (TunnelError, NetworkReason.TUNNEL),
    (SSL.Error, NetworkReason.TLS),
    (ConnectError, NetworkReason.UNREACHABLE),
    (ConnectionClosed, NetworkReason.DISCONNECTED),
)


def reason_of(failure: Failure) -> NetworkReason:
    """The reason of a failure of Twisted's or Scrapy's; its wrapped causes are searched."""
    errors: list[BaseException | None] = [failure.value]
    while errors:
        error = errors.pop(0)
        if error is None:
            continue
        if isinstance(error, _WrapperException):
            errors += [inner.value for inner in error.reasons]
        errors.append(error.__cause__)
        for kind, reason in BY_ERROR:
            if isinstance(error, kind):
                return reason
    return NetworkReason.OTHER
