"""The connection to a Dask cluster, for rebuilds and for imports of many files."""

import logging
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from distributed import Client, LocalCluster

from storage.exceptions import ExecutorError

#: Seconds to wait for the scheduler.
TIMEOUT = 20.0

_LOCAL = re.compile(r"local(?::([1-9]\d*))?")


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at an address; at `local` or `local:N` of processes of this machine, which end with the
    block. Raises ExecutorError.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # its messages are given here
    with ExitStack() as stack:
        yield _client(address, stack)


def _client(address: str, stack: ExitStack) -> Client:
    try:
        place = address
        if local := _LOCAL.fullmatch(address):
            place = stack.enter_context(_processes(int(local[1]) if local[1] else None)).scheduler_address
        client = stack.enter_context(Client(place, timeout=TIMEOUT))
        if local:
            client.run(_ignore_interrupts)
    except (OSError, ValueError, ImportError) as problem:
        raise ExecutorError(
            f"no scheduler answers at {address} ({problem}): begin one with `dask scheduler`, workers with "
            "`dask worker tcp://HOST:8786 --nthreads 1`, and name its address"
        ) from problem
    return client


def _processes(count: int | None) -> LocalCluster:
    """A cluster of this machine, one process a core where no count is given."""
    return LocalCluster(
        n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
    )


def _ignore_interrupts() -> None:
    """The process of the command handles Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
