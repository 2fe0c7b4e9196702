"""Pages as files of their own: calendars that show each day of a year once, with the share of its articles and the
reasons of its gaps; counts of each site."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from crawler.operations.coverage import DayCoverage, SiteCoverage, total
from reading_room.files import coverage_file, status_file
from tests.reading_room.conftest import HOSTILE, emeroteca

WHOLE = DayCoverage(date(2024, 2, 29), routes=Counter(sitemap=2), known=2, extracted=1, moved=1)
GAPS = DayCoverage(
    date(2023, 5, 1), known=4, extracted=1, refused=Counter(gone=1), not_asked=Counter(robots=1), missing_urls=["u"]
)


DAYS = [GAPS, WHOLE, DayCoverage(None, known=1)]


def test_a_square_for_each_day() -> None:
    tree = html.fromstring(coverage_file({"prova": SiteCoverage(DAYS)}))
    squares = tree.xpath("//*[name()='svg']/*[name()='rect']")
    assert len(squares) == 365 + 366
    assert [label[-4:] for label in tree.xpath("//*[name()='svg']/@aria-label")] == ["2024", "2023"]
    titles = {square.xpath("string()"): square.get("class") for square in squares if square.get("class") != "none"}
    assert titles == {"2024-02-29: 1 of 2": "all", "2023-05-01: 1 of 4; 1 gone, 1 robots, 1 missing": "few"}


def test_a_calendar_for_each_route() -> None:
    tree = html.fromstring(coverage_file({"prova": SiteCoverage(DAYS, {"feed": [WHOLE], "sitemap": DAYS})}, "it"))
    assert [words.split(":")[0] for words in tree.xpath("//summary/text()")] == ["Via feed", "Via sitemap"]
    assert [len(one.xpath(".//*[name()='svg']")) for one in tree.xpath("//details")] == [1, 2]
    assert tree.get("lang") == "it" and tree.xpath("//h1")[0].text == "Copertura"


def test_a_file_is_whole_by_itself_and_texts_in_it_are_text() -> None:
    day = DayCoverage(date(2024, 1, 1), known=2, refused=Counter({HOSTILE: 1}), missing_urls=[HOSTILE])
    counts = {"captures": {HOSTILE: 2}, "refusals": {HOSTILE: 1}, "failures": {HOSTILE: 1}, "bytes": 12_345}
    site = {"site": HOSTILE, "articles": 1, "revisions": 1, "last_crawl": None, "outdated": 1, "withheld": 1, **counts}
    pages = (coverage_file({HOSTILE: SiteCoverage([day], {HOSTILE: [day]})}), status_file([site], "abc"))
    for page in pages:
        tree = html.fromstring(page)
        assert not tree.xpath("//script | //img | //link | //iframe | //*[@onerror] | //*[@style] | //a")
        assert len(tree.xpath("//style")) == len(tree.xpath("//h1")) == 1
        style = tree.xpath("string(//style)")
        assert not re.search(r"url\((?!data:|#)|@import", style), "the style sheet loads nothing"
        assert "alert(1)" in tree.xpath("string(//main)") and "\u202e" not in page
    assert "12.3 kB" in pages[1]


@pytest.mark.parametrize("command", ["status", "coverage"])
def test_commands_write_the_files(command: str, home: Path, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    words = ("--home", str(home), "--database", database_url, command, "--html", str(file), "--language", "it")
    ended = emeroteca(*words)
    assert ended.returncode in (0, 1) and ended.stdout == "" and str(file) in ended.stderr, ended.stderr
    tree = html.fromstring(file.read_text(encoding="utf-8"))
    assert tree.get("lang") == "it" and "alanews" in tree.xpath("string(//main)")
    printed = emeroteca("--home", str(home), "--database", database_url, "status", "--json").stdout
    if command == "status":
        assert re.findall(r'"corpus_fingerprint": "(\w+)"', printed)[0] in tree.xpath("string(//main)")


def test_the_total_is_the_sum_of_all_days() -> None:
    whole = total([GAPS, WHOLE])
    assert (whole.day, whole.known, whole.captured, whole.missing) == (None, 6, 4, 1)
    assert (whole.routes, whole.refused, whole.not_asked) == (Counter(sitemap=2), Counter(gone=1), Counter(robots=1))
    assert GAPS.missing_urls == ["u"] and total([]) == DayCoverage(None)
