"""Attacks by path, parameter and header get 4xx and no traceback; the token; the headers of every answer."""

import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from reading_room.guards import is_loopback
from storage.corpus.db.database import open_read_only
from storage.exceptions import CorpusReadOnly, QueryTimeout
from tests.reading_room.conftest import environment, serving

HOSTILE_TARGETS = [
    ("/articles/../../etc/passwd", 404),
    ("/static/..%2f..%2fpyproject.toml", 404),
    ("/static/%2e%2e/%2e%2e/pyproject.toml", 404),
    ("/static//etc/passwd", 404),
    ("/articles/%00", 404),
    ("/articles/' OR 1=1 --".replace(" ", "%20"), 404),
    ("/articles/" + "a" * 32, 404),
    ("/articles", 400),
    ("/articles?url=%00", 400),
    ("/search?q=%00", 400),
    ("/search?q=" + "a" * 501, 400),
    ("/search?q=" + "a+" * 41, 400),
    ("/search?q=a&q=b", 400),
    ("/search?page=-1", 400),
    ("/search?page=1e9", 400),
    ("/search?page=%D9%A3", 400),
    ("/search?since=2026-02-30", 400),
    ("/search?since=now", 400),
    ("/search?lang=klingon", 400),
    ("/search?q=%1b%5b2J", 400),
    ("/search?q=" + "a" * 9000, 414),
    ("/nowhere", 404),
]


@pytest.mark.parametrize(("target", "status"), HOSTILE_TARGETS)
def test_hostile_targets(served: str, target: str, status: int) -> None:
    answer = raw(served, f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert int(answer.split()[1]) == status, answer[:300]
    assert b"Traceback" not in answer and b"content-security-policy" in answer.lower()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", 400),
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n", 413),
        (b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", 405),
        (b"DELETE / HTTP/1.1\r\nHost: localhost\r\n", 405),
        (b"NONSENSE\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: " + b",;q=9,\xff\xfe,*;q=x" * 50 + b"\r\n", 200),
        (b"GET /search?q=\xff\xfe HTTP/1.1\r\nHost: localhost\r\n", 400),
    ],
)
def test_hostile_heads(served: str, head: bytes, status: int) -> None:
    answer = raw(served, head + b"Connection: close\r\n\r\n")
    assert int(answer.split()[1]) == status, answer[:300]
    assert b"Traceback" not in answer


def test_a_head_that_is_too_long(served: str) -> None:
    answer = raw(served, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000 + b"\r\nConnection: close\r\n\r\n")
    assert answer.split()[1] in {b"431", b"400"}  # 400 where it came in pieces


def raw(served: str, request: bytes) -> bytes:
    """What a server answers to bytes."""
    parts = urlsplit(served)
    assert parts.hostname and parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while len(answer) < 1_000_000 and (piece := connection.recv(65536)):
            answer += piece
        return answer


@pytest.mark.parametrize("path", ["/", "/search?q=di", "/static/style.css", "/nowhere"])
def test_every_answer_shuts_the_doors(visitor: httpx.Client, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers and "server" not in headers


def test_a_token_lets_in(home: Path) -> None:
    words = ("--home", str(home), "serve", "--port", "0", "--token", "sesamo-è")
    with serving(*words) as url, httpx.Client(base_url=url, trust_env=False) as client:
        refused = client.get("/")
        assert refused.status_code == 401 and refused.headers["www-authenticate"].startswith("Basic")
        assert client.get("/", auth=("chiunque", "sesamo")).status_code == 401
        assert client.get("/", headers={"authorization": "Basic %%%"}).status_code == 401
        assert client.get("/static/style.css").status_code == 401
        assert client.get("/", auth=("chiunque", "sesamo-è")).status_code == 200
        bearer = {"authorization": "Bearer sesamo-è".encode()}
        assert client.get("/search", headers=bearer).status_code == 200


def test_no_address_but_loopback_without_a_token(home: Path) -> None:
    words = [sys.executable, "-m", "crawler.cli", "--home", str(home), "serve", "--host", "0.0.0.0"]
    ended = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2 and "--token" in ended.stderr


def test_no_corpus_is_said(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "none"), "serve"]
    ended = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3 and "there is no corpus" in ended.stderr and not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False), ("", False)],
)
def test_loopback_addresses(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_database_cannot_be_changed(database_url: str) -> None:
    with (
        open_read_only(database_url, seconds=10) as database,
        pytest.raises(CorpusReadOnly),
        database.reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM articles")


def test_a_question_has_an_end(database_url: str) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with (
        open_read_only(database_url, seconds=0.5) as database,
        pytest.raises(QueryTimeout),
        database.reading() as connection,
    ):
        connection.exec_driver_sql(endless)
