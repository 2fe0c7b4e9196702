"""Crawls the newsstand's papers by address alone, and compares with their ground truth.

    python -m bench.any_site [--articles 200] [--seed 5] [--paper NAME ...]

Prints for each paper: the share of articles captured, the rows that are none, the rows with right headline, day and
body, and the requests of the second crawl as a share of the first. Exit status 1 where one misses its goal.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from newsstand.stand import Newsstand

#: Where each paper is crawled from.
STARTS = {
    "deichbote": "https://www.deichbote.example/",
    "gazette": "http://gazette-du-canal.example/",
    "almina": "https://www.almina.example/",
}
FIELDS = ("headline", "published_date", "body")
#: Least share of articles and of right rows; most rows that are none, and requests of the second crawl.
ARTICLES, RIGHT, OTHERS, SECOND = 0.98, 0.95, 0.01, 0.03


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares, 0 to 1."""

    articles: float
    others: float
    right: Mapping[str, float]
    second: float

    @property
    def is_good(self) -> bool:
        """Whether every goal is met."""
        found = self.articles >= ARTICLES and min(self.right.values()) >= RIGHT
        return found and self.others <= OTHERS and self.second <= SECOND


def measure(stand: Newsstand, name: str, start: str, home: str) -> Measured:
    """Two crawls of a paper into an empty home."""
    begin = len(stand.log())
    _emeroteca(home, stand.environment, "crawl", start, "--delay", "0")
    first = len(stand.log())
    exported = _emeroteca(home, stand.environment, "export").stdout
    rows: list[dict[str, Any]] = [json.loads(line) for line in exported.splitlines()]
    _emeroteca(home, stand.environment, "crawl", start, "--delay", "0")
    second = len(stand.log())
    truth = {one["url"]: one for one in stand.each_truth(name)}
    known = [row for row in rows if row["url"] in truth]
    for field in FIELDS:
        wrong = [row for row in known if not _is_right(row, truth[row["url"]], field)]
        for row in wrong[:1]:
            print(f"  {field} of {row['url']}: {row[field]!r} for {truth[row['url']][field]!r}")
    for row in [row for row in rows if row["url"] not in truth][:3]:
        print(f"  no article: {row['url']}")
    for url in sorted(truth.keys() - {row["url"] for row in known})[:3]:
        print(f"  missing: {url}")
    return Measured(
        articles=len({row["url"] for row in known}) / len(truth),
        others=(len(rows) - len(known)) / max(1, len(rows)),
        right={
            field: sum(_is_right(row, truth[row["url"]], field) for row in known) / max(1, len(known))
            for field in FIELDS
        },
        second=(second - first) / max(1, first - begin),
    )


def _is_right(row: Mapping[str, Any], truth: Mapping[str, Any], field: str) -> bool:
    found = row[field]
    if field == "body" and truth["description"] is not None:
        found = found.removeprefix(f"{truth['description']}\n\n")
    return bool(found == truth[field])


def _emeroteca(home: str, environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crawler.cli", "--home", home, *words],
        env={**os.environ, "EMEROTECA_CONTACT": "bench@emeroteca.example", **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--paper", action="append", choices=STARTS, default=[])
    options = parser.parse_args()
    is_good = True
    with Newsstand(articles=options.articles, seed=options.seed) as stand:
        for name in options.paper or STARTS:
            with TemporaryDirectory() as home:
                found = measure(stand, name, STARTS[name], home)
            is_good &= found.is_good
            right = ", ".join(f"{field} {share:.1%}" for field, share in found.right.items())
            print(
                f"{name}: {found.articles:.1%} of the articles, {found.others:.1%} of the rows are none; "
                f"right: {right}; second crawl {found.second:.1%} of the requests"
                f"{'' if found.is_good else ' (misses a goal)'}",
                flush=True,
            )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
