"""Replay: with pywb where it is, in clear words where it is not."""

import socket
import stat
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from crawler.cli.main import emeroteca
from crawler.operations.pywb import REQUIREMENTS, find_wayback, free_port, replaying, tools
from storage.collection import Collection
from storage.exceptions import CommandError, ReplayError
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter

ROOT = Path(__file__).parents[3]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """A collection with one page."""
    collection = Collection(tmp_path / "archive")
    collection.create()
    body = b"<html><body><h1>Neve in piazza</h1></body></html>"
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with WarcWriter(collection.warc, prefix="test", software="test") as writer:
        moment = datetime(2022, 2, 14, 14, 21, tzinfo=UTC)
        ref = writer.write(Exchange("https://a.it/neve", "GET", b"GET /neve HTTP/1.1\r\n\r\n", response, moment))
    collection.registry().register(collection.warc / ref.file)
    return collection


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_without_pywb_it_says_how_to_get_it(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EMEROTECA_TOOLS", str(tmp_path / "tools"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="--install"):
        emeroteca.main(["--home", str(collection.home), "replay"], standalone_mode=False)
    assert f"pip install --quiet --disable-pip-version-check --requirement {REQUIREMENTS}" in capsys.readouterr().err
    assert not (tmp_path / "tools").exists()


def test_pywb_is_found_in_its_own_environment_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMEROTECA_TOOLS", str(tmp_path / "tools"))
    on_path = program(tmp_path / "bin" / "wayback", "#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert find_wayback() == on_path
    own = program(tmp_path / "tools" / "pywb" / "bin" / "wayback", "#!/bin/sh\n")
    assert find_wayback() == own


def test_the_tools_are_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMEROTECA_TOOLS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tools() == tmp_path / "emeroteca" / "tools"


def test_a_port_that_is_taken_is_said(collection: Collection, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ReplayError, match=f"port {port}"), replaying(collection, tmp_path / "no", port):
            pass


def test_a_server_that_ends_at_once_is_told_with_its_last_words(collection: Collection, tmp_path: Path) -> None:
    wayback = program(tmp_path / "wayback", "#!/bin/sh\necho no such option >&2\nexit 2\n")
    with pytest.raises(ReplayError, match="no such option"), replaying(collection, wayback, free_port()):
        pass


def installed() -> Path | None:
    """pywb from `make interop`'s tools, or wherever `replay` finds it."""
    of_checkout = ROOT / ".tools" / "pywb" / "bin" / "wayback"
    return of_checkout if of_checkout.exists() else find_wayback()


def test_pywb_replays_a_capture(collection: Collection) -> None:
    wayback = installed()
    if wayback is None:
        pytest.skip("pywb is not here: make interop installs it")
    address = "20220214142100id_/https://a.it/neve"
    with (
        replaying(collection, wayback, free_port(), framed=False) as (url, _),
        build_opener(ProxyHandler({})).open(url + address, timeout=30) as answer,
    ):
        assert b"Neve in piazza" in answer.read()
