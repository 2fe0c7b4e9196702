"""A server that sends exactly the bytes it is told to, over http, https, and as a proxy for both; and crawls of it."""

import contextlib
import datetime
import ipaddress
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CRAWL = Path(__file__).with_name("crawl.py")


@dataclass(frozen=True)
class Answer:
    """What the server does for one path: bytes are sent, numbers are pauses in seconds, and then an ending.

    Endings: keep the connection, close it in good order, reset it, hang, or keep it and drop the next request.
    """

    parts: tuple[bytes | float, ...]
    ending: str = "keep"


@dataclass
class RawServer:
    """Listens on loopback; every scheme ends in the same answers. requests: the bytes that came, by path."""

    answers: dict[str, Answer]
    tls: ssl.SSLContext
    requests: dict[str, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.http, self.https = (listener.getsockname()[1] for listener in self._listeners)
        for listener, is_tls in zip(self._listeners, (False, True), strict=True):
            threading.Thread(target=self._accept, args=(listener, is_tls), daemon=True).start()

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()

    def _accept(self, listener: socket.socket, is_tls: bool) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection, is_tls), daemon=True).start()

    def _serve(self, connection: socket.socket, is_tls: bool) -> None:
        connection.settimeout(10)
        with contextlib.suppress(OSError):
            if is_tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while request := self._read(connection):
                target = request.split(b" ", 2)[1].decode()
                if request.startswith(b"CONNECT "):
                    connection.sendall(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
                    connection = self.tls.wrap_socket(connection, server_side=True)
                    continue
                path = "/" + target.partition("://")[2].partition("/")[2] if "://" in target else target
                self.requests.setdefault(path, []).append(request)
                ending = self._answer(connection, self.answers[path])
                if ending == "drop-next":
                    self._read(connection)
                if ending != "keep":
                    break
        with contextlib.suppress(OSError):
            connection.close()

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return b""
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower()[:15] == b"content-length:"), 0)
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def _answer(self, connection: socket.socket, answer: Answer) -> str:
        for part in answer.parts:
            if isinstance(part, bytes):
                connection.sendall(part)
            else:
                time.sleep(part)
        if answer.ending == "hang":
            connection.settimeout(5)
            connection.recv(1)
        elif answer.ending == "reset":
            raw = connection.detach() if isinstance(connection, ssl.SSLSocket) else connection.fileno()
            bare = socket.socket(fileno=os.dup(raw))
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            bare.close()
            if isinstance(connection, ssl.SSLSocket):
                os.close(raw)
        elif answer.ending == "close":
            if isinstance(connection, ssl.SSLSocket):
                connection.settimeout(0.5)
                connection.unwrap()
            connection.shutdown(socket.SHUT_RDWR)
        return answer.ending


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throw-away certificate for paper.example and 127.0.0.1, with its key, that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("paper.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="session")
def tls(certificate: Path) -> ssl.SSLContext:
    """A server context with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="session")
def serve(tls: ssl.SSLContext) -> Iterator[Any]:
    """serve(answers) -> RawServer."""
    servers: list[RawServer] = []

    def start(answers: dict[str, Answer]) -> RawServer:
        servers.append(RawServer(answers, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def answer() -> type[Answer]:
    return Answer


@pytest.fixture(scope="session")
def crawl() -> Any:
    """crawl(folder, requests, settings, writer) -> (outcomes by name, the closing line, standard error)."""

    def run(
        folder: Path,
        requests: list[dict[str, Any]],
        settings: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        **writer: Any,
    ) -> tuple[dict[str, Any], dict[str, Any], str]:
        order = {"folder": str(folder), "requests": requests, "settings": settings or {}, "writer": writer}
        clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        done = subprocess.run(
            [sys.executable, "-W", "error", str(CRAWL)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=60,
            env={**clean, **(environment or {})},
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert lines, done.stderr
        return {line["name"]: line for line in lines if "name" in line}, lines[-1], done.stderr

    return run
