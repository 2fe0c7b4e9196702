"""The interface of executors: the local one, and that of a Dask cluster (`crawler.rebuild.dask_executor`)."""

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from crawler.ingest.messages import Problem, Task, TaskResult

#: Tasks for each worker, so that none waits long for the others in the end.
TASKS_PER_WORKER = 16


class Executor(Protocol):
    """Has workers do tasks."""

    def step(self, total: int) -> int:
        """Bytes of a range, where there are `total` bytes to read: some ranges for each worker, none of them tiny."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def results(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        """The results of tasks, in any order. A task whose worker dies gives a problem."""


def worker_died(task: Task) -> TaskResult:
    """The result of a task whose worker died."""
    return TaskResult(problems=[Problem(*task.place, "worker died")], is_last=True)
