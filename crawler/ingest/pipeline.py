"""From captures to rows, in batches: what a live crawl, a rebuild and a recovery have in common."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from crawler.ingest.capture_metadata import DiscoveryMetadata
from crawler.ingest.classify import classify, extract_article
from crawler.ingest.pending_revisits import PendingRevisit, PendingRevisits
from storage.article import Article
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.warc.digest import canonical_digest
from storage.warc.http.capture import Capture
from storage.warc.read.payload_index import IndexedCapture, RecordLocation
from storage.warc.read.reader import as_capture, read_records
from storage.warc.read.revisit_resolver import RevisitResolver

#: Captures a transaction: large enough to be cheap, small enough that a kill loses seconds of work.
BATCH = 200

#: Outcomes after which a server may be asked whether the URL still is as it was captured.
_SETTLED = (Outcome.ARTICLE, Outcome.DISCOVERY, Outcome.ROBOTS)


class CaptureOutcome(NamedTuple):
    """What became of a capture; of one that is no article's, without a URL, and of a redirect too."""

    outcome: str
    article_url: str | None
    reason: str


class OutcomeCounts:
    """Counts what was judged: `outcomes`, and in `articles` what became of each article URL at its last capture."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.articles: dict[str, str] = {}

    def note(self, judged: CaptureOutcome) -> None:
        self.outcomes[judged.outcome] += 1
        if judged.article_url is not None:
            self.articles[judged.article_url] = judged.reason

    def refused(self) -> Counter[str]:
        """The reasons of the articles that were refused at their last capture."""
        return Counter(became for became in self.articles.values() if became != Outcome.ARTICLE.value)


class Pipeline:
    """Judges captures and saves what comes out.

    `originals` finds the payloads of revisits, and its index is told of every capture. `before_save` is called before
    each transaction: there a crawl puts its WARC bytes on the disk first. `judged` is told what became of each. `read`
    reads a capture, as `classify` has it.
    """

    def __init__(
        self,
        store: Store,
        originals: RevisitResolver,
        crawl: int | None = None,
        before_save: Callable[[], None] | None = None,
        judged: Callable[[CaptureOutcome], None] = lambda _: None,
        *,
        read: Callable[[Capture], Article] = extract_article,
    ) -> None:
        self.store = store
        self.crawl = crawl
        self._judged = judged
        self._read = read
        self._originals = originals
        self._before_save = before_save
        self._batch: list[CaptureResult] = []
        self._kept: list[IndexedCapture] = []
        self._waiting = PendingRevisits()

    def take(self, capture: Capture, file: Path, lastmod: str | None = None) -> None:
        """Judge a capture of a file; its rows follow with the batch.

        A revisit whose original is not known waits for `finish`, since the original may come in a later file.
        """
        shown = self._originals.resolve(capture)
        if shown is None:
            self._waiting.add([PendingRevisit(capture, str(file), lastmod)])
        else:
            self._judge(capture, shown, file, lastmod)

    def _judge(self, capture: Capture, shown: Capture | None, file: Path, lastmod: str | None) -> None:
        saved = classify(capture, shown=shown, crawl=self.crawl, lastmod=lastmod, read=self._read)
        self._batch.append(saved)
        if shown is not None:
            self._kept.append(payload_entry(capture, shown, saved, self._originals.location_of(file, capture)))
        outcome = saved.outcome.value
        self._judged(
            CaptureOutcome(
                outcome, None if saved.outcome is Outcome.REDIRECT else saved.asked_url, saved.reason or outcome
            )
        )
        if len(self._batch) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Saves the batch in one transaction. Raises CorpusError; the batch is then still there."""
        if not self._batch:
            return
        if self._before_save is not None:
            self._before_save()
        self._originals.index.put(self._kept)
        self._kept = []
        self.store.save(self._batch)
        self._batch = []

    def settled(self) -> bool:
        """Save what can be saved; whether that is everything taken so far. Raises CorpusError."""
        self.flush()
        return not self._waiting

    def finish(self) -> None:
        """Save what is left, revisits with and without their originals too. Raises CorpusError."""
        self.flush()
        for held in self._waiting.drain():
            self._judge(held.capture, self._originals.resolve(held.capture), Path(held.place), held.lastmod)
        self.flush()


def payload_entry(capture: Capture, shown: Capture, saved: CaptureResult, place: RecordLocation) -> IndexedCapture:
    """What the index of payloads is told of a capture; shown: itself, or a revisit with its payload."""
    whole = shown.truncated is None and len(shown.payload) > 0
    has_validator = bool(capture.header("etag") or capture.header("last-modified"))
    return IndexedCapture(
        place,
        capture.captured_at,
        digest=capture.payload_digest if whole and capture.record_type == "response" and capture.status else None,
        url=capture.url if capture.status == 200 else None,
        is_validator=whole and has_validator and saved.outcome in _SETTLED,
        declared_digest=canonical_digest(capture.declared_digest) if whole else None,
    )


def ingest_missing_captures(
    store: Store,
    originals: RevisitResolver,
    files: Iterable[Path],
    read: Callable[[Capture], Article] = extract_article,
) -> int:
    """Brings the rows up to date with WARC files: the captures that have none are judged and saved. Their number."""
    tally = OutcomeCounts()
    intake = Pipeline(store, originals, judged=tally.note, read=read)
    for path in files:
        there = store.captures_in(path.name)
        for record, lastmod in DiscoveryMetadata().pairs(read_records(path)):
            capture = as_capture(record, path.name) if (record.offset, record.record_id) not in there else None
            if capture is not None:
                intake.take(capture, path, lastmod)
    intake.finish()
    return tally.outcomes.total()
