"""Near-copies: `python -m bench.near_copies [--articles N] [--postgres]`.

Beside N generated articles, whose words are as frequent as those of a natural language, the corpus has originals and a
copy of each of every kind. Prints for each kind the share of copies that is found, by bands of MinHash signatures (what
the reading room does) and by phrases that are looked up in the search index (what decision 091 rejects); the
milliseconds of both; and what the bands cost: milliseconds a revision to fill the table, and its bytes.
"""

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from bench.corpus import BATCH, postgres, saved, sqlite, vocabulary
from storage.article import Block, BlockType
from storage.corpus.db.database import Database, open_database
from storage.corpus.search.filters import Matching, SearchFilter
from storage.corpus.search.near_copies import LEAST_SHARE, near_copies
from storage.corpus.search.query import parse
from storage.corpus.search.stemming import WORD
from storage.corpus.search.text_bands import fill, shingles
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.identity import article_id
from storage.corpus.write.store import Store

ORIGINALS = 150
Words = list[str]


class Texts:
    """Generated texts, and copies of them."""

    def __init__(self, seed: int = 11) -> None:
        self.chance = random.Random(seed)
        self.words = vocabulary(self.chance)
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]

    def text(self, size: int | None = None) -> Words:
        return self.chance.choices(self.words, self.weights, k=size or self.chance.randint(80, 500))

    def edited(self, words: Words, share: float) -> Words:
        return [self.chance.choice(self.words) if self.chance.random() < share else word for word in words]

    def kinds(self) -> dict[str, Callable[[Words], Words]]:
        """What copies are made of the words of an original."""
        return {
            "2% of the words changed": lambda words: self.edited(words, 0.02),
            "5% of the words changed": lambda words: self.edited(words, 0.05),
            "10% of the words changed": lambda words: self.edited(words, 0.10),
            "first half only": lambda words: words[: len(words) // 2],
            "half as much added": lambda words: words + self.text(len(words) // 2),
            "inside twice the text": lambda words: self.text(len(words) // 2) + words + self.text(len(words) // 2),
            "inside three times the text": lambda words: self.text(len(words)) + words + self.text(len(words)),
            "paragraphs in another order": self.reordered,
        }

    def reordered(self, words: Words) -> Words:
        size = 1 + len(words) // 6
        parts = [words[at : at + size] for at in range(0, len(words), size)]
        return list(chain.from_iterable(self.chance.sample(parts, len(parts))))


def article(n: int, words: Words, texts: Texts) -> CaptureResult:
    made = saved(n, n, texts.chance, texts.words)
    assert made.article is not None
    block = Block(type=BlockType.PARAGRAPH, text=" ".join(words))
    return replace(made, article=replace(made.article, blocks=(block,)))


def load(database: Database, made: Iterator[CaptureResult]) -> None:
    while batch := list(islice(made, BATCH)):
        Store(database).save(batch)


def by_phrases(database: Database, name: str, body: str) -> list[str]:
    """What decision 091 rejects: 8 phrases of 6 words are looked up, 25 articles a phrase are compared."""
    words, own = WORD.findall(body), shingles(body)
    last = len(words) - 6
    found: dict[str, float] = {}
    sql = "SELECT a.article_id, r.body {matching} ORDER BY r.published_date, a.article_id LIMIT 25"
    for at in sorted({round(last * part / 7) for part in range(8)}):
        phrase = " ".join(words[at : at + 6])
        with database.reading() as connection:
            matching = Matching(connection, parse(f'"{phrase}"'), SearchFilter())
            for other, text_there in connection.execute(matching.statement(sql), matching.values):
                theirs = shingles(text_there)
                found[other] = len(own & theirs) / max(1, min(len(own), len(theirs)))
    return [other for other, share in found.items() if share >= LEAST_SHARE and other != name]


def by_bands(database: Database, name: str, body: str) -> list[str]:
    return [copy.article_id for copy in near_copies(database, name, body)]


def measured(database: Database, count: int) -> dict[str, Any]:
    texts = Texts()
    load(database, (article(n, texts.text(), texts) for n in range(count)))
    originals = [texts.text() for _ in range(ORIGINALS)]
    kinds = texts.kinds()
    rows = [(words, {kind: change(words) for kind, change in kinds.items()}) for words in originals]
    names: list[tuple[str, dict[str, str]]] = []
    made: list[CaptureResult] = []

    def named(words: Words) -> str:
        made.append(article(count + len(made), words, texts))
        return _name(made[-1])

    for words, copies in rows:
        names.append((named(words), {kind: named(copy) for kind, copy in copies.items()}))
    load(database, iter(made))
    bodies = [" ".join(words) for words in originals]
    return {
        "database": database.dialect,
        "articles": count + len(made),
        "bands": found_by(by_bands, database, names, bodies),
        "phrases": found_by(by_phrases, database, names, bodies),
        **cost(database),
    }


def found_by(
    find: Callable[[Database, str, str], list[str]],
    database: Database,
    names: Sequence[tuple[str, dict[str, str]]],
    bodies: Sequence[str],
) -> dict[str, Any]:
    """The share of copies found by kind, and the time of a search."""
    hits: dict[str, int] = {}
    seconds = []
    for (name, copies), body in zip(names, bodies, strict=True):
        begun = time.perf_counter()
        found = set(find(database, name, body))
        seconds.append(time.perf_counter() - begun)
        for kind, copy in copies.items():
            hits[kind] = hits.get(kind, 0) + (copy in found)
    times = {"ms": round(1000 * median(seconds), 1), "p95_ms": round(1000 * quantiles(seconds, n=20)[-1], 1)}
    return {**{kind: round(n / len(names), 3) for kind, n in hits.items()}, **times}


def cost(database: Database) -> dict[str, Any]:
    """The table filled anew, and its size."""
    with database.writing() as connection:
        connection.execute(text("DELETE FROM text_bands"))
        begun = time.perf_counter()
        count = fill(connection)
        seconds = time.perf_counter() - begun
        size = {
            "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name = 'text_bands'",
            "postgresql": "SELECT pg_total_relation_size('text_bands')",
        }[database.dialect]
        taken = connection.execute(text(size)).scalar_one()
    return {"fill_ms_a_revision": round(1000 * seconds / count, 3), "bytes_a_revision": round(taken / count)}


def _name(result: CaptureResult) -> str:
    assert result.article is not None
    return article_id(result.article, result.url)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--articles", type=int, default=20_000)
    asked.add_argument("--postgres", action="store_true", help="a Postgres server of its own; SQLite by default")
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server is stopped, the folder removed
    kind = postgres if options.postgres else sqlite
    with TemporaryDirectory() as folder, kind(Path(folder)) as new, open_database(new("corpus")) as database:
        print(json.dumps(measured(database, options.articles), indent=1))


if __name__ == "__main__":
    main()
