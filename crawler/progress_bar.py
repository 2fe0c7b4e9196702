"""Progress of long work on standard error: a bar on a terminal, plain lines in a log.

Used by crawls (crawler.crawl.progress), rebuilds (crawler.rebuild.progress) and by commands that loop over files.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import Final, Self, TextIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from crawler.event_log import is_json, print_line, report
from storage.display import displayed

#: Seconds between two lines of a log.
LOG_INTERVAL: Final = 10.0

T = TypeVar("T")


class ProgressBar:
    """name: stands before bar and lines. last: a further column of the bar. transient: the bar vanishes at the end."""

    def __init__(self, name: str, last: ProgressColumn | None = None, *, transient: bool = True) -> None:
        columns = [TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[text]}")]
        console = Console(stderr=True)
        bar = Progress(*columns, *([last] if last else []), console=console, transient=transient)
        self._bar = bar if console.is_terminal and not is_json() else None
        self._name = name
        self.started = self._printed = monotonic()

    @property
    def on_terminal(self) -> bool:
        return self._bar is not None

    @property
    def seconds(self) -> float:
        """Since the start, never 0."""
        return monotonic() - self.started + 1e-9

    def start(self, total: float | None = None, text: str = "") -> None:
        """Shows the bar. total: what `completed` will be at the end, None where nobody knows."""
        self.started = self._printed = monotonic()
        if self._bar is not None:
            stderr = sys.stderr
            self._bar.start()
            self._move_log(stderr, sys.stderr)
            self._task = self._bar.add_task(self._name, total=total, text=text)

    def update(self, text: str, completed: float, total: float | None = None, *, now: bool = False) -> None:
        """Moves the bar; in a log prints the text where the last line is LOG_INTERVAL old, or `now`."""
        if self._bar is not None:
            self._bar.update(self._task, completed=completed, total=total, text=text)
        elif now or monotonic() - self._printed >= LOG_INTERVAL:
            self._printed = monotonic()
            report("progress", f"{self._name}: {text}", completed=completed, total=total)

    def print(self, line: str) -> None:
        """A line of its own, above the bar."""
        if self._bar is not None:
            self._bar.console.print(displayed(line), markup=False, highlight=False)
        else:
            print_line(line, is_data=False)

    def stop(self) -> None:
        if self._bar is not None:
            redirected = sys.stderr
            self._bar.stop()
            self._move_log(redirected, sys.stderr)

    @staticmethod
    def _move_log(old: TextIO, new: TextIO) -> None:
        """Log records go where standard error goes, which the bar redirects to print above itself."""
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is old:
                handler.setStream(new)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def track(items: Iterable[T], name: str) -> Iterator[T]:
    """Yields the items while their count is shown. name: their noun in the plural."""
    total = len(items) if isinstance(items, Sized) else None
    of_total = f" of {total}" if total is not None else ""
    with ProgressBar(name, TimeElapsedColumn() if total is None else TimeRemainingColumn()) as bar:
        bar.start(total, f"0{of_total}")
        for count, item in enumerate(items):
            bar.update(f"{count}{of_total}", count)
            yield item
