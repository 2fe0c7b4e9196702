"""CPU per page of our extraction against bare trafilatura's, on the same pages in the same run.

python -m bench.extraction [--articles 150] [--seed 11] [--rounds 3]

Each page is decoded, parsed and read from its bytes by `extract`, and from its text by
`trafilatura.bare_extraction(with_metadata=True)`; the two take
turns and the best of the rounds counts, so that a busy machine does not.
Prints milliseconds of CPU per page and their ratio, a line each site.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import trafilatura

from crawler.extraction.extract import extract
from crawler.extraction.page import Page
from newsstand.message import Request
from newsstand.newsroom import Newsroom

Served = tuple[str, bytes]


def pages(site: str, articles: int, seed: int) -> Iterator[Served]:
    """URL and body of every article of a newsstand site."""
    room = Newsroom(articles=articles, seed=seed)
    for truth in room.truth(site):
        parts = urlsplit(truth["url"])
        answer = room.respond(Request("GET", "https", parts.hostname or "", parts.path, parts.query, {}))
        yield truth["url"], answer.body


def ours(page: Served) -> None:
    extract(Page.from_bytes(page[1], page[0], content_type="text/html; charset=utf-8"))


def bare(page: Served) -> None:
    trafilatura.bare_extraction(page[1].decode(), url=page[0], with_metadata=True)


def cost(read: Callable[[Served], None], sample: list[Served]) -> float:
    """Milliseconds of CPU per page."""
    start = time.process_time()
    for page in sample:
        read(page)
    return (time.process_time() - start) * 1000 / len(sample)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("site          ours ms  trafilatura ms  ratio")
    for site in ("sputniknews", "alanews"):
        sample = list(pages(site, options.articles, options.seed))
        rounds = [(cost(ours, sample), cost(bare, sample)) for _ in range(options.rounds)]
        mine, theirs = (min(costs) for costs in zip(*rounds, strict=True))
        print(f"{site:12} {mine:8.2f} {theirs:15.2f} {mine / theirs:6.3f}")


if __name__ == "__main__":
    main()
