"""Names that resolve into the crawler's own network are not connected to."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from crawler.capture.addresses import is_public, named_networks

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
