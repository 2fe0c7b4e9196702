"""A site whose every answer is hostile: bombs in its lists, chains of redirects, cookies, commands to the terminal."""

import json
import re
import resource
import socket
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import brotli
import pytest
import zstandard

from crawler.settings import DOWNLOAD_MAXSIZE
from storage.display import displayed
from storage.warc.http.message import LONGEST_HEAD
from storage.warc.read.members import BOMB_BYTES
from storage.warc.read.reader import read_records
from tests.crawler.conftest import Emeroteca

HOST = "gazzettino.example"
SITE = f"http://{HOST}"
TOML = f"""
title = "Il Gazzettino del Molo"
name = "gazzettino"
hosts = ["{HOST}"]
timezone = "Europe/Rome"
language = "it"
[articles]
include = ['^/cronaca/']
[[routes]]
kind = "sitemap"
urls = ["{SITE}/mappa.xml", "{SITE}/robots.txt"]
"""
FIXTURE = (Path(__file__).parents[1] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html").read_bytes()
HEADLINE = re.search(rb"<h1[^>]*>([^<]+)</h1>", FIXTURE)[1].strip()  # type: ignore[index]
#: Clears a screen, colours it, sets its title, goes back in the line, and two controls of direction.
COMMANDS = b"\x1b[2J\x1b[31m\x1b]0;titolo\x07\r\xe2\x80\xae\xe2\x81\xa6"
SPACE = b" " * (1024 * 1024)

#: The bytes of an answer; a long one in parts, since the memory of a parent counts as that of its children.
Answers = Mapping[str, bytes | Sequence[bytes]]
Site = Callable[[Answers], tuple[dict[str, str], list[bytes]]]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serves exactly these bytes by path, as a proxy; the environment of a crawl, and the requests that came."""
    sites = tmp_path / "archive" / "sites"
    sites.mkdir(parents=True)
    (sites / "gazzettino.toml").write_text(TOML, encoding="utf-8")
    listener = socket.create_server(("127.0.0.1", 0))
    requests: list[bytes] = []

    def begin(answers: Answers) -> tuple[dict[str, str], list[bytes]]:
        Thread(target=_serve, args=(listener, answers, requests), daemon=True).start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        return {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}, requests

    yield begin
    listener.close()


def _serve(listener: socket.socket, answers: Answers, requests: list[bytes]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        Thread(target=_answer, args=(connection, answers, requests), daemon=True).start()


def _answer(connection: socket.socket, answers: Answers, requests: list[bytes]) -> None:
    with connection:
        request = b""
        while b"\r\n\r\n" not in request:
            if not (part := connection.recv(65536)):
                return
            request += part
        requests.append(request)
        path = request.split(b" ", 2)[1].decode().removeprefix(SITE)
        answer = answers.get(path, b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
        with suppress(OSError):  # the crawl has had enough
            for part in [answer] if isinstance(answer, bytes) else answer:
                connection.sendall(part)


def ok(body: bytes, *headers: bytes, status: bytes = b"200 OK", kind: bytes = b"text/html; charset=utf-8") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Connection: close", b"Content-Type: " + kind, *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def sitemap(*paths: str) -> bytes:
    return ok(f"<urlset>{''.join(f'<url><loc>{SITE}{path}</loc></url>' for path in paths)}</urlset>".encode())


def gzipped(begin: bytes, size: int) -> bytes:
    stream = zlib.compressobj(9, wbits=31)
    return stream.compress(begin) + b"".join(stream.compress(SPACE) for _ in range(size)) + stream.flush()


def deflated(begin: bytes, size: int) -> bytes:
    stream = zlib.compressobj(9)
    return stream.compress(begin) + b"".join(stream.compress(SPACE) for _ in range(size)) + stream.flush()


def brotlied(begin: bytes, size: int) -> bytes:
    stream = brotli.Compressor(quality=5)
    return stream.process(begin) + b"".join(stream.process(SPACE) for _ in range(size)) + stream.finish()


def zstandarded(begin: bytes, size: int) -> bytes:
    stream = zstandard.ZstdCompressor(3).compressobj()
    return stream.compress(begin) + b"".join(stream.compress(SPACE) for _ in range(size)) + stream.flush()


#: A command with it is a child of this process, whose resources can be asked for.
OWN_PROCESS = {"PYTHONNODEBUGRANGES": "1"}
CODINGS = {"gzip": gzipped, "deflate": deflated, "br": brotlied, "zstd": zstandarded}


def crawled(emeroteca: Emeroteca, environment: dict[str, str], *words: str) -> dict[str, Any]:
    ended = emeroteca("crawl", "gazzettino", "--delay", "0", "--json", *words, env=environment)
    assert "Traceback" not in ended.stderr, ended.stderr
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary


@pytest.mark.parametrize("coding", CODINGS)
def test_a_sitemap_and_a_robots_txt_that_are_bombs_end_at_a_limit(
    site: Site, emeroteca: Emeroteca, coding: str
) -> None:
    """Of 300 MB. What robots.txt says before that counts, and so does the sitemap that it names."""
    header = b"Content-Encoding: " + coding.encode()
    bomb = CODINGS[coding]
    robots = f"User-agent: *\nDisallow: /cronaca/segreta/\nSitemap: {SITE}/altra.xml\n".encode()
    answers = {
        "/robots.txt": ok(bomb(robots, 300), header, kind=b"text/plain"),
        "/mappa.xml": ok(bomb(b"<urlset>", 300), header, kind=b"application/xml"),
        "/altra.xml": sitemap("/cronaca/regata/", "/cronaca/segreta/"),
        "/cronaca/regata/": ok(FIXTURE),
    }
    environment, requests = site(answers)
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of children of earlier tests
    summary = crawled(emeroteca, {**environment, **OWN_PROCESS})
    assert summary["captures"] == {"article": 1, "discovery": 2, "robots": 1}
    [broken] = summary["broken_routes"]
    assert "mappa.xml" in broken["url"] and "DOWNLOAD_MAXSIZE (134217728 B)" in broken["problem"]
    assert "/segreta/" not in b"".join(requests).decode()
    assert len(requests) == 4, "each is requested once"
    assert 0 < resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(600 * 1024, others)


def test_an_answer_without_an_end_is_cut_at_a_limit(site: Site, emeroteca: Emeroteca, tmp_path: Path) -> None:
    """The server goes on for 400 MB and says nothing of a length."""
    endless = [ok(FIXTURE).replace(b"Content-Length: %d\r\n" % len(FIXTURE), b""), *[SPACE] * 400]
    environment, _ = site(
        {
            "/mappa.xml": sitemap("/cronaca/infinita/", "/cronaca/regata/"),
            "/cronaca/infinita/": endless,
            "/cronaca/regata/": ok(FIXTURE),
        }
    )
    assert crawled(emeroteca, environment)["captures"]["article"] == 1
    url = f"{SITE}/cronaca/infinita/"
    [record] = [
        one
        for one in read_records(tmp_path / "archive" / "warc")
        if (one.record_type, one.header("WARC-Target-URI")) == ("response", url)
    ]
    assert record.header("WARC-Truncated") == "length"
    assert 256 * 2**20 <= len(record.block) < 258 * 2**20


def test_a_chain_of_redirects_ends(site: Site, emeroteca: Emeroteca) -> None:
    moved = {
        f"/cronaca/passo-{number}/": ok(b"", f"Location: /cronaca/passo-{number + 1}/".encode(), status=b"302 Found")
        for number in range(100)
    }
    environment, requests = site({"/mappa.xml": sitemap("/cronaca/passo-0/"), **moved})
    crawled(emeroteca, environment)
    asked = [request for request in requests if b"/passo-" in request]
    assert len(asked) == 11, "ten redirects"
    assert "redirect-loop" in emeroteca("status").stdout


def test_a_circle_of_redirects_ends_where_it_began(site: Site, emeroteca: Emeroteca) -> None:
    moved = {f"/cronaca/{name}/": f"/cronaca/{other}/" for name, other in (("a", "b"), ("b", "c"), ("c", "a"))}
    answers = {path: ok(b"", f"Location: {to}".encode(), status=b"302 Found") for path, to in moved.items()}
    environment, requests = site({"/mappa.xml": sitemap("/cronaca/a/"), **answers})
    crawled(emeroteca, environment)
    assert sorted(request.split()[1].decode() for request in requests if b"/cronaca/" in request) == [
        f"{SITE}{path}" for path in sorted(answers)
    ]
    assert "redirect-loop" in emeroteca("status").stdout


def test_robots_txt_leads_to_no_other_service_of_a_host(site: Site, emeroteca: Emeroteca) -> None:
    """Its redirects may lead to any host (RFC 9309 2.3.1.2), and not to any port."""
    moved = ok(b"", f"Location: {SITE}:6379/robots.txt".encode(), status=b"302 Found")
    answers = {"/robots.txt": moved, "/mappa.xml": sitemap("/cronaca/regata/"), "/cronaca/regata/": ok(FIXTURE)}
    environment, requests = site(answers)
    crawled(emeroteca, environment)
    asked = [request.split()[1].decode() for request in requests]
    assert f"{SITE}/robots.txt" in asked
    assert not [url for url in asked if ":6379" in url]


def test_cookies_are_not_sent_back_and_in_no_row(site: Site, emeroteca: Emeroteca, tmp_path: Path) -> None:
    cookie = b"Set-Cookie: sessione=parola-segreta; Path=/"
    answers = {
        "/mappa.xml": ok(sitemap("/cronaca/regata/", "/cronaca/regata-2/").partition(b"\r\n\r\n")[2], cookie),
        "/cronaca/regata/": ok(FIXTURE, cookie),
        "/cronaca/regata-2/": ok(b"", cookie, b"Location: /cronaca/regata/", status=b"302 Found"),
    }
    environment, requests = site(answers)
    assert crawled(emeroteca, environment)["captures"] == {"article": 2, "discovery": 1, "redirect": 1, "robots": 1}
    assert len(requests) == 5
    assert not [request for request in requests if b"cookie" in request.lower()]
    home = tmp_path / "archive"
    sent = [record for record in read_records(home / "warc") if record.record_type == "request"]
    assert len(sent) == len(requests)
    assert not [record for record in sent if b"cookie" in bytes(record.block).lower()]
    for file in home.rglob("*"):
        if file.is_file() and file.suffix != ".gz":
            assert b"parola-segreta" not in file.read_bytes(), file


def test_commands_to_the_terminal_are_signs_in_logs_and_tables(
    site: Site, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    hostile = FIXTURE.replace(HEADLINE, HEADLINE + b" &#27;[2J" + COMMANDS)
    one_line = COMMANDS.replace(b"\r", b"")
    paths = {
        "testata": ok(hostile),
        "stato": ok(FIXTURE, status=b"200 " + one_line),
        "intestazione": ok(FIXTURE, b"X-" + one_line + b": " + one_line),
        "codifica": ok(FIXTURE, b"Content-Encoding: " + one_line),
        "charset": ok(FIXTURE, kind=b"text/html; charset=" + one_line),
        "lunghezza": b"HTTP/1.1 200 OK\r\nContent-Length: " + one_line + b"\r\n\r\nx",
        "trasferimento": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + one_line + b"\r\n\r\nx",
        "pezzi": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + one_line + b"\r\n",
        "nulla": one_line + b"\r\n\r\n" + one_line,
        "altrove": ok(b"", b"Location: /cronaca/" + one_line, status=b"302 Found"),
        "fuori": ok(b"", b"Location: http://evil" + one_line + b".example/", status=b"302 Found"),
        "riga": ok(b"", b"Location: http://x/a%0d%0a2026-01-01 INFO\x0b\x0cfalsa", status=b"302 Found"),
    }
    answers = {f"/cronaca/{name}/": answer for name, answer in paths.items()}
    environment, _ = site({"/mappa.xml": sitemap(*answers), **answers, "/robots.txt": ok(b"\x1b[2J: *\n")})
    ended = emeroteca("crawl", "gazzettino", "--delay", "0", env=environment)
    assert "Traceback" not in ended.stderr, ended.stderr
    [log] = (tmp_path / "archive").rglob("*.log")
    told = [ended.stderr, ended.stdout, log.read_text(encoding="utf-8")]
    found = [json.loads(line)["url"] for line in emeroteca("export").stdout.splitlines()]
    assert f"{SITE}/cronaca/testata/" in found
    for words in (
        ("status",),
        ("search", "regata"),
        ("show", f"{SITE}/cronaca/testata/"),
        ("explain", f"{SITE}/cronaca/testata/"),
        ("coverage",),
        ("health",),
        ("verify",),
        ("rebuild", "--again", "--diff", "--jobs", "1"),
    ):
        run = emeroteca(*words)
        assert run.returncode in (0, 1), run.stderr
        told += [run.stdout, run.stderr]
    assert "[2J" in "".join(told)
    for text in told:
        assert displayed(text) == text
        assert not [line for line in text.splitlines() if line.startswith("2026-01-01 INFO")]


def test_no_answer_that_is_captured_is_a_bomb_in_its_archive() -> None:
    """However few bytes it takes there, it is read again."""
    assert DOWNLOAD_MAXSIZE + LONGEST_HEAD < BOMB_BYTES
