"""What workers find in a range, as it is handed to the one that writes rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.ingest.pending_revisits import PendingRevisit
from storage.corpus.write.capture_result import CaptureResult
from storage.warc.read.payload_index import IndexedCapture, RecordLocation
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.source import Source


@dataclass(frozen=True, slots=True)
class RangeTask:
    """The records that begin in bytes `start` to `end` of a file; `end` is None for the rest of it.

    is_ours: a crawl of ours has written the file, so every capture in it gets its row. known: records that need no
    reading.
    """

    source: Source
    start: int
    end: int | None
    is_ours: bool
    known: KnownRecords

    @property
    def place(self) -> tuple[str, int | None]:
        """For people: file and offset."""
        return self.source.name, self.start


@dataclass(frozen=True, slots=True)
class RevisitTask:
    """Revisits to read once every range is done. holders: where their payloads may be, by digest."""

    held: Sequence[PendingRevisit]
    holders: Mapping[str, list[RecordLocation]]

    @property
    def place(self) -> tuple[str, int | None]:
        return self.held[0].capture.ref.file, self.held[0].capture.ref.offset


Task = RangeTask | RevisitTask
"""What a worker is given at a time."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What did not go as it should: where, and why, in one word and more of them."""

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
    """A part of what a range holds. bytes: how far reading went since the last part."""

    saved: list[CaptureResult] = field(default_factory=list)
    kept: list[IndexedCapture] = field(default_factory=list)
    held: list[PendingRevisit] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    bytes: int = 0
    is_last: bool = False

    def clear(self) -> None:
        """Begins the next part. What was handed on keeps its lists."""
        self.saved, self.kept, self.held, self.problems = [], [], [], []
        self.passed = Counter()
