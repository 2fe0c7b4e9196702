"""The main job as a user does it: the command line against the newsstand, over real sockets and TLS."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.registry import all_sites, site_named
from newsstand.stand import Newsstand
from storage.warc.http.capture import CaptureRef
from storage.warc.read.reader import read_capture

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
Begun = Callable[[], subprocess.Popen[str]]

ROOT = Path(__file__).parents[3]
SITES = [site.name for site in all_sites()]

#: Fields of an article that the newsstand knows the truth of.
TRUE_FIELDS = (
    "native_id",
    "headline",
    "alternative_headline",
    "description",
    "section",
    "authors",
    "keywords",
    "published_at",
    "modified_at",
    "published_date",
    "blocks",
    "images",
    "language",
)


def exported(emeroteca: Emeroteca, *words: str) -> list[dict[str, Any]]:
    ended = emeroteca("export", "--format", "jsonl", *words)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def same(name: str, value: Any, true: Any) -> bool:
    """Equal; of a time the same instant, whatever the offset."""
    if name.endswith("_at") and value and true:
        return datetime.fromisoformat(value) == datetime.fromisoformat(true)
    return bool(value == true)


def by_id(rows: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    return {row["native_id"]: row for row in rows}


@pytest.mark.parametrize("site", SITES)
def test_a_crawl_ends_with_the_newsstands_truth_as_rows(
    site: str, stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    stand.clock(0)
    ended = emeroteca("crawl", site, "--delay", "0", env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    truth, rows = by_id(stand.truth(site)), by_id(exported(emeroteca))
    assert rows.keys() == truth.keys()
    for native_id, row in rows.items():
        for name in TRUE_FIELDS:
            assert same(name, row[name], truth[native_id][name]), (row["url"], name)
        ref = CaptureRef(row["warc_file"], row["warc_offset"], 0, row["warc_record_id"])
        capture = read_capture(tmp_path / "archive" / "warc", ref)
        assert capture.url == row["url"]
        assert capture.payload_digest == row["payload_digest"]


def test_what_was_edited_is_caught_and_what_was_not_is_left_alone(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    before = by_id(stand.truth("alanews"))
    emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    seen = len(stand.log()) + 1
    stand.clock(1)
    after = by_id(stand.truth("alanews"))
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    stand.clock(0)
    assert ended.returncode == 0, ended.stderr
    rows = by_id(exported(emeroteca))
    assert rows.keys() == before.keys() | after.keys()
    changed = {key for key in after if after[key] != before.get(key)}
    asked = {url for row in stand.log(seen) if article_url(url := f"https://{row['host']}{row['target']}")}
    assert len(asked) == len(changed)
    for key, row in rows.items():
        true = after.get(key, before.get(key))
        assert true is not None
        assert (row["headline"], row["blocks"]) == (true["headline"], true["blocks"])
    edited = {key for key in changed & before.keys() if text(after[key]) != text(before[key])}
    assert {key for key, row in rows.items() if row["revisions"] == 2} == edited


def text(row: dict[str, Any]) -> tuple[Any, ...]:
    """What a revision is a state of: headline, lede and the blocks of the body."""
    blocks = [(block["type"], block["text"]) for block in row["blocks"] if block["type"] not in {"caption", "embed"}]
    return row["headline"], row["description"], blocks


@pytest.mark.parametrize("site", SITES)
def test_a_window_gives_exactly_the_articles_of_its_days(site: str, stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    truth = stand.truth(site)
    days = sorted(row["published_date"] for row in truth)
    since, until = days[len(days) // 3], days[2 * len(days) // 3]
    ended = emeroteca("crawl", site, "--delay", "0", "--since", since, "--until", until, env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    expected = {row["native_id"] for row in truth if since <= row["published_date"] <= until}
    assert set(by_id(exported(emeroteca))) == expected


def test_a_limit_takes_that_many_and_the_next_run_goes_on(stand: Newsstand, emeroteca: Emeroteca) -> None:
    for expected in (3, 6):
        ended = emeroteca("crawl", "sputniknews", "--delay", "0", "--limit", "3", env=stand.environment)
        assert ended.returncode == 0, ended.stderr
        assert len(exported(emeroteca)) == expected


def test_an_old_address_leads_to_the_article_of_the_new_one(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    moved, old = next(
        (row, url)
        for row in stand.truth("alanews")
        for url in row["urls"]
        if "/20" in row["url"] and "/20" not in url and url.endswith("/") and "/amp/" not in url
    )
    ended = emeroteca("crawl", "alanews", "--delay", "0", "--url", old, env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    (row,) = exported(emeroteca)
    assert row["native_id"] == moved["native_id"]
    assert row["blocks"] == moved["blocks"]
    shown = emeroteca("show", old, "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["article"]["article_id"] == row["article_id"]


def test_scrapy_crawl_does_the_same(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    stand.clock(0)
    ended = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "alanews", "-s", "DOWNLOAD_DELAY=0", "-a", "limit=5"],
        cwd=ROOT,
        env={
            **os.environ,
            **stand.environment,
            "EMEROTECA_HOME": str(tmp_path / "archive"),
            "EMEROTECA_CONTACT": "x@y.it",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert len(exported(emeroteca)) == 5


def test_rows_rebuilt_from_the_warc_files_alone_are_the_same(
    stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    stand.clock(0)
    emeroteca("crawl", "alanews", "--delay", "0", "--limit", "12", env=stand.environment)
    live = emeroteca("export").stdout
    for path in (tmp_path / "archive").glob("corpus.db*"):
        path.unlink()
    assert emeroteca("rebuild").returncode == 0
    assert emeroteca("export").stdout == live
    elsewhere = tmp_path / "elsewhere"
    assert emeroteca("rebuild", str(tmp_path / "archive" / "warc"), home=elsewhere).returncode == 0
    assert emeroteca("export", home=elsewhere).stdout == live


def test_rows_go_to_postgres_by_url(stand: Newsstand, emeroteca: Emeroteca, postgres_url: str, tmp_path: Path) -> None:
    stand.clock(0)
    for words in ((), ("--database", postgres_url)):
        home = tmp_path / ("postgres" if words else "sqlite")
        ended = emeroteca(*words, "crawl", "alanews", "--delay", "0", "--limit", "8", home=home, env=stand.environment)
        assert ended.returncode == 0, ended.stderr
    names = ("article_id", "headline", "blocks", "published_at", "content_hash", "keywords", "images")
    there = [json.loads(line) for line in emeroteca("--database", postgres_url, "export").stdout.splitlines()]
    here = [json.loads(line) for line in emeroteca("export", home=tmp_path / "sqlite").stdout.splitlines()]
    assert [[row[name] for name in names] for row in there] == [[row[name] for name in names] for row in here]


@pytest.mark.slow
def test_four_processes_at_once_give_what_one_gives(
    stand: Newsstand, emeroteca: Emeroteca, postgres_url: str, tmp_path: Path
) -> None:
    """Two crawls and two rebuilds of earlier ones into one Postgres, against one rebuild of all files into SQLite."""
    sites = ("sputniknews", "alanews")
    stand.clock(0)
    for site in sites:
        ended = emeroteca("crawl", site, "--delay", "0", home=tmp_path / f"early-{site}", env=stand.environment)
        assert ended.returncode == 0, ended.stderr
    stand.clock(1)
    assert emeroteca("--database", postgres_url, "db", "upgrade").returncode == 0
    words = [(f"late-{site}", "crawl", site, "--delay", "0.02") for site in sites]
    words += [(f"again-{site}", "rebuild", str(tmp_path / f"early-{site}" / "warc"), "--jobs", "1") for site in sites]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / home), "--database", postgres_url, *asked],
            env={**os.environ, **stand.environment, "EMEROTECA_CONTACT": "tests@emeroteca.example"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for home, *asked in words
    ]
    for process in processes:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
    assert emeroteca("rebuild", *(str(path) for path in sorted(tmp_path.glob("*/warc")))).returncode == 0
    one, many = emeroteca("export").stdout, emeroteca("--database", postgres_url, "export").stdout
    assert one == many
    assert len(one.splitlines()) >= 80


def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(
    stand: Newsstand, emeroteca: Emeroteca, begun: Begun, tmp_path: Path
) -> None:
    crawl = begun()
    crawl.send_signal(signal.SIGINT)
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == 1, said
    assert 0 < len(exported(emeroteca)) < len(stand.truth("alanews"))
    assert not list((tmp_path / "archive" / "warc").glob("*.open"))
    assert emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment).returncode == 0
    assert len(exported(emeroteca)) == len(stand.truth("alanews"))


def test_a_killed_crawl_loses_nothing_it_captured(stand: Newsstand, emeroteca: Emeroteca, begun: Begun) -> None:
    seen = len(stand.log()) + 1
    crawl = begun()
    crawl.kill()
    crawl.communicate()
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    assert len(exported(emeroteca)) == len(stand.truth("alanews"))
    asked = Counter(url for row in stand.log(seen) if article_url(url := f"https://{row['host']}{row['target']}"))
    assert sum(times - 1 for times in asked.values()) <= 2  # what was in flight


def article_url(url: str) -> bool:
    return site_named("alanews").article_url(url) is not None
