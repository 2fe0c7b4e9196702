"""The forward proxy: absolute-form requests and CONNECT tunnels for our hosts, 403 for all others.

Origin-form requests to its own port go to the control interface.
"""

import asyncio
import contextlib
from collections import deque
from typing import Any

from newsstand.control import Control
from newsstand.delivery import Delivery, deliver, now, redirected
from newsstand.faults import Faults
from newsstand.message import BadRequest, Request, Response, head, read_request
from newsstand.newsroom import Newsroom
from newsstand.tls import Authority

_LOGGED_HEADERS = ("user-agent", "accept-encoding", "if-none-match", "if-modified-since", "referer", "range")
_LOG_SIZE = 20_000


class Proxy:
    """The newsstand's server. `serve` binds a loopback port; `faults` and `newsroom` may change while it runs."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.faults = Faults(newsroom.seed)
        self.authority = Authority()
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOG_SIZE)
        self.control = Control(self.newsroom, self.faults, self.authority, self.log)
        self._logged = 0
        self._connections: set[asyncio.Task[None]] = set()

    async def serve(self, port: int) -> asyncio.Server:
        """Listens on 127.0.0.1; port 0 lets the system choose. Raises OSError where the port is taken."""
        return await asyncio.start_server(self._connected, "127.0.0.1", port, backlog=512)

    async def close(self) -> None:
        """Ends the open connections."""
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(reader, writer, None)
        except (ConnectionError, asyncio.IncompleteReadError, OSError):
            pass  # the client has disconnected
        finally:
            self._connections.discard(task)
            with contextlib.suppress(ConnectionError, OSError):
                writer.close()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tunnel_host: str | None
    ) -> None:
        while True:
            try:
                request = await read_request(reader, tunnel_host)
            except BadRequest as error:
                writer.write(_plain(400, f"{error}\n", close=True))
                return
            if request is None:
                return
            if request.method == "CONNECT" and tunnel_host is None:
                await self._tunnel(request, writer)
                return
            delivery = self._delivery(request)
            if delivery.delay:
                await asyncio.sleep(delivery.delay)
            if delivery.reset:
                writer.transport.abort()
                return
            writer.write(delivery.raw)
            await writer.drain()
            if delivery.close:
                return

    async def _tunnel(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.host not in self.newsroom.by_host:
            self._note(request, 403, [])
            writer.write(_plain(403, self._refusal(request.host), close=True))
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        loop = asyncio.get_running_loop()
        inner = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(inner, loop=loop)
        context = self.authority.context(request.host)
        transport = await loop.start_tls(writer.transport, protocol, context, server_side=True)
        if transport is None:
            return
        protocol.connection_made(transport)
        secured = asyncio.StreamWriter(transport, protocol, inner, loop)
        try:
            await self._converse(inner, secured, request.host)
        finally:
            secured.close()

    def _delivery(self, request: Request) -> Delivery:
        if not request.host:
            return deliver(request, self.control.respond(request), [])
        if request.host not in self.newsroom.by_host:
            self._note(request, 403, [])
            return Delivery(403, _plain(403, self._refusal(request.host), close=not request.keeps_alive))
        faults = self.faults.strikes(request)
        response = redirected(request, faults) or self.newsroom.respond(request)
        delivery = deliver(request, response, faults)
        self._note(request, delivery.status, delivery.faults)
        return delivery

    def _refusal(self, host: str) -> str:
        known = ", ".join(sorted(self.newsroom.by_host))
        return f"The newsstand answers for {known} only, not for {host}. It never goes to the internet.\n"

    def _note(self, request: Request, status: int, faults: list[str]) -> None:
        self._logged += 1
        shown = {name: request.headers[name] for name in _LOGGED_HEADERS if name in request.headers}
        self.log.append(
            {
                "number": self._logged,
                "time": now(),
                "method": request.method,
                "scheme": request.scheme,
                "host": request.host,
                "target": request.target,
                "status": status,
                "faults": faults,
                "headers": shown,
            }
        )


def _plain(status: int, text: str, *, close: bool) -> bytes:
    body = Response.of_text(text).body
    connection = "close" if close else "keep-alive"
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return head(status, [*headers, ("Connection", connection)]) + body


async def run(proxy: Proxy, port: int, started: "asyncio.Future[int]", stop: asyncio.Event) -> None:
    """Serves until `stop` is set; `started` gets the port."""
    server = await proxy.serve(port)
    started.set_result(server.sockets[0].getsockname()[1])
    try:
        await stop.wait()
    finally:
        server.close()
        await proxy.close()
