"""Replays our collection with pywb and checks the pages in Chromium."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from lxml import html

from bench.interop.results import Skipped
from bench.interop.tools import ours, output_of
from crawler.operations.pywb import find_wayback, free_port, install, replaying
from storage.collection import Collection
from storage.exceptions import ReplayError
from storage.warc.http.message import parse_head
from storage.warc.read.reader import read_records
from storage.warc.read.record import Record

#: Captures of each kind (`_kind`) and site to check in the browser.
PER_KIND = 2
#: Minimum share of the words of headline and lede that OCR finds in a screenshot.
LEGIBLE = 0.8
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--virtual-time-budget=8000", "--window-size=1200,2400"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def replayed(collection: Collection, folder: Path) -> str:
    server = wayback()
    seen: Counter[str] = Counter()
    read: list[float] = []
    with (
        replaying(collection, server, free_port(), framed=False) as (url, _),
        tempfile.TemporaryDirectory(prefix="emeroteca-browser-") as profile,
    ):
        look = [browser(), *BROWSER_FLAGS, f"--user-data-dir={profile}"]
        for number, (article, timestamp, kind) in enumerate(_articles(collection)):
            address = f"{url}{timestamp}/{article['url']}"
            seen[kind] += 1
            if kind == "server-not-modified":
                _assert_unchanged(address)
                continue
            document = html.fromstring(output_of(*look, "--dump-dom", address) or "<p>nothing</p>")
            _assert_shown(article, " ".join(document.text_content().split()), address)
            picture = folder / f"replay-{number}.png"
            output_of(*look, f"--screenshot={picture}", address)
            assert picture.exists() and picture.stat().st_size > 10_000, f"{address}: the picture is empty"
            read += _legible(article, picture)
    assert seen.keys() == {"plain", "chunked", "identical-payload-digest", "server-not-modified"}, f"only {dict(seen)}"
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(seen.items()))
    words = f"{seen.total()} captures ({kinds}) are replayed, all but the 304s in the browser with every paragraph"
    if not read:
        return f"{words}; no tesseract here to read the pictures"
    assert min(read) >= LEGIBLE, f"of a headline and lede only {min(read):.0%} can be read off the picture"
    return f"{words}; at least {min(read):.0%} of each headline and lede are read off the picture"


def wayback() -> Path:
    """pywb's server, installed where it is missing. Raises Skipped."""
    try:
        return find_wayback() or install()
    except ReplayError as problem:
        raise Skipped(str(problem)) from problem


def browser() -> str:
    """Chromium, installed where it is missing. Raises Skipped."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = ("chromium", "tesseract-ocr", "tesseract-ocr-ita")
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=sys.stderr)
        words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(words, check=False, stdout=sys.stderr)
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise Skipped("no Chromium here: apt-get install chromium tesseract-ocr tesseract-ocr-ita")
    return found


def _articles(collection: Collection) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Articles, each with time and kind of one capture: that of its newest revision, or a revisit."""
    rows = {row["url"]: row for row in map(json.loads, output_of(*ours(collection), "export").splitlines())}
    seen: Counter[tuple[str, str]] = Counter()
    for path in collection.warc_files():
        for record in read_records(path):
            row = rows.get(record.header("WARC-Target-URI") or "")
            if row is None or record.record_type not in ("response", "revisit"):
                continue
            kind = _kind(record)
            is_own = (path.name, record.offset) == (row["warc_file"], row["warc_offset"])
            if (is_own or record.record_type == "revisit") and seen[row["site"], kind] < PER_KIND:
                seen[row["site"], kind] += 1
                yield row, re.sub(r"\D", "", record.header("WARC-Date") or "")[:14], kind


def _kind(record: Record) -> str:
    """ "chunked" or "plain" for a response, the profile's last word for a revisit."""
    if record.record_type == "revisit":
        return (record.header("WARC-Profile") or "").rpartition("/")[2]
    return "chunked" if "chunked" in parse_head(record.block).tokens(b"transfer-encoding") else "plain"


def _assert_unchanged(address: str) -> None:
    """pywb replays a revisit of this profile as served, a 304 without content, in spite of WARC/1.1, 6.7.3."""
    try:
        build_opener(ProxyHandler({})).open(address, timeout=60).close()
    except HTTPError as answer:
        assert answer.code == 304, f"{address} is answered with {answer.code}"


def _assert_shown(article: dict[str, Any], shown: str, address: str) -> None:
    expected = [article["headline"], article["description"]]
    expected += [block["text"] for block in article["blocks"] if block["type"] in ("paragraph", "heading")]
    for text in filter(None, expected):
        assert " ".join(text.split()) in shown, f"{address} does not show: {text[:80]}"


def _legible(article: dict[str, Any], picture: Path) -> list[float]:
    """The share of the words of headline and lede found by OCR; empty without tesseract."""
    if shutil.which("tesseract") is None:
        return []
    languages = output_of("tesseract", "--list-langs")
    seen = output_of("tesseract", picture, "-", "-l", "ita" if "ita" in languages.split() else "eng")
    words = set(re.findall(r"\w{4,}", f"{article['headline']} {article['description'] or ''}".lower()))
    return [len(words & set(re.findall(r"\w{4,}", seen.lower()))) / len(words)]
