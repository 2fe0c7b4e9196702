"""Fetches the answers that a survey reads, each once; an answer is a capture by then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

from crawler.capture.network_errors import NetworkReason
from crawler.discovery.route import ListPage
from crawler.exceptions import RequestSkipped
from crawler.survey import failures
from crawler.survey.answers import SitemapUrls, read_sitemap
from crawler.survey.scope import is_in_domain
from crawler.urls import same_family
from storage.exceptions import EmerotecaError, SurveyFailed

#: Gives the answer for a URL. Raises RequestSkipped, or whatever the network does.
Fetch = Callable[[str], Awaitable[ListPage]]

#: Failures of a host's network after which a survey leaves it alone; the address's own host may fail more often.
_FAILURES: Final = 1
_FAILURES_OF_OWN: Final = 3


@dataclass(slots=True)
class ListFetcher:
    """The answers for the site of the address `start`."""

    start: str
    fetch: Fetch
    _answers: dict[str, ListPage | None] = field(default_factory=dict)
    _failures: dict[tuple[str, str], int] = field(default_factory=dict)
    _scheme: str = "https"

    async def first(self) -> ListPage:
        """The answer for the address itself. Raises SurveyFailed."""
        try:
            page = await self.fetch(self.start)
        except RequestSkipped as skipped:
            raise SurveyFailed(failures.of_skipped(self.start, skipped)) from None
        except EmerotecaError:
            raise
        except Exception as problem:  # of the network, in the words of Twisted and Scrapy
            raise SurveyFailed(failures.of_network(self.start, problem)) from None
        if not is_in_domain(page.url, self.start):
            raise SurveyFailed(f"{self.start} leads to another site: crawl {page.url} if that is the one")
        if page.status != 200:
            raise SurveyFailed(failures.of_status(self.start, page.status))
        self._answers[self.start] = self._answers[page.url] = page
        self._scheme = urlsplit(page.url).scheme
        return page

    async def get(self, url: str) -> ListPage | None:
        """The answer for a further list or page of the site; None where there is none."""
        url = self._reachable(url)
        if url not in self._answers:
            self._answers[url] = await self._fetched(url)
        return self._answers[url]

    async def sitemap(self, url: str, *, takes_all: bool = False) -> SitemapUrls | None:
        """What a sitemap names; None where there is none. Its bytes, which may be many, are not kept.

        takes_all: no child is left out by its name.
        """
        answer = await self.get(url)
        found = read_sitemap(answer, takes_all=takes_all) if answer is not None else None
        if found is not None and answer is not None:
            self._answers[self._reachable(url)] = replace(answer, body=b"")
        return found

    async def _fetched(self, url: str) -> ListPage | None:
        place = (urlsplit(url).scheme, urlsplit(url).netloc)
        is_own = same_family(url, self.start)
        if self._failures.get(place, 0) >= (_FAILURES_OF_OWN if is_own else _FAILURES):
            return None
        try:
            page = await self.fetch(url)
        except Exception as problem:  # of the network, of robots.txt: one list of many
            if not isinstance(problem, EmerotecaError) or _is_of_network(problem):
                self._failures[place] = self._failures.get(place, 0) + 1
            return None
        return page if page.status == 200 and is_in_domain(page.url, self.start) else None

    def _reachable(self, url: str) -> str:
        """The URL; of the address's own host with the scheme that was seen to answer."""
        parts = urlsplit(url)
        is_own = same_family(url, self.start) and parts.port is None
        return parts._replace(scheme=self._scheme).geturl() if is_own else url


def _is_of_network(problem: Exception) -> bool:
    return isinstance(problem, RequestSkipped) and problem.reason in set(NetworkReason)
