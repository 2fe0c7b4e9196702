"""Where an episode takes place: a collection, its database, the newsstand, and the commands on them."""

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

import psutil

from bench.torture.command_server import Command, CommandServer
from bench.torture.postgres import Cluster
from bench.torture.volume import Volume
from newsstand.stand import Newsstand

#: Seconds after which an undisturbed command counts as hung. The machine may be busy.
LONGEST = 120.0


@dataclass
class Servers:
    """What a job keeps from one episode to the next. environment: of its commands. clock: None without libfaketime."""

    stand: Newsstand
    commands: CommandServer
    volume: Volume
    cluster: Cluster | None
    clock: "Clock | None"
    environment: dict[str, str]
    bases: dict[str, tuple[Path, str]] = field(default_factory=dict)


@dataclass
class Clock:
    """Commands whose clock can be set, of one episode at a time. begin: starts them. file: what they add to the
    time."""

    begin: Callable[[], CommandServer]
    file: Path
    free: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def commands(self) -> CommandServer:
        """Made with the first episode that needs them, under the lock."""
        return self.begin()

    def set(self, seconds: int) -> None:
        self.file.write_text(f"{seconds:+}\n")


@dataclass
class Moment:
    """When a fault strikes: at the n-th change that the command makes, or after so many seconds."""

    change: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"at change {self.change}" if self.change else f"after {self.seconds:.2f} s"


@dataclass
class Run:
    """A run of a command. struck: whether the fault came before its end."""

    words: Sequence[str]
    fault: str
    moment: str
    status: int = 0
    struck: bool = False
    stderr: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        told = self.stderr.strip().splitlines()
        last = told[-1][:300] if told else ""
        when = f"{self.fault} {self.moment}" if self.fault else "undisturbed"
        missed = "" if self.struck or not self.fault else " (too late)"
        return f"{' '.join(self.words)}: {when}{missed}: {self.status} in {self.seconds:.1f} s: {last}"


@dataclass
class Arena:
    """One episode's place. folder: on the volume; `home` and `out` are in it. logs: a folder elsewhere, for what
    commands print. url: of the database; empty for SQLite. is_read_only: whether the home is, for now."""

    servers: Servers
    draw: Random
    folder: Path
    logs: Path
    url: str
    shifts_clock: bool = False
    is_read_only: bool = False
    runs: list[Run] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _bystanders: list[psutil.Process] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "archive"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def stand(self) -> Newsstand:
        return self.servers.stand

    @property
    def database(self) -> str:
        """Its URL as a checker reads it."""
        return self.url or f"sqlite:///{self.home / 'corpus.db'}"

    def drop_rows(self) -> None:
        """An empty database in the place of the one that is there."""
        if self.url:
            assert self.servers.cluster is not None
            self.servers.cluster.drop(self.url)
            self.url = self.servers.cluster.database()
        else:
            for path in self.home.glob("corpus.db*"):
                path.unlink()

    def start(self, words: Sequence[str], **options: Any) -> tuple[Command, Path]:
        """Start a command; returns it and the file with its standard error."""
        servers = self.servers
        server = servers.clock.commands if self.shifts_clock and servers.clock else servers.commands
        place = ["--home", str(self.home), *(["--database", self.url] if self.url else [])]
        name = f"{len(self.runs):03}-{'-'.join(words[:2]).replace('/', '_')[:40]}"
        out, err = self.logs / f"{name}.out", self.logs / f"{name}.err"
        return server.start([*place, *words], self.folder, out, err, environment=servers.environment, **options), err

    def run(self, *words: str, accepted: Sequence[int] = (0,)) -> str:
        """Run a command undisturbed, to its end; another exit status than the accepted is a problem. Returns what it
        wrote to standard output."""
        began = time.monotonic()
        command, err = self.start(words)
        status = self.wait(command, words, LONGEST)
        run = Run(words, "", "", status, stderr=_text(err), seconds=time.monotonic() - began)
        self.runs.append(run)
        self.check_messages(run)
        if status not in accepted:
            self.problems.append(f"exit status {status} of an undisturbed run: {run}")
        return _text(err.with_suffix(".out"))

    def check_messages(self, run: Run) -> None:
        """No run may end with a traceback."""
        if "Traceback (most recent call last)" in run.stderr or "Unhandled" in run.stderr:
            self.problems.append(f"a traceback: {run}\n{run.stderr[-3000:]}")

    def wait(self, command: Command, words: Sequence[str], seconds: float) -> int:
        """The exit status of a command; one that hangs is a problem, and killed. Waits for processes that a killed
        command has left, too."""
        try:
            status = command.ended.result(timeout=seconds)
        except TimeoutError:
            self.problems.append(f"{' '.join(words)} hung for {seconds:.0f} s; its stacks are at the end of its log")
            with suppress(ProcessLookupError):
                os.killpg(command.pid, signal.SIGUSR2)  # see command_server
                time.sleep(1)
            for process in [command.pid, *(one.pid for one in descendants(command.pid))]:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            status = command.ended.result(timeout=20)
        if words[0] in ("schedule", "worker"):
            self._bystanders += self._crawls()
        _, alive = psutil.wait_procs(self._bystanders, timeout=60)
        until = time.monotonic() + 60
        while (lives := _group_lives(command.pid)) and time.monotonic() < until:
            time.sleep(0.02)
        if alive or lives:
            self.problems.append(f"a process of {' '.join(words)} lives on after its end: {alive}")
            with suppress(ProcessLookupError):
                os.killpg(command.pid, signal.SIGKILL)
            for process in alive:
                process.kill()
        self._bystanders.clear()
        return status

    def remember_descendants(self, command: Command) -> None:
        """Before a kill: what `wait` waits for, since crawls of a scheduler are in sessions of their own."""
        self._bystanders += descendants(command.pid)

    def _crawls(self) -> list[psutil.Process]:
        """Crawls of this home, which a scheduler or worker without memory has started, and does not know of."""
        found = psutil.process_iter(["cmdline"])
        return [process for process in found if str(self.home) in (process.info["cmdline"] or ())]

    @contextmanager
    def stopped_at(self, moment: Moment) -> Iterator[tuple[dict[str, Any], Callable[[Command], bool]]]:
        """Options with which a command waits at its moment, and a function that returns then: True, or False where the
        command has ended before. The command goes on when the block ends."""
        if moment.change:
            path = self.folder / "moment.sock"
            path.unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(path))
                listening.listen()
                listening.settimeout(0.05)
                held: list[socket.socket] = []

                def come(command: Command) -> bool:
                    until = time.monotonic() + LONGEST
                    while not command.ended.done() and time.monotonic() < until:
                        with suppress(TimeoutError):
                            held.append(listening.accept()[0])
                            return True
                    return False

                try:
                    yield {"change": moment.change, "socket": str(path)}, come
                finally:
                    for one in held:
                        one.close()
            path.unlink(missing_ok=True)
        else:

            def passed(command: Command) -> bool:
                ended = threading.Event()
                command.ended.add_done_callback(lambda _: ended.set())
                return not ended.wait(moment.seconds)

            yield {}, passed


def descendants(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
        return found
    return []


def _group_lives(pid: int) -> bool:
    """Whether there are processes of a command that has ended."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def copy_base(source: Path, home: Path) -> None:
    shutil.copytree(source, home)


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
