"""The losses of a site: of each day the articles that any index, list or link names, against those recovered.

An article is known by its native id or canonical URL, whatever the era, host or variant of its URL. Its day is that of
its URL, else of its publication, else the one that a list claims, else of its first capture in any archive.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crawler.operations.coverage import DayCoverage
from crawler.site import ArticleUrl, Site
from crawler.urls import web_url
from storage.corpus.db.database import Database
from storage.corpus.read.archive_ledger import indexed_articles, linked_urls, recovered_articles
from storage.corpus.read.discoveries import discovered
from storage.corpus.write.identity import digest_key
from storage.exceptions import InvalidUrl

#: How the captures of the site itself are called among the sources.
ITSELF = "the site"


@dataclass(slots=True)
class MonthLoss:
    """A month (`2022-02`; `unknown`): how many articles are known, how many recovered, from which sources, and the URLs
    of those that no source has."""

    month: str
    known: int = 0
    recovered: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        counts = {"month": self.month, "known": self.known, "recovered": self.recovered}
        return counts | {"sources": dict(sorted(self.sources.items())), "lost": len(self.lost), "lost_urls": self.lost}


@dataclass(slots=True)
class _Article:
    url: str
    day: date | None = None
    is_recovered: bool = False
    sources: tuple[str, ...] = ()
    #: Days that a list claims and of the first capture in an archive, where no better one is known.
    claimed: date | None = None
    indexed: date | None = None

    @property
    def best_day(self) -> date | None:
        return self.day or self.claimed or self.indexed


@dataclass(slots=True)
class LossReport:
    """The articles of a site that are known from anywhere, by month and by day."""

    site: str
    months: list[MonthLoss]
    days: list[DayCoverage]

    def as_json(self) -> dict[str, Any]:
        known, recovered = (sum(getattr(one, name) for one in self.months) for name in ("known", "recovered"))
        totals = {"site": self.site, "known": known, "recovered": recovered, "lost": known - recovered}
        return totals | {"months": [one.as_json() for one in self.months]}


def loss_report(database: Database, site: Site) -> LossReport:
    """The report of a site. Raises CorpusError."""
    articles = _articles(database, site)
    months: dict[str, MonthLoss] = {}
    days: defaultdict[date | None, DayCoverage] = defaultdict(lambda: DayCoverage(None))
    for article in articles:
        day = article.best_day
        name = f"{day:%Y-%m}" if day else "unknown"
        month = months.setdefault(name, MonthLoss(name))
        of_day = days[day]
        of_day.day = day
        month.known, of_day.known = month.known + 1, of_day.known + 1
        if article.is_recovered:
            month.recovered, of_day.extracted = month.recovered + 1, of_day.extracted + 1
            month.sources.update(article.sources)
        else:
            month.lost.append(article.url)
            of_day.missing_urls.append(article.url)
    ordered = sorted(days.values(), key=lambda one: (one.day is None, one.day or date.min))
    return LossReport(site.name, [months[name] for name in sorted(months)], ordered)


def _articles(database: Database, site: Site) -> Iterable[_Article]:
    found: dict[int, _Article] = {}
    for recovered in recovered_articles(database, site.name):
        sources = tuple(source or ITSELF for source in recovered.sources)
        url = recovered.canonical_url or ""
        key = _key(site, url) or digest_key(recovered.native_id or url)
        found[key] = _Article(url, recovered.published_date, is_recovered=True, sources=sources)
    for url, first in indexed_articles(database, site.name):
        for article in _known(found, site, url):
            article.indexed = min(filter(None, (article.indexed, first.date())))
    for summary in discovered(database, site.name):
        for article in _known(found, site, summary.url):
            article.claimed = article.claimed or summary.day
    for url in linked_urls(database, site.name):
        list(_known(found, site, url))
    return found.values()


def _known(found: dict[int, _Article], site: Site, url: str) -> Iterator[_Article]:
    """The article of a URL, which is known from now on; none where the URL is of no article."""
    address = _address(site, url)
    if address is None:
        return
    article = found.setdefault(digest_key(address.native_id or address.canonical_url), _Article(address.canonical_url))
    article.day = article.day or address.day
    yield article


def _address(site: Site, url: str) -> ArticleUrl | None:
    try:
        return site.article_url(web_url(url))
    except InvalidUrl:
        return None


def _key(site: Site, url: str) -> int | None:
    """The key of an article by its URL, as those of lists and indexes have it."""
    address = _address(site, url)
    return digest_key(address.native_id or address.canonical_url) if address else None
