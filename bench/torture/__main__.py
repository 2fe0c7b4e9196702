"""Tortures the program: faults at random moments, on SQLite and Postgres, and checks from outside what is left.

    python -m bench.torture --faults 1000 --database both
    python -m bench.torture --seed 1 --first 57 --episodes 1 --database postgres

Crawls, rebuilds, imports, exports, packages, migrations, takedowns, schedules and workers run against the newsstand on
loopback and are killed, paused, out of disk, memory or file handles; their home is moved, deleted or read-only under
them; Postgres is killed; files of the collection are spoilt. After each episode bench/torture/checker looks at the
collection without any code of the program. Prints a line per failing episode, counts by kind of fault, and a summary
as JSON; exits with 1 where a promise did not hold. The folder of a failing episode is kept, with a report.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.torture.arena import Arena, Clock, Servers
from bench.torture.command_server import CommandServer
from bench.torture.episode import Outcome, keep, plan, play
from bench.torture.postgres import Cluster, name_of
from bench.torture.steps import SITE
from bench.torture.volume import Volume, enter_namespace, may_mount
from newsstand.stand import Newsstand

#: So many requests a minute to the stand-ins of web archives are as good as no limit.
ANY_RATE = "1000000"


def faketime_library() -> str:
    """The library that shifts the clock of a process; empty where it is not installed."""
    try:
        import libfaketime
    except ImportError:
        return ""
    found = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
    return str(found) if found.exists() else ""


@contextmanager
def command_servers(folder: Path) -> Iterator[tuple[CommandServer, Clock | None]]:
    """Commands, and commands whose clock can be set, for all jobs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    rates = {"EMEROTECA_ARCHIVE_CDX_RATE": ANY_RATE, "EMEROTECA_ARCHIVE_MEMENTO_RATE": ANY_RATE}
    environment = {**clean, **rates, "EMEROTECA_CONTACT": "bench@emeroteca.example"}
    with ExitStack() as stack:
        commands = stack.enter_context(CommandServer(environment))
        clock = None
        if library := faketime_library():
            file = folder / "clock"
            faked = {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1"}
            fixed = {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
            file.write_text("+0\n")
            shifted = CommandServer({**environment, **faked, **fixed}, library)
            clock = Clock(lambda: stack.enter_context(shifted), file)
        yield commands, clock


@contextmanager
def servers(
    folder: Path, articles: int, database: str, commands: CommandServer, clock: Clock | None
) -> Iterator[Servers]:
    """What a job needs: newsstand, a disk, a database server, and collections to begin with."""
    with ExitStack() as stack:
        folder.mkdir()
        stand = stack.enter_context(Newsstand(articles=articles, seed=1, archived="sputniknews"))
        stand.archive_limits(1_000_000, 1_000_000)
        volume = Volume(folder / "disk")
        stack.callback(volume.close)
        cluster = stack.enter_context(Cluster()) if database == "postgres" else None
        made = Servers(stand, commands, volume, cluster, clock, stand.environment)
        made.bases["empty"] = folder / "none", "template1"
        made.bases["crawled"] = _crawled(made, folder)
        yield made


def _crawled(made: Servers, folder: Path) -> tuple[Path, str]:
    """A collection after its first crawl, to be copied."""
    arena = Arena(
        made, Random(0), folder / "base", folder / "base-logs", made.cluster.database() if made.cluster else ""
    )
    for one in (arena.folder, arena.logs):
        one.mkdir()
    if arena.url:
        arena.run("db", "upgrade")
    arena.run("crawl", SITE, "--delay", "0")
    if arena.problems:
        raise SystemExit("\n".join(arena.problems))
    return arena.home, name_of(arena.url) if arena.url else ""


class Torture:
    """The episodes of one database, by several jobs."""

    def __init__(
        self, options: argparse.Namespace, database: str, folder: Path, commands: CommandServer, clock: Clock | None
    ) -> None:
        self.options, self.database, self.folder = options, database, folder
        self.commands, self.clock = commands, clock
        self.abilities = frozenset(
            name
            for name, is_there in {
                "mounts": may_mount(),
                "postgres": database == "postgres",
                "libfaketime": clock is not None,
            }.items()
            if is_there
        )
        self.faults: Counter[str] = Counter()
        self.works: Counter[str] = Counter()
        self.failed: list[Outcome] = []
        self.missed = self.episodes = 0

    def run(self, progress: Progress) -> None:
        options = self.options
        task = progress.add_task(self.database, total=options.faults if options.episodes is None else None)
        with ExitStack() as stack, ThreadPoolExecutor(options.jobs) as pool:
            free: SimpleQueue[Servers] = SimpleQueue()
            ready = [pool.submit(self._servers, stack, job) for job in range(options.jobs)]
            for one in ready:
                free.put(one.result())
            pending: set[Future[Outcome]] = set()
            numbers = count(options.first)
            while True:
                while len(pending) < options.jobs and self._goes_on(pending):
                    pending.add(pool.submit(self._episode, next(numbers), free))
                    self.episodes += 1
                if not pending:
                    break
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for one in done:
                    self._take(one.result(), progress)
                    progress.update(task, completed=self.faults.total())

    def _servers(self, stack: ExitStack, job: int) -> Servers:
        folder = self.folder / f"{self.database}-{job}"
        manager = servers(folder, self.options.articles, self.database, self.commands, self.clock)
        made = manager.__enter__()
        stack.push(manager.__exit__)
        return made

    def _goes_on(self, pending: set[Any]) -> bool:
        if self.options.episodes is not None:
            return self.episodes < self.options.episodes
        return self.faults.total() + 2 * len(pending) < self.options.faults

    def _episode(self, number: int, free: "SimpleQueue[Servers]") -> Outcome:
        made = free.get()
        folder, logs = made.volume.folder / str(number), made.volume.folder.with_name(f"logs-{number}")
        found = plan(self.options.seed, number, self.abilities)
        try:
            outcome = play(found, self.options.seed, made, folder, logs)
        except Exception:
            outcome = Outcome(found, problems=[f"the torture itself failed: {traceback.format_exc()}"])
        finally:
            made.volume.free()
            free.put(made)
        if outcome.problems:
            keep(outcome, folder, logs, self.folder_of(number))
        for one in (folder, logs):
            shutil.rmtree(one, ignore_errors=True)
        return outcome

    def folder_of(self, number: int) -> Path:
        return Path(self.options.keep) / f"{self.database}-{self.options.seed}-{number}"

    def _take(self, outcome: Outcome, progress: Progress) -> None:
        self.faults += outcome.faults
        self.works[outcome.plan.work.name if outcome.plan.work else "damages"] += outcome.faults.total()
        self.missed += sum(bool(run.fault) and not run.struck for run in outcome.runs)
        if self.options.verbose:
            progress.console.print(
                f"{outcome.plan} ({outcome.seconds:.0f} s)",
                *map(str, outcome.runs),
                sep="\n  ",
                markup=False,
                soft_wrap=True,
            )
        if outcome.problems:
            self.failed.append(outcome)
            where = self.folder_of(outcome.plan.number)
            progress.console.print(
                f"FAILED {self.database} {outcome.plan}", *(one[:1500] for one in outcome.problems),
                f"kept in {where}; again: {again(self.options, self.database, outcome.plan.number)}",
                sep="\n  ", markup=False, highlight=False, soft_wrap=True,
            )  # fmt: skip

    def summary(self) -> dict[str, Any]:
        return {
            "database": self.database,
            "seed": self.options.seed,
            "episodes": self.episodes,
            "faults": self.faults.total(),
            "too_late": self.missed,
            "failed": [outcome.plan.number for outcome in self.failed],
            "by_fault": dict(sorted(self.faults.items())),
            "by_work": dict(sorted(self.works.items())),
        }


def again(options: argparse.Namespace, database: str, number: int) -> str:
    return (
        f"python -m bench.torture --seed {options.seed} --articles {options.articles} --database {database} "
        f"--first {number} --episodes 1"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=200, help="on each database, at least (200)")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first episode (0)")
    parser.add_argument("--episodes", type=int, help="so many, however many faults these are")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="episodes at once (one a core)")
    parser.add_argument("--articles", type=int, default=15, help="a site (15)")
    parser.add_argument("--keep", default="torture-failed", help="where folders of failing episodes go")
    parser.add_argument("--verbose", action="store_true", help="every run of every episode")
    options = parser.parse_args()
    enter_namespace()
    began, console = time.monotonic(), Console(file=sys.stderr)
    print(
        f"seed {options.seed}; disks that can be filled: {may_mount()}; clock: {bool(faketime_library())}", flush=True
    )
    databases = ["sqlite", "postgres"] if options.database == "both" else [options.database]
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("faults"), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    tortures = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        commands, clock = stack.enter_context(command_servers(folder))
        progress = stack.enter_context(Progress(*columns, console=console))
        if not console.is_terminal:
            threading.Thread(target=_tell, args=(tortures, began), daemon=True).start()
        for database in databases:
            tortures.append(Torture(options, database, folder, commands, clock))
            tortures[-1].run(progress)
    for torture in tortures:
        print(json.dumps(torture.summary()))
    print(f"{time.monotonic() - began:.0f} seconds")
    return 1 if any(torture.failed for torture in tortures) else 0


def _tell(tortures: list[Torture], began: float) -> None:
    """A line a minute, where there is no terminal."""
    while True:
        time.sleep(60)
        counts = ", ".join(f"{one.database} {one.faults.total()} faults" for one in tortures)
        print(f"{time.monotonic() - began:.0f} s: {counts}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
