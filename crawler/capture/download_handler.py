"""Scrapy's HTTP/1.1 download handler, which writes every exchange to a WARC before Scrapy sees the response.

Switched on with `DOWNLOAD_HANDLERS = {"http": DOWNLOAD_HANDLER, "https": DOWNLOAD_HANDLER}` and an extension that is a
`crawler.capture.session.CaptureSession` and has a `WarcWriter` before the first request. robots.txt, sitemaps,
redirects and retries all pass here, so all are captured.

The mechanism, by Scrapy 2.19's private parts: each request gets an ExchangeRecorder, and its agent a connection that
passes what is sent and received to it (crawler/capture/recorded_connection.py). When the request has ended, well or
not, and before its callbacks run, the recording becomes an Exchange and the exchange a capture:
`request.meta["capture"]`, and so `response.meta["capture"]`.

- A write that fails fails the request with WriteFailed and stops the crawl, reason "write-failed".
- An exchange without a byte of response leaves no record; signal `exchange_failed` names the reason.
- An answer that takes longer than DOWNLOAD_TIMEOUT, or comes too slowly (crawler/capture/answer_rate.py), fails with
  DownloadTimeoutError; what came of it is a capture, truncated by time. It is retried once.
- Through a proxy the record has no WARC-IP-Address, since the address seen is the proxy's; the metadata record names
  the proxy. A CONNECT is not part of the exchange; a Proxy-Authorization header is for the proxy alone and left out.
- `request.meta["discovery"]`, a mapping, goes into the metadata record, with what the handler itself knows:
  redirected-from, depth, retry, proxy, certificate-error.
"""

import gc
import logging
import re
from functools import cached_property, partial
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure
from twisted.web.client import Agent, HTTPConnectionPool
from twisted.web.iweb import IPolicyForHTTPS

from crawler.capture.addresses import AddressCheck, Network, named_networks
from crawler.capture.answer_rate import AnswerRate, RateFloor
from crawler.capture.certificates import RecordingContextFactory
from crawler.capture.exchange_recorder import ExchangeRecorder
from crawler.capture.network_errors import reason_of
from crawler.capture.recorded_connection import RecordedFactory, RecordedPool
from crawler.capture.session import session_of
from crawler.capture.signals import exchange_captured, exchange_failed, throttled
from crawler.capture.write_queue import WriteQueue
from crawler.exceptions import RequestSkipped
from storage.exceptions import WriteFailed
from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.spool import MEMORY_LIMIT
from storage.warc.write.writer import CaptureToWrite

DOWNLOAD_HANDLER = "crawler.capture.download_handler.CapturingDownloadHandler"
"""The value of both schemes in DOWNLOAD_HANDLERS."""

UNCHANGED = "unchanged"
"""Where a request's meta has the Capture that its conditional headers name: see fetching/conditional_middleware."""

NOT_CAPTURED = "not_captured"
"""Key of a request's meta: the spider keeps what it needs of the answer, such as a record of another WARC file."""

#: The beginning of a response with which a server asks for fewer requests (RFC 9110 10.2.3, RFC 6585 4).
THROTTLED = re.compile(rb"HTTP/1\.[01] (429|503)\b")

#: How often an answer that came in part, and too slowly, is requested again.
SLOW_RETRIES = 1

logger = logging.getLogger(__name__)


class CapturingDownloadHandler(HTTP11DownloadHandler):
    """Downloads like Scrapy's own handler; see the module.

    Setting CAPTURE_SPOOL_BYTES: bytes of a response that are recorded in memory before the rest goes to a temporary
    file, 8 MiB by default.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = RecordedFactory
        # Twisted would send a request again by itself, at once: the downloader decides how often and when.
        self._pool.retryAutomatically = False
        self._certificates = build_from_crawler(RecordingContextFactory, crawler)
        self._contextFactory: IPolicyForHTTPS = cast(IPolicyForHTTPS, self._certificates)
        self._spool_limit = crawler.settings.getint("CAPTURE_SPOOL_BYTES", MEMORY_LIMIT)
        self._rate_floor = RateFloor.of(crawler.settings)
        self._stopping = False
        gc.freeze()  # all that is loaded by now stays: to look through it for garbage costs a tenth of a crawl

    async def download_request(self, request: Request) -> Response:
        """Fetch, capture, and only then return or raise. A capture of an earlier try is forgotten."""
        request.meta.pop("capture", None)
        if session_of(self._crawler) is None or request.meta.get(NOT_CAPTURED):
            return await self._plain.download_request(request)
        recorder = ExchangeRecorder(
            request, self._spool_limit, self._certificates.errors, partial(self._response_begins, request)
        )
        try:
            with wrap_twisted_exceptions():
                agent = self._agent(recorder)
                download = agent.download_request(request)
                download.addErrback(agent.failed, request)
                download.addBoth(self._capture, recorder, request)
                return await maybe_deferred_to_future(download)
        except ResponseDataLossError as loss:
            loss.add_note(f"{request.url} was cut off; what came of it is captured")
            raise

    @cached_property
    def _write_queue(self) -> WriteQueue:
        session = session_of(self._crawler)
        assert session is not None
        return WriteQueue(session.writer)

    @cached_property
    def _plain(self) -> HTTP11DownloadHandler:
        """Scrapy's own handler, for spiders without a session."""
        return HTTP11DownloadHandler(self._crawler)

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        """Those that the setting EMEROTECA_NETWORKS or the site's definition allows."""
        site = getattr(self._crawler.spider, "site", None)
        networks = self._crawler.settings.getlist("EMEROTECA_NETWORKS")
        return named_networks([*networks, *(site.networks if site else ())], site.hosts if site else ())

    def _agent(self, recorder: ExchangeRecorder) -> "_RecordedAgent":
        return _RecordedAgent(
            recorder,
            self._networks,
            self._rate_floor,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )

    def _response_begins(self, request: Request, beginning: bytes) -> None:
        if THROTTLED.match(beginning):
            self._send(throttled, request=request)

    def _capture(
        self, result: Response | Failure, recorder: ExchangeRecorder, request: Request
    ) -> Response | Failure | Deferred[Any]:
        """The last step of a download, successful or not: the recorded exchange goes to the WARC."""
        recorder.stop()
        if recorder.size:
            written = self._write_queue.write(recorder.size, partial(self._to_write, recorder, result, request))
            return written.addCallbacks(self._captured, self._not_captured, (result, request))
        if isinstance(result, Failure):
            self._send(exchange_failed, reason=reason_of(result), request=request, failure=result)
        return result

    def _to_write(self, recorder: ExchangeRecorder, result: Response | Failure, request: Request) -> CaptureToWrite:
        """The arguments of `WarcWriter.write`; in any thread, as nothing else uses the request meanwhile. Raises
        RequestSkipped for an answer that the crawl respects by not keeping it.
        """
        exchange = recorder.exchange(result)
        session = session_of(self._crawler)
        if session is not None and (reservation := session.reserved(exchange)) is not None:
            raise RequestSkipped(reservation, f"{request.url} says {reservation}, which this crawl respects")
        return exchange, _metadata(exchange, request), request.meta.get(UNCHANGED)

    def _captured(
        self, written: tuple[CaptureRef, Exchange], result: Response | Failure, request: Request
    ) -> Response | Failure:
        ref, exchange = written
        request.meta["capture"] = ref
        self._send(exchange_captured, ref=ref, exchange=exchange, request=request)
        return result

    def _not_captured(self, failure: Failure) -> Failure:
        if isinstance(failure.value, WriteFailed):
            self._stop_crawl(failure.value)
        return failure

    def _send(self, signal: object, **arguments: Any) -> None:
        self._crawler.signals.send_catch_log(signal, **arguments)

    def _stop_crawl(self, error: WriteFailed) -> None:
        if not self._stopping and self._crawler.engine is not None:
            self._stopping = True
            logger.error("The crawl stops, since a capture cannot be kept: %s", error)
            deferred_from_coro(self._crawler.engine.close_spider_async(reason="write-failed"))


def _metadata(exchange: Exchange, request: Request) -> dict[str, object]:
    """The fields of the metadata record: those of discovery, then those of the download handler. May be empty."""
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


class _RecordedAgent(_ScrapyAgent):
    """One request's agent, whose connections all pass their bytes to the request's recorder. Without a proxy, which is
    the user's own choice, it connects to public addresses only, and those in `networks`."""

    def __init__(
        self, recorder: ExchangeRecorder, networks: tuple[Network, ...], floor: RateFloor, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._recorder = recorder
        self._networks = networks
        self._check: AddressCheck | None = None
        self._rate = AnswerRate(floor, lambda: recorder.size)

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        agent._pool = cast(HTTPConnectionPool, RecordedPool(self._pool, self._recorder))
        if not request.meta.get("proxy"):
            self._check = AddressCheck(agent._reactor, self._networks)
            agent._endpointFactory._reactor = self._check
        return agent

    def download_request(self, request: Request) -> Deferred[Response]:
        download = super().download_request(request)
        self._rate.watch(
            lambda: cast(Any, self._timeout_cl).reset(0)
        )  # too slow an answer ends as one that takes too long
        return download

    def _cb_timeout(self, result: Any, request: Request, url: str, timeout: float) -> Any:
        self._rate.stop()
        try:
            return super()._cb_timeout(result, request, url, timeout)
        except DownloadTimeoutError:
            if self._rate.too_slow:
                raise DownloadTimeoutError(f"{url} came too slowly: {self._rate}") from None
            raise

    def failed(self, failure: Failure, request: Request) -> Failure:
        """The failure; where a name has no address that may be connected to, RequestSkipped. A slow answer is
        requested again less often than others that fail."""
        if isinstance(failure.value, DNSLookupError) and self._check is not None and self._check.refused:
            raise RequestSkipped(
                "private-address",
                f"{request.url} is at {', '.join(self._check.refused)}, no public address: where that is meant, name "
                "the network in the site's `networks` or in EMEROTECA_NETWORKS",
            )
        if isinstance(failure.value, DownloadTimeoutError) and self._recorder.size:
            request.meta["max_retry_times"] = min(request.meta.get("max_retry_times", SLOW_RETRIES), SLOW_RETRIES)
        return failure
