"""The proxy over real sockets, http and https; the control interface; the command line."""

import json
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPSHandler, ProxyHandler, build_opener, urlopen

import pytest

from newsstand.stand import Newsstand


def test_urllib_reaches_both_sites_with_the_authority(stand: Newsstand) -> None:
    context = ssl.create_default_context(cafile=str(stand.ca))
    proxies = {"http": stand.url, "https": stand.url}
    opener = build_opener(ProxyHandler(proxies), HTTPSHandler(context=context))
    for url in ("https://it.sputniknews.com/robots.txt", "http://alanews.it/robots.txt", "https://www.alanews.it/"):
        with opener.open(url, timeout=10) as answer:
            assert answer.status == 200
    with pytest.raises(URLError, match="403"):
        opener.open("https://example.org/", timeout=10)


def test_other_hosts_are_refused_in_clear_words(client: Any) -> None:
    answer = client.get("http://example.org/news")
    assert answer.status == 403
    assert "alanews.it" in answer.text and "example.org" in answer.text


def test_the_authority_is_needed(stand: Newsstand) -> None:
    strict = ssl.create_default_context()
    opener = build_opener(ProxyHandler({"https": stand.url}), HTTPSHandler(context=strict))
    with pytest.raises(URLError, match="certificate"):
        opener.open("https://alanews.it/robots.txt", timeout=10)


def test_a_connection_is_kept(client: Any) -> None:
    response, connection = client.open("https://alanews.it/robots.txt")
    response.read()
    for _ in range(3):
        connection.request("GET", "/feed/")
        again = connection.getresponse()
        assert again.status == 200 and again.read()
    connection.close()


def test_gzip_is_negotiated(client: Any) -> None:
    assert "Content-Encoding" not in client.get("https://alanews.it/").headers
    packed = client.get("https://alanews.it/", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip" and packed.body[:2] == b"\x1f\x8b"


@pytest.mark.parametrize("site", ["sputniknews", "alanews"])
def test_conditional_requests(client: Any, site: str) -> None:
    url = client.stand.truth(site)[5]["url"]
    answer = client.get(url)
    for header in ({"If_None_Match": answer.headers["ETag"]}, {"If_Modified_Since": answer.headers["Last-Modified"]}):
        again = client.get(url, **header)
        assert (again.status, again.body) == (304, b"")
    assert client.get(url, If_None_Match='"other"').status == 200


def test_an_edited_article_is_modified(client: Any) -> None:
    before = {row["url"]: row for row in client.stand.truth("alanews")}
    tags = {url: client.get(url).headers["ETag"] for url in list(before)[:30]}
    client.stand.clock(1)
    after = {row["url"]: row for row in client.stand.truth("alanews")}
    for url, tag in tags.items():
        if url in after:
            same = before[url] == after[url]
            assert client.get(url, If_None_Match=tag).status == (304 if same else 200)


def test_two_processes_agree(stand: Newsstand, client: Any) -> None:
    with Newsstand(articles=120, seed=11) as other:
        for site in ("sputniknews", "alanews"):
            truth = stand.truth(site)
            assert truth == other.truth(site)
            for row in truth[::40]:
                assert client.get(row["url"]).body == type(client)(other).get(row["url"]).body


def test_the_log_tells_what_was_asked(client: Any) -> None:
    since = len(client.stand.log())
    client.get("https://alanews.it/robots.txt?x=1", User_Agent="probe/1 (me@example.org)")
    client.get("http://example.org/")
    seen = client.stand.log()[since:]
    assert [(row["scheme"], row["host"], row["target"], row["status"]) for row in seen] == [
        ("https", "alanews.it", "/robots.txt?x=1", 200),
        ("http", "example.org", "/", 403),
    ]
    assert seen[0]["headers"]["user-agent"] == "probe/1 (me@example.org)"


def test_the_control_interface_says_what_is_wrong(stand: Newsstand) -> None:
    for path, data in (
        ("/control/clock", b'{"clock": 999}'),
        ("/control/faults", b'[{"kind": "status", "pattern": "("}]'),
        ("/control/faults", b'[{"kind": "gremlins"}]'),
        ("/control/faults", b"nonsense"),
    ):
        with pytest.raises(HTTPError) as caught:
            urlopen(stand.url + path, data, timeout=10)
        assert caught.value.code == 400
        assert json.loads(caught.value.read())["error"]
        caught.value.close()


def test_the_environment_is_complete(stand: Newsstand) -> None:
    environment = stand.environment
    assert environment["http_proxy"] == environment["https_proxy"] == stand.url
    assert environment["no_proxy"] == ""


@pytest.fixture
def started(tmp_path: Any) -> Iterator[subprocess.Popen[str]]:
    words = ["--articles", "10", "--seed", "3", "--clock", "2", "--ca", str(tmp_path / "ca.pem")]
    child = subprocess.Popen(
        [sys.executable, "-m", "newsstand", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield child
    if child.poll() is None:
        child.kill()
    child.communicate()


def test_the_command_serves_until_interrupted(started: subprocess.Popen[str], tmp_path: Any) -> None:
    assert started.stdout is not None
    url = started.stdout.readline().strip()
    with urlopen(f"{url}/control/state", timeout=10) as answer:
        state = json.loads(answer.read())
    assert (state["articles"], state["seed"], state["clock"]) == (10, 3, 2)
    with urlopen(f"{url}/ca.pem", timeout=10) as answer:
        assert answer.read() == (tmp_path / "ca.pem").read_bytes()
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=10)
    assert started.returncode == 0
    assert "http_proxy" in told and "Traceback" not in told


def test_a_wrong_size_is_refused() -> None:
    with pytest.raises(RuntimeError, match="10 to 100000"), Newsstand(articles=3):
        pass
