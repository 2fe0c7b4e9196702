"""Every fault happens on the socket."""

import socket
import time
import zlib
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
import zstandard

from newsstand.coding import chunked, encode
from newsstand.faults import Fault, FaultKind

URL = "https://alanews.it/feed/"


@pytest.fixture(params=["http", "https"])
def url(request: Any) -> str:
    return URL.replace("https", request.param)


def test_too_many_requests_then_well_again(client: Any, url: str) -> None:
    client.stand.faults(Fault(FaultKind.STATUS, r"alanews\.it/feed/", status=429, retry_after=7, count=2))
    answers = [client.get(url) for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"


def test_other_paths_are_spared(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.STATUS, r"/feed/$", status=503))
    assert client.get(URL).status == 503
    assert client.get("https://alanews.it/robots.txt").status == 200
    client.stand.faults()
    assert client.get(URL).status == 200


def test_slow(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.SLOW, "/feed/", seconds=0.4))
    start = time.monotonic()
    assert client.get(URL).status == 200
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.CUT_CHUNKED])
def test_cut_off(client: Any, url: str, kind: FaultKind) -> None:
    client.stand.faults(Fault(kind, "/feed/"))
    with pytest.raises((IncompleteRead, ValueError)):
        client.get(url)


def test_reset(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.RESET, "/feed/"))
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        client.get(URL.replace("https", "http"))


def test_wrong_charset(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.WRONG_CHARSET, "", charset="utf-16"))
    answer = client.get("https://alanews.it/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-16"
    assert "<html" in answer.text


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("gzip", lambda body: zlib.decompress(body, 31)),
        ("deflate", zlib.decompress),
        ("deflate-raw", lambda body: zlib.decompress(body, -15)),
        ("br", brotli.decompress),
        ("zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
        ("identity", bytes),
    ],
)
def test_codings(client: Any, coding: str, decode: Any) -> None:
    plain = client.get(URL).body
    client.stand.faults(Fault(FaultKind.ENCODING, "/feed/", coding=coding))
    answer = client.get(URL)
    assert answer.headers.get("Content-Encoding", "identity") == coding.removesuffix("-raw")
    assert decode(answer.body) == plain == decode(encode(coding, plain))


def test_chunked_is_sound(client: Any) -> None:
    plain = client.get(URL).body
    client.stand.faults(Fault(FaultKind.CHUNKED, "/feed/"))
    answer = client.get(URL)
    assert answer.headers["Transfer-Encoding"] == "chunked" and answer.body == plain
    assert chunked(b"") == b"0\r\n\r\n"


def test_a_redirect_chain_ends_at_the_page(client: Any) -> None:
    plain = client.get(f"{URL}?paged=2").body
    client.stand.faults(Fault(FaultKind.REDIRECT_CHAIN, "/feed/", hops=4))
    url, hops = f"{URL}?paged=2", 0
    while (answer := client.get(url)).status == 302:
        url, hops = answer.headers["Location"], hops + 1
        assert hops < 10
    assert (hops, answer.status, answer.body) == (4, 200, plain)


def test_a_redirect_loop_never_ends(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.REDIRECT_LOOP, "/feed/"))
    url, seen = URL, []
    for _ in range(6):
        answer = client.get(url)
        assert answer.status == 302
        url = answer.headers["Location"]
        seen.append(url)
    assert len(set(seen)) == 2


def test_pages_that_are_none(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.EMPTY, "/feed/"))
    assert (client.get(URL).status, client.get(URL).body) == (200, b"")
    client.stand.faults(Fault(FaultKind.ACCESS_DENIED, "/feed/"))
    assert client.get(URL).status == 200 and "Access Denied" in client.get(URL).text
    client.stand.faults(Fault(FaultKind.HTML, "sitemap"))
    answer = client.get("https://alanews.it/sitemap_index.xml")
    assert answer.headers["Content-Type"].startswith("text/html") and "<html" in answer.text


def test_a_share_strikes_the_same_urls_every_time(client: Any) -> None:
    urls = [row["url"].replace("https", "http") for row in client.stand.truth("alanews")]
    client.stand.faults(Fault(FaultKind.STATUS, "", share=0.3))
    struck = [url for url in urls if client.get(url).status == 503]
    assert 15 < len(struck) < 60
    assert all(client.get(url).status == 503 for url in struck[:5])


def test_a_total_is_for_all_urls_together(client: Any) -> None:
    client.stand.faults(Fault(FaultKind.STATUS, "/feed/", total=2))
    assert [client.get(f"{URL}?paged={page}").status for page in (1, 2, 3)] == [503, 503, 200]


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
def test_what_is_no_request_is_refused(client: Any, sent: bytes) -> None:
    proxy = urlsplit(client.stand.url)
    with socket.create_connection((proxy.hostname, proxy.port), timeout=5) as connection:
        connection.sendall(sent)
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 400 ")
