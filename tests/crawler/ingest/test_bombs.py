"""Pages that are bombs or monsters: `crawl`, `rebuild` and `extract` refuse them in bounds, and read the others."""

import gzip
import json
import os
import resource
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from bench.fuzz.extreme_pages import extreme_pages
from tests.crawler.conftest import Emeroteca, Serve

SITE = "http://gazzettino.example"
TOML = """
title = "Il Gazzettino del Molo"
name = "gazzettino"
hosts = ["gazzettino.example"]
timezone = "Europe/Rome"
language = "it"
[articles]
include = ['^/cronaca/']
[[routes]]
kind = "sitemap"
urls = ["http://gazzettino.example/mappa.xml"]
"""
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
FIXTURE = (Path(__file__).parents[2] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html").read_bytes()
#: Of 300 MB, under each coding.
CODED = ("gzip", "br", "zstd", "gzip, gzip")
MONSTERS = ("a headline of 10 MB", "90,000 authors", "40 texts on each of 1,100 levels")


#: A command with it is a child of this process, whose resources can be asked for.
OWN_PROCESS = {"PYTHONNODEBUGRANGES": "1"}


class Gzip:
    """zlib's compressor with the names of the others."""

    def __init__(self) -> None:
        stream = zlib.compressobj(9, wbits=zlib.MAX_WBITS + 16)
        self.process, self.finish = stream.compress, stream.flush


class Zstd:
    def __init__(self) -> None:
        stream = zstandard.ZstdCompressor(9).compressobj()
        self.process, self.finish = stream.compress, stream.flush


def bomb(stream: Any) -> bytes:
    """300 MB in a few bytes, made piece by piece: the memory of a parent counts as that of its children."""
    space = b" " * (1024 * 1024)
    return b"".join([stream.process(FIXTURE), *(stream.process(space) for _ in range(300)), stream.finish()])


def bombs() -> dict[str, bytes]:
    once = bomb(Gzip())
    return {
        "gzip": once,
        "br": bomb(brotli.Compressor(quality=5)),
        "zstd": bomb(Zstd()),
        "gzip, gzip": gzip.compress(once),
    }


def answers() -> Mapping[str, tuple[int, Mapping[str, str], bytes]]:
    html = {"Content-Type": "text/html; charset=utf-8"}
    pages = {f"bomba-{number}": (coding, body) for number, (coding, body) in enumerate(bombs().items())}
    pages |= {f"mostro-{number}": ("identity", extreme_pages()[name]()) for number, name in enumerate(MONSTERS)}
    pages["regata"] = ("gzip", gzip.compress(FIXTURE))
    listed = "".join(f"<url><loc>{SITE}/cronaca/{name}/</loc></url>" for name in pages)
    xml = {"Content-Type": "application/xml"}
    return {f"{SITE}/mappa.xml": (200, xml, SITEMAP.format(listed).encode())} | {
        f"{SITE}/cronaca/{name}/": (200, {**html, "Content-Encoding": coding}, body)
        for name, (coding, body) in pages.items()
    }


@pytest.fixture(scope="module")
def urls() -> Mapping[str, tuple[int, Mapping[str, str], bytes]]:
    return answers()


def spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.slow
def test_a_crawl_and_a_rebuild_stay_in_bounds(
    urls: Mapping[str, tuple[int, Mapping[str, str], bytes]], emeroteca: Emeroteca, serve: Serve, tmp_path: Path
) -> None:
    environment, _ = serve(urls)
    (tmp_path / "archive/sites").mkdir(parents=True)
    (tmp_path / "archive/sites/gazzettino.toml").write_text(TOML, encoding="utf-8")
    of_others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of children of earlier tests
    for words in (("crawl", "gazzettino", "--delay", "0"), ("rebuild", "--again", "--jobs", "1")):
        before = spent()
        done = emeroteca(*words, env={**environment, **OWN_PROCESS})
        assert done.returncode in (0, 1), done.stderr
        assert 0 < spent() - before < 5 * len(urls)
        refused = json.loads(emeroteca("status", "--json").stdout)
        assert f'"too-large": {len(CODED) + len(MONSTERS)}' in json.dumps(refused), refused
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(600 * 1024, of_others)
    exported = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    assert [article["url"] for article in exported] == [f"{SITE}/cronaca/regata/"]


@pytest.mark.parametrize("name", MONSTERS)
def test_extract_stays_in_bounds(name: str, emeroteca: Emeroteca, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(extreme_pages()[name]())
    before = spent()
    done = emeroteca("extract", os.fspath(page), "--url", f"{SITE}/cronaca/mostro/", env=OWN_PROCESS)
    assert done.returncode == 1
    assert "no article: too-large" in done.stderr
    assert 0 < spent() - before < 5
