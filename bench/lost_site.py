"""Brings a site back from the stand-ins of its archives, killed again and again, and checks what came.

    python -m bench.lost_site --articles 5000 --kills 10 [--quick]

The newsstand's archives hold the articles of a site with overlaps, variants, errors and oddities. The imports (the
Wayback Machine, Common Crawl, CC-NEWS) are killed with SIGKILL at random moments and run again to their ends, at the
rates of the defaults; with --quick faster. Faults of the servers are on meanwhile: 503, 504, cut and empty answers.
Then: every article of which an archive has a page is there once; each line of the indexes has one outcome, and they add
up; no minute has more requests than the rates; `verify` finds nothing. Prints the figures as JSON, and exits with 1
where something is not so.
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
from datetime import datetime
from pathlib import Path
from typing import Any

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand

SITE = "sputniknews"
#: Seconds after which an import counts as hung.
LONGEST = 3600
CDX_RATE, MEMENTO_RATE = 24, 400
IMPORTS = (("wayback", SITE), ("commoncrawl", SITE), ("ccnews", SITE, "--since", "2019-01-01"))
FAULTS = (
    Fault(FaultKind.STATUS, "web.archive.org/web/", count=1, share=0.02, status=503),
    Fault(FaultKind.STATUS, "web.archive.org/cdx/", count=1, share=0.1, status=504),
    Fault(FaultKind.CUT, "web.archive.org/web/", count=1, share=0.01),
    Fault(FaultKind.EMPTY, "web.archive.org/cdx/", count=1, share=0.1),
    Fault(FaultKind.STATUS, "data.commoncrawl.org/crawl-data/CC-MAIN", count=1, share=0.02, status=503),
)


class Home:
    """A collection and the command line on it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "crawler.cli", "--home", str(self.folder), *words]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *words: str) -> tuple[int, str, str]:
        child = self.begin(*words)
        out, err = child.communicate(timeout=LONGEST)
        return child.returncode, out, err

    def run_killed(self, words: tuple[str, ...], kills: int, draw: random.Random, longest: float) -> None:
        """An import, killed so many times at random moments, then run to its end."""
        for _ in range(kills):
            child = self.begin(*words)
            try:
                child.communicate(timeout=draw.uniform(1, longest))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.communicate()
        status, _, err = self.run(*words)
        print(f"{words[1]}: ended with {status}; {err.strip().splitlines()[-1] if err.strip() else ''}", flush=True)


def recoverable(stand: Newsstand) -> set[str]:
    """The articles of which an archive has a page."""
    wayback = [one for one in stand.each_truth("wayback") if one["site"] == SITE and one["article"]]
    crawled = [one for one in stand.each_truth("commoncrawl") if one["site"] == SITE and one["article"]]
    found = {one["article"] for one in wayback if one["status"] == 200 and not one["is_error"]}
    return found | {one["article"] for one in crawled if one["is_whole"] and not one["is_error"]}


def most_in_a_minute(times: list[datetime]) -> int:
    """The largest number of requests within 60 seconds."""
    most, start = 0, 0
    for end, moment in enumerate(times):
        while (moment - times[start]).total_seconds() >= 60:
            start += 1
        most = max(most, end - start + 1)
    return most


def rates(log: list[dict[str, Any]]) -> dict[str, int]:
    """The largest number of requests a minute of the index and of the captures of the Wayback Machine."""
    kinds = {"cdx": "/cdx/", "mementos": "/web/"}
    times = {
        kind: [datetime.fromisoformat(one["time"]) for one in log if one["target"].startswith(begin)]
        for kind, begin in kinds.items()
    }
    return {kind: most_in_a_minute(found) for kind, found in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=10, help="of each import")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="without the rates of the defaults")
    options = parser.parse_args()
    draw, began = random.Random(options.seed), time.monotonic()
    quick = {"EMEROTECA_ARCHIVE_CDX_RATE": "600", "EMEROTECA_ARCHIVE_MEMENTO_RATE": "6000"} if options.quick else {}
    stand_in = Newsstand(articles=options.articles, seed=options.seed, archived=SITE)
    with stand_in as stand, tempfile.TemporaryDirectory() as folder:
        stand.archive_limits(100_000, 100_000)
        stand.faults(*FAULTS)
        expected = recoverable(stand)
        contact = {"EMEROTECA_CONTACT": "bench@emeroteca.example"}
        home = Home(Path(folder), {**os.environ, **stand.environment, **quick, **contact})
        log: list[dict[str, Any]] = []
        for words in IMPORTS:
            home.run_killed(("import", *words), options.kills, draw, 20 if options.quick else 60)
            log += stand.log(log[-1]["number"] + 1 if log else 0)
        exported = [json.loads(line) for line in home.run("export", "--format", "jsonl")[1].splitlines()]
        ledger = json.loads(home.run("import", "status", SITE, "--json")[1])
        verified = home.run("verify")
    found = Counter(row["canonical_url"] for row in exported)
    figures = {
        "articles": len(expected),
        "missing": len(expected - set(found)),
        "missing_urls": sorted(expected - set(found))[:5],
        "other": len(set(found) - expected),
        "twice": sum(count > 1 for count in found.values()),
        "lines": ledger["lines"],
        "without_outcome": ledger["totals"].get("pending", 0),
        "outcomes": ledger["totals"],
        "open_parts": len(ledger["open_parts"]),
        "most_a_minute": rates(log),
        "witnesses": dict(sorted(Counter(row["witnesses"] for row in exported).items())),
        "verify": verified[0],
        "faults": verified[1].splitlines()[:5],
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(figures, indent=1))
    is_polite = options.quick or (
        figures["most_a_minute"]["cdx"] <= CDX_RATE + 1 and figures["most_a_minute"]["mementos"] <= MEMENTO_RATE + 1
    )
    wrong = ("missing", "other", "twice", "without_outcome", "open_parts", "verify")
    adds_up = sum(ledger["totals"].values()) == ledger["lines"]
    return 0 if is_polite and adds_up and not any(figures[name] for name in wrong) else 1


if __name__ == "__main__":
    sys.exit(main())
