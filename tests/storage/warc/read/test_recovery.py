"""What is left after a kill: every capture that was announced, and nothing that needs a hand."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.read.members import Damage
from storage.warc.read.reader import read_capture, read_captures
from storage.warc.read.recovery import recover
from storage.warc.write.writer import WarcWriter

Exchanges = Callable[..., Exchange]
Writers = Callable[..., WarcWriter]
KILLS = 10
WRITE_FOR_EVER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter

writer = WarcWriter(Path(sys.argv[1]), prefix="killed", software="test", max_bytes=2_000_000, sync_every=10)
for number in range(100_000):
    body = b"HTTP/1.1 200 OK\\r\\n\\r\\n" + os.urandom(number * 977 % 60_000)
    exchange = Exchange(f"http://a/{number}", "GET", b"GET / HTTP/1.1\\r\\n\\r\\n", body, datetime.now(UTC))
    ref = writer.write(exchange, {"n": number})
    print(ref.file, ref.offset, ref.length, ref.record_id, flush=True)
"""


def written(open_writer: Writers, exchange: Exchanges, count: int = 3) -> tuple[Path, list[CaptureRef]]:
    """An `.open` file as a killed process leaves it, and its captures."""
    writer = open_writer()
    refs = [writer.write(exchange(os.urandom(300)), {"route": "feed"}) for _ in range(count)]
    left = writer.folder / (refs[0].file + ".open")
    data = left.read_bytes()
    writer.close()
    (writer.folder / refs[0].file).rename(left)
    left.write_bytes(data)
    return left, refs


@pytest.mark.parametrize("seed", range(KILLS))
def test_no_announced_capture_is_lost_to_a_kill(tmp_path: Path, seed: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    announced = [process.stdout.readline() for _ in range(random.Random(seed).randrange(1, 150))]
    os.kill(process.pid, signal.SIGKILL)
    announced += process.stdout.read().splitlines()
    process.stdout.close()
    process.wait(timeout=10)
    recover(tmp_path)
    assert not list(tmp_path.glob("*.open"))
    damages: list[Damage] = []
    found = {capture.ref.record_id for capture in read_captures(tmp_path, damages)}
    assert not damages
    for line in announced:
        if len(fields := line.split()) == 4 and fields[3].endswith(">"):
            ref = CaptureRef(fields[0], int(fields[1]), int(fields[2]), fields[3])
            assert ref.record_id in found
            assert read_capture(tmp_path, ref).ref == ref


def test_a_file_cut_anywhere_keeps_its_whole_captures(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    left, refs = written(open_writer, exchange)
    data = left.read_bytes()
    sealed = tmp_path / refs[0].file
    for size in range(0, len(data), 61):
        left.write_bytes(data[:size])
        [report] = recover(tmp_path)
        whole = [ref for ref in refs if ref.offset + ref.length < size]
        kept = list(read_captures(tmp_path))
        assert [capture.ref for capture in kept] == refs[: report.captures]
        assert len(whole) - 1 <= report.captures <= len(whole)
        assert report.path == (sealed if kept else None)
        sealed.unlink(missing_ok=True)


def test_a_response_without_its_request_is_no_whole_capture(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    left, refs = written(open_writer, exchange)
    left.write_bytes(left.read_bytes()[: refs[2].offset + refs[2].length])
    [report] = recover(tmp_path)
    assert (report.captures, report.cut) == (2, refs[2].length)
    assert [capture.ref for capture in read_captures(tmp_path)] == refs[:2]


def test_a_bad_stretch_before_the_end_is_left_and_counted(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    left, refs = written(open_writer, exchange)
    data = bytearray(left.read_bytes())
    data[refs[1].offset + 200 : refs[1].offset + 220] = b"\xff" * 20
    left.write_bytes(data)
    [report] = recover(tmp_path)
    assert (report.cut, report.damages) == (0, 1)
    assert [capture.ref for capture in read_captures(tmp_path)] == [refs[0], refs[2]]


def test_a_file_that_is_being_written_is_left_alone(exchange: Exchanges, open_writer: Writers, tmp_path: Path) -> None:
    with open_writer() as writer:
        ref = writer.write(exchange())
        assert recover(tmp_path) == []
    assert read_capture(tmp_path, ref).status == 200


def test_an_empty_file_goes(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz.open").write_bytes(b"")
    [report] = recover(tmp_path)
    assert (report.path, report.captures) == (None, 0)
    assert not list(tmp_path.iterdir())
