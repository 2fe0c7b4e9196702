"""The URL grammar of a site file: which URLs are articles, and their one spelling."""

import pytest

from crawler.site import Site
from crawler.sites.file_site import site_of_file
from crawler.sites.site_file import ArticleRules, FileRoute, SiteFile


def _site(rules: ArticleRules, *lists: str) -> Site:
    routes = (FileRoute(kind="listing", urls=lists),) if lists else ()
    hosts = ("www.g.example", "g.example")
    return site_of_file(SiteFile(name="g", title="G", hosts=hosts, articles=rules, routes=routes))


BY_NUMBER = _site(
    ArticleRules(include=(r"\?(?:.*&)?(?:id|p)=",), query=("id", "p")),
    "https://www.g.example/",
    "https://www.g.example/news.php",
    "https://www.g.example/section.php?id=3",
)
BY_PATH = _site(ArticleRules(exclude=("^/tag/",), id=r"-(\d+)\.html$"), "https://www.g.example/sport/")


@pytest.mark.parametrize(
    ("site", "url", "canonical"),
    [
        (BY_NUMBER, "https://www.g.example/?p=123", "https://www.g.example/?p=123"),
        (BY_NUMBER, "http://g.example/news.php?da=home&id=7#x", "https://www.g.example/news.php?id=7"),
        (BY_NUMBER, "https://www.g.example/", None),
        (BY_NUMBER, "https://www.g.example/news.php?page=2", None),
        (BY_NUMBER, "https://www.g.example/section.php?id=3", None),
        (BY_NUMBER, "https://www.g.example/section.php?id=3&page=2", None),
        (BY_PATH, "https://g.example/sport/gara-17.html?utm_source=x", "https://www.g.example/sport/gara-17.html"),
        (BY_PATH, "https://www.g.example/sport/", None),
        (BY_PATH, "https://www.g.example/sport", None),
        (BY_PATH, "https://www.g.example/sport/page/2/", None),
        (BY_PATH, "https://www.g.example/sport/?page=3", None),
        (BY_PATH, "https://www.g.example/tag/gara/", None),
        (BY_PATH, "https://www.g.example/sport/gara.pdf", None),
        (BY_PATH, "https://www.g.example/feed/", None),
        (BY_PATH, "https://altrove.example/sport/gara-17.html", None),
    ],
)
def test_which_urls_are_articles(site: Site, url: str, canonical: str | None) -> None:
    found = site.article_url(url)
    assert (found.canonical_url if found else None) == canonical
    assert canonical is None or site.article_url(canonical) == found


def test_number_and_day_are_read_from_the_url() -> None:
    found = BY_PATH.article_url("https://g.example/2021/02/14/gara-17.html")
    assert found is not None
    assert (found.native_id, found.day and found.day.isoformat()) == ("17", "2021-02-14")
