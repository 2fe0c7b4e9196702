"""Extraction workers on this machine, for rebuild and recovery."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection, wait

from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.crash_log import CrashLog
from crawler.ingest.executor import Executor, worker_died
from crawler.ingest.extraction_worker import ExtractionWorker
from crawler.ingest.messages import Task, TaskResult
from crawler.ingest.worker_process import answer_messages, start_workers
from storage.collection import Collection


class LocalExecutor(Executor):
    """So many worker processes; with one job the tasks are done in this process.

    Workers are started here, so before there are threads and open databases. A pipe holds little, so a worker waits
    while its results are not taken: memory stays flat.
    """

    #: Bytes of a range.
    least, most = 256 * 1024, 64 * 1024 * 1024

    def __init__(self, jobs: int, collection: Collection, capture_filter: CaptureFilter, extractor: Extractor) -> None:
        self._given = collection, capture_filter, extractor
        self._workers = start_workers(jobs if jobs > 1 else 0, _serve, *self._given)
        self._pipes = [worker.pipe for worker in self._workers]

    def close(self, *, at_once: bool) -> None:
        for worker in self._workers:
            worker.stop(at_once=at_once)

    def workers(self) -> int:
        return len(self._workers)

    def step(self, total: int) -> int:
        return super().step(total) if self._workers else self.most

    def results(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        """The results of tasks, in any order. A task whose worker dies gives a problem, and so does every task that is
        left when no worker lives.
        """
        return self._from_workers(tasks) if self._workers else self._from_this_process(tasks)

    def _from_this_process(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        with _extraction_worker(*self._given) as worker:
            for task in tasks:
                yield from worker.run(task)

    def _from_workers(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        busy: dict[Connection, Task] = {}
        for pipe in self._pipes:
            _send_next(pipe, tasks, busy)
        while busy:
            for pipe in set(busy).intersection(wait(list(busy))):
                try:
                    part: TaskResult = pipe.recv()
                except (EOFError, OSError):
                    yield worker_died(busy.pop(pipe))
                    self._pipes.remove(pipe)
                    continue
                yield part
                if part.is_last:
                    del busy[pipe]
                    _send_next(pipe, tasks, busy)
        yield from map(worker_died, tasks)


def _send_next(pipe: Connection, tasks: Iterator[Task], busy: dict[Connection, Task]) -> None:
    if (task := next(tasks, None)) is not None:
        with suppress(BrokenPipeError):  # the end of its worker is seen where its result is received
            pipe.send(task)
        busy[pipe] = task


def _serve(pipe: Connection, collection: Collection, capture_filter: CaptureFilter, extractor: Extractor) -> None:
    with _extraction_worker(collection, capture_filter, extractor, limited=True) as worker:
        answer_messages(pipe, worker.run)


@contextmanager
def _extraction_worker(
    collection: Collection, capture_filter: CaptureFilter, extractor: Extractor, *, limited: bool = False
) -> Iterator[ExtractionWorker]:
    with closing(CrashLog(collection.crash_log, extractor, limited=limited)) as crash_log:
        yield ExtractionWorker(collection.warc, capture_filter, extractor, crash_log.extract)
