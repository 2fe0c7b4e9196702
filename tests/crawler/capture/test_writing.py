"""Jobs as captures give them: which thread does them, in what order, and what is told."""

import json
import subprocess
import sys
from typing import Any

PROGRAM = """
import json, sys, threading, time
from twisted.internet import asyncioreactor
asyncioreactor.install()
from twisted.internet import reactor
from crawler.capture.writing import Writing

done, told = [], []

def job(number, is_slow, fails):
    time.sleep(0.02 if is_slow else 0)
    done.append((number, threading.current_thread() is threading.main_thread()))
    if fails:
        raise ValueError(number)
    return number

def tell(outcome):
    told.append(outcome if isinstance(outcome, int) else f"failed: {outcome.getErrorMessage()}")
    if len(told) < 3:
        give(100 + len(told), False, False)
    if len(told) == expected:
        reactor.stop()

def give(number, is_slow, fails):
    writing.do(lambda: job(number, is_slow, fails), lambda: not is_slow).addBoth(tell)

def start():
    for number, (is_slow, fails) in enumerate(orders):
        give(number, is_slow, fails)

orders = json.load(sys.stdin)
expected = len(orders) + 2
writing = Writing()
reactor.callWhenRunning(start)
reactor.run()
print(json.dumps([done, told]))
"""


def outcome_of(*orders: tuple[bool, bool]) -> tuple[list[list[Any]], list[Any]]:
    """orders: (is slow, fails). Jobs 101 and 102 are given while the first two are told of."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(orders), capture_output=True, text=True, check=True
    )
    done, told = json.loads(ended.stdout)
    return done, told


def test_jobs_are_done_and_told_in_the_order_given_whatever_they_take() -> None:
    quick, slow = (False, False), (True, False)
    orders = (quick, quick, slow, slow, quick, slow, quick)
    done, told = outcome_of(*orders)
    assert told == [number for number, _ in done] == [*range(len(orders)), 101, 102]


def test_the_slow_ones_are_done_in_another_thread() -> None:
    orders = ((False, False), (True, False), (False, False))
    done, _ = outcome_of(*orders)
    assert done[:3] == [[0, True], [1, False], [2, True]]


def test_who_waits_for_a_failed_one_is_told_and_the_next_are_done() -> None:
    _, told = outcome_of((False, True), (True, True), (False, False))
    assert told[:3] == ["failed: 0", "failed: 1", 2]
