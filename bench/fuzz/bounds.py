"""Runs a fuzzer's inputs in worker processes, within bounds of CPU time and memory.

Faults are: any exception that a check lets through, a check that fails, the death of the process, more time or memory
than the fuzzer allows. The inputs that give them are saved.
"""

import gc
import multiprocessing
import re
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from crawler.progress_bar import track

#: Seconds of wall time until a worker is killed.
_TIMEOUT = 60.0
#: Address space of a worker, in bytes; a MemoryError beyond it is a fault like any other.
_MEMORY = 6 * 1024**3
#: Number of slowest inputs in a report.
_SLOWEST = 5
InputName = int | str


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """name: plural. make: the input of a number or name. check: what came of it, in a word or two; raises for a fault.
    seconds: of CPU per input, at most. memory: kilobytes that an input adds to the process, at most. saved: file name
    and bytes of an input, to be kept. prepare: called once, before workers are forked.
    """

    name: str
    make: Callable[[Any], Any]
    check: Callable[[Any], str]
    seconds: float
    memory: int
    saved: Callable[[Any], tuple[str, bytes]]
    prepare: Callable[[], object] = lambda: None


@dataclass(slots=True)
class Report:
    """The results of a run. on_fault: called with each fault and its input's name. is_ended: by Ctrl-C, before all
    inputs were checked.
    """

    on_fault: Callable[[InputName, str], object] = lambda *_: None
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[InputName, str] = field(default_factory=dict)
    slowest: list[tuple[float, InputName]] = field(default_factory=list)  # longest first
    memory: int = 0  # the most that an input added to its process, kilobytes
    is_ended: bool = False

    def add(self, other: "Report") -> None:
        """Count the results of another run too."""
        self.outcomes += other.outcomes
        self.faults |= other.faults
        self.slowest = sorted([*self.slowest, *other.slowest], key=lambda pair: -pair[0])[:_SLOWEST]
        self.memory = max(self.memory, other.memory)
        self.is_ended |= other.is_ended

    def fault(self, name: InputName, what: str) -> None:
        """Note a fault of an input."""
        self.faults[name] = f"{self.faults[name]}; {what}" if name in self.faults else what
        self.on_fault(name, what)

    def note(self, fuzzer: Fuzzer, name: InputName, found: str, seconds: float, memory: int) -> None:
        """Count an input. found: what came of it, or a traceback."""
        is_crash = found.startswith("Traceback")
        self.outcomes["fault" if is_crash else found] += 1
        self.memory = max(self.memory, memory)
        self.slowest = sorted([*self.slowest, (seconds, name)], key=lambda pair: -pair[0])[:_SLOWEST]
        if is_crash:
            self.fault(name, f"{found.strip().splitlines()[-1][:300]}\n{found}")
        if seconds > fuzzer.seconds:
            self.fault(name, f"{seconds:.1f} s")
        if memory > fuzzer.memory:
            self.fault(name, f"{memory // 1024} MB")


def run(
    fuzzer: Fuzzer, names: list[InputName], jobs: int, on_fault: Callable[[InputName, str], object] = lambda *_: None
) -> Report:
    """Check all these inputs in worker processes."""
    report, todo = Report(on_fault), track(names, fuzzer.name)
    fuzzer.prepare()
    running = [worker for _ in range(jobs) if (worker := _Worker.start(fuzzer, todo))]
    try:
        while running:
            ready = wait([worker.pipe for worker in running], timeout=1.0)
            running = [kept for worker in running if (kept := worker.turn(worker.pipe in ready, todo, report))]
    except KeyboardInterrupt:
        report.is_ended = True
        for worker in running:
            worker.process.kill()
    return report


@dataclass(slots=True)
class _Worker:
    fuzzer: Fuzzer
    process: BaseProcess
    pipe: Connection
    name: InputName
    since: float

    @classmethod
    def start(cls, fuzzer: Fuzzer, todo: Iterator[InputName]) -> "_Worker | None":
        name = next(todo, None)
        if name is None:
            return None
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=_work, args=(theirs, fuzzer), daemon=True)
        process.start()
        theirs.close()
        ours.send(name)
        return cls(fuzzer, process, ours, name, time.monotonic())

    def turn(self, ready: bool, todo: Iterator[InputName], report: Report) -> "_Worker | None":
        """Take the worker's result and send it the next input; replace a dead or late worker."""
        if not ready:
            return self if time.monotonic() - self.since < _TIMEOUT else self._replaced("hangs", todo, report)
        try:
            found, seconds, memory = self.pipe.recv()
        except EOFError:
            return self._replaced("killed its process", todo, report)
        report.note(self.fuzzer, self.name, found, seconds, memory)
        name = next(todo, None)
        self.pipe.send(name)
        if name is None:
            self.process.join()
            return None
        self.name, self.since = name, time.monotonic()
        return self

    def _replaced(self, fault: str, todo: Iterator[InputName], report: Report) -> "_Worker | None":
        report.outcomes["fault"] += 1
        report.fault(self.name, fault)
        self.process.kill()
        self.process.join()
        return _Worker.start(self.fuzzer, todo)


def _work(pipe: Connection, fuzzer: Fuzzer) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the run
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    gc.collect()
    gc.freeze()  # as the program's worker processes do
    while (name := pipe.recv()) is not None:
        made = fuzzer.make(name)
        before = _forget_peak()
        start = time.process_time()
        try:
            found = fuzzer.check(made)
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
