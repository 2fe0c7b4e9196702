"""Which of the URLs that routes find are asked for: those in the window, new or changed, each once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from crawler.discovery.route import Found, Window
from crawler.site import ArticleUrl, Site

#: For URLs in their one spelling, those already captured, with the lastmod they were captured under (None: unknown).
Known = Callable[[Iterable[str]], Mapping[str, str | None]]


class Selection:
    """Decides over finds, in any order, from any number of routes.

    `known` looks up what earlier crawls captured. `counts` says what became of all finds: `asked`, `unchanged`,
    `outside-window`, `over-limit`, `not-an-article-url`.
    """

    def __init__(self, site: Site, window: Window, limit: int | None, known: Known) -> None:
        self.site = site
        self.window = window
        self.limit = limit
        self.known = known
        self.counts: Counter[str] = Counter()
        self._decided: set[str] = set()
        self._undated: dict[str, Found] = {}
        self._asked: set[str] = set()

    def take(self, finds: Iterable[Found]) -> list[Found]:
        """Those of the finds that are to be fetched now. A find whose day nobody knows yet is set aside."""
        candidates: dict[str, tuple[Found, ArticleUrl]] = {}
        for found in finds:
            article = self.site.article_url(found.url)
            if article is None:
                self.counts["not-an-article-url"] += 1
            elif article.canonical_url not in self._decided and self._in_window(found, article):
                self._decided.add(article.canonical_url)
                candidates[article.canonical_url] = (found, article)
        known = self.known(candidates)
        return [
            found
            for key, (found, article) in candidates.items()
            if not self._unchanged(found, key, known) and self._ask(article)
        ]

    def leftover(self, *, all_days_known: bool) -> list[Found]:
        """What no route could date, to be fetched so as to learn its day.

        With `all_days_known` a route has named every article of the window: what it did not name lies outside.
        """
        waiting = [(key, found) for key, found in self._undated.items() if key not in self._decided]
        self._undated.clear()
        self._decided.update(key for key, _ in waiting)
        if all_days_known:
            self.counts["outside-window"] += len(waiting)
            return []
        known = self.known([key for key, _ in waiting])
        articles = [(found, key, self.site.parse_url(key)) for key, found in waiting]
        return [
            found
            for found, key, article in articles
            if article is not None and not self._unchanged(found, key, known) and self._ask(article)
        ]

    def _in_window(self, found: Found, article: ArticleUrl) -> bool:
        if not self.window.bounded:
            return True
        day = article.day or self._local_day(found.published)
        if day is None:
            self._undated.setdefault(article.canonical_url, found)
            return False
        if self.window.has(day):
            return True
        self._decided.add(article.canonical_url)
        self.counts["outside-window"] += 1
        return False

    def _unchanged(self, found: Found, key: str, known: Mapping[str, str | None]) -> bool:
        """Captured before, and no list says that it has changed since."""
        if key not in known:
            return False
        claimed = lastmod_text(found)
        unchanged = claimed is None or claimed == known[key]
        self.counts["unchanged"] += unchanged
        return unchanged

    def _ask(self, article: ArticleUrl) -> bool:
        identity = article.native_id or article.canonical_url
        if identity in self._asked:
            return False
        if self.limit is not None and len(self._asked) >= self.limit:
            self.counts["over-limit"] += 1
            return False
        self._asked.add(identity)
        self.counts["asked"] += 1
        return True

    def _local_day(self, published: date | datetime | None) -> date | None:
        if isinstance(published, datetime):
            return published.astimezone(self.site.timezone).date()
        return published


def lastmod_text(found: Found) -> str | None:
    """The claimed time of the last change as it is kept with the capture, ISO 8601."""
    return found.lastmod.isoformat() if found.lastmod is not None else None
