"""Connections whose bytes pass through a recorder, by the private parts of Scrapy and Twisted; used by the download
handler.

Each request gets a recorder; its agent sees the connection pool through `RecordedPool`, which hands the recorder to the
connection taken from the pool, old or new.
"""

from collections.abc import Iterable
from typing import Any, cast

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import HTTPConnectionPool
from twisted.web.iweb import IResponse

from crawler.capture.exchange_recorder import ExchangeRecorder
from storage.warc.http.message import LONGEST_HEAD


class RecordedPool:
    """The handler's pool as one request sees it."""

    def __init__(self, pool: HTTPConnectionPool | None, recorder: ExchangeRecorder) -> None:
        assert pool is not None
        self.persistent = pool.persistent
        self._pool = pool
        self._recorder = recorder

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:  # noqa: N802  Twisted's name
        connected: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return connected.addCallback(_RecordedConnection, self._recorder)


class _RecordedConnection:
    """A pooled or new connection, Twisted's retrying wrapper included; it hands the recorder on with the request."""

    def __init__(self, connection: Any, recorder: ExchangeRecorder) -> None:
        self._connection = connection
        self._recorder = recorder

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        request.__class__ = _RecordedRequest
        cast(_RecordedRequest, request).recorder = self._recorder
        return cast("Deferred[IResponse]", self._connection.request(request))


class _RecordedRequest(TxRequest):
    """Twisted's request, which writes through the recorder. Its class is set on a built one, so it has no __init__."""

    recorder: ExchangeRecorder

    def writeTo(self, transport: Any) -> Deferred[None]:  # noqa: N802  Twisted's name
        return cast("Deferred[None]", super().writeTo(_Tee(transport, self.recorder)))  # type: ignore[no-untyped-call]


class _Tee:
    """A transport whose writes go to the recorder too."""

    def __init__(self, transport: Any, recorder: ExchangeRecorder) -> None:
        self._transport = transport
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._recorder.sent(data)
        self._transport.write(data)

    def writeSequence(self, parts: Iterable[bytes]) -> None:  # noqa: N802  Twisted's name
        self.write(b"".join(parts))


class _RecordedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that passes received bytes to the recorder of the current request."""

    _recorder: ExchangeRecorder | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._recorder = cast(_RecordedRequest, request).recorder
        self._recorder.rewind(self.transport)
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        if self._recorder is not None:
            self._recorder.received(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._recorder is not None and self._recorder.size > LONGEST_HEAD and self._is_in_head:
            self._recorder.is_too_long = True
            cast(Any, self.transport).abortConnection()

    @property
    def _is_in_head(self) -> bool:
        """Twisted would gather header lines in memory without end, and DOWNLOAD_MAXSIZE counts bodies alone."""
        return self._parser is not None and self._parser.state in (STATUS, HEADER)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802  Twisted's name
        if self._recorder is not None:
            self._recorder.closed(reason)
        super().connectionLost(reason)  # type: ignore[no-untyped-call]


class RecordedFactory(_LenientHTTP11ClientFactory):
    """Makes the connections of a pool."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802  Twisted's name
        return _RecordedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
