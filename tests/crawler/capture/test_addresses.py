"""Names that resolve into the crawler's own network are not connected to."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from crawler.capture.addresses import is_public, named_networks
from storage.warc.read.reader import read_records

PRIVATE = [
    "0.0.0.0", "10.1.1.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "192.168.1.1",
    "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:8.8.8.8", "::ffff:127.0.0.1", "2002:7f00:1::", "2001:db8::1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", [*PRIVATE, *PUBLIC])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address)) == (address in PUBLIC)


def test_networks_of_a_site() -> None:
    networks = named_networks(["10.0.0.0/8", ""], ["paper.example", "192.168.1.7", "[::1]", "localhost"])
    named = [*map(str, networks)]
    assert named == ["10.0.0.0/8", "192.168.1.7/32", "::1/128", "127.0.0.0/8", "::1/128"]


def test_a_private_address_is_not_connected_to(serve: Any, answer: Any, crawl: Any, tmp_path: Path) -> None:
    """Whether the URL has the address, or a name that resolves to it."""
    ok = answer((b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",))
    server = serve({"/": ok})
    urls = [
        f"http://127.0.0.1:{server.http}/",
        f"http://localhost:{server.http}/",
        f"https://localhost:{server.https}/",
    ]
    requests = [{"name": url, "url": url} for url in urls]
    outcomes, end, _ = crawl(tmp_path, requests, {"EMEROTECA_NETWORKS": ""})
    assert {line["failure"] for line in outcomes.values()} == {"RequestSkipped"}
    assert not server.requests
    assert not end["captured"]
    outcomes, _, _ = crawl(tmp_path, requests, {"EMEROTECA_NETWORKS": "127.0.0.1"})
    assert [line["status"] for line in outcomes.values()] == [200, 200, 200]


def test_the_address_of_a_proxy_is_the_users_choice(serve: Any, answer: Any, crawl: Any, tmp_path: Path) -> None:
    ok = answer((b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",))
    server = serve({"/": ok})
    proxy = f"http://127.0.0.1:{server.http}"
    urls = ["http://paper.example/", "https://paper.example/"]
    requests = [{"name": url, "url": url, "meta": {"proxy": proxy}} for url in urls]
    outcomes, _, _ = crawl(tmp_path, requests, {"EMEROTECA_NETWORKS": ""})
    assert [line["status"] for line in outcomes.values()] == [200, 200]


STUB = {"TWISTED_DNS_RESOLVER": "stub_resolver.StubResolver", "EMEROTECA_NETWORKS": "127.0.0.1"}


@pytest.fixture
def two_servers(serve: Any, answer: Any) -> Iterator[tuple[Any, list[bytes]]]:
    """A server at 127.0.0.1 that the crawl may ask, and one at 127.0.0.2, same port, that it may not: what that one
    got."""
    page = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://inside.example:%d/\r\nContent-Length: 0\r\n\r\n"
    server = serve({"/": answer((page,), "close")})
    server.answers["/moved"] = answer((moved % server.http,), "close")
    got: list[bytes] = []
    inside = socket.create_server(("127.0.0.2", server.http))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = inside.accept()
                got.append(connection.recv(65536))
                connection.close()

    threading.Thread(target=accept, daemon=True).start()
    yield server, got
    inside.close()


def test_names_of_private_addresses_are_not_connected_to(
    two_servers: tuple[Any, list[bytes]], crawl: Any, tmp_path: Path
) -> None:
    """Nor where another of its addresses may be asked: then that one is."""
    server, got = two_servers
    addresses = [*{*PRIVATE, "127.0.0.2", "::ffff:127.0.0.2", "fe80::1%lo"} - {"127.0.0.1"}]
    names = {f"inside{number}.example": [[address]] for number, address in enumerate(addresses)}
    names |= {f"outside{number}.example": [[address, "127.0.0.1"]] for number, address in enumerate(addresses)}
    requests = [{"name": name, "url": f"http://{name}:{server.http}/"} for name in names]
    outcomes, end, _ = crawl(tmp_path, requests, {**STUB, "TEST_NAMES": names})
    for name, line in outcomes.items():
        assert line.get("failure", line.get("status")) == ("RequestSkipped" if "inside" in name else 200), names[name]
    assert got == []
    assert len(end["captured"]) == len(addresses)


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    two_servers: tuple[Any, list[bytes]], crawl: Any, tmp_path: Path
) -> None:
    """A name whose address changes between two questions: each connection asks once, and takes what it was told."""
    server, got = two_servers
    names = {"turns.example": [["127.0.0.1"], ["127.0.0.2"]]}
    requests = [{"name": str(number), "url": f"http://turns.example:{server.http}/"} for number in range(3)]
    settings = {**STUB, "TEST_NAMES": names, "CONCURRENT_REQUESTS": 1}
    outcomes, _, errors = crawl(tmp_path, requests, settings)
    assert sorted(str(line.get("status", line.get("failure"))) for line in outcomes.values()) == [
        "200",
        "RequestSkipped",
        "RequestSkipped",
    ]
    assert errors.count("resolved turns.example") == 3
    assert got == []
    [record] = [one for one in read_records(tmp_path) if one.record_type == "response"]
    assert record.header("WARC-IP-Address") == "127.0.0.1"


def test_a_redirect_into_the_network_is_not_followed(
    two_servers: tuple[Any, list[bytes]], crawl: Any, tmp_path: Path
) -> None:
    server, got = two_servers
    names = {"outside.example": [["127.0.0.1"]], "inside.example": [["127.0.0.2"]]}
    requests = [{"name": "moved", "url": f"http://outside.example:{server.http}/moved"}]
    outcomes, end, _ = crawl(tmp_path, requests, {**STUB, "TEST_NAMES": names, "REDIRECT_ENABLED": True})
    assert outcomes["moved"]["failure"] == "RequestSkipped"
    assert got == []
    assert len(end["captured"]) == 1


@pytest.mark.parametrize(
    "host",
    ["2130706433", "017700000001", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "0", "0.0.0.0", "[::1]", "[::]",
     "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost.", "LOCALHOST", "1２7.0.0.1"],
)  # fmt: skip
def test_other_spellings_of_loopback(serve: Any, answer: Any, crawl: Any, tmp_path: Path, host: str) -> None:
    server = serve({"/": answer((b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",))})
    requests = [{"name": host, "url": f"http://{host}:{server.http}/"}]
    outcomes, end, _ = crawl(tmp_path, requests, {"EMEROTECA_NETWORKS": ""})
    assert "failure" in outcomes[host]
    assert server.requests == {}
    assert end["captured"] == []
