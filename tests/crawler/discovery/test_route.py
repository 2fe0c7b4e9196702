"""What holds for every route: an address that is none costs the list nothing but itself."""

from zoneinfo import ZoneInfo

import pytest

from crawler.discovery.day_archive import DayArchiveRoute
from crawler.discovery.feed import FeedRoute
from crawler.discovery.list_queue import ListQueue
from crawler.discovery.listing import ListingRoute
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Route, Window
from crawler.discovery.selection import Selection
from crawler.discovery.sitemap import SitemapRoute
from crawler.registry import site_named

GARBLED = "http://[alanews.it/cronaca/nebbia/"
SOUND = "https://alanews.it/cronaca/la-sagra/"
LINKS = f'<a href="{GARBLED}">x</a><a href="{SOUND}">y</a>'
ALANEWS = site_named("alanews")


def sitemap(kind: str, entry: str) -> bytes:
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in (GARBLED, SOUND))
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'.encode()


@pytest.mark.parametrize(
    ("route", "body"),
    [
        (SitemapRoute(starts=()), sitemap("urlset", "url")),
        (SitemapRoute(starts=()), sitemap("sitemapindex", "sitemap")),
        (
            FeedRoute(starts=()),
            f"<rss><item><link>{GARBLED}</link></item><item><link>{SOUND}</link></item></rss>".encode(),
        ),
        (ListingRoute(starts=(), links="//a/@href"), LINKS.encode()),
        (DayArchiveRoute(url="", links="//a/@href", timezone=ZoneInfo("Europe/Rome")), LINKS.encode()),
    ],
)
def test_a_garbled_address_is_refused_and_its_neighbours_are_taken(route: Route, body: bytes) -> None:
    steps = list(route.read(ListPage(url="https://alanews.it/list", body=body), Window()))
    finds = [step for step in steps if isinstance(step, DiscoveredUrl)]
    selection, lists = Selection(ALANEWS, Window(), None, lambda keys: {}), ListQueue(ALANEWS)
    taken = [found.url for found in [*selection.select(finds), *selection.undated(all_days_known=False)]]
    named = [named.url for named in selection.claims(finds)]
    followed = list(lists.take(route.name, [step.url for step in steps if isinstance(step, Follow)]))
    assert (taken or followed) == [SOUND]
    assert named == taken
    assert selection.counts["not-an-article-url"] + lists.refused["offsite"] == 1
