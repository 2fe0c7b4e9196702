"""CPU per page of our extraction and of bare trafilatura, on the same pages in the same run.

python -m bench.extraction [--articles 150] [--seed 11] [--rounds 3] [--pages FOLDER]

Each page is decoded, parsed and extracted from its bytes by `extract`, and extracted from its text by
`trafilatura.bare_extraction(with_metadata=True)`; the two alternate page by page, and the best round of each page
counts, which excludes load of the machine. On a sample of the pages trafilatura is the witness, as in a rebuild.
`--pages` adds the HTML files below a folder (`.html`, `.html.gz`), of unknown sites. Prints milliseconds of CPU per
page and their ratio, one line per site.
"""

import argparse
import gc
import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import trafilatura

from crawler.extraction.extract import extract, extract_with_witness
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from crawler.ingest.classify import is_sampled
from newsstand.message import Request
from newsstand.newsroom import Newsroom
from storage.warc.digest import sha1_digest

Served = tuple[str, bytes]


def pages(site: str, articles: int, seed: int) -> Iterator[Served]:
    """URL and body of every article of a newsstand site."""
    room = Newsroom(articles=articles, seed=seed)
    for truth in room.truth(site):
        parts = urlsplit(truth["url"])
        answer = room.respond(Request("GET", "https", parts.hostname or "", parts.path, parts.query, {}))
        yield truth["url"], answer.body


def files(folder: Path) -> Iterator[Served]:
    """A URL of an unknown site and the body of every HTML file in the folder."""
    for number, file in enumerate(sorted((*folder.rglob("*.html"), *folder.rglob("*.html.gz")))):
        body = file.read_bytes()
        yield f"https://news.example/2021/05/{number}.html", gzip.decompress(body) if file.suffix == ".gz" else body


def ours(page: Served) -> None:
    with suppress(PageRefused):
        read = extract_with_witness if is_sampled(sha1_digest([page[1]])) else extract
        read(Page.from_bytes(page[1], page[0], content_type="text/html; charset=utf-8"))


def bare(page: Served) -> None:
    trafilatura.bare_extraction(page[1].decode("utf-8", "replace"), url=page[0], with_metadata=True)


def cost(read: Callable[[Served], None], page: Served) -> float:
    """Milliseconds of CPU."""
    start = time.process_time()
    read(page)
    return (time.process_time() - start) * 1000


def compare(sample: list[Served], rounds: int) -> tuple[float, float]:
    """Milliseconds of CPU per page: ours and bare trafilatura's."""
    turns = [[(cost(ours, page), cost(bare, page)) for _ in range(rounds)] for page in sample]
    best = [tuple(min(costs) for costs in zip(*page, strict=True)) for page in turns]
    return sum(mine for mine, _ in best) / len(best), sum(theirs for _, theirs in best) / len(best)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=Path, help="a folder of HTML files, for a line of their own")
    options = parser.parse_args()
    samples = {site: list(pages(site, options.articles, options.seed)) for site in ("sputniknews", "alanews")}
    if options.pages:
        samples["other pages"] = list(files(options.pages))
    gc.freeze()  # as each process does in which a crawl or a rebuild extracts
    print("site          ours ms  trafilatura ms  ratio")
    for site, sample in samples.items():
        mine, theirs = compare(sample, options.rounds)
        print(f"{site:12} {mine:8.2f} {theirs:15.2f} {mine / theirs:6.3f}")


if __name__ == "__main__":
    main()
