"""Worker processes that answer messages over a pipe: started by the crawl and by the local executor.

The parent sends messages, and receives any number of answers to each. A worker ignores Ctrl-C, which the parent
handles, and ends when the parent's end of the pipe is closed, by the parent's death too. The parent sees the death of a
worker as EOFError or OSError of the pipe.
"""

import gc
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from crawler.event_log import display_records, is_json, start_json_log


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A running worker and the parent's end of its pipe."""

    pipe: Connection
    process: BaseProcess

    def stop(self, *, at_once: bool = False) -> None:
        """Close the pipe and wait for the end of the process; at_once: whatever message it is working on."""
        self.pipe.close()
        if at_once:
            self.process.terminate()
        self.process.join()


def start_workers(count: int, serve: Callable[..., None], *arguments: Any) -> list[WorkerProcess]:
    """Start processes that run `serve(pipe, *arguments)`: forked on Linux, spawned elsewhere.

    To be called before anything exists that a forked process must not share: locks, databases, threads.
    """
    is_forked = sys.platform == "linux"
    context: ForkContext | SpawnContext = get_context("fork") if is_forked else get_context("spawn")
    pipes = [context.Pipe() for _ in range(count)]
    workers = []
    for ours, theirs in pipes:
        inherited = [end for pair in pipes for end in pair if end is not theirs] if is_forked else []
        process = context.Process(target=_run, args=(theirs, inherited, serve, arguments), daemon=True)
        with _no_interrupts():
            process.start()
        workers.append(WorkerProcess(ours, process))
    for _, theirs in pipes:
        theirs.close()
    return workers


def answer_messages(
    pipe: Connection,
    answers: Callable[[Any], Iterable[Any]],
    idle: Callable[[], object] = lambda: None,
    idle_after: float | None = None,
) -> None:
    """Answer each message until None comes. idle: called so many seconds after it was called last, between two messages
    or without any.

    Raises EOFError or OSError where the parent is gone.
    """
    since = monotonic()
    while True:
        if idle_after is not None and (not pipe.poll(idle_after) or monotonic() - since > idle_after):
            idle()
            since = monotonic()
            continue
        if (message := pipe.recv()) is None:
            return
        for answer in answers(message):
            pipe.send(answer)


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Ctrl-C comes afterwards: in the middle of a fork Python prints it with a traceback, and forgets it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(pipe: Connection, inherited: list[Connection], serve: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.set_wakeup_fd(-1)
    display_records()
    if not is_json():
        start_json_log()  # in a spawned process
    for end in inherited:
        end.close()
    gc.freeze()
    with suppress(EOFError, OSError):
        serve(pipe, *arguments)
