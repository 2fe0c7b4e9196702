"""From captures to stored results: the steps that the live crawl, recovery, rebuild and verification share.

resolve (a revisit gets its payload) -> classify (an article, or the reason why there is none) -> store (payload index,
then rows, in batches) or compare (`crawler.ingest.comparison`). `Pipeline` takes the captures of one process, as the
crawl's worker reads them; `run_tasks` has an executor's workers classify the captures of files, and stores their
results.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from crawler.extraction.refusals import RefusalReason
from crawler.ingest.classify import Extract, Extractor, classify
from crawler.ingest.executor import Executor
from crawler.ingest.memento import original_url
from crawler.ingest.messages import CaptureInput, Problem, RangeTask, RevisitTask, TaskResult
from crawler.ingest.pending_revisits import PendingRevisits
from crawler.ingest.report import IngestReport
from storage.corpus.read.captures import StoredCapture
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.erasure import NOTHING_ERASED, ErasedKeys
from storage.corpus.write.identity import article_id
from storage.corpus.write.store import Store
from storage.warc.digest import canonical_digest
from storage.warc.http.capture import Capture
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.read.source import is_remote

#: Captures a transaction: large enough to be cheap, small enough that a kill loses seconds of work.
BATCH = 200
#: Revisits a task.
REVISITS = 50
#: Outcomes after which a conditional request may name the capture.
_VALIDATED = (Outcome.ARTICLE, Outcome.DISCOVERY, Outcome.ROBOTS, Outcome.REQUISITE)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Classifies captures. folder: the absolute folder of the collection's WARC files. extractor, extract, any_page,
    crawl: as `classify` has them.
    """

    folder: Path
    extractor: Extractor
    extract: Extract | None = None
    any_page: bool = False
    crawl: int | None = None

    def add(self, item: CaptureInput, resolved: Capture | None, part: TaskResult) -> CaptureResult:
        """Add to `part` the result of a capture, and its entry of the payload index. resolved: the capture with its
        payload, None for a revisit without its original.
        """
        capture = item.capture
        result = classify(
            capture,
            resolved=resolved,
            crawl=self.crawl,
            claims=item.claims,
            any_page=self.any_page,
            extractor=self.extractor,
            extract=self.extract,
        )
        part.results.append(result)
        if resolved is not None:
            part.indexed.append(_index_entry(capture, resolved, result, self._location(item)))
        return result

    def _location(self, item: CaptureInput) -> RecordLocation:
        is_own = not is_remote(item.place) and Path(item.place).parent == self.folder
        return RecordLocation(item.capture.ref.file if is_own else item.place, item.capture.ref.offset)


def _index_entry(
    capture: Capture, resolved: Capture, result: CaptureResult, location: RecordLocation
) -> IndexedCapture:
    is_whole = resolved.truncated is None and len(resolved.payload) > 0
    has_validator = bool(capture.header("etag") or capture.header("last-modified"))
    return IndexedCapture(
        location,
        capture.captured_at,
        digest=capture.payload_digest if is_whole and capture.record_type == "response" and capture.status else None,
        url=capture.url if capture.status == 200 else None,
        is_validator=is_whole and has_validator and result.outcome in _VALIDATED,
        declared_digest=canonical_digest(capture.declared_digest) if is_whole else None,
    )


def refuse_erased(part: TaskResult, erased: ErasedKeys) -> None:
    """Make refusals of the results of URLs and articles that were erased; they keep nothing of the page."""
    if erased.digests:
        part.results = [_refused(result) if _is_erased(result, erased) else result for result in part.results]


def _is_erased(result: CaptureResult, erased: ErasedKeys) -> bool:
    if any(erased.has_url(url) for url in (result.url, original_url(result.url), result.asked_url)):
        return True
    return result.article is not None and erased.has_article(article_id(result.article, result.url))


def _refused(result: CaptureResult) -> CaptureResult:
    reason = RefusalReason.ERASED.value
    return replace(result, outcome=Outcome.REFUSED, reason=reason, detail=None, article=None, agreement=None)


class ResultSink(Protocol):
    """Takes results, to store them or to compare them with what is stored."""

    def add(self, part: TaskResult) -> None: ...

    def finish(self) -> None:
        """Called when no more results come, for now."""


class ResultWriter:
    """Stores results: in the payload index, then, in batches of one transaction, as rows.

    before_save: called before each transaction; there a crawl has its WARC bytes confirmed by the disk.
    """

    def __init__(self, store: Store, index: PayloadIndex, before_save: Callable[[], None] = lambda: None) -> None:
        self._store, self._index, self._before_save = store, index, before_save
        self._results: list[CaptureResult] = []
        self._indexed: list[IndexedCapture] = []

    def add(self, part: TaskResult) -> None:
        self._results += part.results
        self._indexed += part.indexed
        if len(self._results) >= BATCH:
            self.finish()

    def finish(self) -> None:
        """Store the batch. Raises CorpusError, and the batch can be stored again."""
        if not self._results:
            return
        self._before_save()
        self._index.put(self._indexed)
        self._indexed = []
        self._store.save(self._results)
        self._results = []


class Pipeline:
    """Resolves, classifies and stores captures in the order in which they come. on_result: called with each result.
    erased: what is refused.
    """

    def __init__(
        self,
        classifier: Classifier,
        resolver: RevisitResolver,
        sink: ResultSink,
        on_result: Callable[[CaptureResult], object],
        erased: ErasedKeys = NOTHING_ERASED,
    ) -> None:
        self._erased = erased
        self._classifier, self._resolver, self._sink, self._on_result = classifier, resolver, sink, on_result
        self._pending = PendingRevisits()

    def add(self, item: CaptureInput) -> None:
        """A revisit whose original is not known is pending until `finish`, since that may come in a later file."""
        resolved = self._resolver.resolve(item.capture)
        if resolved is None:
            self._pending.add([item])
        else:
            self._classify(item, resolved)

    def flush(self) -> bool:
        """Store all results so far; whether these are of all captures so far. Raises CorpusError."""
        self._sink.finish()
        return not self._pending

    def finish(self) -> None:
        """Store the rest, with revisits without their originals. Raises CorpusError."""
        self.flush()
        for item in self._pending.drain():
            self._classify(item, self._resolver.resolve(item.capture))
        self.flush()

    def _classify(self, item: CaptureInput, resolved: Capture | None) -> None:
        part = TaskResult()
        self._classifier.add(item, resolved, part)
        refuse_erased(part, self._erased)
        self._on_result(part.results[0])
        self._sink.add(part)


def run_tasks(
    executor: Executor,
    ranges: Iterator[RangeTask],
    index: PayloadIndex,
    sink: ResultSink,
    report: IngestReport,
    on_problem: Callable[[Problem], None] = lambda _: None,
    on_progress: Callable[[IngestReport], None] = lambda _: None,
    erased: ErasedKeys = NOTHING_ERASED,
) -> None:
    """Have the captures of ranges classified, then the revisits among them; results go to the report and the sink.

    erased: what is refused. on_problem: called with each problem, and each capture without an article; on_progress:
    after each part. Raises CorpusError, ExecutorError; what was stored stays.
    """
    with closing(PendingRevisits()) as pending:
        for tasks in (ranges, _revisit_tasks(pending, index, report)):
            try:
                for part in executor.results(tasks):
                    refuse_erased(part, erased)
                    for problem in report.add(part):
                        on_problem(problem)
                    pending.add(part.pending)
                    sink.add(part)
                    on_progress(report)
            finally:
                sink.finish()


def _revisit_tasks(pending: PendingRevisits, index: PayloadIndex, report: IngestReport) -> Iterator[RevisitTask]:
    """The pending revisits with the locations of their payloads. Where some range was not read, revisits without a
    location are left to the next run: the original may lie there.
    """
    drained = pending.drain()
    while revisits := list(islice(drained, REVISITS)):
        digests = {canonical_digest(item.capture.payload_digest) for item in revisits}
        holders = {digest: index.locations(digest) for digest in digests if digest}
        if report.is_incomplete:
            revisits = [item for item in revisits if holders.get(canonical_digest(item.capture.payload_digest) or "")]
        if revisits:
            yield RevisitTask(revisits, holders)


def known_records(processed: Mapping[tuple[int, str], StoredCapture]) -> KnownRecords:
    """The records of captures that have results, for a `RangeTask`."""
    lengths = {offset: capture.length for (offset, _), capture in processed.items() if capture.length}
    return KnownRecords(lengths, frozenset(place for place, capture in processed.items() if not capture.length))
