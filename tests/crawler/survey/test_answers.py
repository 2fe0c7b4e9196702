"""Answers of a survey are told apart, and sitemaps are counted however long they are."""

import pytest

from crawler.discovery.route import ListPage
from crawler.survey.answers import MOST_URLS, is_article, kind_of, page_of_answer, read_sitemap

NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (f"<urlset {NAMES}></urlset>", "text/xml", "sitemap"),
        (f"<sitemapindex {NAMES}></sitemapindex>", "text/html", "sitemap"),
        ("<rss><channel></channel></rss>", "text/html", "feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "application/atom+xml", "feed"),
        ("<!DOCTYPE html><p>Salve", "text/plain", "html"),
        ("", "text/html", "html"),
        ("{}", "application/json", "other"),
    ],
)
def test_kinds(body: str, content_type: str, kind: str) -> None:
    headers = {"content-type": content_type}
    assert kind_of(ListPage(url="https://g.example/x", body=body.encode(), headers=headers)) == kind


def test_a_long_sitemap_is_counted_and_not_kept() -> None:
    urls = "".join(f"<url><loc>https://g.example/{number}</loc></url>" for number in range(MOST_URLS + 700))
    found = read_sitemap(ListPage(url="https://g.example/s.xml", body=f"<urlset {NAMES}>{urls}</urlset>".encode()))
    assert found is not None
    assert (len(found.urls), found.count) == (MOST_URLS, MOST_URLS + 700)


def test_an_empty_answer_is_an_empty_page() -> None:
    assert not is_article(page_of_answer(ListPage(url="https://g.example/x", body=b"")))
