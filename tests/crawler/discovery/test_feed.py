from datetime import UTC, datetime

import pytest

from crawler.discovery.feed import FeedRoute
from crawler.discovery.route import DiscoveredUrl, ListPage, Window
from storage.exceptions import UnreadableList

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><link>https://news.example/</link>
<item><title>Uno</title><link>https://news.example/1/?utm_source=rss</link>
  <guid isPermaLink="false">https://news.example/?p=1</guid>
  <pubDate>Mon, 14 Feb 2022 14:21:00 +0100</pubDate></item>
<item><title>Due</title><guid>https://news.example/2/</guid></item>
<item><title>Senza indirizzo</title></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://news.example/"/>
<entry><link rel="edit" href="/edit"/><link rel="alternate" href="/tre/"/>
  <published>2022-02-14T10:00:00Z</published><updated>2022-02-15T10:00:00Z</updated></entry></feed>"""


def read(body: bytes) -> list[DiscoveredUrl]:
    page = ListPage(url="https://news.example/feed/", body=body)
    return [step for step in FeedRoute(starts=()).read(page, Window()) if isinstance(step, DiscoveredUrl)]


def test_rss_items_give_link_or_permalink_guid_and_their_time() -> None:
    first, second = read(RSS)
    assert first.url == "https://news.example/1/?utm_source=rss"
    assert first.published == datetime(2022, 2, 14, 13, 21, tzinfo=UTC)
    assert (second.url, second.published) == ("https://news.example/2/", None)


def test_atom_entries_give_the_alternate_link_and_both_times() -> None:
    (entry,) = read(ATOM)
    assert entry.url == "https://news.example/tre/"
    assert entry.published == datetime(2022, 2, 14, 10, tzinfo=UTC)
    assert entry.lastmod == datetime(2022, 2, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"<html><body>no</body></html>", b"", b"{}"])
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableList):
        read(body)
