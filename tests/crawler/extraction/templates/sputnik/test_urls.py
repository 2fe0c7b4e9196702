"""The platform's URL grammar, all eras and variants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.templates.sputnik.urls import parse_article_url

HOST = "https://mundo.sputniknews.com"


@pytest.mark.parametrize(
    ("path", "canonical", "number", "section"),
    [
        ("/20220101/una-storia-14000001.html", "/20220101/una-storia-14000001.html", "14000001", None),
        ("/amp/20220101/14000001.html?a=b", "/20220101/14000001.html", "14000001", None),
        ("/20220101/una-storia-14000001-print.html/", "/20220101/una-storia-14000001.html", "14000001", None),
        ("/mundo//201911181077343476", "/mundo/201911181077343476/", "1077343476", "mundo"),
        ("/mundo/201911181077343476-una-storia/amp/", "/mundo/201911181077343476-una-storia/", "1077343476", "mundo"),
        ("/mundo/201911181077343476-una-storia/amp", "/mundo/201911181077343476-una-storia/", "1077343476", "mundo"),
        ("/ampere/201911181077343476/", "/ampere/201911181077343476/", "1077343476", "ampere"),
        ("/politica/20150102/123/", "/politica/20150102/123/", "123", "politica"),
        ("/politica/20150102/123/storia.html", "/politica/20150102/123/storia.html", "123", "politica"),
    ],
)
def test_articles(path: str, canonical: str, number: str, section: str | None) -> None:
    found = parse_article_url(HOST + path)
    assert found is not None
    assert (found.canonical_url, found.native_id, found.section) == (HOST + canonical, number, section)
    assert parse_article_url(found.canonical_url) == found


@pytest.mark.parametrize(
    "path", ["", "/", "/amp", "/amp/", "/20220101/", "/services/201911181077343476/", "/20221301/a-14000001.html"]
)
def test_other_pages(path: str) -> None:
    assert parse_article_url(HOST + path) is None


@given(st.text("/amp-.html0123456789", max_size=30), st.just("20220101"))
def test_a_canonical_url_is_its_own(path: str, day: str) -> None:
    found = parse_article_url(f"{HOST}/{day}/{path}", "it.sputniknews.com")
    assert found is None or parse_article_url(found.canonical_url) == found
