"""The base class of executors: the local one, and that of a Dask cluster (`crawler.rebuild.dask_executor`)."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Self

from crawler.ingest.messages import Problem, Task, TaskResult

#: Tasks for each worker, so that none waits long for the others in the end.
TASKS_PER_WORKER = 16


class Executor(ABC):
    """Has workers do tasks. least, most: bytes of a range."""

    least: int
    most: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close(at_once=error is not None)

    def step(self, total: int) -> int:
        """Bytes of a range, where there are `total` bytes to read: some ranges for each worker, none of them tiny."""
        return min(self.most, max(self.least, total // (self.workers() * TASKS_PER_WORKER)))

    @abstractmethod
    def workers(self) -> int:
        """How many tasks can be done at a time."""

    @abstractmethod
    def results(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        """The results of tasks, in any order. A task whose worker dies gives a problem."""

    @abstractmethod
    def close(self, *, at_once: bool) -> None:
        """End the workers. at_once: with their tasks undone."""


def worker_died(task: Task) -> TaskResult:
    """The result of a task whose worker died."""
    return TaskResult(problems=[Problem(*task.place, "worker died")], is_last=True)
