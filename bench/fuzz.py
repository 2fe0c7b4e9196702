"""Fuzz run of extraction: every damaged page gives an article or a named refusal, within bounds of time and memory.

python -m bench.fuzz [--pages 20000] [--first 0] [--jobs 2] [--no-extreme]

Each page is extracted in a worker process. Faults are: any other exception (a crash), the death of the process, more
than 5 seconds of CPU or 600 MB of memory for a page, an article that is not valid JSON. Prints counts of outcomes and
the most memory of a page; exit status 1 after faults, with a line per fault that names the page by its number or name.
A number always gives the same page (`bench.mutations.mutated(number)`), so `--first` and `--pages` split a run.
"""

import argparse
import gc
import json
import multiprocessing
import re
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.extreme_pages import extreme_pages
from bench.mutations import mutated, seeds
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from crawler.progress_bar import track

#: Limit of CPU seconds per page; seconds of wall time until a worker is killed.
LIMIT = 5.0
#: Limit of the memory that a page adds to that of the process, in kilobytes: of 600 MB the program has 100.
MEMORY = 500 * 1024
_TIMEOUT = 60.0
#: Address space of a worker, in bytes; a MemoryError beyond it is a fault like any other.
_MEMORY = 6 * 1024**3
#: URLs for the pages: one of a known site per template, and one of an unknown site.
_URLS = (
    "https://it.sputniknews.com/20220110/prova-14500014.html",
    "https://www.alanews.it/cronaca/prova/",
    "https://notizie.example.org/2022/01/10/prova.html",
)
_CAPTURED = datetime(2024, 1, 1, tzinfo=UTC)
PageName = int | str
#: Number of slowest pages in a report.
_SLOWEST = 5


@dataclass(slots=True)
class Report:
    """The results of a run."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: list[tuple[float, PageName]] = field(default_factory=list)  # longest first
    memory: int = 0  # the most that a page added to its process, kilobytes

    def add(self, other: "Report") -> None:
        """Count the results of another run too."""
        self.outcomes += other.outcomes
        self.faults += other.faults
        self.slowest = sorted([*self.slowest, *other.slowest], key=lambda pair: -pair[0])[:_SLOWEST]
        self.memory = max(self.memory, other.memory)


def page(name: PageName) -> tuple[bytes, str]:
    """The page of this name, and its URL."""
    body = extreme_pages()[name]() if isinstance(name, str) else mutated(name)
    return body, _URLS[(name if isinstance(name, int) else len(name)) % len(_URLS)]


def outcome(body: bytes, url: str) -> str:
    """`article`, or the reason of the refusal. Any exception is a fault of extraction."""
    try:
        article = extract(Page.from_bytes(body, url, _CAPTURED))
    except PageRefused as refused:
        return refused.reason.value
    json.dumps(article.as_json(), ensure_ascii=False).encode("utf-8")
    return "article"


def fuzz(names: list[PageName], workers: int) -> Report:
    """Extract all these pages in worker processes."""
    report, todo = Report(), track(names, "pages")
    if any(isinstance(name, int) for name in names):
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
        """Take the worker's result and send it the next page; replace a dead or late worker."""
        if not ready:
            return self if time.monotonic() - self.since < _TIMEOUT else self._replaced("hangs", todo, report)
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
    if memory > MEMORY:
        report.faults.append(f"{name}: {memory // 1024} MB")


def _work(pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    gc.collect()
    gc.freeze()  # as the program's worker processes do
    while (name := pipe.recv()) is not None:
        body, url = page(name)
        before = _forget_peak()
        start = time.process_time()
        try:
            found = outcome(body, url)
        except Exception:  # the purpose of the run: every exception is reported
            found = traceback.format_exc()
        pipe.send((found, time.process_time() - start, _peak() - before))


def _forget_peak() -> int:
    """From now on `_peak` is that of what follows (proc(5), clear_refs), and at first this."""
    gc.collect()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    """The most memory that this process has had, in kilobytes; since `_forget_peak` where Linux tells."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        if found:
            return int(found[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first page")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-extreme", action="store_true")
    options = parser.parse_args()
    start = time.monotonic()
    report = fuzz(list(range(options.first, options.first + options.pages)), options.jobs)
    _print(f"{options.pages} mutated pages", report, start)
    if not options.no_extreme:
        start = time.monotonic()
        extreme = Report()
        for name in extreme_pages():  # each in a process of its own, whose memory is that of this page
            extreme.add(fuzz([name], 1))
        _print(f"{len(extreme_pages())} extreme pages", extreme, start)
        report.faults += extreme.faults
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
