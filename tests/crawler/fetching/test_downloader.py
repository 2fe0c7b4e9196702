"""What a server sees of a crawl: the newsstand's own log is the judge."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.fetching.contact import contact_problem
from crawler.fetching.downloader import HostSlot, retry_after
from crawler.settings import CONCURRENT_REQUESTS_PER_DOMAIN, EMEROTECA_WALL
from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.warc.read.reader import read_captures

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]

#: Seconds by which times in a file, of a clock that people set, may differ from the clock that waits.
ROUNDED = 0.002
#: Requests that may be on their way when a server asks to wait: all that are sent at once but the one that is told.
ON_THE_WAY = 7


@pytest.fixture(autouse=True)
def sound_again(stand: Newsstand) -> Iterator[None]:
    yield
    stand.faults()


class Seen:
    """The requests that a crawl sent, as the newsstand has them."""

    def __init__(self, emeroteca: Emeroteca, stand: Newsstand, *words: str, **settings: object) -> None:
        before = stand.log()[-1]["number"] if stand.log() else 0
        self.ended = emeroteca("crawl", "alanews", "--json", *words, env=stand.environment)
        self.requests = [row for row in stand.log(before) if row["number"] > before]
        self.times = [moment(row["time"]) for row in self.requests]

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ended.stdout)
        return found


def moment(value: str | float) -> float:
    return value if isinstance(value, float) else datetime.fromisoformat(value).timestamp()


def urls(stand: Newsstand, count: int) -> list[str]:
    return [row["url"] for row in stand.truth("alanews")[:count]]


def given(found: list[str]) -> list[str]:
    return [word for url in found for word in ("--url", url)]


def test_no_two_requests_are_closer_than_the_delay(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    """Retries, redirects, robots.txt and slow answers included.

    The newsstand notes a request when it has read it, which under load is any time after it was sent: its log says
    which requests there were, the records when they were sent. One that was reset has no record; it was sent before it
    was noted, and the next one after.
    """
    first, second, third, fourth = urls(stand, 4)
    stand.faults(
        Fault(FaultKind.STATUS, pattern=re.escape(first[8:]), status=500, count=2),
        Fault(FaultKind.REDIRECT_CHAIN, pattern=re.escape(second[8:]), hops=3),
        Fault(FaultKind.SLOW, pattern=re.escape(third[8:]), seconds=0.5),
        Fault(FaultKind.RESET, pattern=re.escape(fourth[8:]), count=1),
    )
    seen = Seen(emeroteca, stand, "--delay", "0.25", *given([first, second, third, fourth]))
    assert seen.ended.returncode == 0, seen.ended.stderr
    assert len(seen.requests) == 1 + 3 + 4 + 1 + 2
    records = read_captures(tmp_path / "archive" / "warc")
    sent = iter(sorted(capture.captured_at.timestamp() for capture in records))
    times = [at if "reset" in row["faults"] else next(sent) for at, row in zip(seen.times, seen.requests, strict=True)]
    assert next(sent, None) is None
    assert min(later - sooner for sooner, later in pairwise(times)) >= 0.25 - ROUNDED


def test_nothing_is_sent_while_a_host_asks_to_wait(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.faults(Fault(FaultKind.STATUS, pattern=r"alanews\.it/(?!robots)", status=429, retry_after=2, total=2))
    seen = Seen(emeroteca, stand, "--delay", "0", *given(urls(stand, 12)))
    assert seen.ended.returncode == 0, seen.ended.stderr
    asked = next(at for at, row in zip(seen.times, seen.requests, strict=True) if row["status"] == 429)
    # what was on its way when the first 429 came cannot be called back
    assert len([at for at in seen.times if asked < at < asked + 2 - ROUNDED]) <= ON_THE_WAY
    assert seen.summary["captures"]["article"] == 12


def test_a_wait_beyond_the_limit_ends_the_crawl_and_sends_nothing_more(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.faults(Fault(FaultKind.STATUS, pattern=r"alanews\.it/(?!robots)", status=503, retry_after=7200))
    seen = Seen(emeroteca, stand, "--delay", "0.2", *given(urls(stand, 6)))
    assert seen.ended.returncode == 1
    assert seen.summary["outcome"] == "asked-to-wait"
    assert [row["target"] for row in seen.requests] == ["/robots.txt", seen.requests[1]["target"]]


@pytest.mark.parametrize(
    ("status", "asked", "reason"), [(503, 0, "robots-unreachable"), (404, 2, None), (403, 2, None)]
)
def test_robots_that_cannot_be_had(
    stand: Newsstand, emeroteca: Emeroteca, status: int, asked: int, reason: str | None
) -> None:
    """5xx: nothing is asked for. 4xx: all may be (RFC 9309 2.3.1)."""
    stand.faults(Fault(FaultKind.STATUS, pattern=r"robots\.txt", status=status, retry_after=0))
    seen = Seen(emeroteca, stand, "--delay", "0", *given(urls(stand, 2)))
    assert len([row for row in seen.requests if row["target"] != "/robots.txt"]) == asked
    assert seen.ended.returncode == (1 if reason else 0)
    if reason:
        (found,) = (json.loads(line) for line in emeroteca("status", "--json").stdout.splitlines())
        assert found["failures"] == {reason: 2}


def test_a_robots_txt_without_an_answer_is_a_row_with_its_reason(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.faults(Fault(FaultKind.RESET, pattern=r"robots\.txt"))
    seen = Seen(emeroteca, stand, "--delay", "0", *given(urls(stand, 2)))
    assert {row["target"] for row in seen.requests} == {"/robots.txt"}
    (found,) = (json.loads(line) for line in emeroteca("status", "--json").stdout.splitlines())
    assert found["failures"] == {"disconnected": 3}


def test_what_robots_forbids_is_not_asked_for_and_listed(stand: Newsstand, emeroteca: Emeroteca) -> None:
    story = next(row["url"] for row in stand.truth("sputniknews") if row["url"].endswith(".html"))
    printed = story.replace(".html", "-print.html")
    before = len(stand.log())
    ended = emeroteca("crawl", "sputniknews", "--delay", "0", "--url", printed, env=stand.environment)
    assert ended.returncode == 1
    assert {row["target"] for row in stand.log()[before:]} == {"/robots.txt"}
    assert "robots" in emeroteca("status").stdout


def test_a_wall_ends_the_crawl_as_blocked(stand: Newsstand, emeroteca: Emeroteca) -> None:
    """The twentieth answer ends it, and nothing is sent beyond the eight that were on their way by then."""
    stand.faults(Fault(FaultKind.STATUS, pattern=r"alanews\.it/(?!robots\.txt)", status=451))
    seen = Seen(emeroteca, stand, "--delay", "0", *given(urls(stand, 60)))
    assert (seen.ended.returncode, seen.summary["outcome"]) == (1, "blocked")
    walls = [row for row in seen.requests if row["target"] != "/robots.txt"]
    assert EMEROTECA_WALL <= len(walls) < EMEROTECA_WALL + CONCURRENT_REQUESTS_PER_DOMAIN


@pytest.mark.parametrize(("comes_back", "outcome"), [(False, "host-down"), (True, "finished")])
def test_a_host_that_goes_down_is_probed_and_waited_for(
    stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path, comes_back: bool, outcome: str
) -> None:
    found = urls(stand, 30)
    before = stand.log()[-1]["number"] if stand.log() else 0
    settings = {
        "EMEROTECA_HOME": str(tmp_path / "archive"), "EMEROTECA_BACKOFF": "0.05", "EMEROTECA_BREAKER_WAIT": "0.3",
        "EMEROTECA_BREAKER_PROBES": "6" if comes_back else "2", "DOWNLOAD_DELAY": "0.1", "RETRY_TIMES": "9",
    }  # fmt: skip
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    crawl = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "alanews", "-a", f"urls={' '.join(found)}", *words],
        env={**os.environ, **stand.environment, "EMEROTECA_CONTACT": "tests@emeroteca.example"},
        cwd=Path(__file__).parents[3],
        stderr=subprocess.DEVNULL,
    )
    _until(lambda: len(stand.log(before)) > 5)
    stand.faults(Fault(FaultKind.RESET))
    _until(lambda: stand.log()[-1]["target"] == "/robots.txt")
    probed = stand.log()[-1]["number"]
    if comes_back:
        _until(lambda: stand.log()[-1]["number"] > probed)
        stand.faults()
    assert crawl.wait(60) == 0
    (status,) = (json.loads(line) for line in emeroteca("status", "--json").stdout.splitlines())
    assert status["last_crawl"]["outcome"] == outcome
    assert (status["articles"] == 30) is comes_back
    if not comes_back:
        assert {row["target"] for row in stand.log(probed)} == {"/robots.txt"}


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that within 30 seconds")


def test_a_budget_is_kept(stand: Newsstand, emeroteca: Emeroteca) -> None:
    seen = Seen(emeroteca, stand, "--delay", "0", "--budget", "7", *given(urls(stand, 20)))
    assert (seen.ended.returncode, seen.summary["outcome"]) == (1, "budget-spent")
    assert len(seen.requests) == 7
    again = Seen(emeroteca, stand, "--delay", "0", *given(urls(stand, 20)))
    assert again.summary["outcome"] == "finished"


def test_a_crawl_of_real_hosts_needs_a_contact(emeroteca: Emeroteca) -> None:
    ended = emeroteca("crawl", "alanews", env={"EMEROTECA_CONTACT": "", "https_proxy": "", "http_proxy": ""})
    assert ended.returncode == 2
    assert "EMEROTECA_CONTACT" in ended.stderr


@pytest.mark.parametrize(
    ("contact", "proxy", "hosts", "fine"),
    [
        ("me@library.example", None, ["alanews.it"], True),
        (None, None, ["alanews.it"], False),
        (" ", None, ["alanews.it"], False),
        (None, "http://127.0.0.1:8080", ["alanews.it"], True),
        (None, "localhost:8080", ["alanews.it"], True),
        (None, "http://proxy.library.example:8080", ["alanews.it"], False),
        (None, None, ["127.0.0.1", "localhost"], True),
    ],
)
def test_when_a_contact_is_needed(
    contact: str | None, proxy: str | None, hosts: list[str], fine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    if proxy:
        monkeypatch.setenv("https_proxy", proxy)
    assert (contact_problem(contact, hosts) is None) is fine


def test_retry_after_in_both_forms() -> None:
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert retry_after(b"120", now) == 120
    assert retry_after(b"Thu, 01 Jan 2026 12:00:30 GMT", now) == 30
    assert retry_after(b"Thu, 01 Jan 2026 11:00:00 GMT", now) == 0
    assert retry_after(b"soon", now) is None
    assert retry_after(None, now) is None


def test_a_slow_server_is_asked_less_often_and_a_quick_one_no_more_than_the_delay() -> None:
    slot = HostSlot("a.example", 8, 1.0)
    slot.adapt(5.0)
    assert slot.delay == 5.0
    for _ in range(20):
        slot.adapt(0.01)
    assert slot.delay == 1.0
    slot.adapt(1000.0)
    assert slot.delay == 60.0
    slot.raise_min_delay(90.0)
    slot.adapt(0.01)
    assert slot.delay == 90.0
    hurried = HostSlot("b.example", 8, 0.0)
    hurried.adapt(5.0)
    assert hurried.delay == 0.0
