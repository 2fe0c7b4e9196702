"""Context, counts over time, comparison, and the export of what a search finds."""

import io
import json
import re
from datetime import date
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest

from reading_room.charts.periods import MOST_BARS, bars, fitting
from storage.corpus.search.series import Count
from tests.reading_room.conftest import emeroteca
from tests.reading_room.test_pages import page


def test_words_stand_in_their_context(visitor: httpx.Client) -> None:
    rows = page(visitor, "/search/context?q=biblioteca").xpath("//table[@class='context']/tbody/tr")
    found = [row.xpath("string(td[@class='found'])").lower() for row in rows]
    assert {"biblioteca", "biblioteche"} == set(found) and len(found) == 5
    assert [row.xpath("string(td[@class='day'])") for row in rows] == ["2026-03-01"] * 5
    by_right = page(visitor, "/search/context?q=biblioteca&sort=right").xpath("//tbody/tr/td[4]")
    rights = [re.findall(r"\w+", cell.xpath("string()").lower()) for cell in by_right]
    assert rights == sorted(rights)
    by_left = page(visitor, "/search/context?q=biblioteca&sort=left").xpath("//tbody/tr/td[2]")
    lefts = [re.findall(r"\w+", cell.xpath("string()").lower())[::-1] for cell in by_left]
    assert lefts == sorted(lefts)


def test_counts_over_time_are_those_of_the_search(visitor: httpx.Client) -> None:
    tree = page(visitor, "/search/frequencies?q=di&q2=biblioteca&period=month")
    assert len(tree.xpath("//*[name()='svg']//*[contains(@class, 'bar2')]")) == 1
    rows = tree.xpath("//table[@class='counts']/tbody/tr")
    for row in rows[-2:]:
        month, first = row.xpath("string(th)"), int(row.xpath("string(td[1])"))
        links = [
            link for link in tree.xpath("//*[name()='svg']//@href") if f"since={month}-01" in link and "q=di" in link
        ]
        assert len(links) == (1 if first else 0)
        for link in links:
            found = page(visitor, link).xpath("string(//p[@class='total'])")
            assert found.startswith(f"{first} ")


def test_days_without_coverage_are_shaded(visitor: httpx.Client, database_url: str) -> None:
    last = page(visitor, "/search/frequencies?period=year&site=alanews").xpath("string(//tbody/tr[last()]/th)")
    tree = page(visitor, f"/search/frequencies?period=day&site=alanews&since={int(last) - 1}-01-01")
    assert tree.xpath("//*[name()='svg']//*[@class='uncovered' or @class='part']")
    covered = tree.xpath("//table[@class='counts']//td[contains(., '100% covered')]")
    if database_url.startswith("sqlite"):
        assert covered, "days that were crawled whole are not shaded"
    else:  # rebuilt from WARC files alone: what routes knew is not known
        assert not covered and tree.xpath("//td[.='coverage not known']")


def test_a_thousandth_is_of_all_articles(visitor: httpx.Client) -> None:
    tree = page(visitor, "/search/frequencies?q=biblioteca&scale=relative&site=prova")
    assert "666" not in tree.xpath("string(//table)")  # the table has the numbers themselves
    assert tree.xpath("//*[name()='svg']//*[@class='tick'][.='1,000']")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "txt"])
def test_an_export_has_exactly_the_hits(visitor: httpx.Client, home: Path, database_url: str, form: str) -> None:
    answer = visitor.get("/search/export", params={"q": "biblioteca", "format": form})
    assert answer.status_code == 200 and f"emeroteca.{form}" in answer.headers["content-disposition"]
    words = ("--home", str(home), "--database", database_url, "export", "--format", form, "--query", "biblioteca")
    if form == "parquet":
        assert pq.read_table(io.BytesIO(answer.content)).num_rows == 2
    else:
        assert answer.text == emeroteca(*words).stdout
        assert answer.text.count("La biblioteca riapre") >= 1


def test_the_query_file_repeats_the_search(
    visitor: httpx.Client, home: Path, database_url: str, tmp_path: Path
) -> None:
    answer = visitor.get("/search/query.json", params={"q": "di", "site": "alanews", "since": "2026-01-01"})
    assert answer.json()["filters"] == {"site": "alanews", "since": "2026-01-01"}
    file = tmp_path / "query.json"
    file.write_bytes(answer.content)
    words = ("--home", str(home), "--database", database_url, "export", "--query-file", str(file))
    lines = emeroteca(*words).stdout.splitlines()
    assert len(lines) == answer.json()["articles"] > 0
    assert {json.loads(line)["site"] for line in lines} == {"alanews"}
    (tmp_path / "other.json").write_text("[]")
    ended = emeroteca(*words[:-1], str(tmp_path / "other.json"))
    assert ended.returncode == 2 and "query file" in ended.stderr


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search/context?sort=sideways", 400),
        ("/search/frequencies?period=week", 400),
        ("/search/frequencies?scale=log", 400),
        ("/search/frequencies?q2=%00", 400),
        ("/search/export?format=exe", 400),
        ("/search/query.json?since=x", 400),
        ("/search/context?q=" + "x" * 501, 400),
        ("/search/export?q=-di", 200),
        ("/search/context", 200),
        ("/search/frequencies?q=-di", 200),
        ("/search/frequencies?since=0001-01-01&until=9999-12-31&period=day", 200),
        ("/search/context?q=di&page=500", 200),
    ],
)
def test_odd_parameters(visitor: httpx.Client, path: str, status: int) -> None:
    answer = visitor.get(path)
    assert answer.status_code == status
    assert "q=-di" not in path or "export" not in path or not answer.content


def test_periods_have_no_gaps() -> None:
    series = [[Count("2025-11", 1, 2), Count("2026-02", 3, 3), Count(None, 1, 1)]]
    shares = {date(2025, 11, day): 1.0 for day in range(1, 31)} | {date(2026, 2, 1): 0.5}
    drawn = bars(series, shares, "month")
    assert [bar.period for bar in drawn] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [bar.found for bar in drawn] == [(1,), (0,), (0,), (3,)]
    assert [bar.covered for bar in drawn] == [1.0, None, None, pytest.approx(0.5 / 28)]
    assert (drawn[0].first, drawn[0].last) == (date(2025, 11, 1), date(2025, 11, 30))
    assert drawn[0].value(0, relative=True) == 500
    assert [bar.period for bar in bars([[Count("9999", 1, 1)]], {}, "year")] == ["9999"]


def test_a_long_time_is_drawn_in_longer_periods() -> None:
    assert fitting(date(2026, 1, 1), date(2026, 12, 31), "day") == "day"
    assert fitting(date(2016, 1, 1), date(2026, 12, 31), "day") == "month"
    assert fitting(date(1, 1, 1), date(9999, 12, 31), "day") == "year"
    assert fitting(None, None, "day") == "day" and MOST_BARS < 1000
