"""A real scheduler and real workers on loopback, of which some are killed, give the corpus of one machine."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.messages import Problem
from crawler.ingest.report import IngestReport
from crawler.rebuild.dask_executor import DaskExecutor
from crawler.rebuild.rebuild import rebuild
from storage.collection import Collection
from storage.exceptions import ExecutorError

Rebuilt = Callable[..., tuple[IngestReport, bytes, list[Problem]]]

#: Seconds until something counts as never to come.
LONGEST = 120


class Machines:
    """A scheduler, and workers in the order of their begin."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self._folder, self._closing = folder, closing
        note = folder / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(note))
        self.scheduler = self._begun("distributed.cli.dask_scheduler", folder / "scheduler.log", *options)
        wait_for(lambda: note.exists() and note.read_text().strip().endswith("}"))
        self.address: str = json.loads(note.read_text())["address"]
        self.workers: list[subprocess.Popen[bytes]] = []

    def worker(self) -> "subprocess.Popen[bytes]":
        """One more, once the scheduler gives it work."""
        name = f"worker-{len(self.workers)}"
        options = ("--name", name, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
        log = self._folder / f"{name}.log"
        self.workers.append(self._begun("distributed.cli.dask_worker", log, self.address, *options))

        def running(dask_scheduler: Any) -> set[str]:
            return {worker.name for worker in dask_scheduler.running}

        with Client(self.address, set_as_default=False) as client:
            wait_for(lambda: name in client.run_on_scheduler(running))
        return self.workers[-1]

    def standing_worker(self) -> "subprocess.Popen[bytes]":
        """One that stands still with whatever it is given."""
        worker = self.worker()
        worker.send_signal(signal.SIGSTOP)
        return worker

    def _begun(self, module: str, log: Path, *options: str) -> "subprocess.Popen[bytes]":
        out = self._closing.enter_context(log.open("wb"))
        process = subprocess.Popen([sys.executable, "-m", module, *options], stdout=out, stderr=out)
        self._closing.callback(process.wait, timeout=LONGEST)
        self._closing.callback(process.kill)
        return process


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and a worker."""
    with ExitStack() as closing:
        begun = Machines(tmp_path_factory.mktemp("machines"), closing)
        begun.worker()
        yield begun


def may_outlive(machines: Machines, deaths: int) -> None:
    """Whose death a piece of work may outlive: that of so many workers."""

    def set_it(dask_scheduler: Any) -> None:
        dask_scheduler.allowed_failures = deaths

    with Client(machines.address, set_as_default=False) as client:
        client.run_on_scheduler(set_it)


def spread(
    machines: Machines, path: Path, home: Path, once: Callable[[], Any] = lambda: None
) -> tuple[IngestReport, list[Problem]]:
    """A rebuild on these machines; `once` is called when the first captures are there."""
    collection = Collection(home)
    collection.create()
    told: list[Problem] = []
    calls = iter([once])

    def show(report: IngestReport) -> None:
        if report.captures:
            next(calls, lambda: None)()

    report = rebuild(
        collection,
        [str(path)],
        CaptureFilter(),
        partial(DaskExecutor, machines.address),
        Extractor(),
        on_problem=told.append,
        on_progress=show,
    )
    return report, told


def test_a_worker_that_is_killed_is_made_good(
    crawled: Path, tmp_path: Path, rebuilt: Rebuilt, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DaskExecutor, "most", 10_000)
    report, told = spread(machines, crawled, tmp_path / "spread", machines.standing_worker().kill)
    assert report.taken == {"article": 30, "refused": 1, "discovery": 1, "other": 1}
    assert {one.reason for one in told} == {"gone"}
    assert rebuilt(crawled, home="spread")[1] == rebuilt(crawled, home="here")[1]


def test_work_that_a_worker_died_of_is_told_and_done_another_time(
    crawled: Path, tmp_path: Path, rebuilt: Rebuilt, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DaskExecutor, "most", 10_000)
    may_outlive(machines, 0)
    report, _ = spread(machines, crawled, tmp_path / "home", machines.standing_worker().kill)
    assert report.problems["worker died"] > 0
    assert report.needs_a_look
    assert 0 < report.captures < 33
    may_outlive(machines, 3)
    command = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "home"), "rebuild", str(crawled)]
    ended = subprocess.run([*command, "--cluster", machines.address], capture_output=True, timeout=LONGEST)
    assert ended.returncode == 0, ended.stderr
    assert rebuilt(crawled, home="home")[1] == rebuilt(crawled, home="here")[1]


def test_workers_that_read_with_something_else_are_told(
    crawled: Path, tmp_path: Path, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.rebuild.dask_executor.environment", lambda: {"trafilatura": "0.1"})
    with pytest.raises(ExecutorError, match=r"a worker has .*trafilatura \d.* instead of 0\.1.*: install on every"):
        spread(machines, crawled, tmp_path / "home")


def test_a_scheduler_that_goes_is_told(crawled: Path, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "home")
    collection.create()
    with ExitStack() as closing:
        alone = Machines(tmp_path, closing)
        with pytest.raises(ExecutorError, match=r"the scheduler .* is gone: .* run the same command again"):
            rebuild(
                collection,
                [str(crawled)],
                CaptureFilter(),
                partial(DaskExecutor, alone.address),
                Extractor(),
                on_start=lambda _: alone.scheduler.kill(),
            )


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.rebuild.dask_cluster.TIMEOUT", 0.5)
    with pytest.raises(ExecutorError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1 .*`dask scheduler`"):
        DaskExecutor("tcp://127.0.0.1:1", Collection(tmp_path), CaptureFilter(), Extractor())
