"""Workers answer in order, are idle in between, and end with the parent's end of their pipe."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from time import sleep
from typing import Any

import pytest

from crawler.ingest.worker_process import answer_messages, start_workers


def count_down(message: Any) -> Iterator[Any]:
    if message == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    yield from range(message, 0, -1)


def serve(pipe: Connection, greeting: str) -> None:
    pipe.send(greeting)
    answer_messages(pipe, count_down)
    pipe.send("ended")


def serve_impatiently(pipe: Connection) -> None:
    answer_messages(pipe, count_down, lambda: pipe.send("idle"), 0.01)


def test_each_message_has_its_answers_in_order() -> None:
    workers = start_workers(2, serve, "begun")
    try:
        for worker in workers:
            assert worker.pipe.recv() == "begun"
            worker.pipe.send(3)
            worker.pipe.send(1)
            worker.pipe.send(None)
        for worker in workers:
            assert [worker.pipe.recv() for _ in range(5)] == [3, 2, 1, 1, "ended"]
    finally:
        for worker in workers:
            worker.stop()
    assert [worker.process.exitcode for worker in workers] == [0, 0]


def test_a_worker_without_messages_is_idle_and_then_answers() -> None:
    [worker] = start_workers(1, serve_impatiently)
    assert worker.pipe.recv() == "idle"
    worker.pipe.send(2)
    answers = [worker.pipe.recv() for _ in range(20)]
    assert [answer for answer in answers if answer != "idle"][:2] == [2, 1]
    worker.stop()
    assert worker.process.exitcode == 0


def test_ctrl_c_in_the_middle_of_a_fork_is_not_lost() -> None:
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")


INTERRUPTED = """
import os, signal
from crawler.ingest.worker_process import start_workers

os.register_at_fork(before=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    start_workers(1, id)
except KeyboardInterrupt:
    print("interrupted")
"""


def serve_slowly(pipe: Connection) -> None:
    answer_messages(pipe, wait, lambda: pipe.send("idle"), 0.05)


def wait(_: Any) -> Iterator[Any]:
    sleep(0.02)
    yield "answered"


def test_a_worker_that_always_has_messages_stores_in_between() -> None:
    [worker] = start_workers(1, serve_slowly)
    for _ in range(50):
        worker.pipe.send("more")
    answers = [worker.pipe.recv() for _ in range(40)]
    worker.stop(at_once=True)
    assert answers.count("idle") >= 3 and answers.count("answered") >= 20


def test_the_death_of_a_worker_ends_its_pipe_and_no_other() -> None:
    first, second = start_workers(2, serve, "begun")
    assert (first.pipe.recv(), second.pipe.recv()) == ("begun", "begun")
    first.pipe.send("die")
    with pytest.raises(EOFError):
        first.pipe.recv()
    second.pipe.send(1)
    assert second.pipe.recv() == 1
    first.stop()
    second.stop()
    assert (first.process.exitcode, second.process.exitcode) == (-signal.SIGKILL, 0)


def test_interrupts_are_for_the_parent() -> None:
    [worker] = start_workers(1, serve, "begun")
    assert worker.pipe.recv() == "begun"
    assert worker.process.pid is not None
    os.kill(worker.process.pid, signal.SIGINT)
    worker.pipe.send(1)
    assert worker.pipe.recv() == 1
    worker.stop(at_once=True)
    assert not worker.process.is_alive()
