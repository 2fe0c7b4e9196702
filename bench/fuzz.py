"""Spoilt pages against extraction: whatever comes in, an article or a named refusal comes out, soon, in little memory.

python -m bench.fuzz [--pages 20000] [--first 0] [--jobs 2] [--no-monsters]

Each page is read in a worker process. Faults are: any other exception (a crash), a process that dies, more than
5 seconds of CPU for a page, an article that is no valid JSON. Prints counts of what came out and the most memory a
worker had; exit status 1 with a line a fault, which names the page by its number or name: the same number is the
same page (`bench.spoil.spoilt(number)`), so that `--first` and `--pages` run the whole in pieces.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from bench.spoil import monsters, seeds, spoilt
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from crawler.progress_bar import watched

#: Seconds of CPU that a page may take; seconds on the wall after which a worker is given up.
LIMIT = 5.0
_GIVEN_UP = 60.0
#: Address space of a worker: beyond it Python says MemoryError, which is a fault like any other.
_MEMORY = 6 * 1024**3
#: Addresses by which pages are read: of a known site of each template, and of none.
_URLS = (
    "https://it.sputniknews.com/20220110/prova-14500014.html",
    "https://www.alanews.it/cronaca/prova/",
    "https://notizie.example.org/2022/01/10/prova.html",
)
_CAPTURED = datetime(2024, 1, 1, tzinfo=UTC)
PageName = int | str
#: Pages that a report names as its slowest.
_SLOWEST = 5


@dataclass(slots=True)
class Report:
    """What a run gave."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: list[tuple[float, PageName]] = field(default_factory=list)  # the few that took longest, longest first
    memory: int = 0  # kilobytes, of the worker that had most


def page(name: PageName) -> tuple[bytes, str]:
    """The page of this name, and the address that it is read by."""
    body = monsters()[name]() if isinstance(name, str) else spoilt(name)
    return body, _URLS[(name if isinstance(name, int) else len(name)) % len(_URLS)]


def outcome(body: bytes, url: str) -> str:
    """What extraction says of a page. Raises what it should not."""
    try:
        article = extract(Page.from_bytes(body, url, _CAPTURED))
    except PageRefused as refused:
        return refused.reason.value
    json.dumps(article.as_json(), ensure_ascii=False).encode("utf-8")
    return "article"


def fuzz(names: list[PageName], workers: int) -> Report:
    """Read all these pages in worker processes."""
    report, todo = Report(), watched(names, "pages")
    seeds()  # read once, shared by the forks
    running = [worker for _ in range(workers) if (worker := _Worker.start(todo))]
    while running:
        ready = wait([worker.pipe for worker in running], timeout=1.0)
        running = [kept for worker in running if (kept := worker.turn(worker.pipe in ready, todo, report))]
    return report


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    name: PageName
    since: float

    @classmethod
    def start(cls, todo: Iterator[PageName]) -> "_Worker | None":
        name = next(todo, None)
        if name is None:
            return None
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        ours.send(name)
        return cls(process, ours, name, time.monotonic())

    def turn(self, ready: bool, todo: Iterator[PageName], report: Report) -> "_Worker | None":
        """Take what the worker found and give it the next page; a dead or late worker is replaced."""
        if not ready:
            return self if time.monotonic() - self.since < _GIVEN_UP else self._replaced("hangs", todo, report)
        try:
            found, seconds, memory = self.pipe.recv()
        except EOFError:
            return self._replaced("killed its process", todo, report)
        _note(report, self.name, found, seconds, memory)
        name = next(todo, None)
        self.pipe.send(name)
        if name is None:
            self.process.join()
            return None
        self.name, self.since = name, time.monotonic()
        return self

    def _replaced(self, fault: str, todo: Iterator[PageName], report: Report) -> "_Worker | None":
        report.faults.append(f"{self.name}: {fault}")
        self.process.kill()
        self.process.join()
        return _Worker.start(todo)


def _note(report: Report, name: PageName, found: str, seconds: float, memory: int) -> None:
    first = found.splitlines()[0]
    report.outcomes[first if "Traceback" not in first else "crash"] += 1
    report.memory = max(report.memory, memory)
    report.slowest = sorted([*report.slowest, (seconds, name)], key=lambda pair: -pair[0])[:_SLOWEST]
    if "Traceback" in first:
        report.faults.append(f"{name}: crash: {found.strip().splitlines()[-1][:200]}\n{found}")
    if seconds > LIMIT:
        report.faults.append(f"{name}: {seconds:.1f} s")


def _work(pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    while (name := pipe.recv()) is not None:
        body, url = page(name)
        start = time.process_time()
        try:
            found = outcome(body, url)
        except Exception:  # the point of the run: whatever it is, it is told
            found = traceback.format_exc()
        pipe.send((found, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first page")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-monsters", action="store_true")
    options = parser.parse_args()
    start = time.monotonic()
    report = fuzz(list(range(options.first, options.first + options.pages)), options.jobs)
    _print(f"{options.pages} spoilt pages", report, start)
    if not options.no_monsters:
        start = time.monotonic()
        huge = fuzz(list(monsters()), 1)
        _print(f"{len(monsters())} monsters", huge, start)
        report.faults += huge.faults
    print(*report.faults, sep="\n", end="\n" if report.faults else "", file=sys.stderr)
    return 1 if report.faults else 0


def _print(what: str, report: Report, start: float) -> None:
    slowest = ", ".join(f"{seconds:.2f} ({page})" for seconds, page in report.slowest)
    counts = ", ".join(f"{name} {count}" for name, count in report.outcomes.most_common())
    print(f"{what} in {time.monotonic() - start:.0f} s: {counts}")
    print(f"  slowest, in seconds of CPU: {slowest}")
    print(f"  most memory: {report.memory // 1024} MB")
    print(f"  faults: {len(report.faults)}")


if __name__ == "__main__":
    sys.exit(main())
