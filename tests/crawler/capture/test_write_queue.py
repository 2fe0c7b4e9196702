"""Captures as the tap gives them: in what order and in which thread they are written, and what is told."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.warc.read.reader import read_captures
from storage.warc.write.writer import QUICK

PROGRAM = """
import json, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from twisted.internet import asyncioreactor
asyncioreactor.install()
from twisted.internet import reactor
from crawler.capture.write_queue import WriteQueue
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter

told, asides = [], []

def give(number, size):
    def given():
        if threading.current_thread() is not threading.main_thread():
            asides.append(number)
        if size is None:
            raise ValueError(number)
        head = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % size
        return Exchange(f"http://paper.example/{number}", "GET", b"", head + bytes(size), datetime.now(UTC)), None, None
    writing.write(size or 0, given).addCallbacks(lambda written: tell(number, written[0].record_id), tell_failed)

def tell_failed(failure):
    tell(failure.getErrorMessage(), None)

def tell(who, record_id):
    told.append((who, record_id))
    if len(told) < 3:
        give(100 + len(told), 10)
    if len(told) == len(sizes) + 2:
        reactor.stop()

def start():
    for number, size in enumerate(sizes):
        give(number, size)

sizes = json.load(sys.stdin)
with WarcWriter(Path(sys.argv[1]), prefix="test", software="test") as writer:
    writing = WriteQueue(writer)
    reactor.callWhenRunning(start)
    reactor.run()
print(json.dumps([told, asides]))
"""
SLOW = 2 * QUICK


def outcome_of(folder: Path, *sizes: int | None) -> tuple[list[Any], list[Any], list[int]]:
    """sizes: of the responses; None raises. Two more, 101 and 102, are given while the first two are told of.

    Who was told in what order, their record ids, and who was made ready outside the reactor's thread.
    """
    words = [sys.executable, "-c", PROGRAM, str(folder)]
    ended = subprocess.run(words, input=json.dumps(sizes), capture_output=True, text=True, timeout=60, check=True)
    told, asides = json.loads(ended.stdout)
    return [who for who, _ in told], [record_id for _, record_id in told if record_id], asides


def test_captures_are_written_and_told_in_the_order_given_whatever_they_take(tmp_path: Path) -> None:
    sizes = (10, 10, SLOW, SLOW, 10, SLOW, *[QUICK // 3] * 7)
    told, record_ids, _ = outcome_of(tmp_path, *sizes)
    assert told == [*range(len(sizes)), 101, 102]
    assert [capture.ref.record_id for capture in read_captures(tmp_path)] == record_ids


def test_the_first_and_the_slow_ones_are_written_in_another_thread(tmp_path: Path) -> None:
    _, _, asides = outcome_of(tmp_path, 10, 10, SLOW, 10)
    assert asides == [0, 2]


def test_who_waits_for_a_failed_one_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    told, record_ids, _ = outcome_of(tmp_path, None, 10, None, 10, SLOW, 10)
    assert told[:6] == ["0", 1, "2", 3, 4, 5]
    assert [capture.ref.record_id for capture in read_captures(tmp_path)] == record_ids


def test_where_no_thread_can_be_started_all_are_written_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = 'import threading\ndef refuse(thread): raise RuntimeError("can\'t start new thread")\n'
    monkeypatch.setattr(f"{__name__}.PROGRAM", f"{refused}threading.Thread.start = refuse\n{PROGRAM}")
    told, record_ids, asides = outcome_of(tmp_path, 10, SLOW, 10)
    assert (told, asides) == ([0, 1, 2, 101, 102], [])
    assert [capture.ref.record_id for capture in read_captures(tmp_path)] == record_ids
