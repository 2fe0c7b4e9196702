"""Traps have names; what is no trap is left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.traps import list_trap, trap, without_session

TODAY = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.it/cronaca/festa-in-piazza/", None),
        ("https://a.it/20220214/slug-15110481.html?utm_source=rss", None),
        ("https://a.it/x?" + "y" * 2000, "url-too-long"),
        ("https://a.it/" + "/".join("abcdefghijklmn"), "url-too-deep"),
        ("https://a.it/tag/a/tag/a/tag/a/tag/a/", "repeating-path"),
        ("https://a.it/x/x/x/x/y", "repeating-path"),
        ("https://a.it/2022/02/02/x/", None),
        ("https://a.it/?" + "&".join(f"p{n}=1" for n in range(9)), "too-many-parameters"),
    ],
)
def test_traps(url: str, name: str | None) -> None:
    assert trap(url) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.it/20220214/", None),
        ("https://a.it/sitemap.xml?date_start=20260101&date_end=20260131", None),
        ("https://a.it/calendar/2031/05/", "endless-calendar"),
        ("https://a.it/calendar?day=1899-12-31", "endless-calendar"),
        ("https://a.it/wp-json/wp/v2/posts?page=12", None),
        ("https://a.it/id/2031995512/", None),
    ],
)
def test_calendars(url: str, name: str | None) -> None:
    assert list_trap(url, TODAY) == name


@pytest.mark.parametrize(
    ("url", "cut"),
    [
        ("https://a.it/x?PHPSESSID=12&page=2", "https://a.it/x?page=2"),
        ("https://a.it/x;jsessionid=AB.1?p=2", "https://a.it/x?p=2"),
        ("https://a.it/(S(abc))/x", "https://a.it/x"),
        ("https://a.it/x?page=2&side=left", "https://a.it/x?page=2&side=left"),
    ],
)
def test_session_ids_are_cut(url: str, cut: str) -> None:
    assert without_session(url) == cut


@given(st.text(alphabet="abs/?&=;()SID1%.", max_size=60))
def test_cutting_twice_changes_nothing(tail: str) -> None:
    once = without_session(f"https://a.it/{tail}")
    assert without_session(once) == once
