"""A site that reads otherwise than before raises an alarm; one that goes on as usual does not."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.operations.health import expected_on, health
from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.corpus.read.health_stats import CaptureSample, CrawlRun, HealthStats

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def sound_again(stand: Newsstand) -> Iterator[None]:
    yield
    stand.faults()
    stand.clock(0)


def site(**changed: object) -> HealthStats:
    crawls = tuple(
        CrawlRun(NOW - timedelta(hours=hours), NOW - timedelta(hours=hours), "finished", 0) for hours in range(9)
    )
    usual: dict[str, object] = {
        "last_capture": NOW - timedelta(minutes=30),
        "crawls": crawls,
        "recent": CaptureSample(captures=100, refused=Counter(gone=3), texts=50),
        "before": CaptureSample(captures=1000, refused=Counter(gone=30), texts=900),
        "published": Counter({DAY - timedelta(days=days): 20 for days in range(80)}),
    }
    return HealthStats(**{**usual, **changed})  # type: ignore[arg-type]


def kinds(vitals: HealthStats) -> list[str]:
    return [alarm.kind for alarm in health("alanews", vitals, NOW, DAY).alarms]


def test_a_site_as_usual_is_well() -> None:
    assert kinds(site()) == []


def test_what_is_wrong_has_a_name() -> None:
    assert kinds(site(last_capture=None)) == ["never-crawled"]
    assert kinds(site(last_capture=NOW - timedelta(hours=4))) == ["stale"]
    assert kinds(site(crawls=(CrawlRun(NOW, NOW, "blocked", 2), *site().crawls))) == ["crawl-ended", "route-broken"]
    assert kinds(site(crawls=(CrawlRun(NOW, None, None, 0), *site().crawls))) == []
    assert kinds(site(published=site().published - Counter({DAY: 15}))) == ["quiet-day"]
    assert kinds(site(recent=CaptureSample(captures=100, refused=Counter(gone=20), texts=50))) == ["refusals"]
    assert kinds(site(recent=CaptureSample(captures=100, texts=50, without=Counter(authors=20)))) == ["field"]
    assert kinds(site(recent=CaptureSample(captures=100, texts=50, warned=Counter({"template-unknown": 50})))) == [
        "warning"
    ]


def test_a_timetable_that_fails_or_does_not_run_raises_an_alarm() -> None:
    def kinds_with(running: bool = False, **changed: object) -> list[str]:
        usual = {"started_at": NOW, "outcome": "finished", "exit_status": 0, "due_at": NOW + timedelta(minutes=30)}
        plan = {"site": "alanews", "every_seconds": 3600, "options": [], **usual, **changed}
        return [alarm.kind for alarm in health("alanews", site(), NOW, DAY, plan, running=running).alarms]

    assert kinds_with() == kinds_with(exit_status=1) == []
    assert kinds_with(exit_status=2, outcome="wrong-use") == ["schedule-failed"]
    assert kinds_with(exit_status=None, outcome="cut-off") == ["schedule-failed"]
    assert kinds_with(exit_status=-9, outcome="cut-off") == ["schedule-failed"]
    assert kinds_with(exit_status=None, outcome="under-way", running=True) == []
    assert kinds_with(due_at=NOW - timedelta(hours=2)) == ["schedule-overdue"]
    assert kinds_with(due_at=NOW - timedelta(hours=2), running=True) == []


def test_a_crawl_that_was_cut_off_raises_an_alarm() -> None:
    stats = site(crawls=(CrawlRun(NOW, None, None, 0), *site().crawls))
    assert [alarm.kind for alarm in health("alanews", stats, NOW, DAY, running=False).alarms] == ["crawl-ended"]


def test_what_to_expect_of_a_weekday() -> None:
    weekly = Counter({DAY - timedelta(weeks=week): count for week, count in enumerate((0, 9, 9, 12, 9, 9, 0, 9, 9))})
    assert expected_on(weekly, DAY) == 9
    assert expected_on(Counter(), DAY) is None
    assert expected_on(Counter({DAY: 3}), DAY) is None
    # a site that closed long ago is not quiet today
    assert expected_on(Counter({date(2022, 2, day): 20 for day in range(1, 28)}), DAY) is None


def test_a_new_template_raises_the_alarm_at_the_next_crawl(
    stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    stand.clock(0)
    emeroteca("crawl", "sputniknews", "--delay", "0", env=stand.environment)
    assert emeroteca("health", "sputniknews").stdout == "sputniknews: well\n"
    stand.clock(1)
    stand.faults(Fault(FaultKind.TEMPLATE, pattern=r"\.html$|/\d{4}\d+-"))
    emeroteca("crawl", "sputniknews", "--delay", "0", env=stand.environment)
    metrics = tmp_path / "emeroteca.prom"
    ended = emeroteca("health", "sputniknews", "--json", "--prometheus", str(metrics))
    assert ended.returncode == 1
    found = json.loads(ended.stdout)
    assert {alarm["kind"] for alarm in found["alarms"]} & {"warning", "field", "refusals"}
    families = {family.name: family for family in text_string_to_metric_families(metrics.read_text(encoding="utf-8"))}
    assert {sample.labels["site"] for sample in families["emeroteca_alarms"].samples} == {"sputniknews"}
    assert all(name.startswith("emeroteca_") for name in families)


def test_prometheus_is_served(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    emeroteca("crawl", "alanews", "--delay", "0", "--limit", "1", env=stand.environment)
    serving = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "health", "--serve", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stderr is not None
        url = serving.stderr.readline().strip()
        opened = build_opener(ProxyHandler({}))
        with opened.open(url, timeout=60) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert 'emeroteca_last_capture_timestamp_seconds{site="alanews"}' in answer.read().decode()
        with pytest.raises(HTTPError, match="404"):
            opened.open(url.replace("/metrics", "/"), timeout=60)
    finally:
        serving.terminate()
        serving.communicate(timeout=60)
    assert serving.returncode == 0
    assert emeroteca("health", "--serve", "here").returncode == 2


def test_a_fall_of_agreement_raises_an_alarm() -> None:
    before = CaptureSample(captures=1000, texts=900, compared=300, agreement=0.96)
    assert kinds(site(before=before, recent=CaptureSample(captures=9, compared=9, agreement=0.9))) == []
    assert kinds(site(before=before, recent=CaptureSample(captures=9, compared=4, agreement=0.2))) == []
    fallen = site(before=before, recent=CaptureSample(captures=9, compared=9, agreement=0.7))
    assert kinds(fallen) == ["agreement"]
    [alarm] = health("alanews", fallen, NOW, DAY).alarms
    assert "0.70 on the last crawl's articles, 0.96 before" in alarm.words
