"""The collection to check: both sites, with every kind of record."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.collection import Collection

SITES = ("alanews", "sputniknews")


def crawled(home: Path, articles: int, seed: int, again: int) -> Collection:
    """A collection of both sites, crawled before and after a step of the newsroom's clock, with some chunked answers.

    Then `again` articles of each site are requested twice more: conditionally, with a 304 as the answer, and
    unconditionally, with the same payload as the answer. That gives both kinds of revisit records.
    """
    collection = Collection(home)
    with Newsstand(articles=articles, seed=seed) as stand:
        stand.faults(Fault(FaultKind.CHUNKED, pattern=".", share=0.4))
        environment = {**os.environ, **stand.environment, "EMEROTECA_CONTACT": "interop@emeroteca.example"}

        def crawl(*words: str) -> None:
            every = [sys.executable, "-m", "crawler.cli", "--home", str(home), "crawl", *words, "--delay", "0"]
            subprocess.run(every, env=environment, check=True, timeout=600)

        for step in (0, 1):
            stand.clock(step)
            for site in SITES:
                crawl(site)
        for site in SITES:
            words = [word for row in stand.truth(site)[:again] for word in ("--url", row["url"])]
            crawl(site, *words)
            with closing(sqlite3.connect(collection.payload_index)) as index:
                index.execute("DELETE FROM urls")
                index.commit()
            crawl(site, *words)
    return collection
