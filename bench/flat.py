"""Flattens newsstand pages in several ways, extracts them, and counts differences from the ground truth.

python -m bench.flat [--articles 60] [--seed 5] [--show FLATTENER]

A line for each site and flattener, in percent of its dumps:

refused     no article
headline    a different headline, without the warning that it is guessed
lede        neither the true lede nor its beginning (an unknown lede with its warning is no mismatch)
date        a different day
foreign     text in the body from outside the article, without the warning that lines are uncertain
twice       a duplicate text
lost        a line of the article (paragraph, subhead, quote, list) that is in the dump and missing in the body, without
            the warning that lines are left out

`--show` prints the first of each for one flattener.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bench.flatteners import FLATTENERS
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.refusals import PageRefused
from newsstand.message import Request
from newsstand.newsroom import Newsroom

_TEXTS = frozenset({"paragraph", "heading", "quote", "list"})
FAULTS = ("refused", "headline", "lede", "date", "foreign", "twice", "lost")


def pages(site: str, articles: int, seed: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Ground truth and HTML of every article of a newsstand site."""
    room = Newsroom(articles=articles, seed=seed)
    for truth in room.truth(site):
        parts = urlsplit(truth["url"])
        yield truth, room.respond(Request("GET", "https", parts.hostname or "", parts.path, "", {})).body.decode()


def faults(truth: dict[str, Any], dump: str) -> Iterator[tuple[str, str]]:
    """The mismatches of an extracted dump: name, and value found."""
    try:
        found = extract_flattened(dump, captured_at=None).as_json()
    except PageRefused as refusal:
        yield "refused", str(refusal)
        return
    true_texts = [_squeezed(line) for block in truth["blocks"] for line in block["text"].splitlines()]
    true_text = "\n".join([*true_texts, _squeezed(truth["description"])])
    texts = [_squeezed(block["text"]) for block in found["blocks"] if block["type"] != "caption" and block["text"]]
    if found["headline"] != truth["headline"] and "headline-guessed" not in found["warnings"]:
        yield "headline", found["headline"]
    if found["description"] and not _squeezed(truth["description"]).startswith(_squeezed(found["description"])):
        yield "lede", found["description"]
    if found["published_date"] not in (None, truth["published_date"]):
        yield "date", found["published_date"]
    foreign = [b["text"] for b in found["blocks"] if b["type"] != "caption" and not _is_true(b["text"], true_text)]
    if foreign and "lines-uncertain" not in found["warnings"]:
        yield "foreign", foreign[0]
    if len(texts) != len(set(texts)):
        yield "twice", next(text for text in texts if texts.count(text) > 1)
    whole = _squeezed("".join(block["text"] for block in found["blocks"]) + (found["description"] or ""))
    dumped = {_squeezed(line.strip("•*- ")) for line in dump.splitlines()}
    lines = [line for block in truth["blocks"] if block["type"] in _TEXTS for line in block["text"].splitlines()]
    lost = [line for line in lines if _squeezed(line) in dumped and _squeezed(line) not in whole]
    if lost and "lines-left-out" not in found["warnings"]:
        yield "lost", lost[0]


def _is_true(text: str, true_text: str) -> bool:
    """Whether every line of the text belongs to the article; a table row may have lost its separators."""
    return all(_squeezed(line) in true_text for line in text.splitlines())


def _squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--show", choices=FLATTENERS)
    options = parser.parse_args()
    print(f"{'site':12} {'flattener':20} dumps " + " ".join(f"{name:>8}" for name in FAULTS))
    for site in ("sputniknews", "alanews"):
        sample = list(pages(site, options.articles, options.seed))
        for name, flatten in FLATTENERS.items():
            dumps = [(truth, text) for truth, html in sample if (text := flatten(html)).strip()]
            counted: Counter[str] = Counter()
            for truth, text in dumps:
                for fault, detail in dict(faults(truth, text)).items():
                    counted[fault] += 1
                    if options.show == name and counted[fault] < 4:
                        print(f"    {fault}: {detail[:110]} <- {truth['url']}")
            if dumps:
                rates = " ".join(f"{100 * counted[fault] / len(dumps):8.1f}" for fault in FAULTS)
                print(f"{site:12} {name:20} {len(dumps):5} {rates}")


if __name__ == "__main__":
    main()
