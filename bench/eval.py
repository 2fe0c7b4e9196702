"""How good extraction is: our scores and trafilatura's in one run, on the public benchmark and on our own fixtures.

python -m bench.eval [--pin] [--lower] [--failing] [--outputs FOLDER]

Prints, per reader, F1, precision, recall and exact-match accuracy by the benchmark's formula (all pages, then the two
halves), the CPU per page, and how many fields of the fixtures are exact. Exit status 1 where a score is below its
floor (bench/floors.json). `--pin` raises the floors, and refuses to lower one unless `--lower` says so too.
`--failing` names the pages that are not exact, worst first; a page becomes a fixture by tests/fixtures/make.py.
`--outputs` is the folder `output` of the benchmark's repository: the formula is checked against its published table.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import trafilatura

from bench import floors
from bench.benchmark import PUBLISHED, Case, cases, digest, stored_output
from bench.fields import results
from bench.shingles import Score, overlap, scored
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused

#: In place of a digest: fixtures are our own and grow, their floor is the share of exact fields.
GROWING = "our own, growing"
Bodies = dict[str, str]
MODES: dict[str, dict[str, bool]] = {
    "trafilatura": {},
    "  with metadata": {"with_metadata": True},
    "  favor_precision": {"favor_precision": True},
    "  favor_recall": {"favor_recall": True},
    "  fast": {"fast": True},
}


def ours(case: Case) -> str:
    try:
        return extract(Page.from_bytes(case.body, case.url)).body
    except PageRefused:
        return ""


def theirs(mode: dict[str, bool], case: Case) -> str:
    found = trafilatura.bare_extraction(case.body.decode("utf-8"), include_comments=False, **mode)
    return (getattr(found, "text", None) or "") if found else ""


def read_all(read: Callable[[Case], str], pages: list[Case]) -> tuple[Bodies, float]:
    """The bodies by page, and the milliseconds of CPU per page."""
    start = time.process_time()
    bodies = {case.name: read(case) for case in pages}
    return bodies, (time.process_time() - start) * 1000 / len(pages)


def score_of(pages: list[Case], bodies: Bodies, half: str | None = None) -> Score:
    return scored({case.name: case.truth for case in pages if half in (None, case.half)}, bodies)


def check_formula(pages: list[Case], outputs: Path) -> list[str]:
    """Where our formula gives a system another number than its published one."""
    wrong = []
    for name, published in PUBLISHED.items():
        found = score_of(pages, stored_output(outputs / f"{name}.json"))
        if str(found) != "  ".join(f"{number:.3f}" for number in published):
            wrong.append(f"{name}: {found} here, published {published}")
    return wrong


def on_benchmark(pages: list[Case], *, failing: bool) -> dict[str, float]:
    """Print the table; our scores."""
    print(
        f"article-extraction-benchmark, {len(pages)} pages\nreader              F1     precis. recall accur.  ms/page"
    )
    bodies, cost = read_all(ours, pages)
    print(f"{'Emeroteca':18} {score_of(pages, bodies)}  {cost:6.1f}")
    for half in ("dev", "held-out"):
        print(f"{'  ' + half:18} {score_of(pages, bodies, half)}")
    costs = {}
    for name, mode in MODES.items():
        found, costs[name] = read_all(partial(theirs, mode), pages)
        print(f"{name:18} {score_of(pages, found)}  {costs[name]:6.1f}")
    print(f"CPU: {cost / costs['  with metadata']:.2f} of bare trafilatura with metadata")
    if failing:
        _print_failing(pages, bodies)
    whole = score_of(pages, bodies)
    return {"f1": whole.f1, "accuracy": whole.accuracy, "held-out f1": score_of(pages, bodies, "held-out").f1}


def _print_failing(pages: list[Case], bodies: Bodies) -> None:
    compared = sorted(((overlap(case.truth, bodies[case.name]), case) for case in pages), key=lambda pair: pair[0].both)
    for found, case in compared:
        if not found.exact:
            print(f"{found.precision or 0:.3f} {found.recall or 0:.3f} {case.half:8} {case.name[:12]} {case.url}")


def on_fixtures() -> dict[str, float]:
    """Print how many fields are exact, and which are not; the share by group of fixtures."""
    shares = {}
    for result in results():
        print(f"fixtures {result.group:14} {result.fields - len(result.differing)} of {result.fields} fields exact")
        for line in result.differing:
            print(f"  {line}")
        shares[result.group] = result.share
    return shares


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pin", action="store_true", help="raise the floors to the scores of this run")
    parser.add_argument("--lower", action="store_true", help="with --pin: lower them too")
    parser.add_argument("--failing", action="store_true", help="name the pages that are not exact")
    parser.add_argument("--outputs", type=Path, help="the benchmark's folder of stored outputs")
    options = parser.parse_args()
    pages = cases()
    runs = [("fixtures", GROWING, on_fixtures())]
    if pages:
        runs.append(("article-extraction-benchmark", digest(pages), on_benchmark(pages, failing=options.failing)))
    else:
        print("no ../shared/benchmarks beside the checkout: the public benchmark is skipped")
    wrong = check_formula(pages, options.outputs) if pages and options.outputs else []
    for corpus, name, scores in runs:
        if options.pin:
            floors.pin(corpus, name, scores, lower=options.lower)
        wrong += floors.below(corpus, name, scores)
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
