"""Route: RSS 2.0, RSS 1.0 and Atom feeds, paged where the site pages them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window, check_status
from crawler.discovery.xml import child_text, claimed_time, local_name, parse_xml
from storage.exceptions import UnreadableList


@dataclass(frozen=True, slots=True)
class FeedRoute:
    """Starts at `starts`: a feed holds a site's newest articles, whatever the window.

    It goes on where the feed names its next page (`<link rel="next">`, RFC 5005), or, with `page` (a query like
    `paged={page}`, as WordPress has it), from page 2 up, as long as pages hold items that no page before had.
    """

    starts: tuple[str, ...]
    page: str | None = None
    name: str = "feed"
    dates_every_article: bool = False

    def start(self, window: Window) -> tuple[str, ...]:
        return self.starts

    def read(self, page: ListPage, window: Window) -> Iterator[DiscoveredUrl | Follow]:
        number = self._number(page.url)
        if page.status == 404 and number > 1:
            return  # the page after the last
        check_status(page)
        root = parse_xml(page.body)
        if local_name(root) not in {"rss", "rdf", "feed"}:
            raise UnreadableList(f"it is no feed: its root is <{local_name(root)}>")
        items = 0
        for item in root.iter():
            if local_name(item) in {"item", "entry"}:
                found = self._item(item, page)
                if found is not None:
                    items += 1
                    yield found
        following = _next(root) or (self._page(page.url, number + 1) if items else None)
        if following is not None:
            yield Follow(page.absolute(following), older=True)

    def _number(self, url: str) -> int:
        found = re.search(re.escape(self.page).replace(r"\{page\}", r"(\d+)"), url) if self.page else None
        return int(found[1]) if found else 1

    def _page(self, url: str, number: int) -> str | None:
        if self.page is None:
            return None
        first = next((start for start in self.starts if url.startswith(start)), url)
        return f"{first}{'&' if '?' in first else '?'}{self.page.format(page=number)}"

    def _item(self, item: etree._Element, page: ListPage) -> DiscoveredUrl | None:
        url = _link(item)
        if url is None:
            return None
        return DiscoveredUrl(
            url=page.absolute(url),
            route=self.name,
            via=page.url,
            published=claimed_time(child_text(item, "pubdate", "published", "date")),
            lastmod=_instant(claimed_time(child_text(item, "updated", "modified"))),
        )


def _next(root: etree._Element) -> str | None:
    """The address of the feed's next page (RFC 5005 3), of RSS too."""
    for link in root.iter():
        if local_name(link) == "link" and link.get("rel") == "next" and link.get("href"):
            return str(link.get("href"))
    return None


def _link(item: etree._Element) -> str | None:
    """RSS: the text of <link>, else a permalink <guid>. Atom: the href of the alternate <link>."""
    for child in item:
        if local_name(child) == "link" and child.get("rel", "alternate") == "alternate":
            target = child.get("href") or (child.text or "").strip()
            if target:
                return target
    for child in item:
        if local_name(child) == "guid" and child.get("isPermaLink", "true") == "true":
            return (child.text or "").strip() or None
    return None


def _instant(moment: date | datetime | None) -> datetime | None:
    return moment if isinstance(moment, datetime) else None
