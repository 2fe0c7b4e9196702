"""Kills crawls with SIGKILL at random moments, runs them again to their end, and checks that nothing is lost.

    python -m bench.kills --kills 200

Crawls of the newsstand are killed after a random number of requests, or during start and end. A completed crawl
finishes a collection, which is then compared with the captures signalled during the runs and with an undisturbed crawl;
further kills use a new collection. Prints a line per collection and a summary as JSON (`most_again`: repeated requests
of a collection's runs per kill; at most the requests in flight). Exits with 1 where something was lost, duplicated,
requested needlessly, or left for manual repair.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.capture.signals import exchange_captured
from newsstand.stand import Newsstand
from storage.exceptions import CaptureMissing
from storage.warc.http.capture import CaptureRef
from storage.warc.read.members import Damage
from storage.warc.read.reader import read_capture, read_captures, read_records

SIGNALLED = "BENCH_SIGNALLED"
#: Seconds after which a crawl counts as hung.
LONGEST = 120
#: Requests in flight: CONCURRENT_REQUESTS_PER_DOMAIN.
IN_FLIGHT = 8
#: Exported fields that depend on time and place of the capture.
OF_CAPTURES = {"first_captured_at", "last_captured_at", "warc_file", "warc_offset", "warc_record_id"}


class SignalledCaptures:
    """A Scrapy extension of the crawls under test: notes each `exchange_captured` in a file that survives a kill."""

    def __init__(self, crawler: Crawler) -> None:
        self.file = os.open(os.environ[SIGNALLED], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        crawler.signals.connect(self.note, exchange_captured)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def note(self, ref: CaptureRef) -> None:
        os.write(self.file, f"{ref.file} {ref.offset} {ref.record_id}\n".encode())


def crawl_under_test() -> None:
    """Entry point of the child processes: `emeroteca`, with the extension."""
    from crawler import settings
    from crawler.cli.main import main

    settings.EXTENSIONS["bench.kills.SignalledCaptures"] = 900
    main()


@dataclass
class Collection:
    """A collection under test, and the problems found in it."""

    home: Path
    stand: Newsstand
    site: str
    kills: int = 0
    problems: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    again: int = 0

    @property
    def signalled(self) -> Path:
        return self.home.with_suffix(".signalled")

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", "from bench.kills import crawl_under_test as run; run()"]
        environment = {**os.environ, **self.stand.environment, "EMEROTECA_CONTACT": "bench@emeroteca.example"}
        return subprocess.Popen(
            [*command, "--home", str(self.home), *words],
            env={**environment, SIGNALLED: str(self.signalled)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def crawl(self, requests: int | None, pause: float) -> bool:
        """One run, killed `pause` seconds after so many requests; None: never. Returns whether it ended by itself."""
        before = last_number(self.stand)
        child = self.start("crawl", self.site, "--delay", "0")
        deadline = time.monotonic() + LONGEST
        while child.poll() is None and time.monotonic() < deadline:
            if requests is not None and last_number(self.stand) - before >= requests:
                time.sleep(pause)
                child.send_signal(signal.SIGKILL)
                break
            time.sleep(0.02)
        _, complaints = child.communicate(timeout=LONGEST)
        self.count_again(before)
        if child.returncode == -signal.SIGKILL:
            self.kills += 1
            return False
        if child.returncode != 0:
            self.problems.append(f"a crawl ended with {child.returncode}: {complaints[-2000:]}")
        return True

    def count_again(self, before: int) -> None:
        """Count repeated requests in the newsstand's log; only requests in flight at a kill may be repeated."""
        rows = self.stand.log(before + 1)
        asked = {f"{row['scheme']}://{row['host']}{row['target']}" for row in rows if row["status"] == 200}
        again = asked & self.answered & {row["url"] for row in self.stand.each_truth(self.site)}
        self.again += len(again)
        if self.again > IN_FLIGHT * self.kills:
            self.problems.append(f"{self.again} articles requested again after {self.kills} kills: {sorted(again)[:3]}")
        self.answered |= asked

    def rows(self) -> dict[str, dict[str, Any]]:
        child = self.start("export")
        lines, _ = child.communicate(timeout=LONGEST)
        return {row["article_id"]: row for row in map(json.loads, lines.splitlines())}

    def check(self, clean: dict[str, dict[str, Any]]) -> None:
        """Check everything that a kill could damage."""
        warc = self.home / "warc"
        if left := [file.name for file in warc.iterdir() if file.name.endswith((".open", ".tmp", ".new"))]:
            self.problems.append(f"left for repair: {left}")
        damages: list[Damage] = []
        records = Counter(record.record_id for record in read_records(warc, damages))
        self.problems += [f"damage: {damage}" for damage in damages]
        self.problems += [f"duplicate record {name}" for name, count in records.items() if count > 1]
        for name in self._signalled_captures():
            ref = CaptureRef(name[0], int(name[1]), 0, name[2])
            try:
                read_capture(warc, ref)
            except CaptureMissing as missing:
                self.problems.append(f"signalled and lost: {missing}")
        rows = self.rows()
        articles = {row["url"] for row in rows.values()}
        captured = Counter(capture.url for capture in read_captures(warc) if capture.url in articles)
        self.problems += [f"{count} captures of {url}" for url, count in captured.items() if count > 1]
        if bare(rows) != bare(clean):
            self.problems.append(f"rows differ: {sorted(different(rows, clean))[:5]}")
        for row in rows.values():
            ref = CaptureRef(row["warc_file"], row["warc_offset"], 0, row["warc_record_id"])
            if read_capture(warc, ref).payload_digest != row["payload_digest"]:
                self.problems.append(f"{row['url']} refers to other bytes")

    def _signalled_captures(self) -> Iterator[list[str]]:
        for line in self.signalled.read_text().splitlines():
            yield line.split(" ")


def bare(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {key: value for key, value in row.items() if key not in OF_CAPTURES} for name, row in rows.items()}


def different(rows: dict[str, dict[str, Any]], clean: dict[str, dict[str, Any]]) -> set[str]:
    one, other = bare(rows), bare(clean)
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def last_number(stand: Newsstand) -> int:
    """The number of requests that the newsstand has received."""
    rows = stand.log(since=stand_seen.get(stand.url, 0))
    if rows:
        stand_seen[stand.url] = rows[-1]["number"]
    return stand_seen.get(stand.url, 0)


stand_seen: dict[str, int] = {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--site", default="alanews")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    kills, collections, problems, most_again = 0, 0, 0, 0.0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Newsstand(articles=asked.articles, seed=asked.seed) as stand:
        undisturbed = Collection(Path(folder) / "clean", stand, asked.site)
        undisturbed.crawl(None, 0)
        requests = last_number(stand)
        clean = undisturbed.rows()
        undisturbed.check(clean)
        print(f"a clean crawl: {requests} requests, {len(clean)} rows, problems: {undisturbed.problems}", flush=True)
        while kills < asked.kills:
            collection = Collection(Path(folder) / str(collections), stand, asked.site)
            while not collection.crawl(
                rng.randint(0, requests) if kills + collection.kills < asked.kills else None, rng.uniform(0, 0.1)
            ):
                pass
            collection.check(clean)
            kills, collections, problems = (
                kills + collection.kills,
                collections + 1,
                problems + len(collection.problems),
            )
            most_again = max(most_again, collection.again / max(collection.kills, 1))
            print(f"{kills} kills: a collection of {collection.kills}, problems: {collection.problems}", flush=True)
    problems += len(undisturbed.problems)
    seconds = round(time.monotonic() - began)
    summary = {
        "kills": kills, "collections": collections, "problems": problems,
        "most_again": round(most_again, 1), "seconds": seconds,
    }  # fmt: skip
    print(json.dumps(summary))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
