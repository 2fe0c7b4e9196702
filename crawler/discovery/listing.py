"""Route: category pages and other HTML listings, the newest first, with pages of older ones behind them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window, check_status
from crawler.discovery.xml import parse_html


@dataclass(frozen=True, slots=True)
class ListingRoute:
    """Starts at `starts`. `links` and `older` are XPaths of addresses: of articles, and of the next page.

    Without `older` the page's own `rel="next"` is followed. At most `pages` pages of a listing are read, and none after
    one that names nothing new. `number` finds a page's number in its URL, of which only higher ones are followed; a URL
    without one is page 1, or a page that is not numbered.
    """

    starts: tuple[str, ...]
    links: str
    older: str = '//link[@rel="next"]/@href | //a[@rel="next" or contains(@class, "next")]/@href'
    number: str = r"/page/(\d+)|[?&](?:page|paged)=(\d+)"
    pages: int = 500
    name: str = "listing"
    dates_every_article: bool = False

    def start(self, window: Window) -> tuple[str, ...]:
        return self.starts

    def read(self, page: ListPage, window: Window) -> Iterator[DiscoveredUrl | Follow]:
        number = self._number(page.url)
        if page.status == 404 and number > 1:
            return  # the page after the last
        check_status(page)
        tree = parse_html(page.body, page.headers.get("content-type"))
        for link in page.links(tree.xpath(self.links)):
            yield DiscoveredUrl(url=link, route=self.name, via=page.url)
        for following in page.links(tree.xpath(self.older)):
            is_unnumbered = number == self._number(following) == 1 and following not in (page.url, *self.starts)
            if number < self._number(following) <= self.pages or is_unnumbered:
                yield Follow(following, older=True)

    def _number(self, url: str) -> int:
        found = re.search(self.number, url)
        return int(next(filter(None, found.groups()), "1")) if found else 1
