"""Tasks of extraction workers and their results, as executors pass them between processes and machines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.ingest.capture_metadata import NO_CLAIMS, Claims
from storage.corpus.write.capture_result import CaptureResult
from storage.warc.http.capture import Capture
from storage.warc.read.payload_index import IndexedCapture, RecordLocation
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.source import Source


@dataclass(frozen=True, slots=True)
class CaptureInput:
    """A capture to classify. place: path or URL of its file. claims: of its metadata record."""

    capture: Capture
    place: str
    claims: Claims = NO_CLAIMS


@dataclass(frozen=True, slots=True)
class RangeTask:
    """The records that begin in bytes `start` to `end` of a file; `end` is None for the rest of it.

    is_ours: written by a crawl of ours, so that every capture in the file gets its row. known: records to skip.
    """

    source: Source
    start: int
    end: int | None
    is_ours: bool
    known: KnownRecords

    @property
    def place(self) -> tuple[str, int | None]:
        """File and offset, for messages."""
        return self.source.name, self.start


@dataclass(frozen=True, slots=True)
class RevisitTask:
    """Revisits to classify once every range is read. holders: records that may hold their payloads, by digest."""

    revisits: Sequence[CaptureInput]
    holders: Mapping[str, list[RecordLocation]]

    @property
    def place(self) -> tuple[str, int | None]:
        """File and offset of the first, for messages."""
        return self.revisits[0].capture.ref.file, self.revisits[0].capture.ref.offset


Task = RangeTask | RevisitTask


@dataclass(frozen=True, slots=True)
class Problem:
    """A capture, file or part of a file without result or article: where, the reason in few words, details."""

    file: str
    offset: int | None
    reason: str
    detail: str = ""
    url: str = ""

    def __str__(self) -> str:
        where = self.file if self.offset is None else f"{self.file} at {self.offset}"
        return f"{where}: {self.reason}" + (f" ({self.detail})" if self.detail else "")


@dataclass(slots=True)
class TaskResult:
    """A part of the result of a task. results: of classified captures; indexed: their entries for the payload index;
    pending: revisits to classify later; skipped: records without a result, by reason; bytes: read since the last part.
    """

    results: list[CaptureResult] = field(default_factory=list)
    indexed: list[IndexedCapture] = field(default_factory=list)
    pending: list[CaptureInput] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    bytes: int = 0
    is_last: bool = False
