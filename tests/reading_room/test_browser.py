"""The reading room in Chromium, on SQLite and on Postgres: search, context, compare, brush, changes, coverage, records,
a crawl while it runs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Browser, Page, expect

from newsstand.stand import Newsstand
from tests.reading_room.browser import launched, revised, visit
from tests.reading_room.conftest import HOSTILE, environment, serving
from tests.reading_room.test_crawls import wait_for


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    with visit(browser, served) as page:
        yield page


def test_a_search_leads_to_the_article(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Words").fill("biblioteca")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hit")).to_have_count(2)
    assert {mark.lower() for mark in page.locator(".hit mark").all_inner_texts()} == {"biblioteca", "biblioteche"}
    page.get_by_role("link", name="Città").click()
    expect(page.locator(".hit")).to_have_count(1)
    page.get_by_role("link", name="Section: Città").click()
    expect(page.locator(".hit")).to_have_count(2)
    page.get_by_role("link", name="Le biblioteche e il mare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le biblioteche e il mare")
    expect(page.get_by_role("article")).to_contain_text("Due biblioteche guardano il mare")


def test_words_stand_in_their_context(page: Page) -> None:
    page.goto("/search?q=biblioteca")
    page.get_by_role("link", name="In context").click()
    page.get_by_label("Sort by").select_option("right")
    page.get_by_role("button", name="Search").click()
    rights = page.locator(".context tbody tr td:nth-child(4)").all_inner_texts()
    assert len(rights) == 5 and [text.lower() for text in rights] == sorted(text.lower() for text in rights)
    left, middle = page.locator("td.left bdi").first.bounding_box(), page.locator("td.found mark").first.bounding_box()
    assert left and middle and left["x"] + left["width"] <= middle["x"]


def test_two_queries_are_compared_and_dragging_chooses_days(page: Page) -> None:
    page.goto("/search?q=biblioteca")
    page.get_by_role("link", name="Over time").click()
    page.get_by_label("Compare with").fill("porto")
    page.get_by_role("button", name="Search").click()
    before = {kind: page.locator(f".{kind}").count() for kind in ("bar1", "bar2")}
    assert min(before.values()) >= 1
    box, bar = page.locator("svg.chart").bounding_box(), page.locator(".bar1").last.bounding_box()
    assert box and bar
    page.mouse.move(bar["x"] - 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(bar["x"] + bar["width"], box["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_url("**since=2*")
    since, until = (page.get_by_label(name, exact=True).input_value() for name in ("From", "To"))
    assert since < "2026-03-01" <= until
    after = {kind: page.locator(f".{kind}").count() for kind in ("bar1", "bar2")}
    assert after["bar1"] >= 1 and sum(after.values()) < sum(before.values())


def test_a_bar_leads_to_its_articles(page: Page) -> None:
    page.goto("/search/frequencies?q=biblioteca")
    page.locator("svg.chart a").last.click(force=True)
    expect(page.locator(".hit")).to_have_count(2)
    assert "since=2026-03-01" in page.url and page.url.rpartition("/")[2].startswith("search?")


def test_what_changed_is_marked(page: Page) -> None:
    page.goto(revised(page))
    page.get_by_role("link", name="What changed").first.click()
    assert page.locator("ins, del").count() >= 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a rebuilt corpus knows no routes
def test_the_calendar_of_coverage(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="alanews").click()
    whole = page.locator("svg rect.all")
    assert whole.count() >= 1
    day, _, found = (whole.first.locator("title").text_content() or "").partition(": ")
    extracted, known = found.split(" of ")
    assert len(day) == 10 and int(extracted) == int(known) > 0


def test_a_record_is_downloaded_as_it_is_in_its_file(page: Page, home: Path) -> None:
    page.goto(revised(page))
    page.locator(".captures a").last.click()
    terms, facts = page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts()
    named = dict(zip(terms, facts, strict=True))
    with page.expect_download() as download:
        page.get_by_role("link", name="The bytes of the record").click()
    bytes_here = download.value.path().read_bytes()
    offset = int(named["Offset"])
    file = (home / "warc" / named["WARC file"]).read_bytes()
    assert bytes_here == file[offset : offset + len(bytes_here)] and bytes_here[:2] == b"\x1f\x8b"
    assert download.value.suggested_filename.endswith(".warc.gz")


def test_hostile_texts_are_shown_as_text(page: Page) -> None:
    page.goto("/search?q=ostile")
    page.locator(".hit h3 a").click()
    shown = page.locator("main").inner_text()
    visible = "".join("\N{REPLACEMENT CHARACTER}" if char in "\u202e\u2066" else char for char in HOSTILE)
    assert shown.count(visible) > 5
    assert page.locator("main img, main script, main iframe, main [onerror]").count() == 0
    assert page.locator('a[href^="javascript:"]').count() == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_crawl_is_followed_while_it_runs(
    browser: Browser, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    home = tmp_path / "home"
    url = f"sqlite:///{home / 'corpus.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    where = ("--home", str(home), "--database", url)
    with Newsstand(articles=150, seed=3) as stand:
        words = [sys.executable, "-m", "crawler.cli", *where, "crawl", "alanews", "--delay", "1"]
        settings = {**environment(), **stand.environment, "EMEROTECA_CONTACT": "tests@emeroteca.example"}
        crawl = subprocess.Popen(words, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(home / "warc")
            sleep(2)
            with serving(*where, "serve", "--port", "0") as served, visit(browser, served) as page:
                page.goto("/crawls/1")
                page.evaluate("window.here = true")  # a page that is read anew has forgotten it
                bytes_shown = page.locator('[data-count="bytes"]')
                first = bytes_shown.inner_text()
                expect(bytes_shown).not_to_have_text(first, timeout=60_000)
                expect(page.locator('[data-count="article"]')).to_be_visible(timeout=60_000)
                assert page.evaluate("window.here") is True
                expect(page.locator('[data-count="state"]')).to_have_text("running")
                page.goto("/sites/alanews", timeout=60_000)  # whose sitemap the crawl has read by now
                assert page.locator("svg rect:not(.none)").count() >= 1
        finally:
            crawl.terminate()
            crawl.wait(timeout=60)
