"""Serves the reading room with uvicorn until it is stopped."""

import socket
from collections.abc import Callable
from typing import Final

import uvicorn

from reading_room.application import create_application
from reading_room.guards import is_loopback
from reading_room.library import Library
from storage.collection import Collection
from storage.corpus.db.database import open_read_only
from storage.exceptions import CommandError, InvalidArgument

#: Seconds after which a question to the database is ended.
QUERY_SECONDS: Final = 10.0
#: Open connections, and bytes of the head of a request.
_CONNECTIONS: Final = 64
_HEAD: Final = 16 * 1024


def serve(
    collection: Collection,
    host: str,
    port: int,
    token: str | None,
    started: Callable[[str], None],
    *,
    replay: str | None = None,
) -> None:
    """Serve a collection at host and port (0: any free one) until SIGINT or SIGTERM. started: called with the URL once
    connections are accepted. replay: beginning of the addresses where captures are replayed.

    token: required for any address but loopback. Raises InvalidArgument without it, CommandError where the port cannot
    be had, CorpusError.
    """
    if token is None and not is_loopback(host):
        raise InvalidArgument(f"{host} can be reached by others: say --token SECRET, or serve on 127.0.0.1")
    with open_read_only(collection.database_url, seconds=QUERY_SECONDS) as database, _listening(host, port) as listener:
        application = create_application(Library(collection, database, replay=replay), token)
        started(_url(host, listener.getsockname()[1]))
        config = uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            h11_max_incomplete_event_size=_HEAD,
            http="h11",
            ws="none",
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    name = host.strip("[]")
    try:
        listener = socket.create_server((name, port), family=socket.AF_INET6 if ":" in name else socket.AF_INET)
        # asyncio sets it for other sockets only; without it a body waits 40 ms for the acknowledgement of its head
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise CommandError(
            f"{host}:{port} cannot be had ({error.strerror}): choose another --port or --host"
        ) from error


def _url(host: str, port: int) -> str:
    name = host.strip("[]")
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
