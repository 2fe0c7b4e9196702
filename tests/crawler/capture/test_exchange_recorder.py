"""The recorder keeps the bytes of one exchange, and says how it ended."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure

from crawler.capture.exchange_recorder import ExchangeRecorder

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
CUT = WHOLE[:-2]
TRANSPORT = SimpleNamespace(getPeer=lambda: SimpleNamespace(host="127.0.0.1"), getHandle=lambda: None)


def recorded(response: bytes, meta: dict[str, Any] | None = None, sent: bytes = b"") -> ExchangeRecorder:
    beginnings: list[bytes] = []
    recorder = ExchangeRecorder(Request("http://alanews.it/#top", meta=meta), 1024, {}, beginnings.append)
    recorder.rewind(TRANSPORT)
    recorder.sent(sent)
    recorder.received(response[:10])
    recorder.received(response[10:])
    assert beginnings == [response[:10]]
    return recorder


def failed(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]


def test_a_whole_exchange_is_kept_as_it_was() -> None:
    recorder = recorded(WHOLE, sent=b"GET / HTTP/1.1\r\n\r\n")
    recorder.stop()
    recorder.received(b"of the next response")
    exchange = recorder.exchange(failed(ConnectionLost()))
    assert (exchange.url, exchange.request, bytes(exchange.response)) == (
        "http://alanews.it/",
        b"GET / HTTP/1.1\r\n\r\n",
        WHOLE,
    )
    assert (exchange.truncated, exchange.ip_address, exchange.protocol) == (None, "127.0.0.1", "http/1.1")


@pytest.mark.parametrize(
    ("error", "closed", "truncated"),
    [
        (DownloadTimeoutError(), None, "time"),
        (DownloadCancelledError(), None, "length"),
        (ValueError(), None, "unspecified"),
        (ValueError(), ConnectionDone(), "disconnect"),
        (ValueError(), ConnectionLost(), "disconnect"),
    ],
)
def test_a_cut_response_says_why(error: Exception, closed: Exception | None, truncated: str) -> None:
    recorder = recorded(CUT)
    if closed:
        recorder.closed(failed(closed))
    recorder.stop()
    assert recorder.exchange(failed(error)).truncated == truncated


def test_a_second_try_on_another_connection_begins_anew() -> None:
    recorder = recorded(CUT)
    recorder.rewind(TRANSPORT)
    assert recorder.size == 0
    recorder.received(WHOLE)
    recorder.stop()
    assert bytes(recorder.exchange(failed(ValueError())).response) == WHOLE


def test_the_secret_for_a_proxy_is_left_out() -> None:
    sent = b"GET http://alanews.it/ HTTP/1.1\r\nHost: alanews.it\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n"
    recorder = recorded(WHOLE, {"proxy": "http://user:secret@proxy.example:8080"}, sent)
    recorder.stop()
    exchange = recorder.exchange(failed(ValueError()))
    assert exchange.request == b"GET http://alanews.it/ HTTP/1.1\r\nHost: alanews.it\r\n\r\n"
    assert (exchange.proxy, exchange.ip_address) == ("proxy.example:8080", None)
