"""Crawls killed and resumed, and a full disk: nothing is lost, nothing is double. The long run: `make kills`."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from newsstand.stand import Newsstand
from storage.warc.http.capture import CaptureRef
from storage.warc.read.reader import read_capture

ROOT = Path(__file__).parents[3]
Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
#: Bytes left on the disk: room for some captures, and for no more.
LEFT = 200_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk that can be filled needs the right to mount one")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_killed_crawls_go_on_where_they_were() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.kills", "--kills", "4", "--articles", "12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1])["problems"] == 0


def test_a_full_disk_ends_the_crawl_and_the_next_run_goes_on(
    stand: Newsstand, emeroteca: Emeroteca, small_disk: Path
) -> None:
    stand.clock(0)
    home = small_disk / "archive"
    crawl = partial(emeroteca, "crawl", "alanews", "--delay", "0", home=home, env=stand.environment)
    assert emeroteca("db", "upgrade", home=home).returncode == 0
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - LEFT))
    for run in ("it fills up", "it is full"):
        ended = crawl()
        assert ended.returncode == 3, (run, ended.stderr)
        assert "Traceback" not in ended.stderr, (run, ended.stderr)
        assert "No space left" in ended.stderr or "no room on its disk" in ended.stderr, (run, ended.stderr)
    filler.unlink()
    assert crawl().returncode == 0
    rows = [json.loads(line) for line in emeroteca("export", home=home).stdout.splitlines()]
    assert {row["native_id"] for row in rows} == {row["native_id"] for row in stand.truth("alanews")}
    for row in rows:
        ref = CaptureRef(row["warc_file"], row["warc_offset"], 0, row["warc_record_id"])
        assert read_capture(home / "warc", ref).payload_digest == row["payload_digest"]


def test_a_crawl_that_cannot_begin_says_why(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    (tmp_path / "archive" / "payloads.db").mkdir(parents=True)
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert ended.returncode == 3
    assert "payloads.db" in ended.stderr and "cannot be opened" in ended.stderr
    assert "Traceback" not in ended.stderr
