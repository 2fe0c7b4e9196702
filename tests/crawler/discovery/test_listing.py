"""Listings and feeds are paged as long as there is something to find, and never in circles."""

import gzip
import tracemalloc

import pytest

from crawler.discovery.feed import FeedRoute
from crawler.discovery.list_queue import ListQueue
from crawler.discovery.listing import ListingRoute
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window
from crawler.discovery.sitemap import SitemapRoute
from crawler.registry import site_named
from storage.exceptions import UnreadableList

ALANEWS = site_named("alanews")
LISTING = ListingRoute(starts=("https://alanews.it/category/sport/",), links="//h3/a/@href", pages=3)
PAGE = '<html><body><h3><a href="/sport/uno/">1</a></h3><a class="next" href="{next}">older</a></body></html>'


def read(url: str, following: str, status: int = 200) -> list[DiscoveredUrl | Follow]:
    body = PAGE.format(next=following).encode()
    return list(LISTING.read(ListPage(url=url, body=body, status=status), Window()))


def test_a_listing_names_articles_and_its_next_page() -> None:
    found, follow = read("https://alanews.it/category/sport/", "/category/sport/page/2/")
    assert (found.url, found.route) == ("https://alanews.it/sport/uno/", "listing")
    assert follow == Follow("https://alanews.it/category/sport/page/2/", older=True)


@pytest.mark.parametrize("following", ["/category/sport/page/2/", "/category/sport/", "/category/sport/page/4/"])
def test_a_listing_goes_neither_back_nor_beyond_its_last_page(following: str) -> None:
    assert len(read("https://alanews.it/category/sport/page/2/", following)) == 1


def test_a_page_after_the_last_is_no_error() -> None:
    assert read("https://alanews.it/category/sport/page/3/", "", status=404) == []
    with pytest.raises(UnreadableList):
        read("https://alanews.it/category/sport/", "", status=404)


def test_a_feed_is_paged_by_its_own_link_or_by_number() -> None:
    item = "<item><link>https://alanews.it/sport/uno/</link></item>"
    own = (
        f'<rss xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link rel="next" href="/feed/2"/>{item}</channel></rss>'
    )
    start = "https://alanews.it/feed/"
    by_link, by_number = FeedRoute(starts=(start,)), FeedRoute(starts=(start,), page="paged={page}")
    page = ListPage(url=start, body=own.encode())
    assert list(by_link.read(page, Window()))[-1] == Follow("https://alanews.it/feed/2", older=True)
    plain = f"<rss><channel>{item}</channel></rss>".encode()
    assert list(by_number.read(ListPage(url=start, body=plain), Window()))[-1] == Follow(f"{start}?paged=2", older=True)
    second = ListPage(url=f"{start}?paged=2", body=plain)
    assert list(by_number.read(second, Window()))[-1] == Follow(f"{start}?paged=3", older=True)
    assert list(by_number.read(ListPage(url=f"{start}?paged=3", body=b"", status=404), Window())) == []


def test_lists_are_fetched_once_and_traps_counted() -> None:
    lists = ListQueue(ALANEWS)
    urls = ["https://alanews.it/a.xml", "https://alanews.it/a.xml?PHPSESSID=1", "https://elsewhere.it/b.xml"]
    assert list(lists.take("sitemap", [*urls, "https://alanews.it/2094/01/"])) == ["https://alanews.it/a.xml"]
    assert lists.refused == {"offsite": 1, "endless-calendar": 1}
    assert lists.pending == 1
    page = [DiscoveredUrl(url="https://alanews.it/sport/uno/", route="feed")]
    assert [lists.count_new("feed", page), lists.count_new("feed", page)] == [1, 0]


def test_a_huge_sitemap_is_read_in_flat_memory() -> None:
    entry = "<url><loc>https://alanews.it/sport/articolo-{}/</loc><lastmod>2026-01-02T03:04:05+01:00</lastmod></url>\n"
    urls = "".join(entry.format(number) for number in range(50_000))
    body = gzip.compress(f'\n\n<?xml version="1.0"?><urlset>{urls}</urlset>'.encode())
    tracemalloc.start()
    count = sum(
        1 for _ in SitemapRoute(starts=()).read(ListPage(url="https://alanews.it/s.xml.gz", body=body), Window())
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 4 * 1024 * 1024
