"""Long work over many things, seen on standard error: a bar on a terminal, plain lines in a log."""

import sys
from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

#: Seconds between two lines of a log.
IN_LOG = 10.0

Thing = TypeVar("Thing")


def watched(things: Iterable[Thing], what: str) -> Iterator[Thing]:
    """The things, one by one, while the count of those that are done is shown. what: their name in the plural."""
    total = len(things) if isinstance(things, Sized) else None
    console = Console(stderr=True)
    return _on_terminal(things, what, total, console) if console.is_terminal else _in_log(things, what, total)


def _on_terminal(things: Iterable[Thing], what: str, total: int | None, console: Console) -> Iterator[Thing]:
    count = "{task.completed} of {task.total}" if total is not None else "{task.completed}"
    clock = TimeRemainingColumn() if total is not None else TimeElapsedColumn()
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn(count), clock
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(things, total=total, description=what)


def _in_log(things: Iterable[Thing], what: str, total: int | None) -> Iterator[Thing]:
    told = monotonic()
    for done, thing in enumerate(things):
        if monotonic() - told >= IN_LOG:
            told = monotonic()
            print(f"{what}: {done} of {total}" if total is not None else f"{what}: {done}", file=sys.stderr, flush=True)
        yield thing
