"""`crawl --requisites`: against the newsstand, and against hosts that misbehave."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsstand.stand import Newsstand
from storage.warc.read.reader import read_captures, read_records

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[[Mapping[str, Any]], tuple[dict[str, str], list[str]]]

CDN = "cdnnit1.img.sputniknews.com"
#: A site on one page, as a file of the home.
PAPER = """
name = "paper"
hosts = ["paper.example"]
delay = 0.0
[articles]
include = ['^/\\d{4}/']
"""
TEXT = "The harbour opened again on Monday after the works on the long pier, as the council had promised in spring. "
ARTICLE = "http://paper.example/2021/harbour.html"


def crawl(emeroteca: Emeroteca, stand: Newsstand, *words: str) -> tuple[dict[str, Any], list[str]]:
    """The summary of a crawl, and the URLs that it asked for."""
    before = stand.log()[-1]["number"] if stand.log() else 0
    ended = emeroteca("crawl", *words, "--delay", "0", "--json", env=stand.environment)
    asked = [f"https://{row['host']}{row['target']}" for row in stand.log(before) if row["number"] > before]
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary, asked


def outcomes(home: Path) -> set[tuple[str, str, str]]:
    """URL, record type and outcome of each capture."""
    with closing(sqlite3.connect(home / "corpus.db")) as corpus:
        return set(corpus.execute("SELECT url, record_type, outcome FROM captures"))


def fingerprint(emeroteca: Emeroteca, home: Path) -> str:
    return emeroteca("status", home=home).stdout.rpartition("corpus fingerprint ")[2].split()[0]


@pytest.mark.slow
def test_a_crawl_with_requisites(emeroteca: Emeroteca, stand: Newsstand, tmp_path: Path) -> None:
    home = tmp_path / "archive"
    summary, asked = crawl(emeroteca, stand, "sputniknews", "--requisites")
    assert summary["outcome"] == "finished"
    assert summary["captures"]["article"] == 40
    assert summary["captures"]["requisite"] == summary["requisites"]["captured"]

    cdn = [url for url in asked if CDN in url]
    assert cdn[0] == f"https://{CDN}/robots.txt"
    assert f"https://{CDN}/i/counter.gif" not in cdn
    assert summary["requisites"]["robots"] == 1
    assert max(Counter(cdn).values()) == 1
    endings = {url.rpartition(".")[2] for url in cdn}
    assert endings == {"txt", "css", "png", "ttf", "svg", "jpg"}
    assert f"https://{CDN}/i/logo/logo@2x.png" in cdn

    # no rows but those of articles; a rebuild in any home gives the same results
    rows = [json.loads(line) for line in emeroteca("export", "--format", "jsonl").stdout.splitlines()]
    assert {row["url"] for row in rows} == {row["url"] for row in stand.truth("sputniknews")}
    again = tmp_path / "again"
    assert emeroteca("rebuild", str(home / "warc"), home=again).returncode == 0
    assert outcomes(again) == outcomes(home)
    assert fingerprint(emeroteca, again) == fingerprint(emeroteca, home)
    assert {outcome for url, _, outcome in outcomes(home) if CDN in url} == {"requisite", "other"}
    packed = emeroteca("package", "--site", "sputniknews", "--output", str(tmp_path / "sputnik.wacz"))
    assert packed.returncode == 0, packed.stderr
    packed_captures = len(list(read_captures(tmp_path / "sputnik.wacz")))
    assert packed_captures == sum(summary["captures"].values()) - 1, "all but robots.txt of the other host"
    verified = emeroteca("verify", "--json")
    assert verified.returncode == 0, verified.stderr


def test_what_the_collection_has_of_late_is_not_requested(
    emeroteca: Emeroteca, stand: Newsstand, tmp_path: Path
) -> None:
    url = stand.truth("sputniknews")[0]["url"]
    _, first = crawl(emeroteca, stand, "sputniknews", "--url", url, "--requisites")
    summary, second = crawl(emeroteca, stand, "sputniknews", "--url", url, "--requisites")
    assert len([one for one in first if CDN in one]) > 5
    assert [one for one in second if CDN in one] == []
    assert summary["requisites"]["known"] > 5
    # older ones are, conditionally: an answer 304 is a revisit record
    spider = (sys.executable, "-m", "scrapy", "crawl", "sputniknews", "-a", f"urls={url}")
    settings = ("EMEROTECA_REQUISITES=1", "EMEROTECA_REQUISITES_DAYS=0", "DOWNLOAD_DELAY=0")
    environment = {**os.environ, **stand.environment, "EMEROTECA_HOME": str(tmp_path / "archive")}
    words = [word for setting in settings for word in ("-s", setting)]
    contact = {"EMEROTECA_CONTACT": "tests@emeroteca.example"}
    subprocess.run([*spider, *words], env={**environment, **contact}, check=True, capture_output=True, timeout=120)
    assert (f"https://{CDN}/css/article.css", "revisit", "requisite") in outcomes(tmp_path / "archive")


def test_the_next_crawl_completes_pages_of_an_interrupted_one(emeroteca: Emeroteca, stand: Newsstand) -> None:
    summary, asked = crawl(emeroteca, stand, "alanews", "--requisites", "--budget", "50")
    assert summary["outcome"] == "budget-spent"
    summary, more = crawl(emeroteca, stand, "alanews", "--requisites")
    assert summary["outcome"] == "finished"
    both = Counter(url for url in asked + more if "/uploads/" in url)
    featured = {image["url"] for row in stand.truth("alanews") for image in row["images"]}
    assert featured <= both.keys()
    assert max(both.values()) == 1


def test_the_record_says_what_the_file_is_for(emeroteca: Emeroteca, stand: Newsstand, tmp_path: Path) -> None:
    url = stand.truth("alanews")[0]["url"]
    crawl(emeroteca, stand, "alanews", "--url", url, "--requisites")
    [file] = (tmp_path / "archive" / "warc").glob("*.warc.gz")
    kinds = {
        record.target_uri.rpartition("/")[2]: record.header("WARC-Resource-Type")
        for record in read_records(file)
        if record.record_type == "response"
    }
    assert kinds["style.css?ver=6.5"] == kinds["colours.css"] == "stylesheet"
    assert kinds["ornamento.ttf?v=1"] == "font"
    assert kinds["lazy.js"] == "script"
    assert kinds["paper.png"] == "image"
    assert kinds["robots.txt"] is None
    metadata = b"".join(bytes(record.block) for record in read_records(file) if record.record_type == "metadata")
    assert b"route: requisite\r\nvia: https://alanews.it/wp-content/themes/jnews/style.css?ver=6.5\r\n" in metadata


@pytest.fixture
def paper(emeroteca: Emeroteca, serve: Serve, tmp_path: Path) -> Callable[..., tuple[dict[str, Any], list[str]]]:
    """Crawls an article with these pictures, given answers beside it: summary and URLs asked for."""

    def run(images: list[str], answers: Mapping[str, Any], **environment: str) -> tuple[dict[str, Any], list[str]]:
        (tmp_path / "archive" / "sites").mkdir(parents=True)
        (tmp_path / "archive" / "sites" / "paper.toml").write_text(PAPER)
        shown = "".join(f'<img src="{image}">' for image in images)
        page = f"<html><title>Harbour</title><body><article><h1>Harbour</h1><p>{TEXT * 20}</p>{shown}</article></body>"
        proxy, asked = serve({ARTICLE: page, **answers})
        words = ("crawl", "paper", "--url", ARTICLE, "--requisites", "--delay", "0", "--json")
        ended = emeroteca(*words, env={**proxy, **environment})
        summary: dict[str, Any] = json.loads(ended.stdout)
        assert summary["outcome"] == "finished"
        assert summary["captures"]["article"] == 1
        assert ended.returncode == 0, ended.stderr
        return summary, asked

    return run


Paper = Callable[..., tuple[dict[str, Any], list[str]]]
PICTURE = (200, {"Content-Type": "image/png"}, b"\x89PNG picture")


def test_hosts_of_requisites_end_no_crawl(paper: Paper) -> None:
    waits, denies, gone = "http://waits.example/", "http://denies.example/", "http://gone.example/"
    images = [f"{waits}{at}.png" for at in range(30)] + [f"{denies}{at}.png" for at in range(60)] + [f"{gone}1.png"]
    answers = {f"{waits}{at}.png": (503, {"Retry-After": "100000"}, b"") for at in range(30)}
    answers |= {f"{denies}{at}.png": (403, {}, b"<p>no</p>") for at in range(60)}
    summary, asked = paper(images, answers)
    counts = summary["requisites"]
    assert counts["asked-to-wait"] > 10
    assert counts["blocked"] > 10
    assert counts["http-404"] == 1
    assert len([url for url in asked if url.startswith(waits)]) < 20
    assert len([url for url in asked if url.startswith(denies)]) < 40


def test_limits_of_hosts_pages_and_bytes(paper: Paper) -> None:
    images = [f"http://host{at}.example/a.png" for at in range(25)] + [f"/{at}.png" for at in range(250)]
    answers = {url if "://" in url else f"http://paper.example{url}": PICTURE for url in images}
    answers["http://host0.example/a.png"] = (200, {"Content-Type": "image/png"}, bytes(17 * 1024 * 1024))
    summary, asked = paper(images, answers)
    counts = summary["requisites"]
    assert counts["host-limit"] == 5
    assert counts["page-limit"] == 75
    assert counts["captured"] == 200 - 5 - 1
    assert len({url.split("/")[2] for url in asked}) == 21


def test_redirects_and_foreign_addresses(paper: Paper) -> None:
    images = ["http://a.example/1.png", "http://b.example:22/1.png", "http://c.example/loop.png"]
    answers = {
        "http://a.example/1.png": (302, {"Location": "http://other.example/2.png"}, b""),
        "http://other.example/2.png": PICTURE,
        "http://c.example/loop.png": (302, {"Location": "http://c.example/loop.png"}, b""),
    }
    summary, asked = paper(images, answers)
    assert summary["requisites"] == {"requested": 2, "bad-url": 1, "captured": 1, "redirect-loop": 1}
    assert "http://other.example/robots.txt" in asked
    assert not any(":22" in url for url in asked)


def test_no_private_address_is_asked(paper: Paper) -> None:
    images = ["http://127.0.0.1:80/1.png", "http://localhost/1.png", "http://10.0.0.1/1.png"]
    summary, asked = paper(images, {}, no_proxy="127.0.0.1,localhost,10.0.0.1")
    assert summary["requisites"]["private-address"] == 3
    assert not any("localhost" in url or "127" in url for url in asked)
