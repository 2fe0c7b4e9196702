"""Cost of a rebuild compared with a plain loop: warcio, trafilatura, one INSERT per row.

    python -m bench.rebuild [--articles 500] [--pages FOLDER] [--memory 10000 100000] [--peers-python PYTHON]

Each side processes the same WARC file in a process of its own, time for imports excluded. Prints a line of JSON per
measurement: milliseconds of CPU per page of both and their ratio, on the newsstand's articles of both sites, and with
--pages on those of an article-extraction benchmark (`ground-truth.json`, `html/*`, with --any); two jobs compared with
one, in seconds of wall time, meaningful only on a quiet machine with two cores; with --memory the peak memory of the
writing process and of its workers, in MB, at the given numbers of captures; with --peers-python, a Python with Fundus
and news-please, the cost of their own WARC readers for the same files.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.rebuild_pages import folder_pages, many_pages, newsstand_pages, write_warc

#: Maximum, a goal of the project.
GOALS = {"newsstand": 0.30, "pages": 1.15}
#: Minimum, by wall time.
TWO_JOBS = 1.8
#: Maximum, relative to the peak memory at the smallest number of captures.
GROWTH = 1.10


def ours(warc: str, home: str, jobs: str, any_page: str) -> dict[str, float]:
    """The rebuild of a file into a new home."""
    from crawler.ingest.capture_filter import CaptureFilter
    from crawler.ingest.classify import Extractor
    from crawler.ingest.local_executor import LocalExecutor
    from crawler.rebuild.rebuild import rebuild
    from storage.collection import Collection

    collection = Collection(home)
    collection.create()
    captures = CaptureFilter(any_page=any_page == "any")
    report = rebuild(collection, [warc], captures, partial(LocalExecutor, int(jobs)), Extractor())
    return {"captures": report.captures, "articles": report.taken["article"]}


def plain(warc: str, home: str, *_: str) -> dict[str, float]:
    """The plain loop."""
    import sqlite3

    from trafilatura import bare_extraction
    from warcio.archiveiterator import ArchiveIterator

    database = sqlite3.connect(Path(home).with_suffix(".plain.db"))
    database.execute("CREATE TABLE articles (url TEXT, title TEXT, author TEXT, date TEXT, text TEXT)")
    captures = articles = 0
    with Path(warc).open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            captures += 1
            url = record.rec_headers.get_header("WARC-Target-URI")
            found = bare_extraction(record.content_stream().read(), url=url, with_metadata=True)
            if found is not None:
                articles += 1
                row = (url, found.title, found.author, found.date, found.text)
                database.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", row)
                database.commit()
    database.close()
    return {"captures": captures, "articles": articles}


SIDES: dict[str, Callable[..., dict[str, float]]] = {"ours": ours, "plain": plain}


def child(side: str, *words: str) -> None:
    """Measures after a first, empty run, which does the imports."""
    import trafilatura  # noqa: F401
    import warcio  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        empty = write_warc(Path(folder), newsstand_pages(10, 1))
        SIDES[side](str(empty), f"{folder}/home", "1", *words[3:])
    before, began = _cpu(), time.monotonic()
    counts = SIDES[side](*words)
    seconds, spent = time.monotonic() - began, [now - then for now, then in zip(_cpu(), before, strict=True)]
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = {"cpu": sum(spent), "writer_cpu": spent[0], "worker_cpu": spent[1]}
    print(json.dumps({**counts, **cpu, "seconds": seconds, "writer_mb": peaks[0], "worker_mb": peaks[1]}))


def _cpu() -> list[float]:
    """Seconds of CPU of this process and of its finished children."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return [one.ru_utime + one.ru_stime for one in usage]


def measured(side: str, warc: Path, home: Path, jobs: int, any_page: bool) -> dict[str, float]:
    words = [side, str(warc), str(home), str(jobs), "any" if any_page else "known"]
    code = "import sys; from bench.rebuild import child; child(*sys.argv[1:])"
    ended = subprocess.run([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def compare(name: str, warc: Path, folder: Path, any_page: bool) -> dict[str, float]:
    """Measures both sides, prints both and the ratio. Returns ours."""
    sides = {side: measured(side, warc, folder / f"{name}-{side}", 1, any_page) for side in SIDES}
    costs = {side: 1000 * found["cpu"] / found["captures"] for side, found in sides.items()}
    ratio = costs["ours"] / costs["plain"]
    line = {f"{side} ms": round(cost, 2) for side, cost in costs.items()}
    rows = {f"{side} articles": found["articles"] for side, found in sides.items()}
    tell(name, captures=sides["ours"]["captures"], **line, ratio=round(ratio, 3), goal=GOALS[name], **rows)
    return sides["ours"]


def peers(name: str, warc: Path, python: Path, captures: float) -> None:
    """Prints their cost, or the reason of their failure."""
    for peer in ("fundus", "news-please"):
        command = [str(python), "-P", str(Path(__file__).with_name("rebuild_peers.py")), peer, str(warc)]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode:
            print(
                json.dumps({"what": name, "peer": peer, "cannot": ended.stderr.strip().splitlines()[-1:]}), flush=True
            )
            continue
        found = json.loads(ended.stdout.splitlines()[-1])
        tell(f"{name}, {peer}", ms=round(1000 * found["cpu"] / captures, 2), articles=found["articles"])


def two_jobs(one: dict[str, float], two: dict[str, float]) -> None:
    """Prints both in wall time; also the additional CPU of two jobs, and the CPU of the part that one process must do:
    they limit the gain on two cores."""
    seconds = {"one": round(one["seconds"], 2), "two": round(two["seconds"], 2)}
    more, writer = two["cpu"] / one["cpu"], two["writer_cpu"] / two["cpu"]
    times = {"times": round(one["seconds"] / two["seconds"], 2), "goal": TWO_JOBS}
    tell("two jobs", **seconds, **times, cpu=round(more, 2), writer=round(writer, 2), bound=round(2 / more, 2))


def tell(what: str, **figures: float) -> None:
    print(json.dumps({"what": what, **figures}), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500, help="a site")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--memory", type=int, nargs="*", default=[])
    parser.add_argument("--peers-python", type=Path, help="a Python that has Fundus and news-please")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warc = write_warc(folder / "newsstand", newsstand_pages(asked.articles, asked.seed))
        one = compare("newsstand", warc, folder, any_page=False)
        two_jobs(one, measured("ours", warc, folder / "two", 2, any_page=False))
        files = {"newsstand": (warc, one["captures"])}
        if asked.pages:
            pages = write_warc(folder / "pages", folder_pages(asked.pages))
            files["pages"] = (pages, compare("pages", pages, folder, any_page=True)["captures"])
        if asked.peers_python:
            for kind, (file, count) in files.items():
                peers(kind, file, asked.peers_python, count)
        first: dict[str, int] = {}
        for captures in sorted(asked.memory):
            large = write_warc(folder / str(captures), many_pages(captures))
            found = measured("ours", large, folder / f"memory-{captures}", 2, any_page=False)
            peaks = {side: round(found[side]) for side in ("writer_mb", "worker_mb")}
            first = first or peaks
            growth = {f"{side} growth": round(peak / first[side], 2) for side, peak in peaks.items()}
            rate = round(captures / found["seconds"])
            tell("memory", captures=found["captures"], per_second=rate, **peaks, **growth, goal=GROWTH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
