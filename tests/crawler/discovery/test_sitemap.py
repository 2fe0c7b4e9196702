import gzip
from datetime import UTC, date, datetime

import pytest

from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window
from crawler.discovery.sitemap import SitemapRoute
from storage.exceptions import UnreadableList

ROUTE = SitemapRoute(starts=("https://it.sputniknews.com/sitemap_article_index.xml",))
ALL = Window()

INDEX = b"""
<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://news.example/sitemap_article.xml?date_start=20220101&amp;date_end=20220131</loc></sitemap>
<sitemap><loc>https://news.example/sitemap_article.xml?date_start=20220201&amp;date_end=20220228</loc></sitemap>
<sitemap><loc>https://news.example/numbered-1.xml</loc><lastmod>2021-05-01T10:00:00+02:00</lastmod></sitemap>
<sitemap><loc>https://news.example/page-sitemap.xml</loc></sitemap>
</sitemapindex>"""

URLS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://news.example/a/?x=1&amp;y=2 </loc><lastmod>2022-02-14T14:37+01:00</lastmod></url>
<url><loc>/b/</loc><lastmod>2022-02-13</lastmod></url>
<url><loc>https://news.example/c/</loc>
  <news:news><news:publication_date>2022-02-12T08:00:00Z</news:publication_date></news:news></url>
<url><lastmod>2022-02-13</lastmod></url>
</urlset>"""


def read(
    body: bytes, window: Window = ALL, route: SitemapRoute = ROUTE, **page: object
) -> list[DiscoveredUrl | Follow]:
    return list(route.read(ListPage(url="https://news.example/sitemap.xml", body=body, **page), window))


def follows(body: bytes, window: Window = ALL, route: SitemapRoute = ROUTE) -> list[str]:
    return [step.url for step in read(body, window, route) if isinstance(step, Follow)]


def test_an_index_is_followed_newest_range_first() -> None:
    assert [url.rpartition("/")[2] for url in follows(INDEX)] == [
        "sitemap_article.xml?date_start=20220201&date_end=20220228",
        "sitemap_article.xml?date_start=20220101&date_end=20220131",
        "numbered-1.xml",
        "page-sitemap.xml",
    ]


def test_children_outside_the_window_are_left_out() -> None:
    urls = follows(INDEX, Window(since=date(2022, 2, 10)))
    assert [url.rpartition("/")[2] for url in urls] == [
        "sitemap_article.xml?date_start=20220201&date_end=20220228",
        "page-sitemap.xml",
    ]
    urls = follows(INDEX, Window(until=date(2022, 1, 31)))
    assert not any("20220201" in url for url in urls)
    assert any("20220101" in url for url in urls)


def test_children_that_hold_no_articles_are_ignored() -> None:
    route = SitemapRoute(starts=(), ignore="page-sitemap")
    assert not any("page-sitemap" in url for url in follows(INDEX, route=route))


def test_urls_come_absolute_unescaped_and_with_their_claims() -> None:
    first, second, third = read(URLS)
    assert isinstance(first, DiscoveredUrl) and isinstance(second, DiscoveredUrl) and isinstance(third, DiscoveredUrl)
    assert first.url == "https://news.example/a/?x=1&y=2"
    assert first.lastmod == datetime.fromisoformat("2022-02-14T14:37+01:00")
    assert (second.url, second.lastmod) == ("https://news.example/b/", date(2022, 2, 13))
    assert (third.published, third.lastmod) == (datetime(2022, 2, 12, 8, tzinfo=UTC), None)
    assert {found.via for found in (first, second, third)} == {"https://news.example/sitemap.xml"}


def test_an_url_last_modified_before_the_window_cannot_lie_in_it() -> None:
    found = [step.url for step in read(URLS, Window(since=date(2022, 2, 15))) if isinstance(step, DiscoveredUrl)]
    assert found == ["https://news.example/a/?x=1&y=2", "https://news.example/c/"]


def test_a_gzipped_sitemap_with_a_leading_newline_is_read() -> None:
    assert read(gzip.compress(b"\n\n" + URLS)) == read(URLS)


def test_robots_names_the_sitemaps_and_guesses_stand_in() -> None:
    robots = b"User-agent: *\nDisallow: /x/\nSitemap: https://news.example/one.xml\nsitemap: /two.xml\n"
    route = SitemapRoute(starts=(), guesses=("https://news.example/guess.xml",))
    page = ListPage(url="https://news.example/robots.txt", body=robots)
    assert list(route.read(page, ALL)) == [
        Follow("https://news.example/one.xml"),
        Follow("https://news.example/two.xml"),
    ]
    silent = ListPage(url="https://news.example/robots.txt", body=b"User-agent: *\nDisallow:\n")
    assert list(route.read(silent, ALL)) == [Follow("https://news.example/guess.xml")]
    gone = ListPage(url="https://news.example/robots.txt", body=b"Sitemap: /error.xml", status=404)
    assert list(route.read(gone, ALL)) == [Follow("https://news.example/guess.xml")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"<!DOCTYPE html><html><body><p>Pagina non trovata</p></body></html>",
        b"Access denied",
        gzip.compress(URLS, mtime=0)[:60],
        b"<rss><channel/></rss>",
    ],
)
def test_what_is_no_sitemap_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableList):
        read(body)


def test_an_error_status_is_no_sitemap_whatever_its_body() -> None:
    with pytest.raises(UnreadableList, match="503"):
        read(URLS, status=503)
