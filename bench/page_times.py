"""Times of the reading room's pages: `python -m bench.page_times [--articles N] [--postgres] [--home DIR]`.

`emeroteca serve` runs as a process over N generated articles, whose words are as frequent as those of a natural
language: the most frequent stand in nearly every article. A bare Starlette application, which sends a constant page of
20 KB, runs beside it under the same server. Requests for the bare page and for search, context and article take turns
over kept connections; no address is asked for twice, so that no answer is remembered. Prints for each kind of page the
median and the 95th percentile in milliseconds, the ratio of that to the bare page's 95th percentile, the mean CPU time
of the server (not of Postgres), which a loaded machine changes less, and the peak memory of the server. With --home the
corpus is kept in that folder, and used again when it is there. With --times the corpus is made as many times as large
by copies of its rows with other ids and days (`bench.copied_rows`), since a million articles would be saved for an
hour.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from pathlib import Path
from statistics import mean, median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from sqlalchemy import text

from bench import copied_rows
from bench.corpus import batches, postgres, sqlite, vocabulary
from storage.corpus.db.database import Database, open_database
from storage.corpus.write.store import Store

#: Words by rank that are searched before, so that the server has stemmed what stands in many articles.
WARM_UP: Final = range(5000, 5060)
#: Of the words of the generated articles, by rank: those in nearly every article, those in some, those in few.
RANKS: Final = {"frequent": range(40), "usual": range(100, 4100, 100), "rare": range(20_000, 40_000, 500)}
ARTICLES: Final = 120

BARE: Final = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from reading_room.server import _listening, _url

def page(request):
    return HTMLResponse("<p>" + "parola " * 2900 + "</p>")

with _listening("127.0.0.1", 0) as listener:
    import sys
    print(_url("127.0.0.1", listener.getsockname()[1]), file=sys.stderr, flush=True)
    bare = Starlette(routes=[Route("/", page)])
    config = uvicorn.Config(bare, log_level="warning", access_log=False, http="h11", ws="none")
    uvicorn.Server(config).run(sockets=[listener])
"""


@contextmanager
def process(*words: str) -> Iterator[tuple[str, int]]:
    """The address that a server prints first, and its process id, while the block lasts."""
    server = subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        found = re.search(r"http://\S+/", server.stderr.readline())
        assert found, server.stderr.read()
        yield found[0], server.pid
    finally:
        server.terminate()
        server.communicate(timeout=30)


def addresses(database: Database) -> dict[str, list[str]]:
    """Addresses by kind of page, each one once."""
    words = vocabulary(random.Random(7))
    found: dict[str, list[str]] = {}
    for name, ranks in RANKS.items():
        queries = [words[rank] for rank in ranks] + [f"{words[rank]} {words[rank + 1]}" for rank in ranks]
        for page, path in (("search", "/search"), ("context", "/search/context")):
            found[f"{page}, {name} words"] = [f"{path}?{urlencode({'q': query})}" for query in queries]
    days = {"since": "2015-03-01", "until": "2015-03-31"}
    found["search, frequent words in a month"] = [
        f"/search?{urlencode({'q': words[rank], **days})}" for rank in RANKS["frequent"]
    ]
    with database.reading() as connection:
        (last,) = connection.execute(text("SELECT max(id) FROM articles")).one()
        step = max(1, last // ARTICLES)
        chosen = text("SELECT article_id FROM articles WHERE id % :step = 0 ORDER BY id LIMIT :most")
        names = connection.execute(chosen, {"step": step, "most": ARTICLES}).scalars().all()
    found["article"] = [f"/articles/{name}" for name in names]
    return found


def timed(client: httpx.Client, address: str) -> float:
    """Milliseconds until the whole answer is there."""
    begun = time.perf_counter()
    answer = client.get(address)
    seconds = time.perf_counter() - begun
    assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
    return 1000 * seconds


def peak_memory(pid: int) -> int:
    """The most resident memory that a process had so far, MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return round(int(found[1]) / 1024)


def measured(home: Path, url: str) -> dict[str, Any]:
    with open_database(url, upgrade="never") as database:
        asked = addresses(database)
        with database.reading() as connection:
            (articles,) = connection.execute(text("SELECT count(*) FROM articles")).one()
        kind = database.dialect
    serve = ("-m", "crawler.cli", "--home", str(home), "--database", url, "serve", "--port", "0")
    with ExitStack() as stack:
        bare_url, _ = stack.enter_context(process("-c", BARE))
        url, pid = stack.enter_context(process(*serve))
        bare = stack.enter_context(httpx.Client(base_url=bare_url, trust_env=False, timeout=60))
        room = stack.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=60))
        for _ in range(50):
            timed(bare, "/")
        words = vocabulary(random.Random(7))
        for rank in WARM_UP:
            timed(room, f"/search?{urlencode({'q': words[rank]})}")
        time.sleep(5)  # the definitions of sites are imported beside the first requests
        kinds = [[(name, address) for address in found] for name, found in asked.items()]
        times: dict[str, list[float]] = {}
        used: dict[str, list[float]] = {}
        for name, address in (one for turn in zip_longest(*kinds) for one in turn if one):
            times.setdefault("bare", []).append(timed(bare, "/"))
            before = cpu_seconds(pid)
            times.setdefault(name, []).append(timed(room, address))
            used.setdefault(name, []).append(1000 * (cpu_seconds(pid) - before))
        memory = peak_memory(pid)
    return {"database": kind, "articles": articles, "memory_mb": memory, "pages": rated(times, used)}


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process and its threads so far: by its clock, whose number is as `clock_getcpuclockid` has it
    on Linux."""
    return time.clock_gettime(~pid << 3 | 2)


def rated(times: dict[str, list[float]], used: dict[str, list[float]]) -> dict[str, dict[str, float | None]]:
    bare = p95(times["bare"])
    return {
        name: {
            "median_ms": round(median(found), 1),
            "p95_ms": round(p95(found), 1),
            "ratio": round(p95(found) / bare, 1),
            "cpu_ms": round(mean(used[name]), 1) if name in used else None,
        }
        for name, found in times.items()
    }


def p95(found: list[float]) -> float:
    return quantiles(found, n=20)[-1]


def load(url: str, count: int) -> None:
    with open_database(url) as database:
        for number, batch in enumerate(batches(count), 1):
            Store(database).save(batch)
            if number % 50 == 0:
                print(f"  {1000 * number:>9,} revisions", file=sys.stderr, flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--articles", type=int, default=100_000, help="captures; one in five is of an article before")
    asked.add_argument("--times", type=int, default=1, help="how many times as large the corpus is made")
    asked.add_argument("--postgres", action="store_true", help="a Postgres server of its own; SQLite by default")
    asked.add_argument("--home", type=Path, help="a folder to keep the corpus in")
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers are stopped, the folder removed
    with ExitStack() as stack:
        home = options.home or Path(stack.enter_context(TemporaryDirectory()))
        home.mkdir(parents=True, exist_ok=True)
        loaded = home / "loaded"
        new = stack.enter_context((postgres if options.postgres else sqlite)(home))
        url = loaded.read_text(encoding="utf-8") if loaded.exists() else new("corpus")
        if not loaded.exists():
            load(url, options.articles)
            with open_database(url) as database:
                copied_rows.add(database, options.times - 1)
            loaded.write_text(url, encoding="utf-8")
        print(json.dumps(measured(home, url), indent=1))


if __name__ == "__main__":
    os.environ.pop("EMEROTECA_HOME", None)
    main()
