"""Route: sitemaps (sitemaps.org protocol), indexes of them, dated or numbered, and robots' Sitemap lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.discovery.robots_txt import parse_robots
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window, check_status
from crawler.discovery.xml import child_text, claimed_time, local_name, stream_xml
from crawler.urls import is_web_url
from storage.exceptions import UnreadableList


@dataclass(frozen=True, slots=True)
class SitemapRoute:
    """Starts at `starts`: sitemaps, sitemap indexes, or a robots.txt that names them (`guesses` where it does not).

    In an index, children that cannot hold an article of the window are left out: those whose query gives a range of
    days (`date_start=20220201&date_end=20220228`) outside it, and those last modified before it. A child
    whose URL matches the pattern `ignore` holds no articles.
    """

    starts: tuple[str, ...]
    guesses: tuple[str, ...] = ()
    ignore: str | None = None
    name: str = "sitemap"
    dates_every_article: bool = False

    def start(self, window: Window) -> Iterable[str]:
        return self.starts

    def read(self, page: ListPage, window: Window) -> Iterable[DiscoveredUrl | Follow]:
        if urlsplit(page.url).path == "/robots.txt":
            named = parse_robots(page.body, "*").sitemaps if page.status == 200 else ()
            urls = [page.absolute(url) for url in named]
            return [Follow(url) for url in (*urls, *(() if any(map(is_web_url, urls)) else self.guesses))]
        check_status(page)
        entries = stream_xml(page.body)
        kind = local_name(next(entries))
        if kind == "sitemapindex":
            return self._index(entries, page, window)
        if kind == "urlset":
            return self._urls(entries, page, window)
        raise UnreadableList(f"it is no sitemap: its root is <{kind}>")

    def _index(self, entries: Iterable[etree._Element], page: ListPage, window: Window) -> list[Follow]:
        """The children to fetch, the newest first, so that `--limit` takes the newest articles."""
        children = []
        for entry in entries:
            loc = child_text(entry, "loc")
            if loc is None:
                continue
            url = page.absolute(loc)
            lastmod = _day(claimed_time(child_text(entry, "lastmod")))
            first, last = _range_in_query(url)
            if self.ignore is not None and re.search(self.ignore, url):
                continue
            if window.meets(first, last) and window.meets(None, lastmod):
                children.append((last or lastmod or date.min, url))
        newest_first = sorted(children, key=lambda child: child[0], reverse=True)
        return [Follow(url) for _, url in newest_first]

    def _urls(self, entries: Iterable[etree._Element], page: ListPage, window: Window) -> Iterator[DiscoveredUrl]:
        for entry in entries:
            loc = child_text(entry, "loc")
            if loc is None:
                continue
            lastmod = claimed_time(child_text(entry, "lastmod"))
            if not window.meets(None, _day(lastmod)):
                continue
            news = next((child for child in entry if local_name(child) == "news"), None)
            published = claimed_time(child_text(news, "publication_date")) if news is not None else None
            yield DiscoveredUrl(
                url=page.absolute(loc),
                route=self.name,
                via=page.url,
                published=published,
                lastmod=lastmod,
            )


def _range_in_query(url: str) -> tuple[date | None, date | None]:
    query = parse_qs(url.partition("#")[0].partition("?")[2])
    return _query_day(query.get("date_start")), _query_day(query.get("date_end"))


def _query_day(values: list[str] | None) -> date | None:
    try:
        return date.fromisoformat(values[0]) if values else None
    except ValueError:
        return None


def _day(moment: date | datetime | None) -> date | None:
    """The day of a claim; one later where its zone may differ from the site's, so that nothing is left out."""
    if moment is None:
        return None
    return date.fromordinal(moment.toordinal() + 1) if moment.year < 9999 else date.max
