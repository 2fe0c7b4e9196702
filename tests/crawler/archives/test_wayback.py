"""Captures come back from the Wayback Machine's stand-in: complete, once, at its rates, whatever it does."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from subprocess import DEVNULL
from time import monotonic, sleep
from typing import Any

import pytest

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.health_stats import health_stats
from tests.crawler.archives.conftest import QUICK
from tests.crawler.conftest import CONTACT, Emeroteca

REPLAY = "/web/"
CDX = "/cdx/"


def rows(emeroteca: Emeroteca) -> list[dict[str, Any]]:
    exported = emeroteca("export", "--format", "jsonl")
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line) for line in exported.stdout.splitlines()]


def held(archives: Newsstand, site: str) -> list[dict[str, Any]]:
    """The captures that the archive has of a site."""
    return [one for one in archives.truth("wayback") if one["site"] == site]


def recoverable(captures: list[dict[str, Any]]) -> set[str]:
    """The articles of which the archive has a page."""
    return {one["article"] for one in captures if one["article"] and one["status"] == 200 and not one["is_error"]}


def asked(archives: Newsstand, what: str, since: int) -> list[str]:
    """What the archive was asked for, from a number of the log on."""
    return [one["target"] for one in archives.log(since) if one["target"].startswith(what)]


def next_number(archives: Newsstand) -> int:
    log = archives.log()
    return log[-1]["number"] + 1 if log else 1


def status(emeroteca: Emeroteca, site: str) -> dict[str, Any]:
    done = emeroteca("import", "status", site, "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_the_archive_has_comes_back_once(archives: Newsstand, emeroteca: Emeroteca) -> None:
    since, env = next_number(archives), {**archives.environment, **QUICK}
    done = emeroteca("import", "wayback", "sputniknews", "--json", env=env)
    assert done.returncode == 0, done.stderr
    captures, found = held(archives, "sputniknews"), rows(emeroteca)
    canonical = [row["canonical_url"] for row in found]
    assert set(canonical) == recoverable(captures) and len(canonical) == len(set(canonical))
    moments = {datetime.strptime(one["timestamp"] + "+0000", "%Y%m%d%H%M%S%z").isoformat() for one in captures}
    assert {row["first_captured_at"] for row in found} <= moments
    ledger = status(emeroteca, "sputniknews")
    assert ledger["lines"] == len(captures) and not ledger["open_parts"]
    mementos = asked(archives, REPLAY, since)
    assert len(mementos) == len(set(mementos))

    since = next_number(archives)
    again = emeroteca("import", "wayback", "sputniknews", env=env)
    retried = ledger["totals"].get("failed", 0)
    assert again.returncode == 0 and len(asked(archives, REPLAY, since)) == retried and not asked(archives, CDX, since)
    assert rows(emeroteca) == found
    verified = emeroteca("verify")
    assert verified.returncode == 0, verified.stdout


def test_each_oddity_has_its_outcome(archives: Newsstand, emeroteca: Emeroteca) -> None:
    emeroteca("import", "wayback", "alanews", "--all", env={**archives.environment, **QUICK})
    totals = status(emeroteca, "alanews")["totals"]
    captures = [one for one in held(archives, "alanews") if one["article"] and "?p=" not in one["url"]]
    pages = [one for one in captures if one["status"] == 200 or one["is_revisit"]]
    expected = Counter(one["oddity"] for one in pages)
    assert totals.get("another-moment", 0) == expected["other-moment"]
    assert totals.get("missing", 0) == expected["missing"]
    assert totals.get("left-archive", 0) == expected["outside"]
    assert totals.get("excluded", 0) == expected["excluded"]
    good = sum(expected[oddity] for oddity in (None, "gzip", "doubled", "wrong-digest"))
    captured = ("verified", "digest-mismatch", "refused: access-denied")
    assert sum(totals.get(outcome, 0) for outcome in captured) == good
    assert expected["gzip"] and expected["doubled"] and expected["missing"]
    assert "failed" not in totals and "pending" not in totals


@pytest.mark.slow
def test_a_killed_import_goes_on_where_it_was(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    since = next_number(archives)
    env = {**archives.environment, **QUICK, "EMEROTECA_ARCHIVE_MEMENTO_RATE": "1200"}
    for captures in (5, 20):
        running = subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "import", "wayback", "alanews"],
            env={**os.environ, **env, "EMEROTECA_CONTACT": CONTACT},
            start_new_session=True,
            stderr=DEVNULL,
        )
        end = monotonic() + 60
        while len(asked(archives, REPLAY, since)) < captures:
            assert monotonic() < end and running.poll() is None
            sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    done = emeroteca("import", "wayback", "alanews", env={**archives.environment, **QUICK})
    assert done.returncode == 0, done.stderr
    captures_held = held(archives, "alanews")
    assert {row["canonical_url"] for row in rows(emeroteca)} == recoverable(captures_held)
    assert status(emeroteca, "alanews")["lines"] == len(captures_held)
    twice = [target for target, times in Counter(asked(archives, REPLAY, since)).items() if times > 1]
    assert len(twice) <= 16  # what was under way when it was killed
    assert emeroteca("verify").returncode == 0


def test_requests_keep_to_the_rates(archives: Newsstand, emeroteca: Emeroteca) -> None:
    since = next_number(archives)
    slow = {"EMEROTECA_ARCHIVE_CDX_RATE": "300", "EMEROTECA_ARCHIVE_MEMENTO_RATE": "600"}
    emeroteca("import", "wayback", "sputniknews", "--limit", "20", env={**archives.environment, **slow})
    for what, least in ((CDX, 0.2), (REPLAY, 0.1)):
        times = [datetime.fromisoformat(one["time"]) for one in archives.log(since) if one["target"].startswith(what)]
        seconds = (times[-1] - times[0]).total_seconds()
        assert len(times) >= 10 and seconds >= (len(times) - 1) * least * 0.97


def test_the_second_429_is_a_long_pause_that_outlives_the_process(emeroteca: Emeroteca, tmp_path: Path) -> None:
    waits = {"EMEROTECA_ARCHIVE_WAIT": "2", "EMEROTECA_ARCHIVE_PAUSE": "3600", "EMEROTECA_ARCHIVE_CDX_RATE": "600"}
    command = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "import", "wayback", "alanews"]
    with Newsstand(articles=20, seed=5) as archives:
        archives.archive_limits(4, 100, 60)
        env = {**os.environ, **archives.environment, **waits, "EMEROTECA_CONTACT": CONTACT}
        for _ in range(2):
            running = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True)
            assert running.stderr is not None
            seen = ""
            while "again" not in seen and "nothing is asked before" not in seen:
                seen += running.stderr.readline()
            sleep(3)
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
        assert [one["status"] for one in archives.log()] == [200] * 4 + [429] * 2


def test_a_site_that_the_archive_does_not_show_is_excluded(archives: Newsstand, emeroteca: Emeroteca) -> None:
    since = next_number(archives)
    done = emeroteca("import", "wayback", "gazette-du-canal.example", env={**archives.environment, **QUICK})
    assert done.returncode == 3 and "does not show gazette-du-canal.example (excluded)" in done.stderr
    assert "Traceback" not in done.stderr and len(asked(archives, CDX, since)) == 1


def test_an_address_is_enough(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    done = emeroteca("import", "wayback", "https://www.deichbote.example/", env={**archives.environment, **QUICK})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "archive/sites/deichbote.example.toml").exists()
    assert {row["canonical_url"] for row in rows(emeroteca)} == recoverable(held(archives, "deichbote"))
    assert emeroteca("verify").returncode == 0


def test_a_long_index_is_read_by_months_and_resume_keys(archives: Newsstand, emeroteca: Emeroteca) -> None:
    since, env = next_number(archives), {**archives.environment, **QUICK, "EMEROTECA_ARCHIVE_LINES": "3"}
    done = emeroteca("import", "wayback", "sputniknews", "--dry-run", "--json", env=env)
    assert done.returncode == 0, done.stderr
    assert status(emeroteca, "sputniknews")["lines"] == len(held(archives, "sputniknews"))
    assert any("resumeKey=" in target for target in asked(archives, CDX, since))
    plan = json.loads(done.stdout)
    assert plan["captures"] > 20 and plan["requests"] == plan["captures"] and plan["bytes"] > 0 and plan["hours"] > 0
    assert not asked(archives, REPLAY, since)


def test_the_report_says_what_no_source_has(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    emeroteca("import", "wayback", "sputniknews", env={**archives.environment, **QUICK})
    with open_database(Collection(tmp_path / "archive").database_url) as database:
        stats = health_stats(database, "sputniknews")
    assert stats.last_capture is None and not stats.crawls  # the site itself was not crawled
    page = tmp_path / "losses.html"
    done = emeroteca("import", "report", "sputniknews", "--json", "--html", str(page))
    assert done.returncode == 0, done.stderr
    report, found = json.loads(done.stdout), rows(emeroteca)
    by_url = {row["canonical_url"] for row in found}
    indexed = {one["article"] for one in held(archives, "sputniknews") if one["article"]}
    lost = {url for month in report["months"] for url in month["lost_urls"]}
    assert report["recovered"] == len(found) and report["known"] == report["recovered"] + report["lost"]
    assert indexed - by_url <= lost and not lost & by_url
    months = Counter(row["published_date"][:7] for row in found)
    assert {one["month"]: one["recovered"] for one in report["months"] if one["recovered"]} == months
    assert all(one["sources"] == {"web.archive.org": one["recovered"]} for one in report["months"] if one["recovered"])
    assert page.read_text(encoding="utf-8").count("<svg") >= 2
    listed = emeroteca("import", "report", "sputniknews", "--lost").stdout.splitlines()
    assert set(listed) == lost and len(listed) == len(lost)


def test_faults_of_the_archive_lose_nothing(emeroteca: Emeroteca) -> None:
    with Newsstand(articles=20, seed=8) as archives:
        archives.archive_limits(100_000, 100_000)
        archives.faults(
            Fault(FaultKind.STATUS, "web.archive.org/web/", count=1, share=0.2, status=503),
            Fault(FaultKind.STATUS, "web.archive.org/cdx/", count=1, share=0.3, status=504),
            Fault(FaultKind.CUT, "web.archive.org/", count=1, share=0.2),
            Fault(FaultKind.EMPTY, "web.archive.org/cdx/", count=2, share=0.3),
            Fault(FaultKind.RESET, "web.archive.org/", count=1, share=0.1),
        )
        done = emeroteca("import", "wayback", "sputniknews", env={**archives.environment, **QUICK})
        captures = held(archives, "sputniknews")
        struck = {fault for one in archives.log() for fault in one["faults"]}
    assert struck == {"status", "cut", "empty", "reset"} and "Traceback" not in done.stderr
    assert {row["canonical_url"] for row in rows(emeroteca)} == recoverable(captures), done.stderr
    assert status(emeroteca, "sputniknews")["lines"] == len(captures)


def test_an_index_that_stays_empty_is_not_taken_for_no_captures(emeroteca: Emeroteca) -> None:
    with Newsstand(articles=20, seed=8) as archives:
        archives.archive_limits(100_000, 100_000)
        archives.faults(Fault(FaultKind.EMPTY, "web.archive.org/cdx/.*from=2022"))
        env = {**archives.environment, **QUICK}
        done = emeroteca("import", "wayback", "sputniknews", "--since", "2022-01-01", "--until", "2022-12-31", env=env)
        assert done.returncode == 1 and "could not be read for it.sputniknews.com 2022" in done.stderr
        archives.faults()
        again = emeroteca("import", "wayback", "sputniknews", "--since", "2022-01-01", "--until", "2022-12-31", env=env)
    assert again.returncode == 0 and rows(emeroteca)


def test_an_answer_that_was_cut_off_when_the_import_was_killed_is_requested_again(
    emeroteca: Emeroteca, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "import", "wayback", "alanews"]
    with Newsstand(articles=20, seed=8) as archives:
        archives.archive_limits(100_000, 100_000)
        archives.faults(Fault(FaultKind.CUT, "web.archive.org/web/"))
        env = {**archives.environment, **QUICK}
        running = subprocess.Popen(
            words, env={**os.environ, **env, "EMEROTECA_CONTACT": CONTACT}, start_new_session=True, stderr=DEVNULL
        )
        end = monotonic() + 60
        while len(asked(archives, REPLAY, 1)) < 5:
            assert monotonic() < end and running.poll() is None
            sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        archives.faults()
        done = emeroteca("import", "wayback", "alanews", env=env)
        captures = held(archives, "alanews")
    assert {row["canonical_url"] for row in rows(emeroteca)} == recoverable(captures), done.stderr
