"""The timetable as a user keeps it, and sites that are never crawled twice at once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from crawler.operations.timetable import last_outcome
from newsstand.stand import Newsstand
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import put_schedule, record_end, record_start, schedules
from storage.exceptions import SiteLocked
from storage.locks import SiteLock

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.slow
def test_a_timetable_is_kept_and_run(stand: Newsstand, emeroteca: Emeroteca) -> None:
    assert emeroteca("schedule", "add", "alanews", "--every", "30m", "--delay", "0", "--limit", "3").returncode == 0
    assert emeroteca("schedule", "add", "sputniknews", "--cron", "15 4 1 1 *").returncode == 0
    assert emeroteca("schedule", "run", "--once", env=stand.environment).returncode == 0
    rows = {row["site"]: row for row in map(json.loads, emeroteca("schedule", "list", "--json").stdout.splitlines())}
    assert (rows["alanews"]["exit_status"], rows["alanews"]["outcome"]) == (0, "finished")
    assert rows["alanews"]["due_at"] > rows["alanews"]["finished_at"]
    assert rows["sputniknews"]["started_at"] is None
    (status,) = map(json.loads, emeroteca("status", "--json").stdout.splitlines())
    assert (status["site"], status["articles"]) == ("alanews", 3)
    listed = emeroteca("schedule", "list").stdout
    assert "every 30m" in listed
    assert "finished, exit status 0" in listed
    assert "has not run yet" in listed
    assert emeroteca("schedule", "remove", "alanews").returncode == 0
    assert emeroteca("schedule", "remove", "alanews").returncode == 3


@pytest.mark.parametrize(
    "words",
    [
        ["nosite", "--every", "30m"],
        ["alanews"],
        ["alanews", "--every", "soon"],
        ["alanews", "--cron", "x"],
        ["alanews", "--every", "1h", "--limti", "3"],
        ["alanews", "--every", "1h", "--limit", "none"],
        ["alanews", "--every", "1h", "--delay", "-1"],
        ["alanews", "--every", "1h", "--since", "2026-02-01", "--until", "2026-01-01"],
        ["alanews", "--every", "1h", "--url", "https://elsewhere.example/"],
        ["alanews", "--every", "1h", "sputniknews"],
    ],
)
def test_what_is_no_timetable_is_wrong_use(emeroteca: Emeroteca, words: list[str]) -> None:
    ended = emeroteca("schedule", "add", *words)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert emeroteca("schedule", "list").stdout == ""


def test_an_empty_timetable_says_so(emeroteca: Emeroteca) -> None:
    emeroteca("schedule", "add", "alanews", "--every", "1h")
    emeroteca("schedule", "remove", "alanews")
    for words in (["list"], ["run", "--once"]):
        ended = emeroteca("schedule", *words)
        assert ended.returncode == 0
        assert "the timetable is empty" in ended.stderr


def test_next_runs_are_told_in_the_time_zone_of_the_site(emeroteca: Emeroteca) -> None:
    added = emeroteca("schedule", "add", "alanews", "--cron", "15 4 1 7 *").stderr.strip()
    assert added.endswith("-07-01 04:15 CEST")
    assert added.partition("next at ")[2] in emeroteca("schedule", "list").stdout


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
    emeroteca("schedule", "add", "alanews", "--every", "1d", "--limit", "3")
    ended = emeroteca("schedule", "run", "--once", env={**stand.environment, "EMEROTECA_CONTACT": "foo"})
    assert ended.returncode == 1
    assert "alanews ended with status 2" in ended.stderr
    assert "wrong use, exit status 2" in emeroteca("schedule", "list").stdout
    ended = emeroteca("health", "--json")
    assert ended.returncode == 1
    alarms = {alarm["kind"]: alarm["words"] for alarm in json.loads(ended.stdout)["alarms"]}
    assert "emeroteca crawl alanews --limit 3" in alarms["schedule-failed"]


def test_a_killed_crawl_was_cut_off(begun: Callable[[], subprocess.Popen[str]], emeroteca: Emeroteca) -> None:
    crawl = begun()
    os.killpg(crawl.pid, signal.SIGKILL)
    crawl.communicate()
    shown = emeroteca("status", env={"COLUMNS": "150"}).stdout
    assert "cut-off" in shown
    assert "under way" not in shown
    assert json.loads(emeroteca("status", "--json").stdout)["last_crawl"]["outcome"] == "cut-off"
    assert "alanews: crawl-ended: the last crawl was cut off" in emeroteca("health").stdout


@pytest.mark.slow
def test_a_killed_scheduler_leaves_a_run_cut_off(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    emeroteca("schedule", "add", "alanews", "--every", "1d", "--delay", "1")
    words = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "schedule", "run"]
    seen, environment = len(stand.log()), {**os.environ, **stand.environment, "EMEROTECA_CONTACT": "t@e.example"}
    with subprocess.Popen(words, env=environment) as scheduler:
        end = monotonic() + 60
        while len(stand.log()) < seen + 4:
            assert monotonic() < end
            sleep(0.05)
        (crawl,) = psutil.Process(scheduler.pid).children()
        assert json.loads(emeroteca("status", "--json").stdout)["last_crawl"]["outcome"] is None
        scheduler.kill()
    assert "under way" in emeroteca("schedule", "list").stdout
    crawl.kill()
    psutil.wait_procs([crawl], timeout=60)
    assert "cut off" in emeroteca("schedule", "list").stdout
    assert "schedule-failed" in emeroteca("health").stdout


def test_a_run_without_a_crawl_is_starting_and_then_cut_off(database: Database, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    put_schedule(database, "alanews", every_seconds=3600, cron=None, options=[], due_at=now)
    (row,) = schedules(database)
    assert last_outcome(database, tmp_path, row) is None
    record_start(database, "alanews")
    (row,) = schedules(database)
    assert last_outcome(database, tmp_path, row) == "under-way"
    assert last_outcome(database, tmp_path, {**row, "started_at": now - timedelta(hours=1)}) == "cut-off"
    record_end(database, "alanews", 3)
    (row,) = schedules(database)
    assert last_outcome(database, tmp_path, row) == "could-not"


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
