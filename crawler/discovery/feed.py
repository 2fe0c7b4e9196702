"""Route: RSS 2.0, RSS 1.0 and Atom feeds, paged where the site pages them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin

from lxml import etree

from crawler.discovery.route import Follow, Found, ListPage, Unreadable, Window, check_found
from crawler.discovery.xml import child_text, claimed_time, local_name, parse_xml


@dataclass(frozen=True, slots=True)
class FeedRoute:
    """Starts at `starts`: a feed holds a site's newest articles, whatever the window."""

    starts: tuple[str, ...]
    name: str = "feed"
    dates_every_article: bool = False

    def start(self, window: Window) -> tuple[str, ...]:
        return self.starts

    def read(self, page: ListPage, window: Window) -> Iterator[Found | Follow]:
        check_found(page)
        root = parse_xml(page.body)
        if local_name(root) not in {"rss", "rdf", "feed"}:
            raise Unreadable(f"it is no feed: its root is <{local_name(root)}>")
        for item in root.iter():
            if local_name(item) in {"item", "entry"}:
                found = self._item(item, page)
                if found is not None:
                    yield found

    def _item(self, item: etree._Element, page: ListPage) -> Found | None:
        url = _link(item)
        if url is None:
            return None
        return Found(
            url=urljoin(page.url, url),
            route=self.name,
            via=page.url,
            published=claimed_time(child_text(item, "pubdate", "published", "date")),
            lastmod=_instant(claimed_time(child_text(item, "updated", "modified"))),
        )


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
