"""Selects the discovered URLs that a crawl requests: in its window, new or changed, each once. Used by the spider."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime

from crawler.discovery.route import DiscoveredUrl, Window
from crawler.discovery.traps import trap
from crawler.site import ArticleUrl, Site
from storage.corpus.read.discoveries import DiscoveryClaim
from storage.corpus.write.store import LastCapture

#: Of URLs in their one spelling, those captured before and when.
Known = Callable[[Iterable[str]], Mapping[str, LastCapture]]

#: Refusals that say nothing lasting of the article: the next crawl asks again.
WORTH_ANOTHER_TRY = frozenset(
    {"http-error", "truncated", "empty-body", "undecodable", "access-denied", "error-page", "original-missing"}
)


class Selection:
    """Decides over finds, in any order, from any number of routes.

    `known` looks up what earlier crawls captured. `counts` says what became of all finds: `asked`, `again` (of those
    asked, by age alone), `unchanged`, `outside-window`, `over-limit`, `bad-url`, `not-an-article-url`, `erased` (taken
    down on demand, never requested again: `is_erased`), or the name of a trap.
    """

    def __init__(
        self,
        site: Site,
        window: Window,
        limit: int | None,
        known: Known,
        is_erased: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.is_erased = is_erased
        self.site = site
        self.window = window
        self.limit = limit
        self.known = known
        self.counts: Counter[str] = Counter()
        self._decided: set[str] = set()
        self._undated: dict[str, tuple[DiscoveredUrl, ArticleUrl]] = {}
        self._asked: set[str] = set()

    def select(self, finds: Iterable[DiscoveredUrl]) -> list[DiscoveredUrl]:
        """Those of the finds that are to be fetched now. A find whose day nobody knows yet is set aside."""
        candidates: dict[str, tuple[DiscoveredUrl, ArticleUrl]] = {}
        for found in finds:
            article = self.site.article_url(found.url)
            if article is None:
                self.counts["not-an-article-url"] += 1
            elif (trapped := trap(found.url)) is not None:
                self.counts[trapped] += 1
            elif self.is_erased(article.canonical_url):
                self.counts["erased"] += 1
            elif article.canonical_url not in self._decided and self._in_window(found, article):
                candidates.setdefault(article.canonical_url, (found, article))
        return self._to_request(candidates)

    def claims(self, finds: Iterable[DiscoveredUrl]) -> list[DiscoveryClaim]:
        """The finds that are articles' URLs, as they are kept for `coverage`."""
        named = []
        for found in finds:
            article = self.site.article_url(found.url)
            if article is not None and not self.is_erased(article.canonical_url):
                named.append(
                    DiscoveryClaim(
                        url=article.canonical_url,
                        route=found.route,
                        day=article.day or self._local_day(found.published),
                        published=found.published.isoformat() if found.published else None,
                        lastmod=lastmod_text(found),
                        via=found.via,
                        refused=trap(found.url),
                    )
                )
        return named

    @property
    def limit_reached(self) -> bool:
        """Whether the limit is reached, so that no further list need be read."""
        return self.limit is not None and len(self._asked) >= self.limit

    def undated(self, *, all_days_known: bool) -> list[DiscoveredUrl]:
        """What no route could date, to be fetched so as to learn its day.

        With `all_days_known` a route has named every article of the window: what it did not name lies outside.
        """
        waiting, self._undated = self._undated, {}
        candidates = {key: pair for key, pair in waiting.items() if key not in self._decided}
        if all_days_known:
            self._decided.update(candidates)
            self.counts["outside-window"] += len(candidates)
            return []
        return self._to_request(candidates)

    def revisits(self, finds: Iterable[DiscoveredUrl]) -> list[DiscoveredUrl]:
        """Of known articles, those in the window that this crawl has not asked for yet."""
        wanted = []
        for found in finds:
            article = self.site.article_url(found.url)
            if article is not None and self._is_of_window(found, article) and self._ask(article):
                self.counts["again"] += 1
                wanted.append(found)
        return wanted

    def _is_of_window(self, found: DiscoveredUrl, article: ArticleUrl) -> bool:
        day = article.day or self._local_day(found.published)
        return not self.window.bounded or (day is not None and self.window.has(day))

    def _to_request(self, candidates: Mapping[str, tuple[DiscoveredUrl, ArticleUrl]]) -> list[DiscoveredUrl]:
        known = self.known(candidates)
        wanted = []
        for key, (found, article) in candidates.items():
            seen = known.get(key)
            settled = seen is not None and seen.reason not in WORTH_ANOTHER_TRY
            if settled and found.lastmod is None:
                continue  # a later route may know when it last changed
            self._decided.add(key)
            if settled and seen is not None and not changed(found.lastmod, seen):
                self.counts["unchanged"] += 1
            elif self._ask(article):
                wanted.append(found)
        return wanted

    def _in_window(self, found: DiscoveredUrl, article: ArticleUrl) -> bool:
        if not self.window.bounded:
            return True
        day = article.day or self._local_day(found.published)
        if day is None:
            self._undated.setdefault(article.canonical_url, (found, article))
            return False
        if self.window.has(day):
            return True
        self._decided.add(article.canonical_url)
        self.counts["outside-window"] += 1
        return False

    def _ask(self, article: ArticleUrl) -> bool:
        identity = article.native_id or article.canonical_url
        if identity in self._asked:
            return False
        if self.limit_reached:
            self.counts["over-limit"] += 1
            return False
        self._asked.add(identity)
        self.counts["asked"] += 1
        return True

    def _local_day(self, published: date | datetime | None) -> date | None:
        if isinstance(published, datetime):
            return published.astimezone(self.site.timezone).date()
        return published


def changed(claimed: date | datetime | None, seen: LastCapture) -> bool:
    """Whether the claimed last change is another than the one of the last capture, or later than that capture."""
    if claimed is None:
        return False
    if seen.lastmod is None:
        return _moment(claimed) > seen.captured_at
    then = _claim(seen.lastmod)
    if isinstance(claimed, datetime) and isinstance(then, datetime):
        return claimed != then
    return _moment(claimed).date() != _moment(then).date()


def lastmod_text(found: DiscoveredUrl) -> str | None:
    """The claimed time of the last change as it is kept with the capture, ISO 8601."""
    return found.lastmod.isoformat() if found.lastmod is not None else None


def _claim(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _moment(claim: date | datetime) -> datetime:
    return claim if isinstance(claim, datetime) else datetime(claim.year, claim.month, claim.day, tzinfo=UTC)
