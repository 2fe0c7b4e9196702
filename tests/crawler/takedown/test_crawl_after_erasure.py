"""A crawl does not request what was erased, wherever it meets the URL."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from newsstand.stand import Newsstand
from storage.warc.read.reader import read_captures
from tests.crawler.conftest import Emeroteca
from tests.crawler.takedown.conftest import files_with


def test_no_byte_of_a_crawled_headline_is_left(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    """Boxes of other pages that name an article have its headline too."""
    stand.clock(0)
    assert emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment).returncode == 0
    rows = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    pages = list(read_captures(tmp_path / "archive" / "warc"))
    longest = max(rows, key=lambda row: sum(row["headline"].encode() in page.content() for page in pages))
    sought = longest["headline"].encode()
    assert sum(sought in page.content() for page in pages) > 1
    ended = emeroteca("erase", "--url", longest["url"], "--everywhere", "--reason", "request", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert not any(sought in page.content() for page in read_captures(tmp_path / "archive" / "warc"))
    assert files_with(tmp_path / "archive", sought) == {}
    assert emeroteca("verify").returncode == 0


def test_a_crawl_does_not_request_what_was_erased(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    stand.clock(0)
    crawl = ("crawl", "alanews", "--delay", "0", "--limit", "3")
    assert emeroteca(*crawl, env=stand.environment).returncode == 0
    rows = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    url = rows[0]["canonical_url"]
    ended = emeroteca("erase", "--url", url, "--reason", "request", "--yes")
    assert ended.returncode in (0, 1), ended.stderr  # 1: pages of other articles have its headline beside their text
    assert emeroteca("verify").returncode == 0
    for words in (crawl, (*crawl[:4], "--url", url)):
        emeroteca(*words, env=stand.environment)
    folder = tmp_path / "archive"
    assert url not in {capture.url for capture in read_captures(folder / "warc")}
    with closing(sqlite3.connect(folder / "corpus.db")) as database:
        counts = [json.loads(row)["urls"] for (row,) in database.execute("SELECT counts FROM crawls ORDER BY id")]
        failures = database.execute("SELECT count(*) FROM failures").fetchone()[0]
        known = [row for (row,) in database.execute("SELECT url FROM discoveries")]
    assert [one.get("erased", 0) for one in counts[1:]] == [1, 1]
    assert failures == 0
    assert url not in known
