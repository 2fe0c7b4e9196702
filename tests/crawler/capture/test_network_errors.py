"""The reason of an attempt that brought nothing, found under the wrappers of Twisted and Scrapy."""

import pytest
from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import DownloadTimeoutError
from twisted.internet import error
from twisted.python.failure import Failure
from twisted.web._newclient import ResponseNeverReceived

from crawler.capture.network_errors import NetworkReason, reason_of


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (error.DNSLookupError(), NetworkReason.DNS),
        (error.ConnectionRefusedError(), NetworkReason.REFUSED),
        (error.TimeoutError(), NetworkReason.TIMEOUT),
        (DownloadTimeoutError("slow"), NetworkReason.TIMEOUT),
        (error.NoRouteError(), NetworkReason.UNREACHABLE),
        (TunnelError("403"), NetworkReason.TUNNEL),
        (SSL.Error([("", "", "wrong version number")]), NetworkReason.TLS),
        (error.ConnectionDone(), NetworkReason.DISCONNECTED),
        (error.ConnectionLost(), NetworkReason.DISCONNECTED),
        (ValueError("x"), NetworkReason.OTHER),
    ],
)
def test_reasons_are_found_bare_and_wrapped(problem: Exception, reason: NetworkReason) -> None:
    assert reason_of(Failure(problem)) == reason
    assert reason_of(Failure(ResponseNeverReceived([Failure(problem)]))) == reason
