"""The faults: what happens to a command at a moment, and how it is mended afterwards."""

import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.torture.arena import Arena, descendants
from bench.torture.command_server import Command, address_space

MIB = 1024 * 1024


@dataclass(frozen=True)
class Fault:
    """strike: at the moment, with the running command; False where there was nothing to strike. options: of the
    command's start. heal: when the command has ended. needs: of `mounts`, `postgres`, `libfaketime`, `memory` ...
    ends: the command may end with any status, since what ended it is outside of its hands."""

    name: str
    strike: Callable[[Arena, Command], object] = lambda arena, command: None
    options: Callable[[Arena], dict[str, Any]] = lambda arena: {}
    heal: Callable[[Arena], None] = lambda arena: None
    needs: frozenset[str] = frozenset()
    is_harmless: bool = False
    may_traceback: bool = False

    @property
    def is_at_start(self) -> bool:
        """Whether the command has to live with it from its start."""
        return self.name.endswith("from the start")


def _signal_group(number: int) -> Callable[[Arena, Command], None]:
    def strike(arena: Arena, command: Command) -> None:
        arena.remember_descendants(command)
        with suppress(ProcessLookupError):
            os.killpg(command.pid, number)

    return strike


def _signal_leader(number: int) -> Callable[[Arena, Command], None]:
    def strike(arena: Arena, command: Command) -> None:
        arena.remember_descendants(command)
        with suppress(ProcessLookupError):
            os.kill(command.pid, number)

    return strike


def _kill_child(arena: Arena, command: Command) -> bool:
    children = descendants(command.pid)
    if not children:
        return False
    with suppress(ProcessLookupError):
        os.kill(arena.draw.choice(sorted(children, key=lambda one: one.pid)).pid, signal.SIGKILL)
    return True


def _pause(arena: Arena, command: Command) -> None:
    with suppress(ProcessLookupError):
        os.killpg(command.pid, signal.SIGSTOP)
        time.sleep(arena.draw.uniform(0.1, 0.8))
        os.killpg(command.pid, signal.SIGCONT)


def _fill(arena: Arena, command: Command) -> None:
    arena.servers.volume.fill(arena.draw.choice([0, 0, 4096, 20_000, 60_000, 150_000]))


def _limit_memory(arena: Arena, command: Command) -> None:
    more = arena.draw.randint(0, 30) * MIB
    for pid in [command.pid, *(child.pid for child in descendants(command.pid))]:
        with suppress(ProcessLookupError, FileNotFoundError):
            resource.prlimit(pid, resource.RLIMIT_AS, (address_space(pid) + more, resource.RLIM_INFINITY))


def _limit_handles(arena: Arena, command: Command) -> None:
    more = arena.draw.randint(0, 5)
    with suppress(ProcessLookupError, FileNotFoundError):
        handles = max(int(path.name) for path in Path(f"/proc/{command.pid}/fd").iterdir()) + 1
        resource.prlimit(command.pid, resource.RLIMIT_NOFILE, (handles + more, 4096))


def _make_read_only(arena: Arena, command: Command) -> bool:
    if not arena.home.exists():
        return False
    arena.is_read_only = arena.servers.volume.make_read_only(arena.home)
    return arena.is_read_only


def _make_writable(arena: Arena) -> None:
    if arena.is_read_only:
        arena.servers.volume.make_writable(arena.home)
        arena.is_read_only = False


def _move(arena: Arena, command: Command) -> bool:
    time.sleep(0.1)  # a command that has not yet looked for its home may well make one
    if command.ended.done() or not arena.home.exists():
        return False
    arena.home.rename(arena.folder / "moved")
    return True


def _move_back(arena: Arena) -> None:
    moved = arena.folder / "moved"
    if not moved.exists():
        return
    if arena.home.exists():
        names = [str(path.relative_to(arena.home)) for path in arena.home.rglob("*") if path.is_file()]
        if captured := [name for name in names if ".warc" in name]:
            arena.problems.append(f"captures went to a new home in the place of the moved one: {captured}")
        shutil.rmtree(arena.home)
    moved.rename(arena.home)


def _delete(arena: Arena, command: Command) -> bool:
    if not arena.home.exists():
        return False
    shutil.rmtree(arena.home, ignore_errors=True)
    return True


def _delete_rest(arena: Arena) -> None:
    """Of a deleted home nothing is left: what a command has made of it since goes too, and the rows."""
    shutil.rmtree(arena.home, ignore_errors=True)
    arena.drop_rows()


def _set_clock_back(arena: Arena, command: Command) -> None:
    assert arena.servers.clock is not None
    arena.servers.clock.set(-arena.draw.choice([1, 5, 60, 3600, 90_000, 40_000_000]))


def _set_clock_right(arena: Arena) -> None:
    assert arena.servers.clock is not None
    arena.servers.clock.set(0)


def _kill_postgres(arena: Arena, command: Command) -> None:
    assert arena.servers.cluster is not None
    arena.servers.cluster.kill()
    time.sleep(arena.draw.choice([0, 0, 0.5, 2]))
    arena.servers.cluster.start()


def _cut_connections(arena: Arena, command: Command) -> None:
    assert arena.servers.cluster is not None
    arena.servers.cluster.cut_connections(arena.url)


def _limits(**choices: Any) -> Callable[[Arena], dict[str, Any]]:
    return lambda arena: {"limits": {name: arena.draw.choice(numbers) for name, numbers in choices.items()}}


FILE_SIZES = [0, 512, 5_000, 12_000, 40_000, 90_000, 200_000, 400_000]
ADDRESS_SPACES = [number * MIB for number in (1, 8, 30, 80, 200)]
MOUNTS, POSTGRES, CLOCK = frozenset({"mounts"}), frozenset({"postgres"}), frozenset({"libfaketime"})
FAULTS = (
    Fault("kill -9 of all its processes", _signal_group(signal.SIGKILL)),
    Fault("kill -9 of its main process", _signal_leader(signal.SIGKILL)),
    Fault("kill -9 of a worker process", _kill_child),
    Fault("SIGSTOP, SIGCONT", _pause, is_harmless=True),
    Fault("SIGINT", _signal_group(signal.SIGINT)),
    Fault("SIGTERM", _signal_leader(signal.SIGTERM)),
    Fault("disk full", _fill, heal=lambda arena: arena.servers.volume.free(), needs=MOUNTS),
    Fault("files no longer than a limit, from the start", options=_limits(FSIZE=FILE_SIZES)),
    Fault("out of memory", _limit_memory, may_traceback=True),
    Fault("out of memory from the start", options=_limits(AS=ADDRESS_SPACES), may_traceback=True),
    Fault("out of file handles", _limit_handles),
    Fault("out of file handles from the start", options=_limits(NOFILE=range(8, 40))),
    Fault("home read-only", _make_read_only, heal=_make_writable, needs=MOUNTS),
    Fault("home moved", _move, heal=_move_back),
    Fault("home deleted", _delete, heal=_delete_rest),
    Fault("clock set back", _set_clock_back, heal=_set_clock_right, needs=CLOCK, is_harmless=True),
    Fault("Postgres killed", _kill_postgres, needs=POSTGRES),
    Fault("connections to Postgres cut", _cut_connections, needs=POSTGRES),
)  # fmt: skip
BY_NAME = {fault.name: fault for fault in FAULTS}
