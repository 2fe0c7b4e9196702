"""Compares crawls of the newsstand with its ground truth, field by field.

python -m bench.truth [--articles 1000] [--seed 3]

Each site is crawled by the command line into an empty collection; the exported rows are compared with the newsstand's
ground truth. Prints rows, fields and the number of errors, with an example of each; exit status 1 above 0.5 %.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime
from typing import Any

from newsstand.stand import Newsstand

FIELDS = (
    *("canonical_url", "headline", "alternative_headline", "description", "section", "authors", "keywords"),
    *("published_at", "modified_at", "published_date", "blocks", "images", "links", "language"),
)


def emeroteca(home: str, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crawler.cli", "--home", home, *words],
        env={**os.environ, "EMEROTECA_CONTACT": "bench@emeroteca.example", **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def same(name: str, value: Any, true: Any) -> bool:
    """Whether the values are equal; times are compared as instants."""
    if name.endswith("_at") and value and true:
        return datetime.fromisoformat(value) == datetime.fromisoformat(true)
    return bool(value == true)


def compare(site: str, rows: dict[str, Any], truth: dict[str, Any]) -> float:
    """Prints the differences; returns the share of different fields."""
    wrong: Counter[str] = Counter()
    for native_id in rows.keys() & truth.keys():
        for name in FIELDS:
            if not same(name, rows[native_id][name], truth[native_id][name]):
                wrong[name] += 1
                if wrong[name] == 1:
                    print(f"  {name}: {rows[native_id][name]!r} for {truth[native_id][name]!r}")
    missing, surplus = len(truth.keys() - rows.keys()), len(rows.keys() - truth.keys())
    fields = len(truth) * len(FIELDS)
    bad = wrong.total() + (missing + surplus) * len(FIELDS)
    print(f"{site}: {len(rows)} rows, {missing} missing, {surplus} surplus; {fields} fields, {wrong.total()} wrong")
    return bad / fields


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    shares = []
    with Newsstand(articles=options.articles, seed=options.seed) as stand, tempfile.TemporaryDirectory() as home:
        for site in ("alanews", "sputniknews"):
            emeroteca(home, stand.environment, "crawl", site, "--delay", "0")
            lines = emeroteca(home, {}, "export", "--site", site).stdout.splitlines()
            rows = {row["native_id"]: row for row in map(json.loads, lines)}
            shares.append(compare(site, rows, {row["native_id"]: row for row in stand.truth(site)}))
    return int(max(shares) > 0.005)


if __name__ == "__main__":
    sys.exit(main())
