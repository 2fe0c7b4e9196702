"""The URL grammars of the sites: one spelling for all variants of an article's URL."""

import pytest

from spiders import alanews, sputniknews

PATH = "https://alanews.it/2026/01/05/sport/la-regata/"


@pytest.mark.parametrize(
    "url",
    [
        PATH,
        "http://www.alanews.it/2026/01/05/sport//la-regata",
        f"{PATH}amp/",
        f"{PATH}?utm_source=x",
    ],
)
def test_alanews(url: str) -> None:
    found = alanews.parse_url(url)
    assert found is not None
    assert (found.canonical_url, found.section, str(found.day)) == (PATH, "sport", "2026-01-05")


@pytest.mark.parametrize(
    "path", ["category/sport/", "sport/", "wp-json/wp/v2/", "a/b/feed/", "a/b.jpg", "2026/02/30/sport/x/"]
)
def test_pages_of_alanews_that_are_no_articles(path: str) -> None:
    assert alanews.parse_url(f"https://alanews.it/{path}") is None


def test_sputniknews() -> None:
    found = sputniknews.parse_url("http://m.it.sputniknews.com/amp/20220101/una-storia-14000001.html?a=b")
    assert found is not None
    assert found.canonical_url == "https://it.sputniknews.com/20220101/una-storia-14000001.html"
    assert (found.native_id, str(found.day)) == ("14000001", "2022-01-01")
    assert sputniknews.parse_url("https://it.sputniknews.com/economia/") is None
