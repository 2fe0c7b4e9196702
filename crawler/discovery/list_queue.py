"""Decides which lists a crawl fetches: each once, of the site's hosts, no traps, up to MAX_LISTS."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from crawler.discovery.route import DiscoveredUrl
from crawler.discovery.traps import list_trap, without_session
from crawler.site import Site

#: ListQueue of one route in one crawl. A daily newspaper has had 15,000 days since the web began.
MAX_LISTS: Final = 20_000


class ListQueue:
    """The lists of one crawl. `refused` counts those that were not fetched, by reason: `bad-url`, `offsite`,
    `too-many-lists`, `nothing-new`, `over-limit`, `rehearsed`, `robots`, or the name of a trap. `done`: those that were
    read, or did not come."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pending = self.done = 0
        self.refused: Counter[str] = Counter()
        self._seen: set[tuple[str, str]] = set()
        self._count: Counter[str] = Counter()
        self._found: defaultdict[str, set[str]] = defaultdict(set)

    def take(self, route: str, urls: Iterable[str]) -> Iterator[str]:
        """The URLs that are to be fetched now, without session ids; each is under way until `list_done`."""
        today = datetime.now(self.site.timezone).date()
        for named in urls:
            is_own = self.site.owns(named)
            url = without_session(named) if is_own else named
            if (route, url) in self._seen:
                continue
            self._seen.add((route, url))
            reason = list_trap(url, today) if is_own else "offsite"
            if reason is None and self._count[route] >= MAX_LISTS:
                reason = "too-many-lists"
            if reason is not None:
                self.refused[reason] += 1
                continue
            self._count[route] += 1
            self.pending += 1
            yield url

    def list_done(self) -> None:
        """A list that was under way is read, or will not come."""
        self.pending -= 1
        self.done += 1

    def leave_out(self, count: int, reason: str) -> None:
        """So many lists that `take` gave will not be requested."""
        self.pending -= count
        if count:
            self.refused[reason] += count

    def count_new(self, route: str, finds: Iterable[DiscoveredUrl]) -> int:
        """How many of the URLs no list of the route has named before: none means that paging goes in circles."""
        fresh = {found.url for found in finds} - self._found[route]
        self._found[route] |= fresh
        return len(fresh)
