"""Those that do the work of a rebuild: processes of this machine, or the workers of a cluster."""

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from crawler.rebuild.messages import Problem, Task, TaskResult

#: So many pieces for each worker, so that none waits long for the others in the end.
PIECES = 16


class Executor(Protocol):
    """Those that do the work."""

    def step(self, total: int) -> int:
        """Bytes of a file to give at a time, of so many in all: some pieces for each, none of them tiny."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def results(self, work: Iterator[Task]) -> Iterator[TaskResult]:
        """What the work gives, in whatever order it comes. A task that no worker lives to end is a problem."""


def worker_died(asked: Task) -> TaskResult:
    """What is told of work that nobody was left to end."""
    return TaskResult(problems=[Problem(*asked.place, "worker died")], is_last=True)
