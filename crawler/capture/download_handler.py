"""The wire tap: Scrapy's HTTP/1.1 download handler, with every exchange in a WARC before Scrapy sees the response.

Switch on with `DOWNLOAD_HANDLERS = {"http": TAP, "https": TAP}` and a `WarcWriter` as `crawler.warc_writer` before the
first request. robots.txt, sitemaps, redirects and retries all pass here, so all are captured.

How it hangs together, by Scrapy 2.19's private parts: each request gets a Tape; its agent sees the connection pool
through `_TapedPool`, which hands the tape to whatever connection is taken, old or new; the connection, a
`_TapedProtocol`, lets the tape hear what is sent and received. When the request has ended, well or not, and before
anybody is told, the tape becomes an Exchange and the exchange a capture: `request.meta["capture"]`, and so
`response.meta["capture"]`.

- A write that fails fails the request with WriteFailed and stops the crawl, reason "write-failed".
- An exchange without a byte of response leaves no record; signal `exchange_failed` names the reason.
- Through a proxy the record has no WARC-IP-Address, since the address seen is the proxy's; the metadata record names
  the proxy. A CONNECT is not part of the exchange; a Proxy-Authorization header is for the proxy alone and left out.
- `request.meta["discovery"]`, a mapping, goes into the metadata record, with what the tap knows itself:
  redirected-from, depth, retry, proxy, certificate-error.
"""

import gc
import logging
import re
from collections.abc import Iterable
from functools import cached_property, partial
from typing import Any, Protocol, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import Agent, HTTPConnectionPool
from twisted.web.iweb import IPolicyForHTTPS, IResponse

from crawler.capture.certificates import NotingContextFactory
from crawler.capture.exchange_recorder import Tape
from crawler.capture.network_errors import reason_of
from crawler.capture.signals import asked_to_wait, exchange_captured, exchange_failed
from crawler.capture.write_queue import Writing
from storage.exceptions import WriteFailed
from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.spool import MEMORY_LIMIT
from storage.warc.write.writer import CaptureToWrite, WarcWriter

TAP = "crawler.capture.download_handler.TappedDownloadHandler"
"""The value of both schemes in DOWNLOAD_HANDLERS."""

UNCHANGED = "unchanged"
"""Where a request's meta has the Capture that its conditional headers name: see fetching/conditional_middleware."""

#: The beginning of an answer with which a server may ask to wait (RFC 9110 10.2.3, RFC 6585 4).
ASKS_TO_WAIT = re.compile(rb"HTTP/1\.[01] (429|503)\b")

logger = logging.getLogger(__name__)


class HasWriter(Protocol):
    """A crawler that was given a writer."""

    warc_writer: WarcWriter


class TappedDownloadHandler(HTTP11DownloadHandler):
    """Downloads like Scrapy's own handler; see the module.

    Setting CAPTURE_SPOOL_BYTES: bytes of a response that the tap keeps in memory before it goes on in a temporary
    file, 8 MiB by default.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _TapedFactory
        # Twisted would send a request again by itself, at once: how often and when is politeness' to say.
        self._pool.retryAutomatically = False
        self._certificates = build_from_crawler(NotingContextFactory, crawler)
        self._contextFactory: IPolicyForHTTPS = cast(IPolicyForHTTPS, self._certificates)
        self._spool_limit = crawler.settings.getint("CAPTURE_SPOOL_BYTES", MEMORY_LIMIT)
        self._stopping = False
        gc.freeze()  # all that is loaded by now stays: to look through it for garbage costs a tenth of a crawl

    async def download_request(self, request: Request) -> Response:
        """Fetch, capture, and only then return or raise. A capture of an earlier try is forgotten."""
        request.meta.pop("capture", None)
        tape = Tape(request, self._spool_limit, self._certificates.errors, partial(self._begins, request))
        try:
            with wrap_twisted_exceptions():
                download = self._agent(tape).download_request(request)
                download.addBoth(self._keep, tape, request)
                return await maybe_deferred_to_future(download)
        except ResponseDataLossError as loss:
            loss.add_note(f"{request.url} was cut off; what came of it is captured")
            raise

    @cached_property
    def _writing(self) -> Writing:
        return Writing(cast(HasWriter, self._crawler).warc_writer)

    def _agent(self, tape: Tape) -> _ScrapyAgent:
        return _TapedAgent(
            tape,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )

    def _begins(self, request: Request, answer: bytes) -> None:
        if ASKS_TO_WAIT.match(answer):
            self._tell(asked_to_wait, request=request)

    def _keep(self, result: Response | Failure, tape: Tape, request: Request) -> Response | Failure | Deferred[Any]:
        """The last step of a download, whatever it brought: what came over the wire goes to the WARC."""
        tape.stop()
        if tape.size:
            written = self._writing.write(tape.size, partial(_given, tape, result, request))
            return written.addCallbacks(self._captured, self._not_captured, (result, request))
        if isinstance(result, Failure):
            self._tell(exchange_failed, reason=reason_of(result), request=request, failure=result)
        return result

    def _captured(
        self, written: tuple[CaptureRef, Exchange], result: Response | Failure, request: Request
    ) -> Response | Failure:
        ref, exchange = written
        request.meta["capture"] = ref
        self._tell(exchange_captured, ref=ref, exchange=exchange, request=request)
        return result

    def _not_captured(self, failure: Failure) -> Failure:
        if isinstance(failure.value, WriteFailed):
            self._stop_crawl(failure.value)
        return failure

    def _tell(self, signal: object, **what: Any) -> None:
        self._crawler.signals.send_catch_log(signal, **what)

    def _stop_crawl(self, error: WriteFailed) -> None:
        if not self._stopping and self._crawler.engine is not None:
            self._stopping = True
            logger.error("The crawl stops, since a capture cannot be kept: %s", error)
            deferred_from_coro(self._crawler.engine.close_spider_async(reason="write-failed"))


def _given(tape: Tape, result: Response | Failure, request: Request) -> CaptureToWrite:
    """What is to be written; in any thread, as nobody else has the request in hand meanwhile."""
    exchange = tape.exchange(result)
    return exchange, _metadata(exchange, request), request.meta.get(UNCHANGED)


def _metadata(exchange: Exchange, request: Request) -> dict[str, object]:
    """How a capture came about: what discovery said, then what the tap knows. Empty where nothing is to be said."""
    redirects = request.meta.get("redirect_urls")
    own = {
        "redirected-from": redirects[-1] if redirects else None,
        "depth": request.meta.get("depth"),
        "retry": request.meta.get("retry_times"),
        "proxy": exchange.proxy,
        "certificate-error": exchange.certificate_error,
    }
    known = {name: value for name, value in own.items() if value is not None}
    return {**request.meta.get("discovery", {}), **known}


class _TapedAgent(_ScrapyAgent):
    """One request's agent, whose connections all hear the request's tape."""

    def __init__(self, tape: Tape, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._tape = tape

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        agent._pool = cast(HTTPConnectionPool, _TapedPool(self._pool, self._tape))
        return agent


class _TapedPool:
    """The handler's pool as one request sees it."""

    def __init__(self, pool: HTTPConnectionPool | None, tape: Tape) -> None:
        assert pool is not None
        self.persistent = pool.persistent
        self._pool = pool
        self._tape = tape

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:  # noqa: N802  Twisted's name
        connected: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return connected.addCallback(_TapedConnection, self._tape)


class _TapedConnection:
    """A pooled or new connection, Twisted's retrying wrapper included, that passes the tape on with the request."""

    def __init__(self, connection: Any, tape: Tape) -> None:
        self._connection = connection
        self._tape = tape

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        request.__class__ = _TapedRequest
        cast(_TapedRequest, request).tape = self._tape
        return cast("Deferred[IResponse]", self._connection.request(request))


class _TapedRequest(TxRequest):
    """Twisted's request, which writes through the tape. Its class is set on a built one, so it has no __init__."""

    tape: Tape

    def writeTo(self, transport: Any) -> Deferred[None]:  # noqa: N802  Twisted's name
        return cast("Deferred[None]", super().writeTo(_Tee(transport, self.tape)))  # type: ignore[no-untyped-call]


class _Tee:
    """A transport whose writes the tape hears."""

    def __init__(self, transport: Any, tape: Tape) -> None:
        self._transport = transport
        self._tape = tape

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._tape.sent(data)
        self._transport.write(data)

    def writeSequence(self, parts: Iterable[bytes]) -> None:  # noqa: N802  Twisted's name
        self.write(b"".join(parts))


class _TapedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that lets the tape of the request at hand hear what comes in."""

    _tape: Tape | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._tape = cast(_TapedRequest, request).tape
        self._tape.rewind(self.transport)
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        if self._tape is not None:
            self._tape.received(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802  Twisted's name
        if self._tape is not None:
            self._tape.closed(reason)
        super().connectionLost(reason)  # type: ignore[no-untyped-call]


class _TapedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802  Twisted's name
        return _TapedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
