"""Crawls: past ones with their counts and refusals, one while it runs, and the coverage of a site."""

import json
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import httpx

from newsstand.stand import Newsstand
from tests.reading_room.conftest import environment, serving
from tests.reading_room.test_pages import page

PATIENCE = 90


def test_past_crawls(home: Path) -> None:
    words = ("--home", str(home), "serve", "--port", "0")
    with serving(*words) as url, httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        rows = page(client, "/crawls").xpath("//tbody/tr")
        assert len(rows) == 4 and {row.xpath("string(td[6])") for row in rows} == {"finished"}
        shown = page(client, rows[-1].xpath("string(.//a/@href)"))
        counts = {row.xpath("string(th)"): row.xpath("string(td)") for row in shown.xpath("//table//tr")}
        assert int(counts["article"]) > 10 and int(counts["robots"]) >= 1
        site = page(client, "/sites/alanews")
        assert site.xpath("//*[name()='svg']//*[@class='all']") and len(site.xpath("//tbody/tr")) == 2
        assert not site.xpath("//details")
        route = page(client, site.xpath("//a[starts-with(., 'Route sitemap')]/@href")[0])
        assert route.xpath("//details[starts-with(summary, 'Route sitemap')]//*[name()='svg']"), "a calendar by route"
        assert client.get("/sites/alanews?route=none").status_code == 404
        assert "Health" in site.xpath("//h2/text()") and site.xpath("//dt[.='Last capture']/following-sibling::dd")
        rates = dict(zip(shown.xpath("//dt/text()"), [dd.xpath("string()") for dd in shown.xpath("//dd")], strict=True))
        assert float(rates["Captures a minute"].replace(",", "")) > 0
        overview = page(client, "/sites").xpath("//tbody/tr[th='alanews']")[0]
        assert int(overview.xpath("string(td[1])")) > int(overview.xpath("string(td[3])")) > 10
        events = client.get("/crawls/1/events")
        assert events.headers["content-type"].startswith("text/event-stream")
        assert json.loads(events.text.removeprefix("data: "))["state"] == "finished"


def test_addresses_of_nothing(visitor: httpx.Client) -> None:
    numbers = ("0", "x", "99999999999999999999", "0/events")
    for path in (*(f"/crawls/{number}" for number in numbers), "/sites/none", "/sites/%00"):
        assert visitor.get(path).status_code == 404, path


def test_a_crawl_while_it_runs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Newsstand(articles=30, seed=3) as stand:
        words = [sys.executable, "-m", "crawler.cli", "--home", str(home), "crawl", "alanews", "--delay", "1"]
        settings = {**environment(), **stand.environment, "EMEROTECA_CONTACT": "tests@emeroteca.example"}
        crawl = subprocess.Popen(words, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(home / "corpus.db")
            sleep(2)
            with serving("--home", str(home), "serve", "--port", "0") as url:
                counts = live_counts(url)
        finally:
            crawl.terminate()
            crawl.wait(timeout=60)
    captures = [sum(one["captures"].values()) for one in counts]
    assert counts[-1]["per_minute"] > 0
    assert captures == sorted(captures) and captures[-1] > captures[0]
    assert {one["state"] for one in counts[:-1]} == {"running"}


def live_counts(url: str) -> list[dict[str, dict[str, int]]]:
    """The events of the running crawl until one has more captures than the first, thirty at most."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        assert "/static/live.js" in client.get("/crawls/1").text
        counts = []
        with client.stream("GET", "/crawls/1/events") as events:
            for line in events.iter_lines():
                if line.startswith("data: "):
                    counts.append(json.loads(line.removeprefix("data: ")))
                totals = [sum(one["captures"].values()) for one in counts]
                if totals and (totals[-1] > totals[0] or len(counts) == 30):
                    return counts
    raise AssertionError(f"the crawl ended: {counts}")


def wait_for(path: Path) -> None:
    until = monotonic() + PATIENCE
    while not path.exists():
        assert monotonic() < until
        sleep(0.1)
