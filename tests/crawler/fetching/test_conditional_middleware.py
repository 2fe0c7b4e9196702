"""Crawled again, what has not changed is said in a few bytes; and the rows are the same as if it had come again."""

import itertools
import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler.crawl.report import CaptureOutcome, OutcomeCounts
from crawler.ingest.classify import Extractor
from crawler.ingest.messages import CaptureInput
from crawler.ingest.pipeline import Classifier, Pipeline, ResultWriter
from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.corpus.db.database import open_database
from storage.corpus.export.export import ExportFilter, records
from storage.corpus.write.store import Store
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import read_captures, read_records
from storage.warc.read.revisit_resolver import RevisitResolver

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


def crawl(emeroteca: Emeroteca, stand: Newsstand, *words: str) -> dict[str, Any]:
    ended = emeroteca("crawl", "alanews", "--delay", "0", "--json", *words, env=stand.environment)
    assert ended.returncode in (0, 1), ended.stderr
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary


def exported(emeroteca: Emeroteca, **where: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in emeroteca("export", **where).stdout.splitlines()]


def size(warc: Path) -> int:
    return sum(file.stat().st_size for file in warc.glob("*.warc.gz"))


def test_a_second_crawl_adds_at_most_three_in_a_hundred_bytes(
    stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    stand.clock(0)
    warc = tmp_path / "archive" / "warc"
    crawl(emeroteca, stand)
    first, before = size(warc), exported(emeroteca)
    numbers = len(stand.log())
    again = crawl(emeroteca, stand)
    assert size(warc) - first <= 0.03 * first
    assert again["urls"]["unchanged"] == len(before), "discovery goes on, out of the archive"
    assert exported(emeroteca) == before
    lists = {row["target"]: row["status"] for row in stand.log()[numbers:]}
    assert {status for url, status in lists.items() if "modified_after" not in url} == {304}
    assert "/robots.txt" not in lists, "it holds for a day"


def test_an_article_that_has_not_changed_is_seen_again(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    """Not modified, then the same bytes from a server that knows no validators: one revision, seen three times."""
    stand.clock(0)
    url = stand.truth("alanews")[3]["url"]
    crawl(emeroteca, stand, "--url", url)
    (first,) = exported(emeroteca)
    crawl(emeroteca, stand, "--url", url)
    (second,) = exported(emeroteca)
    warc = tmp_path / "archive" / "warc"
    revisits = [record for record in read_records(warc) if record.record_type == "revisit"]
    assert {(record.header("WARC-Profile") or "").rpartition("/")[2] for record in revisits} == {"server-not-modified"}
    assert second["last_captured_at"] > first["last_captured_at"]
    kept = {name: value for name, value in first.items() if name != "last_captured_at"}
    assert {name: value for name, value in second.items() if name != "last_captured_at"} == kept
    rebuilt = emeroteca("rebuild", str(warc), home=tmp_path / "again")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert exported(emeroteca, home=tmp_path / "again") == [second]


def test_a_change_is_not_missed(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    crawl(emeroteca, stand)
    stand.clock(1)
    crawl(emeroteca, stand)
    truth = {row["native_id"]: row["headline"] for row in stand.truth("alanews")}
    rows = {row["native_id"]: row["headline"] for row in exported(emeroteca)}
    assert {name: rows[name] for name in truth} == truth
    stand.clock(0)


def test_what_was_refused_is_asked_for_in_full(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    url = stand.truth("alanews")[5]["url"]
    stand.faults(Fault(FaultKind.ACCESS_DENIED))
    crawl(emeroteca, stand, "--url", url)
    stand.faults()
    summary = crawl(emeroteca, stand, "--url", url)
    assert summary["captures"]["article"] == 1


def rows_of(files: tuple[Path, ...], folder: Path) -> tuple[list[dict[str, Any]], Counter[str]]:
    folder.mkdir()
    with open_database(f"sqlite:///{folder / 'corpus.db'}") as database:
        index, counts = PayloadIndex(folder / "payloads.db"), OutcomeCounts()
        pipeline = Pipeline(
            Classifier(folder, Extractor()),
            RevisitResolver(folder, index),
            ResultWriter(Store(database), index),
            lambda result: counts.add(CaptureOutcome.of(result)),
        )
        for file in files:
            for capture in read_captures(file):
                pipeline.add(CaptureInput(capture, str(file)))
        pipeline.finish()
        index.close()
        with database.reading() as connection:
            return list(records(connection, ExportFilter())), counts.refusals()


def test_files_in_any_order_give_the_same_rows(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    """Three crawls of three articles, one edited in between: the later files hold revisits of the earlier."""
    words = [word for row in stand.truth("alanews")[:3] for word in ("--url", row["url"])]
    for step in (0, 1, 1):
        stand.clock(step)
        crawl(emeroteca, stand, *words)
    stand.clock(0)
    files = sorted((tmp_path / "archive" / "warc").glob("*.warc.gz"))
    expected = rows_of(tuple(files), tmp_path / "expected")
    assert [len(row["blocks"]) > 0 for row in expected[0]] == [True] * 3
    for number, order in enumerate(itertools.permutations(files)):
        assert rows_of(order, tmp_path / str(number)) == expected
    _, refused = rows_of((files[2],), tmp_path / "alone")
    assert refused == {"original-missing": 3}
