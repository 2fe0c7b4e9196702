"""The interface of routes: a route names lists to fetch and reads article URLs from them.

Routes are pure and know no Scrapy: the spider fetches the lists and passes them to the route.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from crawler.urls import web_url
from storage.exceptions import InvalidUrl, UnreadableList


@dataclass(frozen=True, slots=True)
class Window:
    """The days asked for, inclusive, in the site's own time zone; None leaves a side open.

    `changed_since`: the collection has all that changed before that moment (aware), so a route that can may name later
    changes only; None: it has to name everything.
    """

    since: date | None = None
    until: date | None = None
    changed_since: datetime | None = None

    @property
    def bounded(self) -> bool:
        return self.since is not None or self.until is not None

    def has(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def meets(self, first: date | None, last: date | None) -> bool:
        """Whether any day of [first, last] (None leaves a side open) may lie in the window."""
        starts_in_time = self.until is None or first is None or first <= self.until
        ends_in_time = self.since is None or last is None or last >= self.since
        return starts_in_time and ends_in_time


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredUrl:
    """An URL that a route names, with what it claims.

    `published` and `lastmod` are as the list has them: aware datetimes, or local days where no hour is given.
    `via` is the URL of the list.
    """

    url: str
    route: str
    via: str | None = None
    published: date | datetime | None = None
    lastmod: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """A further list of the same route. `older`: the next page of the list at hand, which goes on with older articles;
    it is not fetched where the page at hand had nothing new."""

    url: str
    older: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list as it was fetched: content codings undone; header names in lower case."""

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def absolute(self, link: str) -> str:
        """An address on the list, made absolute; an invalid one unchanged, to be counted by the spider."""
        try:
            return web_url(link, self.url)
        except InvalidUrl:
            return link

    def links(self, found: Iterable[object]) -> list[str]:
        """The addresses that an XPath selected, made absolute, each once."""
        return [self.absolute(str(link)) for link in dict.fromkeys(found)]


def check_status(page: ListPage) -> None:
    """Raises UnreadableList where the server did not give the list."""
    if page.status != 200:
        raise UnreadableList(f"the server answered {page.status}")


class Route(Protocol):
    """One way of discovering article URLs."""

    @property
    def name(self) -> str: ...

    @property
    def dates_every_article(self) -> bool:
        """Whether an article that this route does not name for a window was not published in it."""
        ...

    def start(self, window: Window) -> Iterable[str]:
        """The URLs of the first lists to fetch for these days."""
        ...

    def read(self, page: ListPage, window: Window) -> Iterable[DiscoveredUrl | Follow]:
        """What a list holds; further lists as `Follow`. Raises UnreadableList."""
        ...
