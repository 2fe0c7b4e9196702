"""Checks three crawls against the newsstand's log: with faults, of an unchanged site, and after edits.

    python -m bench.incremental --articles 20000

Two articles in a hundred have a fault: a temporary 503, or 429 with Retry-After, truncated, reset, slow, behind
redirects, or gone. Prints JSON: articles with an outcome in coverage, URLs not captured exactly once, requests
disallowed by robots.txt or sent during a Retry-After pause, memory of the crawl process, requests and WARC bytes of the
first and the second crawl and their ratios, edits made and captured. Exits with 1, and the names of the failed checks,
where one of these is wrong or the second crawl needs more than 3 % of the requests or bytes of the first.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand

HOST = "https://alanews.it"
#: Retry-After of a 429, seconds.
WAIT = 1
#: Requests possibly in flight at the arrival of a 429: the concurrency limit less one.
IN_FLIGHT = 7
SHARE = 0.02
#: Each fault applies to articles whose slugs end with these letters.
FAULTS = (
    ("a", {"kind": FaultKind.STATUS, "status": 503, "count": 1}),
    ("e", {"kind": FaultKind.STATUS, "status": 429, "retry_after": WAIT, "count": 1}),
    ("i", {"kind": FaultKind.CUT, "count": 1}),
    ("o", {"kind": FaultKind.STATUS, "status": 404}),
    ("b-d", {"kind": FaultKind.RESET, "count": 1}),
    ("f-hj-n", {"kind": FaultKind.REDIRECT_CHAIN, "hops": 3}),
    ("p-z0-9", {"kind": FaultKind.SLOW, "seconds": 2.0}),
)


class CrawlMonitor:
    """Collects the newsstand's log during a crawl, since the newsstand retains the last 20,000 requests only, and the
    memory of the crawl process, in MB, every two seconds."""

    def __init__(self, stand: Newsstand) -> None:
        self.stand = stand
        self.rows: dict[int, dict[str, Any]] = {}
        self.memory: list[int] = []

    @contextmanager
    def running(self, *command: str, environment: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
        """Runs the command; yields its requests."""
        start, done, found = max(self.rows, default=0), threading.Event(), []  # type: ignore[var-annotated]
        crawl = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        thread = threading.Thread(target=self._poll, args=(done, crawl.pid))
        thread.start()
        try:
            crawl.wait()
        finally:
            done.set()
            thread.join()
        self._read()
        found += [row for row in self.rows.values() if row["number"] > start]
        yield sorted(found, key=lambda row: row["number"])

    def _poll(self, done: threading.Event, pid: int) -> None:
        self.memory = []
        while not done.wait(2):
            self._read()
            with suppress(OSError, IndexError):
                self.memory.append(int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) // 1024)

    def _read(self) -> None:
        self.rows.update((row["number"], row) for row in self.stand.log(max(self.rows, default=0)))


class Run:
    """One newsstand and one collection."""

    def __init__(self, stand: Newsstand, home: str) -> None:
        self.stand = stand
        self.log = CrawlMonitor(stand)
        self.command = (sys.executable, "-m", "crawler.cli", "--home", home)
        self.warc = Path(home) / "warc"
        self.environment = {**os.environ, **stand.environment, "EMEROTECA_CONTACT": "bench@emeroteca.example"}
        self.report: dict[str, Any] = {}
        self.wrong: list[str] = []

    def crawl(self, name: str) -> list[dict[str, Any]]:
        began, bytes_before = time.monotonic(), self.warc_bytes()
        words = (*self.command, "crawl", "alanews", "--delay", "0")
        with self.log.running(*words, environment=self.environment) as requests:
            self.report[f"{name}_requests"] = len(requests)
            self.report[f"{name}_seconds"] = round(time.monotonic() - began)
            self.report[f"{name}_warc_bytes"] = self.warc_bytes() - bytes_before
            return requests

    def warc_bytes(self) -> int:
        return sum(file.stat().st_size for file in self.warc.glob("*.warc.gz"))

    def check(self, name: str, found: list[str] | int, limit: int = 0) -> None:
        """Report the number; a number above the limit is an error."""
        count = found if isinstance(found, int) else len(found)
        self.report[name] = count
        if count > limit:
            self.wrong.append(f"{name}: {count}, {found if isinstance(found, int) else found[:3]}")

    def first(self) -> None:
        """The crawl with faults."""
        self.stand.faults(
            *(Fault(pattern=rf"alanews\.it/.+[{letters}]/($|\?)", share=SHARE, **kind) for letters, kind in FAULTS)  # type: ignore[arg-type]
        )
        requests = self.crawl("first")
        memory = self.log.memory or [0]
        self.report["memory_mb"] = {"quarter": memory[len(memory) // 4], "end": memory[-1], "most": max(memory)}
        articles = {row["url"].removeprefix(HOST) for row in self.stand.each_truth("alanews")}
        gone = {row["target"] for row in requests if row["status"] == 404 and row["faults"]}
        whole = Counter(
            row["target"].partition("?")[0]
            for row in requests
            if row["status"] == 200 and not {"cut", "reset"} & set(row["faults"])
        )
        self.report["articles"] = len(articles)
        self.report["faults"] = dict(Counter(f"{fault} {row['status']}" for row in requests for fault in row["faults"]))
        self.check("not_once", [url for url in articles - gone if whole[url] != 1])
        self.check("against_robots", [row["target"] for row in requests if row["target"].startswith("/wp-admin/")])
        self.check("while_asked_to_wait", list(_too_soon(requests)))
        self.coverage(len(articles), len(gone))

    def coverage(self, articles: int, gone: int) -> None:
        """Every published article is extracted or has its reason."""
        ended = subprocess.run(
            [*self.command, "coverage", "alanews", "--json"],
            env=self.environment, stdout=subprocess.PIPE, check=False,
        )  # fmt: skip
        days = [json.loads(line) for line in ended.stdout.splitlines()]
        self.report["extracted"] = sum(day["extracted"] for day in days)
        self.report["refused"] = dict(sum((Counter(day["refused"]) for day in days), Counter()))
        self.report["not_asked"] = dict(sum((Counter(day["not_asked"]) for day in days), Counter()))
        self.check("missing", sum(day["missing"] for day in days))
        self.check("without_a_reason", articles - gone - self.report["extracted"])
        self.check("without_the_right_reason", gone - self.report["refused"].get("gone", 0))

    def second(self) -> None:
        """The crawl of the unchanged site."""
        self.stand.faults()
        self.crawl("second")
        for figure in ("requests", "warc_bytes"):
            share = self.report[f"second_{figure}"] / self.report[f"first_{figure}"]
            self.report[f"second_{figure}_share"] = round(share, 4)
            if share > 0.03:
                self.wrong.append(f"the second crawl has {share:.1%} of the first one's {figure}")

    def third(self) -> None:
        """The crawl after edits."""
        before = {row["url"]: row["modified_at"] for row in self.stand.each_truth("alanews")}
        self.stand.clock(1)
        after = {row["url"]: row["modified_at"] for row in self.stand.each_truth("alanews")}
        edited = {url.removeprefix(HOST) for url in before.keys() & after.keys() if before[url] != after[url]}
        new = {url.removeprefix(HOST) for url in after.keys() - before.keys()}
        asked = {row["target"] for row in self.crawl("third")}
        self.report["edited"], self.report["new"] = len(edited), len(new)
        self.check("not_caught", sorted((edited | new) - asked))


def _too_soon(requests: list[dict[str, Any]]) -> Iterator[str]:
    """Requests during a Retry-After pause, except those in flight."""
    times = [datetime.fromisoformat(row["time"]) for row in requests]
    for at, row in enumerate(requests):
        if row["status"] == 429:
            until = times[at] + timedelta(seconds=WAIT)
            within = [
                one["target"] for one, when in zip(requests[at + 1 :], times[at + 1 :], strict=True) if when < until
            ]
            yield from within[IN_FLIGHT:]


def main() -> int:
    """Prints the report; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        Newsstand(articles=arguments.articles, seed=arguments.seed) as stand,
    ):
        run = Run(stand, home)
        run.first()
        run.second()
        run.third()
    print(json.dumps({**run.report, "wrong": run.wrong}, indent=1))
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
