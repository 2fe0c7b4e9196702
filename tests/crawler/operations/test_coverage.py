"""Coverage names a reason for each gap, day by day and route by route."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import html

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def sound_again(stand: Newsstand) -> Iterator[None]:
    yield
    stand.faults()


def only(url: str) -> str:
    return re.escape(url.removeprefix("https://")) + "$"


def test_each_gap_has_its_reason(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    stand.clock(0)
    truth = stand.truth("alanews")
    gone, walled, far = (row["url"] for row in truth[3:6])
    stand.faults(
        Fault(FaultKind.STATUS, pattern=only(gone), status=410),
        Fault(FaultKind.STATUS, pattern=only(walled), status=403),
        Fault(FaultKind.REDIRECT_LOOP, pattern=re.escape(far.removeprefix("https://"))),
    )
    emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    page = tmp_path / "coverage.html"
    ended = emeroteca("coverage", "alanews", "--json", "--html", str(page))
    assert ended.returncode == 0, ended.stderr
    days = [json.loads(line) for line in ended.stdout.splitlines()]
    published = Counter(row["published_date"] for row in truth)
    assert {day["day"]: day["known"] for day in days} == published
    assert sum(day["extracted"] for day in days) == len(truth) - 3
    assert {reason for day in days for reason in day["refused"]} == {"gone", "blocked"}
    assert {reason for day in days for reason in day["not_asked"]} == {"redirect-loop"}
    routes = sum((Counter(day["routes"]) for day in days), Counter())
    assert routes["sitemap"] == routes["wp-json"] == len(truth)
    years = len({row["published_date"][:4] for row in truth})
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    assert len(tree.xpath("//*[name()='svg'][not(ancestor::details)]")) == years
    [route] = tree.xpath("//details[contains(summary, 'sitemap')]")
    assert len(route.xpath(".//*[name()='svg']")) == years
    written = tree.xpath("string(//main)")
    assert "410" not in written and "1 gone" in written
    shown = emeroteca("coverage").stdout
    assert "sitemap" in shown
    assert "all days" in shown


def test_what_is_missing_is_named(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    emeroteca("crawl", "alanews", "--delay", "0", "--limit", "30", env=stand.environment)
    ended = emeroteca("coverage", "alanews", "--json")
    assert ended.returncode == 1
    days = [json.loads(line) for line in ended.stdout.splitlines()]
    missing = [url for day in days for url in day["missing_urls"]]
    assert len(missing) == sum(day["known"] for day in days) - 30
    assert set(missing) <= {row["url"] for row in stand.truth("alanews")}
