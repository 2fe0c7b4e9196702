"""How a rebuild goes, on standard error: a bar on a terminal, plain lines in a log."""

import sys
from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from crawler.rebuild.report import IngestReport

#: Seconds between two lines of a log.
IN_LOG = 10.0


class RebuildProgress:
    """Shows captures, their rate, and the time left."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = _bar(console) if console.is_terminal else None
        self._began = self._told = monotonic()
        self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, total: int) -> None:
        """total: bytes to read."""
        self._total = total
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("rebuild", total=total or None, words="")

    def show(self, report: IngestReport) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=report.bytes, words=self._words(report))
        elif monotonic() - self._told >= IN_LOG:
            self._told = monotonic()
            print(f"rebuild: {self._words(report)}", file=sys.stderr, flush=True)

    def line(self, text: str) -> None:
        """A line of its own, above the bar."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr)

    def _words(self, report: IngestReport) -> str:
        seconds = monotonic() - self._began + 1e-9
        words = f"{report.captures} captures, {report.taken['article']} articles, {report.captures / seconds:.0f}/s"
        if not report.bytes or not self._total:
            return words
        left = max(0.0, seconds * (self._total - report.bytes) / report.bytes)
        return f"{words}, {report.bytes / self._total:.0%}, {_clock(left)} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[words]}"),
        console=console,
        transient=True,
    )
