"""A rebuild: sources are cut into ranges, workers read them, what they find is saved or compared."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Protocol

from crawler.extraction.version import EXTRACTOR
from crawler.ingest.file_registration import register_files, unregistered_files
from crawler.ingest.pending_revisits import PendingRevisits
from crawler.ingest.pipeline import BATCH
from crawler.rebuild.executor import Executor
from crawler.rebuild.filters import CaptureFilter
from crawler.rebuild.messages import Problem, RangeTask, RevisitTask, TaskResult
from crawler.rebuild.report import IngestReport
from crawler.registry import all_sites, site_on
from crawler.urls import host_of
from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.corpus.read.captures import StoredCapture, captures_in_file
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.exceptions import SourceNotFound
from storage.warc.digest import canonical_digest
from storage.warc.read.members import Members
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.record import records_in
from storage.warc.read.source import Source, find_sources, open_source

#: Revisits that one worker reads at a time.
REVISITS = 50
#: What our own writer calls itself in warcinfo records.
OURS = "emeroteca"


class ResultSink(Protocol):
    """Takes what was found."""

    def add(self, found: TaskResult) -> None: ...

    def finish(self) -> None: ...


class ResultWriter:
    """Keeps what was found: in the index of payloads, then, in batches, as rows."""

    def __init__(self, store: Store, index: PayloadIndex) -> None:
        self._store, self._index = store, index
        self._saved: list[CaptureResult] = []
        self._kept: list[IndexedCapture] = []

    def add(self, found: TaskResult) -> None:
        self._saved += found.saved
        self._kept += found.kept
        if len(self._saved) >= BATCH:
            self.finish()

    def finish(self) -> None:
        """Saves the batch in one transaction. Raises CorpusError."""
        self._index.put(self._kept)
        self._store.save(self._saved)
        self._saved, self._kept = [], []


def rebuild(
    collection: Collection,
    paths: Iterable[str],
    choice: CaptureFilter,
    start_executor: Callable[[Collection, CaptureFilter], Executor],
    *,
    sink: Callable[[Database], ResultSink] | None = None,
    on_start: Callable[[int], None] = lambda _: None,
    tell: Callable[[Problem], None] = lambda _: None,
    show: Callable[[IngestReport], None] = lambda _: None,
) -> IngestReport:
    """Makes rows of the captures at the paths, or hands them to the sink that `sink` makes.

    start_executor: makes those that do the work, from the collection and the choice. on_start is
    told how many bytes there are, tell what went wrong or gave no article, show how it stands after each part. Raises
    SourceNotFound, CorpusError, WriteFailed, ExecutorError. Whatever ends it, what was saved stays, and
    the next run goes on.
    """
    all_sites()
    PayloadIndex(collection.payload_index).close()
    report = IngestReport()

    def take(found: TaskResult) -> None:
        for problem in report.add(found):
            tell(problem)
        waiting.add(found.held)
        takes.add(found)
        show(report)

    # the team first: processes are forked before there are threads and open databases
    with (
        start_executor(collection, choice) as team,
        open_database(collection.database_url) as database,
        closing(PendingRevisits()) as waiting,
    ):
        index = PayloadIndex(collection.payload_index)
        takes: ResultSink = sink(database) if sink else ResultWriter(Store(database), index)
        sources, problems = _without_doubles(find_sources(paths))
        report.files = len(sources)
        total = sum(source.size for source in sources)
        on_start(total)
        take(TaskResult(problems=problems))
        again = choice.again or sink is not None
        ranges = _ranges(database, sources, choice, team.step(total), again=again)
        for work in (ranges, _revisits(waiting, index, report)):
            try:
                for found in team.results(work):
                    take(found)
            finally:
                takes.finish()
        index.close()
        if sink is None:
            _take_in(collection, Store(database), sources, choice, report)
    return report


def _take_in(
    collection: Collection, store: Store, sources: Iterable[Source], choice: CaptureFilter, report: IngestReport
) -> None:
    """What was read whole of the collection's own files is noted, so that no crawl looks at it again."""
    if choice.site or choice.since or report.left_undone:
        return
    registry, read = collection.registry(), {source.place for source in sources}
    done = [file for file in unregistered_files(registry, store) if str(file.absolute()) in read]
    if done:
        register_files(registry, store, done)


def _revisits(waiting: PendingRevisits, index: PayloadIndex, report: IngestReport) -> Iterator[RevisitTask]:
    """The revisits, with the places of their originals. One whose original may lie in what nobody lived to read is
    left to the next run.
    """
    drained = waiting.drain()
    while held := list(islice(drained, REVISITS)):
        digests = {canonical_digest(one.capture.payload_digest) for one in held}
        holders = {digest: index.locations(digest) for digest in digests if digest}
        if report.left_undone:
            held = [one for one in held if holders.get(canonical_digest(one.capture.payload_digest) or "")]
        if held:
            yield RevisitTask(held, holders)


def _without_doubles(found: Iterable[Source]) -> tuple[list[Source], list[Problem]]:
    """A capture is known by its file's name, so two files of one name cannot both be in a corpus."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source in found:
        first = sources.setdefault(source.name, source)
        if first is not source:
            problems.append(
                Problem(source.name, None, "name is taken", f"{source.place} is left out, {first.place} read")
            )
    return list(sources.values()), problems


def _ranges(
    database: Database, sources: Iterable[Source], choice: CaptureFilter, most: int, *, again: bool
) -> Iterator[RangeTask]:
    """most: bytes of a file that one worker reads at a time."""
    for source in sources:
        is_ours = _is_ours(source)
        # Only what has a gzip member a record can be read from anywhere; other files are one range.
        step = most if source.name.endswith(".gz") and source.size > 2 * most else None
        for start in range(0, source.size, step) if step else [0]:
            end = start + step if step and start + step < source.size else None
            known = (
                KnownRecords()
                if again
                else _known(captures_in_file(database, source.name, EXTRACTOR, start, end), choice)
            )
            yield RangeTask(source, start, end, is_ours, known)


def _known(done: dict[tuple[int, str], StoredCapture], choice: CaptureFilter) -> KnownRecords:
    """The records that today's extractor has judged, with the sites and the choice of today."""
    settled = {place: one.length for place, one in done.items() if one.site is not None or _is_settled(one, choice)}
    lengths = {offset: length for (offset, _), length in settled.items() if length}
    return KnownRecords(lengths, frozenset(place for place, length in settled.items() if not length))


def _is_settled(done: StoredCapture, choice: CaptureFilter) -> bool:
    return site_on(host_of(done.url)) is None and not (choice.any_page and done.outcome == Outcome.OTHER)


def _is_ours(source: Source) -> bool:
    """Whether a crawl of ours has written the file: its first record says so."""
    try:
        with open_source(source.place) as file:
            first = next(records_in(Members(file)), None)
    except (OSError, KeyError, EOFError, SourceNotFound):
        return False
    if first is None or first.record_type != "warcinfo":
        return False
    fields = bytes(first.block).decode("utf-8", "replace").splitlines()
    return any(line.lower().startswith(f"software: {OURS}") for line in fields)
