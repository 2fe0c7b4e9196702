"""What a worker does: the captures of a range are read, judged and handed on in parts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import IO

from crawler.ingest.article_cache import ArticleCache
from crawler.ingest.capture_metadata import DiscoveryMetadata
from crawler.ingest.classify import classify, extract_article
from crawler.ingest.pending_revisits import PendingRevisit
from crawler.ingest.pipeline import payload_entry
from crawler.rebuild.filters import CaptureFilter
from crawler.rebuild.messages import Problem, RangeTask, RevisitTask, Task, TaskResult
from crawler.registry import site_on
from crawler.urls import host_of
from storage.article import Article
from storage.warc.http.capture import Capture
from storage.warc.read.payload_index import RecordLocation
from storage.warc.read.range_reader import RangeReader, SkipRule
from storage.warc.read.reader import as_capture
from storage.warc.read.record import Headers, Record
from storage.warc.read.revisit_resolver import NOT_MODIFIED, PayloadReader
from storage.warc.read.source import is_remote, open_source

#: Captures that are handed on together, and seconds after which fewer are.
PART, PATIENCE = 50, 1.0
NO_ROOM = "the record before, in the same gzip member, has the same WARC-Record-ID or none: only one is taken"


class RangeWorker:
    """Does the work, one piece after the other. own: the folder of the collection's WARC files. read: how a capture is
    read, as `classify` has it.
    """

    def __init__(self, own: Path, choice: CaptureFilter, read: Callable[[Capture], Article] = extract_article) -> None:
        self._payloads = PayloadReader(own, open_source)
        self._own = own.absolute()
        self._choice = choice
        self._once = ArticleCache(read)
        self._shared: tuple[str, int, str] | None = None

    def read(self, work: Task) -> Iterator[TaskResult]:
        """What is found, in parts, the last one marked. What goes wrong is among their problems."""
        found = TaskResult()
        try:
            yield from self._range(work, found) if isinstance(work, RangeTask) else self._revisits(work, found)
        # Bytes of others, over networks of others, through parsers of others: whatever they come up with, it is one
        # file's problem, and the others go on.
        except Exception as problem:
            found.problems.append(
                Problem(work.place[0], None, "cannot be read", f"{type(problem).__name__}: {problem}")
            )
        yield TaskResult(problems=found.problems, is_last=True)

    def _range(self, asked: RangeTask, found: TaskResult) -> Iterator[TaskResult]:
        with open_source(asked.source.place) as file:
            yield from self._parts(asked, file, found)

    def _revisits(self, asked: RevisitTask, found: TaskResult) -> Iterator[TaskResult]:
        for held in asked.held:
            shown = self._payloads.resolve_with(held.capture, lambda name: asked.holders.get(name, ()))
            self._judge(held.capture, shown, held.place, held.lastmod, found)
        yield replace(found)
        found.clear()

    def _parts(self, asked: RangeTask, file: IO[bytes], found: TaskResult) -> Iterator[TaskResult]:
        discovered = DiscoveryMetadata()
        reader = RangeReader(file, asked.start, asked.end, self._unwanted(asked, discovered), asked.known)
        name, at, since = asked.source.name, asked.start, monotonic()
        for record, lastmod in discovered.pairs(reader):
            self._take(record, lastmod, asked, found)
            if len(found.saved) >= PART or monotonic() - since > PATIENCE:
                yield self._part(found, reader, name, at)
                at, since = reader.at, monotonic()
                found.clear()
        yield self._part(found, reader, name, at)
        found.clear()

    def _part(self, found: TaskResult, reader: RangeReader, name: str, at: int) -> TaskResult:
        part = replace(found, passed=found.passed + reader.passed, bytes=reader.at - at)
        part.problems += [Problem(name, damage.offset, "damaged", damage.reason) for damage in reader.damages]
        reader.passed.clear()
        reader.damages.clear()
        return part

    def _unwanted(self, asked: RangeTask, discovered: DiscoveryMetadata) -> SkipRule:
        def unwanted(kind: str, headers: Headers) -> str | None:
            if discovered.wants(kind, headers):
                return None
            return self._choice.refusal(kind, headers, asked.is_ours)

        return unwanted

    def _take(self, record: Record, lastmod: str | None, asked: RangeTask, found: TaskResult) -> None:
        name = asked.source.name
        capture = as_capture(record, name)
        if capture is None:
            found.problems.append(Problem(name, record.offset, "no URL or no date"))
        elif self._shares_its_place(record, name):
            found.problems.append(Problem(name, record.offset, "shares its record id", NO_ROOM, capture.url))
        elif (reason := self._no_page(capture)) is not None:
            found.passed[reason] += 1
        elif capture.record_type == "revisit":
            found.held.append(PendingRevisit(capture, asked.source.place, lastmod))
        else:
            self._judge(capture, capture, asked.source.place, lastmod, found)

    def _shares_its_place(self, record: Record, name: str) -> bool:
        """Whether the capture before stood at the same offset under the same id: a row is known by them, so there is no
        room for both."""
        place = (name, record.offset, record.record_id)
        before, self._shared = self._shared, place if record.length == 0 else None
        return before is not None and before == self._shared

    def _no_page(self, capture: Capture) -> str | None:
        """Why a capture on a host of no site is no page."""
        if not self._choice.any_page or site_on(host_of(capture.url)) is not None:
            return None
        is_unchanged = capture.record_type == "revisit" and capture.status == NOT_MODIFIED
        if capture.status not in (200, None) and not is_unchanged:
            return f"status {capture.status}"
        return "not HTML" if capture.content_type and "html" not in capture.content_type.lower() else None

    def _judge(
        self, capture: Capture, shown: Capture | None, place: str, lastmod: str | None, found: TaskResult
    ) -> None:
        saved = classify(capture, shown=shown, lastmod=lastmod, any_page=self._choice.any_page, read=self._once)
        found.saved.append(saved)
        if shown is not None:
            found.kept.append(payload_entry(capture, shown, saved, self._place_of(place, capture)))

    def _place_of(self, place: str, capture: Capture) -> RecordLocation:
        is_own = not is_remote(place) and Path(place).parent == self._own
        return RecordLocation(capture.ref.file if is_own else place, capture.ref.offset)
