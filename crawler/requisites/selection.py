"""Which requisites a crawl requests: each URL once, within limits, and not those that the collection has of late."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy.settings import BaseSettings

from crawler.exceptions import RequestSkipped
from crawler.fetching.contact import leaves_machine
from crawler.requisites.requisite import Requisite
from crawler.site import Site
from crawler.urls import host_of, port_of, web_url
from storage.exceptions import InvalidUrl

#: Whether the collection has a capture of a URL since a moment.
CapturedSince = Callable[[str, datetime], bool]


@dataclass(frozen=True, slots=True)
class RequisiteLimits:
    """bytes: of one file. per_page: requisites of one page, and of one style sheet. hosts: other than the site's, in a
    crawl. days: age at which a captured one is requested again. wall: refusals in a row after which a host is left.
    has_contact: without, no host outside of this machine is asked."""

    bytes: int
    per_page: int
    hosts: int
    days: float
    wall: int
    has_contact: bool

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        return cls(
            bytes=settings.getint("EMEROTECA_REQUISITES_BYTES"),
            per_page=settings.getint("EMEROTECA_REQUISITES_PER_PAGE"),
            hosts=settings.getint("EMEROTECA_REQUISITES_HOSTS"),
            days=settings.getfloat("EMEROTECA_REQUISITES_DAYS"),
            wall=settings.getint("EMEROTECA_WALL"),
            has_contact=bool(settings["EMEROTECA_CONTACT"]),
        )


class RequisiteSelection:
    """The selection of one crawl. counts: requisites by what became of them: `requested`, `known` (captured of late),
    `captured`, `http-404` and the like, or the reason why they were not requested."""

    def __init__(self, site: Site, limits: RequisiteLimits, captured_since: CapturedSince) -> None:
        self.limits = limits
        self.counts: Counter[str] = Counter()
        self._site = site
        self._captured_since = captured_since
        self._oldest = datetime.now(UTC) - timedelta(days=limits.days)
        self._ports = {80, 443, *site.ports}
        self._hosts: set[str] = set()
        self._seen: set[int] = set()
        self._refusals: Counter[str] = Counter()

    def select(self, found: Iterable[Requisite]) -> Iterator[tuple[Requisite, bool]]:
        """Those of a page, or of a style sheet, that this crawl has not seen, each with whether the collection has it
        of late, so that it is not to be requested."""
        for number, one in enumerate(found):
            if hash(one.url) in self._seen:
                continue
            if number >= self.limits.per_page:
                self.counts["page-limit"] += 1
                continue
            self._seen.add(hash(one.url))
            if (reason := self._refusal(one.url)) is not None:
                self.counts[reason] += 1
                continue
            is_known = self._captured_since(one.url, self._oldest)
            self.counts["known" if is_known else "requested"] += 1
            yield one, is_known

    def check(self, url: str) -> None:
        """Raises RequestSkipped where the URL may not be requested: for a requisite, or as the target of its
        redirect."""
        if (reason := self._refusal(url)) is not None:
            raise RequestSkipped(reason, f"{url} is not requested as a requisite: {reason}")

    def answered(self, url: str, status: int) -> None:
        """Count an answer; a host that refuses too many in a row is asked for no more requisites."""
        host = host_of(url)
        self._refusals[host] = self._refusals[host] + 1 if status in {401, 403, 451} else 0
        self.counts["captured" if status == 200 else f"http-{status}"] += 1

    def _refusal(self, url: str) -> str | None:
        host = host_of(url)
        try:
            if web_url(url) != url or port_of(url) not in self._ports:
                return "bad-url"
        except InvalidUrl:
            return "bad-url"
        if self.limits.wall and self._refusals[host] >= self.limits.wall:
            return "blocked"
        if self._site.owns(url) or host in self._hosts:
            return None
        if not self.limits.has_contact and leaves_machine(host):
            return "no-contact"
        if len(self._hosts) >= self.limits.hosts:
            return "host-limit"
        self._hosts.add(host)
        return None
