"""A rebuild on many machines: the workers of a Dask cluster read, this process writes rows."""

import logging
import re
import signal
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from distributed import Client, Future, KilledWorker, LocalCluster
from distributed.client import FIRST_COMPLETED, wait

from crawler.rebuild.environment import Environment, differences, environment
from crawler.rebuild.executor import PIECES, worker_died
from crawler.rebuild.filters import CaptureFilter
from crawler.rebuild.messages import Task, TaskResult
from crawler.rebuild.range_worker import RangeWorker
from crawler.registry import all_sites
from storage.collection import Collection
from storage.exceptions import EnvironmentMismatch, ExecutorError

logger = logging.getLogger(__name__)

#: Seconds until a scheduler counts as one that does not answer.
ANSWER = 20.0
#: Seconds without a single worker after which a rebuild ends; a queue of jobs may let them wait.
NO_WORKERS = 1800.0
#: Seconds between two looks at who is there.
LOOK = 5.0
#: Pieces of work at a time: so many for each thread of a worker, and some more, for those that join.
A_THREAD, MORE = 2, 4

_LOCAL = re.compile(r"local(?::([1-9]\d*))?")


class DaskExecutor:
    """The workers that a scheduler knows, and those that join later; at the address `local` or `local:N` processes of
    this machine.

    A task whose worker dies is given to another by the scheduler; what four workers have died of is a problem, as
    among the workers of one machine. Only so much work is given at a time that all are busy, and results stay with
    the workers until they are taken one by one, so memory stays flat. Raises ExecutorError.
    """

    #: Bytes of a file that are given at a time: seconds of work.
    least, most = 256 * 1024, 8 * 1024 * 1024

    def __init__(self, address: str, collection: Collection, choice: CaptureFilter) -> None:
        self._address, self._own, self._choice = address, collection.warc.absolute(), choice
        self._open = ExitStack()
        self._under_way: dict[Future, Task] = {}
        self._seen, self._told = monotonic(), False
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it has to say is said here
        try:
            place = address
            if local := _LOCAL.fullmatch(address):
                processes = _processes(int(local[1]) if local[1] else None)
                place = self._open.enter_context(processes).scheduler_address
            self._client = self._open.enter_context(Client(place, timeout=ANSWER))
            if local:
                self._client.run(_leave_interrupts)
        except (OSError, ValueError, ImportError) as problem:
            self._open.close()
            raise ExecutorError(
                f"no scheduler answers at {address} ({problem}): begin one with `dask scheduler`, workers with "
                "`dask worker tcp://HOST:8786 --nthreads 1`, and name its address"
            ) from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._under_way.clear()
        self._open.close()

    def step(self, total: int) -> int:
        return min(self.most, max(self.least, total // (self._room() * PIECES)))

    def results(self, work: Iterator[Task]) -> Iterator[TaskResult]:
        """What the work gives, in whatever order it comes. Raises ExecutorError."""
        room = self._room()
        while True:
            while len(self._under_way) < room and (asked := next(work, None)) is not None:
                future = self._client.submit(read_there, environment(), self._own, self._choice, asked, pure=False)
                self._under_way[future] = asked
            if not self._under_way:
                return
            for future in self._done():
                yield from self._taken(future)
            room = self._room()

    def _room(self) -> int:
        """How much may be under way, by the workers that are there now. Raises ExecutorError."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except OSError as problem:
            raise self._lost() from problem
        if threads:
            self._seen, self._told = monotonic(), False
        elif not self._told:
            logger.warning("there is no worker: waiting for some to join %s", self._address)
            self._told = True
        return A_THREAD * threads + MORE

    def _done(self) -> list[Future]:
        """Some whose work is done. Raises ExecutorError."""
        while True:
            try:
                return list(wait(list(self._under_way), timeout=LOOK, return_when=FIRST_COMPLETED).done)
            except TimeoutError:
                self._room()
            except CancelledError as problem:
                raise self._lost() from problem
            if monotonic() - self._seen > NO_WORKERS:
                raise ExecutorError(
                    f"no worker has been there for {NO_WORKERS / 60:.0f} minutes: begin some with "
                    f"`dask worker {self._address} --nthreads 1`, and run the same command again"
                )

    def _taken(self, future: Future) -> list[TaskResult]:
        asked = self._under_way.pop(future)
        try:
            found: list[TaskResult] = future.result()
        except KilledWorker:
            return [worker_died(asked)]
        except CancelledError as problem:
            raise self._lost() from problem
        except EnvironmentMismatch as problem:
            raise ExecutorError(f"{problem}: install on every machine what is installed here") from problem
        # Whatever else comes from there is none of a page's or a file's, which are told in what is found.
        except Exception as problem:
            raise ExecutorError(
                f"the cluster at {self._address} cannot do the work ({type(problem).__name__}: {problem}): scheduler "
                "and workers need the same Python, emeroteca[cluster] and libraries as this machine"
            ) from problem
        return found

    def _lost(self) -> ExecutorError:
        return ExecutorError(
            f"the scheduler at {self._address} is gone: what was saved stays, run the same command again"
        )


def read_there(asking: Environment, own: Path, choice: CaptureFilter, work: Task) -> list[TaskResult]:
    """Runs on a worker. Raises EnvironmentMismatch."""
    if other := differences(asking):
        raise EnvironmentMismatch(f"a worker has {other}")
    all_sites()
    return list(RangeWorker(own, choice).read(work))


def _processes(count: int | None) -> LocalCluster:
    """A cluster of this machine, one process a core where no count is given."""
    return LocalCluster(
        n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
    )


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that writes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
