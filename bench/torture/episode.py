"""An episode: a command on a collection, hit by faults one after the other, completed, and checked from outside.

All of it is drawn from the seed and the episode's number.
"""

import shutil
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import wait as wait_for
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.torture.arena import LONGEST, Arena, Moment, Run, Servers, copy_base
from bench.torture.checker import promises, rows
from bench.torture.checker.files import export_faults, package_faults
from bench.torture.checker.promises import Durable
from bench.torture.damage import DAMAGES, Damage, damaged
from bench.torture.faults import BY_NAME, FAULTS, Fault
from bench.torture.steps import SITE, Facts, begin_count
from bench.torture.works import WORKS, Work

#: Faults in an episode; one damage counts as one.
FEWEST, MOST = 3, 6
#: One episode in so many is of damages to files at rest.
DAMAGED = 6


@dataclass(frozen=True)
class Plan:
    """What an episode does. work: None for an episode of damages."""

    number: int
    work: Work | None
    faults: tuple[tuple[Fault, Moment], ...] = ()
    damages: tuple[Damage, ...] = ()

    def __str__(self) -> str:
        if self.work is None:
            return f"episode {self.number}: {', '.join(damage.name for damage in self.damages)}"
        faults = ", ".join(fault.name if fault.is_at_start else f"{fault.name} {at}" for fault, at in self.faults)
        return f"episode {self.number}: {self.work.name}: {faults}"


@dataclass
class Outcome:
    """Faults by name, as they struck; what was wrong; what ran."""

    plan: Plan
    faults: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    seconds: float = 0.0


def plan(seed: int, number: int, abilities: frozenset[str]) -> Plan:
    """The episode of a number. abilities: what can be done here; faults and works that need more are not drawn."""
    draw = Random(f"{seed} {number}")
    if number % DAMAGED == DAMAGED - 1:
        return Plan(number, None, damages=tuple(draw.choice(DAMAGES) for _ in range(draw.randint(FEWEST, MOST))))
    work = draw.choice([work for work in WORKS if work.needs <= abilities])
    possible = [fault for fault in FAULTS if fault.needs <= abilities and _fits(fault, work)]
    faults = []
    for _ in range(draw.randint(FEWEST, MOST)):
        fault = draw.choice(possible)
        faults.append((fault, _moment(draw, work)))
        if fault is BY_NAME["clock set back"]:
            possible = [one for one in possible if one is not fault]
    faults.sort(key=lambda pair: pair[0] is BY_NAME["home deleted"])
    return Plan(number, work, tuple(faults))


def _fits(fault: Fault, work: Work) -> bool:
    if fault is BY_NAME["home deleted"]:
        return work.begin == "empty" and work.name != "import text"
    return True


def _moment(draw: Random, work: Work) -> Moment:
    if draw.random() < 0.7:
        return Moment(change=draw.randint(1, work.changes))
    return Moment(seconds=draw.uniform(0, work.seconds))


def _scaled(moment: Moment, work: Work) -> Moment:
    """The moment in a command that makes fewer changes, since it was completed before."""
    if not moment.change or not work.changes_again:
        return moment
    return Moment(change=max(1, moment.change * work.changes_again // work.changes))


def play(found: Plan, seed: int, servers: Servers, folder: Path, logs: Path) -> Outcome:
    """Play an episode in a folder. logs: another one, for what commands print."""
    began, outcome = time.monotonic(), Outcome(found)
    draw = Random(f"{seed} {found.number} play")
    servers.stand.clock(0)
    folder.mkdir()
    logs.mkdir()
    arena = Arena(servers, draw, folder, logs, "")
    arena.shifts_clock = any(fault is BY_NAME["clock set back"] for fault, _ in found.faults)
    arena.out.mkdir()
    with ExitStack() as stack:
        if arena.shifts_clock and servers.clock:
            stack.enter_context(servers.clock.free)
            servers.clock.set(0)
        _play(arena, found, outcome)
    outcome.problems, outcome.runs = arena.problems, arena.runs
    outcome.seconds = time.monotonic() - began
    return outcome


def _play(arena: Arena, found: Plan, outcome: Outcome) -> None:
    _begin(arena, "empty" if found.work and found.work.begin == "empty" else "crawled")
    try:
        if found.work is None:
            for damage in found.damages:
                damaged(arena, damage)
                outcome.faults[damage.name] += 1
            arena.problems += promises.collection_faults(arena.home, arena.database)
        else:
            _torture(arena, found.work, found.faults, outcome)
    except Exception:
        arena.problems.append(f"the torture itself failed: {traceback.format_exc()}")
        with rows.corpus(arena.database) as corpus:
            arena.problems.append(f"the database has {corpus.tables()}")
    finally:
        if arena.url and arena.servers.cluster:
            arena.servers.cluster.drop(arena.url)


def _begin(arena: Arena, base: str) -> None:
    home, template = arena.servers.bases[base]
    if arena.servers.cluster:
        arena.url = arena.servers.cluster.database(template)
    if home.exists():
        copy_base(home, arena.home)


def _torture(arena: Arena, work: Work, faults: Sequence[tuple[Fault, Moment]], outcome: Outcome) -> None:
    facts: Facts = work.prepare(arena)
    kept = facts["kept"] = Durable() if work.loses else Durable.of(arena.home, arena.database)
    begin_count(arena, facts, facts.get("records", kept.records))
    words = work.words(arena, facts)
    is_again = False
    for fault, moment in faults:
        struck = _struck(arena, work, words, fault, _scaled(moment, work) if is_again else moment)
        is_again |= arena.runs[-1].status == 0
        if struck and fault is BY_NAME["home deleted"]:
            begin_count(arena, facts, set())
        if arena.runs[-1].status == 0 and (fault, moment) != faults[-1]:
            work.renew(arena, facts)
        if not struck:
            continue
        outcome.faults[fault.name] += 1
        if fault is BY_NAME["home deleted"]:
            kept = facts["kept"] = Durable()
        elif not work.loses:
            now = Durable.of(arena.home, arena.database)
            arena.problems += kept.lost(now)
            kept.records |= now.records
            kept.texts |= now.texts
        _check_outputs(arena)
    if work.finish:
        work.finish(arena, facts, words)
    else:
        arena.run(*words, accepted=work.accepted)
    if arena.home.exists() and list((arena.home / "warc").glob("*.open")):
        arena.run("crawl", SITE, "--delay", "0", "--limit", "1")
    arena.problems += work.check(arena, facts)
    arena.problems += promises.collection_faults(arena.home, arena.database, facts.get("elsewhere", ()))
    if not work.loses:
        arena.problems += kept.lost(Durable.of(arena.home, arena.database))
    arena.run("verify")


def _struck(arena: Arena, work: Work, words: Sequence[str], fault: Fault, moment: Moment) -> bool:
    """Run the command into a fault, and mend what the fault broke. Returns whether it struck."""
    began = time.monotonic()
    run = Run(words, fault.name, "" if fault.is_at_start else str(moment), struck=True)
    if fault.is_at_start:
        command, err = arena.start(words, **fault.options(arena))
    else:
        with arena.stopped_at(moment) as (options, come):
            command, err = arena.start(words, **options)
            run.struck = come(command) and fault.strike(arena, command) is not False
    if work.name == "worker":  # it has no end of its own, and may get over the fault
        wait_for([command.ended], timeout=1 if fault.is_harmless else 4)
        BY_NAME["SIGTERM"].strike(arena, command)
    run.status = arena.wait(command, words, LONGEST)
    if run.struck:
        fault.heal(arena)
    run.seconds, run.stderr = time.monotonic() - began, err.read_text(errors="replace")
    arena.runs.append(run)
    if not fault.may_traceback:
        arena.check_messages(run)
    if fault.is_harmless and run.struck and run.status not in (*work.accepted, 1, *((3,) if work.loses else ())):
        arena.problems.append(f"exit status {run.status}, though nothing was broken: {run}")
    return run.struck


def _check_outputs(arena: Arena) -> None:
    """What has its final name is whole, whatever happened."""
    for path in arena.out.iterdir():
        if path.name.endswith(".wacz"):
            arena.problems += package_faults(path)
        elif path.name.startswith(("corpus", "changes")):
            arena.problems += export_faults(path)


def keep(outcome: Outcome, folder: Path, logs: Path, kept: Path) -> None:
    """Copy what a failing episode has left, with a report of it."""
    shutil.copytree(logs, kept / "runs", dirs_exist_ok=True)
    shutil.copytree(folder, kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
    lines = [str(outcome.plan), "", *map(str, outcome.runs), "", *outcome.problems]
    (kept / "report.txt").write_text("\n".join(lines) + "\n")
