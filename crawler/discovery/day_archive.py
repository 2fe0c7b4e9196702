"""Route: a site's page of one day, which lists that day's articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window, check_status
from crawler.discovery.xml import parse_html


@dataclass(frozen=True, slots=True)
class DayArchiveRoute:
    """Fetches `url` for each day of a window that has a first day, with the day in `{day}` (YYYYMMDD), or in `{year}`,
    `{month}` and `{date}`.

    Without one there is nothing to enumerate and the route stays silent: the sitemaps know the whole history.
    A day's page may hold only the newest of the day, with a button for more: `more` is the XPath of its address, which
    is followed where robots.txt allows it.
    """

    url: str
    links: str
    timezone: ZoneInfo
    more: str | None = None
    name: str = "day-archive"
    dates_every_article: bool = False

    def start(self, window: Window) -> Iterator[str]:
        if window.since is None:
            return
        last = min(window.until or date.max, datetime.now(self.timezone).date())
        day = window.since
        while day <= last:
            year, month, number = day.isoformat().split("-")
            yield self.url.format(day=f"{year}{month}{number}", year=year, month=month, date=number)
            day += timedelta(days=1)

    def read(self, page: ListPage, window: Window) -> Iterator[DiscoveredUrl | Follow]:
        if page.status == 404:
            return  # a day without articles
        check_status(page)
        tree = parse_html(page.body, page.headers.get("content-type"))
        for link in page.links(tree.xpath(self.links)):
            yield DiscoveredUrl(url=link, route=self.name, via=page.url)
        for link in page.links(tree.xpath(self.more)) if self.more else ():
            yield Follow(link)
