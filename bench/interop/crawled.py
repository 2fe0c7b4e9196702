"""What is judged: a collection of both sites, with every kind of record in it."""

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
    """A collection of both sites, crawled before and after the newsroom went on, some of it chunked.

    Then so many articles of each are asked for twice `again`: as what the archive has, which the server calls
    unchanged, and as new, which brings the same payload again. So both kinds of revisit are there.
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
