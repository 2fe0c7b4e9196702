"""Does the tasks of an executor in its process: reads the captures of a range, classifies them, gives their results."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from crawler.ingest.article_cache import ArticleCache
from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.capture_metadata import Claims, DiscoveryMetadata
from crawler.ingest.classify import MACHINE_ERRORS, Extract, Extractor
from crawler.ingest.messages import CaptureInput, Problem, RangeTask, RevisitTask, Task, TaskResult
from crawler.ingest.pipeline import Classifier
from storage.warc.http.capture import Capture
from storage.warc.read.range_reader import RangeReader
from storage.warc.read.reader import as_capture, why_no_capture
from storage.warc.read.record import Headers, Record
from storage.warc.read.revisit_resolver import PayloadReader
from storage.warc.read.source import open_source

#: Results of a part, and seconds after which a part has fewer.
PART, PATIENCE = 50, 1.0
SAME_RECORD_ID = "the record before, in the same gzip member, has the same WARC-Record-ID or none: only one is taken"


class ExtractionWorker:
    """Does one task after the other. folder: of the collection's WARC files. extractor, extract: as `classify` has
    them.
    """

    def __init__(
        self, folder: Path, capture_filter: CaptureFilter, extractor: Extractor, extract: Extract | None = None
    ) -> None:
        self._payloads = PayloadReader(folder)
        self._filter = capture_filter
        self._classifier = Classifier(
            folder.absolute(), extractor, ArticleCache(extract or extractor), capture_filter.any_page
        )
        self._part = TaskResult()
        self._last_in_member: tuple[str, int, str] | None = None

    def run(self, task: Task) -> Iterator[TaskResult]:
        """The result of a task, in parts, the last one marked. Errors are among their problems."""
        self._part = TaskResult()
        problems: list[Problem] = []
        try:
            yield from self._range(task) if isinstance(task, RangeTask) else self._revisits(task)
        # Foreign bytes, over foreign networks, through foreign parsers: any error is one file's problem, and the others
        # go on.
        except Exception as problem:
            detail = f"{type(problem).__name__}: {problem}"
            problems = [*self._part.problems, Problem(task.place[0], None, "cannot be read", detail)]
        yield TaskResult(problems=problems, is_last=True)

    def _revisits(self, task: RevisitTask) -> Iterator[TaskResult]:
        for item in task.revisits:
            resolved = self._payloads.resolve_with(item.capture, lambda digest: task.holders.get(digest, ()))
            self._classify(item, resolved, self._part)
        yield self._part

    def _range(self, task: RangeTask) -> Iterator[TaskResult]:
        metadata = DiscoveryMetadata()

        def skip_reason(kind: str, headers: Headers) -> str | None:
            return None if metadata.is_needed(kind, headers) else self._filter.refusal(kind, headers, task.is_ours)

        with open_source(task.source.place) as file:
            reader = RangeReader(file, task.start, task.end, skip_reason, task.known)
            at, since = task.start, monotonic()
            for record, claims in metadata.pairs(reader):
                self._add(record, claims, task, self._part)
                if len(self._part.results) >= PART or monotonic() - since > PATIENCE:
                    yield self._finished(reader, task, at)
                    at, since = reader.at, monotonic()
            yield self._finished(reader, task, at)

    def _add(self, record: Record, claims: Claims, task: RangeTask, part: TaskResult) -> None:
        name = task.source.name
        capture = as_capture(record, name)
        if capture is None:
            part.problems.append(Problem(name, record.offset, why_no_capture(record)))
        elif self._is_repeated(record, name):
            part.problems.append(Problem(name, record.offset, "shares its record id", SAME_RECORD_ID, capture.url))
        elif (reason := self._filter.capture_refusal(capture)) is not None:
            part.skipped[reason] += 1
        elif capture.record_type == "revisit":
            part.pending.append(CaptureInput(capture, task.source.place, claims))
        else:
            self._classify(CaptureInput(capture, task.source.place, claims), capture, part)

    def _classify(self, item: CaptureInput, resolved: Capture | None, part: TaskResult) -> None:
        try:
            self._classifier.add(item, resolved, part)
        except MACHINE_ERRORS as problem:
            ref, detail = item.capture.ref, f"{type(problem).__name__}: {problem}"
            part.problems.append(Problem(ref.file, ref.offset, "cannot be read", detail, item.capture.url))

    def _is_repeated(self, record: Record, name: str) -> bool:
        """Whether the capture before has the same offset and record id, by which rows are known."""
        key = (name, record.offset, record.record_id)
        before, self._last_in_member = self._last_in_member, key if record.length == 0 else None
        return before is not None and before == self._last_in_member

    def _finished(self, reader: RangeReader, task: RangeTask, start: int) -> TaskResult:
        """The part with what the reader skipped and could not read since `start`; begins the next."""
        part, self._part = self._part, TaskResult()
        part.skipped += reader.passed
        part.problems += [Problem(task.source.name, bad.offset, "damaged", bad.reason) for bad in reader.damages]
        part.bytes = reader.at - start
        reader.passed.clear()
        reader.damages.clear()
        return part
