"""Counts of a crawl, for its row, the command crawl, and progress; filled by the session and its worker client."""

from collections import Counter
from typing import Any, NamedTuple, Protocol, Self

from scrapy.crawler import Crawler

from crawler.discovery.list_queue import ListQueue
from crawler.discovery.route import Window
from crawler.discovery.selection import Selection
from storage.corpus.write.capture_result import CaptureResult, Outcome


class ReportedSpider(Protocol):
    """A spider with what the session and the report use of it."""

    #: The web archive that captures are imported from; None for a crawl of the site.
    archive: str | None
    urls: list[str]
    window: Window
    selection: Selection
    lists: ListQueue
    all_routes_broke: bool
    requisite_counts: Counter[str] | None


def spider_name(crawler: Crawler) -> str:
    """The name of the site that is crawled: its spider's."""
    return crawler.spider.name if crawler.spider is not None else crawler.spidercls.name


class CaptureOutcome(NamedTuple):
    """The outcome of a capture; article_url: None where it is of no article, has no URL or is a redirect."""

    outcome: str
    article_url: str | None
    reason: str

    @classmethod
    def of(cls, result: CaptureResult) -> Self:
        article_url = None if result.outcome is Outcome.REDIRECT else result.asked_url
        return cls(result.outcome.value, article_url, result.reason or result.outcome.value)


class OutcomeCounts:
    """captures: by outcome. articles: the reason or outcome of the last capture of each article URL."""

    def __init__(self) -> None:
        self.captures: Counter[str] = Counter()
        self.articles: dict[str, str] = {}

    def add(self, outcome: CaptureOutcome) -> None:
        self.captures[outcome.outcome] += 1
        if outcome.article_url is not None:
            self.articles[outcome.article_url] = outcome.reason

    def refusals(self) -> Counter[str]:
        """The reasons of the articles whose last capture was refused."""
        return Counter(reason for reason in self.articles.values() if reason != Outcome.ARTICLE.value)


class CrawlReport:
    """outcome: of the crawl, once it has ended. robots: captures of robots.txt, by authority."""

    def __init__(self, crawler: Crawler, outcomes: OutcomeCounts, robots: dict[str, dict[str, Any]]) -> None:
        self._crawler, self._outcomes, self._robots = crawler, outcomes, robots
        self.spider: ReportedSpider | None = None
        self.broken_routes: list[dict[str, str]] = []
        #: How many URLs of each list were not requested, since `crawler.urls.web_url` or the site's ports refuse them.
        self.bad_urls: Counter[str] = Counter()
        self.failures = 0
        self.outcome: str | None = None
        #: What ended a crawl before its first article, for the user.
        self.problem: str | None = None

    def counts(self) -> dict[str, Any]:
        """What the row of the crawl and `status` have."""
        stats = self._crawler.stats
        requisites = self.spider.requisite_counts if self.spider else None
        return {
            "captures": dict(self._outcomes.captures),
            "refusals": dict(self._outcomes.refusals()),
            "failures": self.failures,
            "errors": stats.get_value("spider_exceptions/count", 0),
            "urls": dict(self.spider.selection.counts) if self.spider else {},
            "lists_not_read": dict(self.spider.lists.refused) if self.spider else {},
            "bad_urls": dict(self.bad_urls.most_common(100)),
            "broken_routes": self.broken_routes,
            "robots": self._robots,
            "requests": stats.get_value("downloader/request_count", 0),
            "response_bytes": stats.get_value("downloader/response_bytes", 0),
        } | ({"requisites": dict(requisites)} if requisites is not None else {})

    @property
    def limit_reached(self) -> int | None:
        """The limit of articles that ended the reading of lists; None where none did."""
        selection = self.spider.selection if self.spider else None
        return selection.limit if selection is not None and selection.limit_reached else None

    @property
    def articles_done(self) -> int:
        """Requested articles that have been captured and classified."""
        return len(self._outcomes.articles)

    @property
    def needs_a_look(self) -> bool:
        """Whether something that was requested has failed."""
        counts = self.counts()
        return any(counts[name] for name in ("failures", "errors", "broken_routes", "refusals"))

    def summary(self) -> str:
        """The captures so far, as text."""
        captures = self._outcomes.captures
        parts = [f"{captures.total()} captures", f"{captures['article']} articles"]
        if requisites := captures[Outcome.REQUISITE.value]:
            parts.append(f"{requisites} requisites")
        parts += [f"{count} {reason}" for reason, count in self._outcomes.refusals().items()]
        return ", ".join([*parts, f"{self.failures} failed"] if self.failures else parts)
