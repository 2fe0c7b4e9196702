"""A newsstand, and the command line as a user calls it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from newsstand.stand import Newsstand
from newsstand.tls import Authority
from tests.command_server import CommandServer

CONTACT = "tests@emeroteca.example"
#: Signs the certificates of hosts that are served over TLS; nobody trusts it, which a crawl records.
AUTHORITY = Authority()


Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def stand() -> Iterator[Newsstand]:
    """A newsstand of forty articles a site."""
    with Newsstand(articles=40, seed=11) as newsstand:
        yield newsstand


@pytest.fixture(scope="session")
def command_server() -> Iterator[CommandServer]:
    with CommandServer() as server:
        yield server


@pytest.fixture
def emeroteca(tmp_path: Path, command_server: CommandServer) -> Emeroteca:
    """The command line; its home is a folder of the test's."""

    def run(
        *words: str, home: Path | None = None, env: Mapping[str, str] | None = None, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
        environment = {**clean, "EMEROTECA_CONTACT": CONTACT, "PYTHONWARNINGS": "default", **(env or {})}
        words = ("--home", str(home or tmp_path / "archive"), *words)
        text = stdin.decode() if stdin is not None else None
        if command_server.can_run(environment):
            return command_server.run(words, environment, text, timeout=300)
        return subprocess.run(
            [sys.executable, "-m", "crawler.cli", *words],
            env=environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


#: What a server gives for a URL: an HTML page, or status, headers and body.
Answer = str | tuple[int, Mapping[str, str], bytes]
#: The variables with which a client meets a server of these answers, and the URLs that it was asked for.
Serve = Callable[[Mapping[str, Answer]], tuple[dict[str, str], list[str]]]


class _Answers(BaseHTTPRequestHandler):
    """A web server behind a proxy: request lines carry whole URLs, or follow a CONNECT to a host and TLS. All other
    URLs are 404."""

    answers: Mapping[str, Answer]
    asked: list[str]
    origin = ""

    def do_CONNECT(self) -> None:
        host = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        self.connection = AUTHORITY.context(host).wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)  # type: ignore[assignment]
        self.origin = f"https://{host}"
        self.handle_one_request()
        self.connection.close()

    def do_GET(self) -> None:
        url = f"{self.origin}{self.path}"
        self.asked.append(url)
        answer = self.answers.get(url, (404, {}, b"<h1>404</h1>"))
        status, headers, body = (200, {}, answer.encode()) if isinstance(answer, str) else answer
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")  # else the client would keep a connection that this server closes
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves answers by absolute URLs, http or https, whatever their hosts."""
    servers: list[ThreadingHTTPServer] = []

    def begin(answers: Mapping[str, Answer]) -> tuple[dict[str, str], list[str]]:
        asked: list[str] = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Hosts", (_Answers,), {"answers": answers, "asked": asked}))
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        proxy = f"http://127.0.0.1:{server.server_port}"
        return {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}, asked

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def begun(stand: Newsstand, tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    """Begins a crawl of alanews into the test's home, in a group of its own; it has asked for some articles and has not
    ended."""

    def begin() -> subprocess.Popen[str]:
        stand.clock(0)
        seen, words = len(stand.log()) + 1, ("crawl", "alanews", "--delay", "0.1")
        crawl = subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), *words],
            env={**os.environ, **stand.environment, "EMEROTECA_CONTACT": CONTACT},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        end = monotonic() + 60
        while len(stand.log(seen)) <= 15:
            assert monotonic() < end
            sleep(0.05)
        return crawl

    return begin
