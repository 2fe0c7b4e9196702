"""Newsstands in child processes, and a client that reaches the sites through them."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

import pytest

from newsstand.stand import Newsstand


@dataclass
class Answer:
    """A response that has been read."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Client:
    """Fetches one URL at a time through the proxy, trusting only the newsstand's authority; follows nothing."""

    stand: Newsstand

    def get(self, url: str, **headers: str) -> Answer:
        response, connection = self.open(url, **headers)
        try:
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def open(self, url: str, **headers: str) -> tuple[HTTPResponse, HTTPConnection]:
        where, proxy = urlsplit(url), urlsplit(self.stand.url)
        assert proxy.hostname and where.hostname
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection: HTTPConnection
        if where.scheme == "https":
            context = ssl.create_default_context(cafile=str(self.stand.ca))
            connection = HTTPSConnection(proxy.hostname, proxy.port, context=context, timeout=10)
            connection.set_tunnel(where.hostname)
            connection.request("GET", where._replace(scheme="", netloc="").geturl() or "/", headers=named)
        else:
            connection = HTTPConnection(proxy.hostname, proxy.port or 80, timeout=10)
            connection.request("GET", url, headers=named)
        return connection.getresponse(), connection


@pytest.fixture(scope="session")
def stand() -> Iterator[Newsstand]:
    with Newsstand(articles=120, seed=11) as running:
        yield running


@pytest.fixture
def client(stand: Newsstand) -> Iterator[Client]:
    """The shared newsstand in its first edition, without faults; put back after the test."""
    yield Client(stand)
    stand.faults()
    stand.clock(0)
