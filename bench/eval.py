"""How good extraction of unknown pages is: ours beside trafilatura and other extractors, on open sets and fixtures.

python -m bench.eval [--pin] [--lower] [--failing] [--tools FOLDER | --no-peers]

Prints for each open set, learned half and unseen half, the set's own measure (F1 of four-word shingles, of words, of
segments) and the share of exact pages, by reader; of ours also the pages refused, and those lost: less than half of
the true words where trafilatura has over 90 %, and how many of these carry no warning. Then day, authors and headline
where the set has them, CPU, and the exact fields of our fixtures. Exit status 1 where a score is below its floor
(bench/floors.json). `--pin` raises the floors, and refuses to lower one unless `--lower` says so too. `--failing`
names the pages of the learned halves that are not exact. readability, resiliparse and newspaper4k are installed in an
environment of their own in `--tools`; one that cannot be is skipped, with a word.
"""

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import trafilatura

from bench import floors
from bench.fields import results
from bench.open_sets import LEARNED, LOOKED_AT, Case, digest, groups, load, recall, same_authors, scored
from crawler.extraction.extract import extract
from crawler.extraction.generic.text_blocks import text_key
from crawler.extraction.html.charset import decode
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from storage.article import Article

#: In place of a digest: fixtures are our own and grow, their floor is the share of exact fields.
GROWING = "our own, growing"
PEERS = {
    "readability": ("readability-lxml", "from readability import Document\nfrom lxml.html import fromstring\n"
                    "def read(html): return fromstring(Document(html).summary()).text_content()"),
    "resiliparse": ("resiliparse", "from resiliparse.extract.html2text import extract_plain_text\n"
                    "def read(html): return extract_plain_text(html, main_content=True)"),
    "newspaper4k": ("newspaper4k lxml_html_clean", "from newspaper import Article\ndef read(html):\n"
                    "    page = Article('https://example.org/')\n    page.download(input_html=html)\n"
                    "    page.parse()\n    return page.text"),
}  # fmt: skip
_LOOP = """
import json, sys
for line in sys.stdin:
    try: text = read(json.loads(line)) or ""
    except Exception: text = None  # an extractor that fails has no text; the table counts its failures
    print(json.dumps(text), flush=True)
"""
Texts = dict[tuple[str, str], str]


@dataclass(slots=True)
class Reading:
    """The texts that a reader found, by page; the milliseconds of CPU per page; the pages on which it failed."""

    texts: Texts = field(default_factory=dict)
    cost: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class OurReading(Reading):
    articles: dict[tuple[str, str], Article] = field(default_factory=dict)


def ours(case: Case) -> Article | None:
    try:
        return extract(Page.from_bytes(case.html, case.url or None))
    except PageRefused:
        return None


def theirs(case: Case, **mode: bool) -> str:
    found = trafilatura.bare_extraction(decoded(case), url=case.url or None, include_comments=False, **mode)
    return (getattr(found, "text", None) or "") if found else ""


def decoded(case: Case) -> str:
    return decode(case.html, None)[0]


def read_by_trafilatura(pages: Sequence[Case], **mode: bool) -> Reading:
    start = time.process_time()
    texts = {case.key: theirs(case, **mode) for case in pages}
    return Reading(texts, (time.process_time() - start) * 1000 / len(pages))


def read_by_us(pages: Sequence[Case]) -> OurReading:
    start = time.process_time()
    articles = {case.key: article for case in pages if (article := ours(case)) is not None}
    cost = (time.process_time() - start) * 1000 / len(pages)
    return OurReading({key: article.body for key, article in articles.items()}, cost, articles=articles)


def peers(tools: Path) -> Iterator[tuple[str, Callable[[Sequence[Case]], Reading]]]:
    """The other extractors that can be installed, each in a process of its own."""
    python = tools / "bin" / "python"
    if not python.exists():
        venv.create(tools, with_pip=True)
    for name, (packages, program) in PEERS.items():
        ready = subprocess.run([python, "-c", program], capture_output=True, check=False).returncode == 0
        if not ready:
            subprocess.run([python, "-m", "pip", "install", "-q", *packages.split()], check=False)
            ready = subprocess.run([python, "-c", program], capture_output=True, check=False).returncode == 0
        if ready:
            yield name, partial(_read_by_peer, python, program)
        else:
            print(f"{name} is absent: it cannot be installed in {tools}")


def _read_by_peer(python: Path, program: str, pages: Sequence[Case]) -> Reading:
    lines = "".join(json.dumps(decoded(case)) + "\n" for case in pages)
    found = subprocess.run(
        [python, "-c", program + _LOOP], input=lines, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    texts = {case.key: json.loads(text) for case, text in zip(pages, found, strict=True)}
    failures = sum(text is None for text in texts.values())
    return Reading({key: text or "" for key, text in texts.items()}, failures=failures)


def on_open_sets(pages: Sequence[Case], tools: Path | None) -> tuple[OurReading, dict[str, dict[str, float]]]:
    """Print the table; our reading, and our scores by set."""
    mine = read_by_us(pages)
    default, precise = read_by_trafilatura(pages), read_by_trafilatura(pages, favor_precision=True)
    readings: dict[str, Reading] = {"Emeroteca": mine, "trafilatura": default, "  favor_precision": precise}
    readings |= {name: read(pages) for name, read in (peers(tools) if tools else ())}
    for reader, reading in readings.items():
        if reading.failures:
            print(f"{reader} failed on {reading.failures} pages, which count as without text")
    scores: dict[str, dict[str, float]] = {}
    for (name, half), group in groups(pages).items():
        seen = ", all of it looked at before it was split" if name == LOOKED_AT else ""
        print(f"\n{name}, {half} half: {len(group)} pages{seen}")
        for reader, reading in readings.items():
            found = scored(group, reading.texts)
            print(f"  {reader:18} {found.measure:.4f}  exact {found.exact:.3f}")
        found = scored(group, mine.texts)
        scores.setdefault(name, {}).update({half: found.measure, f"{half} exact": found.exact})
        refused = sum(case.key not in mine.texts for case in group)
        lost = [case for case in group if _is_lost(case, mine.texts, (default.texts, precise.texts))]
        silent = sum(case.key in mine.articles and not warned(mine.articles[case.key]) for case in lost)
        print(f"  refused {refused}, lost {len(lost)}, of these without a warning {silent}")
        for what, share in metadata(group, mine.articles).items():
            print(f"  {what} {share:.3f}")
            scores[name][f"{half} {what}"] = share
    with_metadata = read_by_trafilatura(pages, with_metadata=True).cost
    print(f"\nCPU: {mine.cost:.1f} ms a page, {mine.cost / with_metadata:.2f} of trafilatura with metadata")
    return mine, scores


def _is_lost(case: Case, texts: Texts, others: Sequence[Texts]) -> bool:
    if case.body is None or recall(case.body, texts.get(case.key, "")) >= 0.5:
        return False
    return any(recall(case.body, other[case.key]) > 0.9 for other in others)


def warned(article: Article) -> bool:
    """Whether the article says that its text may be wrong."""
    return any(warning.startswith(("readers-disagree", "low-confidence", "paywalled")) for warning in article.warnings)


def metadata(group: Sequence[Case], articles: Mapping[tuple[str, str], Article]) -> dict[str, float]:
    """The shares of pages with the true day, authors and headline, of those whose truth is known."""
    checks: dict[str, list[bool]] = {}
    for case in group:
        article = articles.get(case.key)
        day = article.published_date.isoformat() if article and article.published_date else None
        if case.day:
            checks.setdefault("day", []).append(day == case.day)
        if case.author:
            checks.setdefault("authors", []).append(same_authors(case.author, article.authors if article else ()))
        if case.title:
            same = article is not None and text_key(article.headline) == text_key(case.title)
            checks.setdefault("headline", []).append(same)
    return {what: sum(found) / len(found) for what, found in checks.items()}


def print_failing(pages: Sequence[Case], texts: Texts) -> None:
    """Name the pages of the learned halves that are not exact, worst first."""
    compared = [(scored([case], texts), case) for case in pages if case.half == LEARNED]
    for found, case in sorted(compared, key=lambda pair: pair[0].measure):
        if not found.exact:
            print(f"{found.measure:.3f} {case.set} {case.name} {case.url}")


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
    parser.add_argument("--failing", action="store_true", help="name the learned pages that are not exact")
    parser.add_argument("--tools", type=Path, default=Path(".tools/eval"), help="the environment of other extractors")
    parser.add_argument("--no-peers", action="store_true", help="compare with trafilatura only")
    options = parser.parse_args()
    runs = [("fixtures", GROWING, on_fixtures())]
    pages = load()
    if pages:
        mine, scores = on_open_sets(pages, None if options.no_peers else options.tools)
        runs += [(name, digest(case for case in pages if case.set == name), found) for name, found in scores.items()]
        if options.failing:
            print_failing(pages, mine.texts)
    else:
        print("no ../shared/benchmarks beside the checkout: the open sets are skipped")
    wrong = []
    for corpus, name, scores_of_run in runs:
        if options.pin:
            floors.pin(corpus, name, scores_of_run, lower=options.lower)
        wrong += floors.below(corpus, name, scores_of_run)
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
