"""The timetable as a user keeps it, and sites that are never crawled twice at once."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from newsstand.stand import Newsstand
from storage.corpus.db.database import Database
from storage.exceptions import SiteLocked
from storage.locks import SiteLock

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


def test_a_timetable_is_kept_and_run(stand: Newsstand, emeroteca: Emeroteca) -> None:
    assert emeroteca("schedule", "add", "alanews", "--every", "30m", "--delay", "0", "--limit", "3").returncode == 0
    assert emeroteca("schedule", "add", "sputniknews", "--cron", "15 4 1 1 *").returncode == 0
    assert emeroteca("schedule", "run", "--once", env=stand.environment).returncode == 0
    rows = {row["site"]: row for row in map(json.loads, emeroteca("schedule", "list", "--json").stdout.splitlines())}
    assert rows["alanews"]["exit_status"] == 0
    assert rows["alanews"]["due_at"] > rows["alanews"]["finished_at"]
    assert rows["sputniknews"]["started_at"] is None
    (status,) = map(json.loads, emeroteca("status", "--json").stdout.splitlines())
    assert (status["site"], status["articles"]) == ("alanews", 3)
    assert "every 30m" in emeroteca("schedule", "list").stdout
    assert emeroteca("schedule", "remove", "alanews").returncode == 0
    assert emeroteca("schedule", "remove", "alanews").returncode == 3


@pytest.mark.parametrize(
    "words", [["nosite", "--every", "30m"], ["alanews"], ["alanews", "--every", "soon"], ["alanews", "--cron", "x"]]
)
def test_what_is_no_timetable_is_wrong_use(emeroteca: Emeroteca, words: list[str]) -> None:
    assert emeroteca("schedule", "add", *words).returncode == 2


def test_sigterm_ends_crawls_in_order(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    emeroteca("schedule", "add", "alanews", "--every", "1d", "--delay", "0.1")
    words = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "schedule", "run"]
    seen = len(stand.log())
    scheduler = subprocess.Popen(words, env={**os.environ, **stand.environment, "EMEROTECA_CONTACT": "t@e.example"})
    try:
        end = monotonic() + 60
        while len(stand.log()) < seen + 10:
            assert monotonic() < end
            sleep(0.05)
    finally:
        scheduler.terminate()
    assert scheduler.wait(120) == 0
    (row,) = map(json.loads, emeroteca("schedule", "list", "--json").stdout.splitlines())
    assert row["exit_status"] == 1
    assert "shutdown" in emeroteca("status", "--json").stdout


def test_a_failed_crawl_is_counted(stand: Newsstand, emeroteca: Emeroteca) -> None:
    emeroteca("schedule", "add", "alanews", "--every", "1d", "--limit", "none")
    ended = emeroteca("schedule", "run", "--once", env=stand.environment)
    assert ended.returncode == 1
    assert "alanews ended with status 2" in ended.stderr


def test_a_site_is_not_crawled_twice_at_once(database: Database, tmp_path: Path) -> None:
    locks = tmp_path / "locks"
    first = SiteLock(database, locks, "alanews").acquire()
    SiteLock(database, locks, "sputniknews").acquire().release()
    with pytest.raises(SiteLocked):
        SiteLock(database, locks, "alanews").acquire()
    first.release()
    SiteLock(database, locks, "alanews").acquire().release()


def test_a_second_crawl_says_that_it_has_to_wait(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    home = tmp_path / "archive"
    emeroteca("crawl", "alanews", "--delay", "0", "--limit", "1", env=stand.environment)
    with Holding(home):
        ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert ended.returncode == 3
    assert "under way" in ended.stderr
    assert "Traceback" not in ended.stderr


class Holding:
    """Another process that holds the site's lock."""

    def __init__(self, home: Path) -> None:
        self.lock = home / "locks" / "alanews.lock"

    def __enter__(self) -> None:
        self.child = subprocess.Popen(
            ["flock", "-n", str(self.lock), "sh", "-c", "echo held; cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.child.stdout is not None
        assert self.child.stdout.readline() == b"held\n"

    def __exit__(self, *_: object) -> None:
        self.child.communicate()
