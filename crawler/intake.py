"""From captures to rows, in batches: what a live crawl, a rebuild and a recovery have in common."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from crawler.judge import judge
from storage.corpus.saved import Outcome, Saved
from storage.corpus.store import Store
from storage.warc.capture import Capture
from storage.warc.reader import read_captures

#: Captures a transaction: large enough to be cheap, small enough that a kill loses seconds of work.
BATCH = 200


class Intake:
    """Judges captures and saves what comes out.

    `before_save` is called before each transaction: there a crawl puts its WARC bytes on the disk first. `outcomes`
    counts what was judged; `articles` has what became of each article URL at its last capture.
    """

    def __init__(self, store: Store, crawl: int | None = None, before_save: Callable[[], None] | None = None) -> None:
        self.store = store
        self.crawl = crawl
        self.outcomes: Counter[str] = Counter()
        self.articles: dict[str, str] = {}
        self._before_save = before_save
        self._batch: list[Saved] = []

    def take(self, capture: Capture, lastmod: str | None = None) -> Saved:
        """What became of the capture; its rows follow with the batch."""
        saved = judge(capture, crawl=self.crawl, lastmod=lastmod)
        self._batch.append(saved)
        self.outcomes[saved.outcome.value] += 1
        if saved.asked_url is not None and saved.outcome is not Outcome.REDIRECT:
            self.articles[saved.asked_url] = saved.reason or saved.outcome.value
        if len(self._batch) >= BATCH:
            self.flush()
        return saved

    def refused(self) -> Counter[str]:
        """The reasons of the articles that were refused at their last capture."""
        return Counter(became for became in self.articles.values() if became != Outcome.ARTICLE.value)

    def flush(self) -> None:
        """Saves the batch in one transaction. Raises DatabaseProblem; the batch is then still there."""
        if not self._batch:
            return
        if self._before_save is not None:
            self._before_save()
        self.store.save(self._batch)
        self._batch = []


def take_missing(store: Store, files: Iterable[Path]) -> int:
    """Brings the rows up to date with WARC files: the captures that have none are judged and saved. Their number."""
    intake = Intake(store)
    for path in files:
        there = store.captures_in(path.name)
        for capture in read_captures(path):
            if capture.ref.offset not in there:
                intake.take(capture)
    intake.flush()
    return intake.outcomes.total()
