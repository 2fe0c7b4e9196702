"""Captures come back from Common Crawl's stand-in, as the records they are, by either index."""

import gzip
import json
import os
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest

from crawler.archives.news_import import _scanned
from newsstand.stand import Newsstand
from storage.exceptions import ExecutorError
from storage.warc.read.reader import read_records
from tests.crawler.archives.conftest import QUICK
from tests.crawler.conftest import Emeroteca


def rows(emeroteca: Emeroteca) -> list[dict[str, Any]]:
    exported = emeroteca("export", "--format", "jsonl")
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line) for line in exported.stdout.splitlines()]


def held(archives: Newsstand, archive: str) -> list[dict[str, Any]]:
    return [one for one in archives.truth("commoncrawl") if one["site"] == "sputniknews" and one["archive"] == archive]


def recoverable(captures: list[dict[str, Any]]) -> set[str]:
    return {one["article"] for one in captures if one["article"] and one["is_whole"] and not one["is_error"]}


@pytest.mark.parametrize("way", [(), ("--cdx",)], ids=["columnar index", "CDX server"])
def test_what_common_crawl_has_comes_back_once(
    archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path, way: tuple[str, ...]
) -> None:
    since = archives.log()[-1]["number"] + 1 if archives.log() else 1
    env = {**archives.environment, **QUICK}
    done = emeroteca("import", "commoncrawl", "sputniknews", "--json", *way, env=env)
    assert done.returncode == 0, done.stderr
    captures, found = held(archives, "commoncrawl"), rows(emeroteca)
    assert {row["canonical_url"] for row in found} == recoverable(captures)
    ledger = json.loads(emeroteca("import", "status", "sputniknews", "--json").stdout)
    assert ledger["lines"] == len(captures) and not ledger["open_parts"]
    assert not {"failed", "digest-mismatch", "missing", "pending"} & ledger["totals"].keys()
    ranges = [one for one in archives.log(since) if one["target"].endswith(".warc.gz")]
    assert ranges and all(one["headers"]["range"].startswith("bytes=") and one["status"] == 206 for one in ranges)

    by_id = {record.record_id: record for record in read_records(tmp_path / "archive/warc")}
    row = found[0]
    record = by_id[row["warc_record_id"]]
    assert record.target_uri == row["url"]
    metadata = next(one for one in by_id.values() if one.header("WARC-Concurrent-To") == record.record_id)
    block = bytes(metadata.block).decode()
    assert "source: commoncrawl\r\n" in block and "source-offset: " in block
    verified = emeroteca("verify")
    assert verified.returncode == 0, verified.stdout

    since = archives.log()[-1]["number"] + 1
    again = emeroteca("import", "commoncrawl", "sputniknews", *way, env=env)
    assert again.returncode == 0 and not [one for one in archives.log(since) if "range" in one["headers"]]
    emeroteca("rebuild")
    assert rows(emeroteca) == found


def test_local_parquet_files_are_an_index(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    [one] = [one for one in held(archives, "commoncrawl") if one["is_whole"] and one["article"]][:1]
    missing = {
        "url_surtkey": "com,sputniknews,it)/x",
        "url": one["url"],
        "url_host_name": "it.sputniknews.com",
        "fetch_time": None,
        "fetch_status": 200,
        "content_mime_type": "text/html",
        "content_digest": "A" * 32,
        "warc_filename": "crawl-data/absent.warc.gz",
        "warc_record_offset": 0,
        "warc_record_length": 100,
    }
    opener = build_opener(ProxyHandler({"http": archives.url}))
    crawl = json.loads(opener.open("http://index.commoncrawl.org/collinfo.json").read())[0]["id"]
    file = f"crawl-data/{crawl}/segments/1/warc/{crawl}-00000.warc.gz"
    whole = opener.open(f"http://data.commoncrawl.org/{file}").read()
    moment = datetime(2022, 1, 1, tzinfo=UTC)
    absent = missing | {"fetch_time": moment}
    of_request = absent | {
        "url": f"{one['url']}?",
        "warc_filename": file,
        "warc_record_length": whole.find(b"\x1f\x8b", 9),
    }
    foreign = absent | {"url_host_name": "other.example"}
    table = pyarrow.Table.from_pylist([absent, of_request, foreign])
    pyarrow.parquet.write_table(table, tmp_path / "part.parquet")
    done = emeroteca(
        *("import", "commoncrawl", "sputniknews", "--index", str(tmp_path / "*.parquet"), "--all", "--json"),
        env={**archives.environment, **QUICK},
    )
    assert json.loads(done.stdout)["lines"] == {"missing": 1, "unreadable": 1}, done.stderr


def test_what_is_no_index_is_said(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    done = emeroteca(
        *("import", "commoncrawl", "sputniknews", "--index", str(tmp_path / "bad.parquet")),
        env={**archives.environment, **QUICK},
    )
    assert done.returncode == 1 and "cannot be read at" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_files_without_an_index_are_read_whole(archives: Newsstand, emeroteca: Emeroteca) -> None:
    env = archives.environment
    words = ("import", "ccnews", "sputniknews", "--since", "2019-01-01", "--json")
    plan = emeroteca(*words, "--dry-run", env=env)
    assert json.loads(plan.stdout)["files"] > 5 and rows_or_none(emeroteca) == []
    done = emeroteca(*words, "--jobs", "2", env=env)
    report = json.loads(done.stdout)
    captures = held(archives, "cc-news")
    assert report["files"] == json.loads(plan.stdout)["files"] and report["copied"] == len(captures), done.stderr
    assert {row["canonical_url"] for row in rows(emeroteca)} == recoverable(captures)
    again = json.loads(emeroteca(*words, env=env).stdout)
    assert (again["files"], again["known"], again["copied"]) == (0, report["files"], 0)
    assert emeroteca("verify").returncode == 0


def rows_or_none(emeroteca: Emeroteca) -> list[dict[str, Any]]:
    exported = emeroteca("export", "--format", "jsonl")
    return [json.loads(line) for line in exported.stdout.splitlines()]


def test_a_file_that_is_cut_off_is_read_again(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    opener = build_opener(ProxyHandler({"http": archives.url}))
    month = next(one["timestamp"] for one in held(archives, "cc-news") if one["article"])[:6]
    url = f"http://data.commoncrawl.org/crawl-data/CC-NEWS/{month[:4]}/{month[4:]}/CC-NEWS-{month}.warc.gz"
    whole = opener.open(url).read()
    file = tmp_path / f"CC-NEWS-{month}.warc.gz"
    file.write_bytes(whole[:-20])
    done = emeroteca("import", "ccnews", "sputniknews", str(file), "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["damaged"] == {str(file): 1}
    plain = tmp_path / f"plain-{month}.warc"
    plain.write_bytes(gzip.decompress(whole))
    done = emeroteca("import", "ccnews", "sputniknews", str(plain), "--json")
    copied = json.loads(done.stdout)["copied"]
    assert copied <= 1  # the rest is here already, by its record ids
    assert emeroteca("verify").returncode == 0


@pytest.mark.slow
def test_all_sources_of_an_article_make_one_chain(archives: Newsstand, emeroteca: Emeroteca) -> None:
    env = {**archives.environment, **QUICK}
    for words in (("wayback",), ("commoncrawl",), ("ccnews", "--since", "2019-01-01")):
        emeroteca("import", words[0], "sputniknews", *words[1:], env=env)
    wayback = [one for one in archives.truth("wayback") if one["site"] == "sputniknews"]
    by_wayback = {one["article"] for one in wayback if one["article"] and one["status"] == 200 and not one["is_error"]}
    others = [recoverable(held(archives, archive)) for archive in ("commoncrawl", "cc-news")]
    found = rows(emeroteca)
    assert {row["canonical_url"] for row in found} == by_wayback.union(*others)
    assert len(found) == len({row["canonical_url"] for row in found})
    of_three = by_wayback & others[0] & others[1]
    assert of_three
    for row in found:
        assert row["witnesses"] >= 1
        if row["canonical_url"] in of_three and row["revisions"] == 1:
            assert row["witnesses"] == 3, row["canonical_url"]


def test_an_erased_page_does_not_come_back_from_an_archive(
    archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    env = {**archives.environment, **QUICK}
    imports = (("wayback", "sputniknews"), ("commoncrawl", "sputniknews"), ("ccnews", "sputniknews"))
    by_source = [recoverable(held(archives, archive)) for archive in ("commoncrawl", "cc-news")]
    gone = sorted(by_source[0] & by_source[1])[0]
    number = gone.rsplit("-", 1)[-1].removesuffix(".html")
    emeroteca("import", *imports[1], env=env)
    erased = emeroteca("erase", "--url", gone, "--reason", "a request", "--yes")
    assert erased.returncode in (0, 1), erased.stderr  # other articles may show its teaser
    for words in imports:
        since = ("--since", "2019-01-01") if words[0] == "ccnews" else ()
        done = emeroteca("import", *words, *since, env=env)
        assert "Traceback" not in done.stderr, done.stderr
    assert gone not in {row["canonical_url"] for row in rows(emeroteca)}
    for record in read_records(tmp_path / "archive/warc"):
        assert number not in record.target_uri
    with sqlite3.connect(tmp_path / "archive/corpus.db") as database:
        assert not database.execute("SELECT url FROM archive_lines WHERE url LIKE ?", (f"%{number}%",)).fetchall()


@pytest.mark.slow
def test_a_cluster_reads_the_files(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    opener = build_opener(ProxyHandler({"http": archives.url}))
    captures = held(archives, "cc-news")
    months = sorted({one["timestamp"][:6] for one in captures})[:4]
    for month in months:
        url = f"http://data.commoncrawl.org/crawl-data/CC-NEWS/{month[:4]}/{month[4:]}/CC-NEWS-{month}.warc.gz"
        (tmp_path / f"{month}.warc.gz").write_bytes(opener.open(url).read())
    words = ("import", "ccnews", "sputniknews", str(tmp_path / "2*.warc.gz"), "--json")
    done = emeroteca(*words, "--cluster", "local:2")
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["files"] == 4 and report["copied"] == sum(one["timestamp"][:6] in months for one in captures)
    lost = emeroteca(*words, "--cluster", "tcp://127.0.0.1:1", home=tmp_path / "other")
    assert lost.returncode == 3 and "no scheduler answers at tcp://127.0.0.1:1" in lost.stderr


def test_a_process_that_dies_is_said(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1) as pool:
        scanned = _scanned(pool, 2, ["a.warc.gz", "b.warc.gz"], _DiesWhenRead())
        with pytest.raises(ExecutorError, match="run the same command again"):
            list(scanned)


class _DiesWhenRead(tuple[str, ...]):
    """Hosts that end the process which receives them."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)
