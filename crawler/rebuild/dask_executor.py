"""The executor of a Dask cluster: its workers do the tasks, and the process of the rebuild stores the results."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from distributed import Future, KilledWorker
from distributed.client import FIRST_COMPLETED, wait

from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.executor import Executor, worker_died
from crawler.ingest.extraction_worker import ExtractionWorker
from crawler.ingest.messages import Task, TaskResult
from crawler.rebuild.dask_cluster import connected
from crawler.rebuild.environment import Environment, differences, environment
from crawler.registry import all_sites
from storage.collection import Collection
from storage.exceptions import EnvironmentMismatch, ExecutorError

logger = logging.getLogger(__name__)

#: Seconds without a worker after which a rebuild ends; on a batch system workers may wait in a queue.
NO_WORKERS = 1800.0
#: Seconds between two checks of the number of workers.
CHECK_INTERVAL = 5.0
#: Tasks submitted at a time: for each thread of a worker, and some more for workers that join.
PER_THREAD, MORE = 2, 4


class DaskExecutor(Executor):
    """The workers that a scheduler knows, and those that join later; at the address `local` or `local:N` processes of
    this machine.

    The scheduler gives a task whose worker died to another; a task of which four workers died gives a problem, as the
    local executor has it. Only so many tasks are submitted at a time that all workers are busy, and results stay with
    the workers until they are taken one by one, so memory stays flat. Raises ExecutorError.
    """

    #: Bytes of a range: seconds of work.
    least, most = 256 * 1024, 8 * 1024 * 1024

    def __init__(
        self, address: str, collection: Collection, capture_filter: CaptureFilter, extractor: Extractor
    ) -> None:
        self._address, self._given = address, (collection.warc.absolute(), capture_filter, extractor)
        self._open = ExitStack()
        self._submitted: dict[Future, Task] = {}
        self._worker_seen, self._is_warned = monotonic(), False
        self._client = self._open.enter_context(connected(address))

    def close(self, *, at_once: bool) -> None:
        self._submitted.clear()
        self._open.close()

    def results(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        """The results of tasks, in any order. Raises ExecutorError."""
        capacity = self.workers()
        while True:
            while len(self._submitted) < capacity and (task := next(tasks, None)) is not None:
                future = self._client.submit(run_on_worker, environment(), task, *self._given, pure=False)
                self._submitted[future] = task
            if not self._submitted:
                return
            for future in self._done():
                yield from self._result(future)
            capacity = self.workers()

    def workers(self) -> int:
        """How many tasks may be submitted, by the present number of workers. Raises ExecutorError."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except OSError as problem:
            raise self._lost() from problem
        if threads:
            self._worker_seen, self._is_warned = monotonic(), False
        elif not self._is_warned:
            logger.warning("there is no worker: waiting for some to join %s", self._address)
            self._is_warned = True
        return PER_THREAD * threads + MORE

    def _done(self) -> list[Future]:
        """Some submitted tasks that are done. Raises ExecutorError."""
        while True:
            try:
                return list(wait(list(self._submitted), timeout=CHECK_INTERVAL, return_when=FIRST_COMPLETED).done)
            except TimeoutError:
                self.workers()
            except CancelledError as problem:
                raise self._lost() from problem
            if monotonic() - self._worker_seen > NO_WORKERS:
                raise ExecutorError(
                    f"no worker has been there for {NO_WORKERS / 60:.0f} minutes: begin some with "
                    f"`dask worker {self._address} --nthreads 1`, and run the same command again"
                )

    def _result(self, future: Future) -> list[TaskResult]:
        task = self._submitted.pop(future)
        try:
            parts: list[TaskResult] = future.result()
        except KilledWorker:
            return [worker_died(task)]
        except CancelledError as problem:
            raise self._lost() from problem
        except EnvironmentMismatch as problem:
            raise ExecutorError(f"{problem}: install on every machine what is installed here") from problem
        # Any other error is of the cluster: those of a page or a file are problems of the result.
        except Exception as problem:
            raise ExecutorError(
                f"the cluster at {self._address} cannot do the work ({type(problem).__name__}: {problem}): scheduler "
                "and workers need the same Python, emeroteca[cluster] and libraries as this machine"
            ) from problem
        return parts

    def _lost(self) -> ExecutorError:
        return ExecutorError(
            f"the scheduler at {self._address} is gone: what was saved stays, run the same command again"
        )


def run_on_worker(
    expected: Environment, task: Task, folder: Path, capture_filter: CaptureFilter, extractor: Extractor
) -> list[TaskResult]:
    """The result of a task, on a worker. Raises EnvironmentMismatch."""
    if other := differences(expected):
        raise EnvironmentMismatch(f"a worker has {other}")
    all_sites()
    return list(ExtractionWorker(folder, capture_filter, extractor).run(task))
