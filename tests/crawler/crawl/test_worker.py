"""The process that reads captures back: a crawl whose reader dies, and a reader whose crawl does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from newsstand.stand import Newsstand

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
Begun = Callable[[], subprocess.Popen[str]]


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are told apart by how Linux forks them")
def test_a_crawl_whose_reader_dies_says_so_and_the_next_run_makes_the_rows(
    stand: Newsstand, emeroteca: Emeroteca, begun: Begun, tmp_path: Path
) -> None:
    crawl = begun()
    (reader,) = psutil.Process(crawl.pid).children()
    reader.kill()
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == 3, said
    assert "the process that reads captures ended (-9)" in said
    assert "Traceback" not in said
    captured = [path.name for path in (tmp_path / "archive" / "warc").glob("*.warc.gz*")]
    assert captured
    last = json.loads(emeroteca("status", "--json").stdout)["last_crawl"]
    assert last["outcome"] == "reading-failed"
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    assert rows(emeroteca) == sorted(row["native_id"] for row in stand.truth("alanews"))


def test_a_signal_to_the_whole_group_ends_in_order(emeroteca: Emeroteca, begun: Begun, tmp_path: Path) -> None:
    crawl = begun()
    children = psutil.Process(crawl.pid).children()
    assert children
    os.killpg(crawl.pid, signal.SIGTERM)
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == 1, said
    assert "shutdown" in said
    assert not list((tmp_path / "archive" / "warc").glob("*.open"))
    counts = json.loads(emeroteca("status", "--json").stdout)["last_crawl"]["counts"]["captures"]
    assert counts.get("article", 0) == len(rows(emeroteca)) > 0
    assert not any(child.is_running() for child in children)


def test_a_killed_crawl_leaves_no_reader_behind(begun: Begun) -> None:
    crawl = begun()
    children = psutil.Process(crawl.pid).children()
    crawl.kill()
    crawl.communicate()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert children
    assert not alive


def rows(emeroteca: Emeroteca) -> list[str]:
    return sorted(json.loads(line)["native_id"] for line in emeroteca("export").stdout.splitlines())
