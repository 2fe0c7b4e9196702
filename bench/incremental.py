"""A crawl with faults, one of an unchanged site, and one after edits: judged by the newsstand's own log.

    python -m bench.incremental --articles 20000

Prints JSON: articles captured of those there are, URLs captured more than once, requests of the first and the second
crawl and their share, edits made and edits caught. Ends with 1 where an article is missing without a reason, one is
captured twice, the second crawl asks for more than 3 %, or an edit is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand

#: Of each third of the articles (by the first letter of their slugs) one in fifty.
FAULTS = (
    Fault(FaultKind.STATUS, pattern=r"alanews\.it/.+/[a-h][^/]+/$", share=0.02, status=500, count=1),
    Fault(FaultKind.STATUS, pattern=r"alanews\.it/.+/[i-l][^/]+/$", share=0.02, status=410),
    Fault(FaultKind.CUT, pattern=r"alanews\.it/.+/[m-z][^/]+/$", share=0.02, count=1),
)


class Watched:
    """The newsstand's log, read as it grows: it keeps the last 20,000 requests only."""

    def __init__(self, stand: Newsstand) -> None:
        self.stand = stand
        self.rows: dict[int, dict[str, Any]] = {}

    @contextmanager
    def watching(self) -> Iterator[list[dict[str, Any]]]:
        """The requests of the block, filled in when it ends."""
        start, done, found = max(self.rows, default=0), threading.Event(), []  # type: ignore[var-annotated]
        thread = threading.Thread(target=self._watch, args=(done,))
        thread.start()
        try:
            yield found
        finally:
            done.set()
            thread.join()
            self._read()
            found += [row for number, row in sorted(self.rows.items()) if number > start]

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(2):
            self._read()

    def _read(self) -> None:
        self.rows.update((row["number"], row) for row in self.stand.log(max(self.rows, default=0)))


def run(home: str, stand: Newsstand, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line; its output."""
    environment = {**os.environ, **stand.environment, "EMEROTECA_CONTACT": "bench@emeroteca.example"}
    command = [sys.executable, "-m", "crawler.cli", "--home", home, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def main() -> int:
    """Prints the report; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    report: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as home,
        Newsstand(articles=arguments.articles, seed=arguments.seed) as stand,
    ):
        log = Watched(stand)
        stand.faults(*FAULTS)
        with log.watching() as first:
            run(home, stand, "crawl", "alanews", "--delay", "0")
        urls = {row["url"].removeprefix("https://alanews.it") for row in stand.each_truth("alanews")}
        whole = Counter(row["target"] for row in first if row["status"] == 200 and not row["faults"])
        days = [json.loads(line) for line in run(home, stand, "coverage", "alanews", "--json").stdout.splitlines()]
        report["articles"], report["requests"] = len(urls), len(first)
        report["twice"] = sum(1 for url in urls if whole[url] > 1)
        report["extracted"] = sum(day["extracted"] for day in days)
        report["refused"] = dict(sum((Counter(day["refused"]) for day in days), Counter()))
        report["missing"] = sum(day["missing"] for day in days)
        stand.faults()
        with log.watching() as second:
            run(home, stand, "crawl", "alanews", "--delay", "0")
        report["second_requests"], report["share"] = len(second), round(len(second) / len(first), 4)
        before = {row["url"]: row["modified_at"] for row in stand.each_truth("alanews")}
        stand.clock(1)
        edited = {
            row["url"].removeprefix("https://alanews.it")
            for row in stand.each_truth("alanews")
            if row["url"] in before and before[row["url"]] != row["modified_at"]
        }
        with log.watching() as third:
            run(home, stand, "crawl", "alanews", "--delay", "0")
        report["edited"], report["caught"] = len(edited), len(edited & {row["target"] for row in third})
        report["third_requests"] = len(third)
    print(json.dumps(report, indent=1))
    fine = not report["twice"] and not report["missing"] and report["share"] <= 0.03
    return 0 if fine and report["caught"] == report["edited"] else 1


if __name__ == "__main__":
    sys.exit(main())
