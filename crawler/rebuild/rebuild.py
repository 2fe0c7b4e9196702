"""Rebuilds rows from archives: sources are cut into ranges, an executor's workers classify their captures, and the
results are stored or compared. Called by the command rebuild.
"""

from collections.abc import Callable, Iterable, Iterator

from crawler.extraction.version import extractor_of
from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.executor import Executor
from crawler.ingest.file_registration import register_files, unregistered_files
from crawler.ingest.messages import Problem, RangeTask, TaskResult
from crawler.ingest.pipeline import ResultSink, ResultWriter, known_records, run_tasks
from crawler.ingest.report import IngestReport
from crawler.registry import all_sites, site_on
from crawler.urls import host_of
from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.corpus.read.captures import StoredCapture, captures_in_file
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.store import Store
from storage.exceptions import SourceNotFound
from storage.warc.read.members import Members
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.record import records_in
from storage.warc.read.source import Source, find_sources, open_source

#: The software that our own writer names in warcinfo records.
OUR_SOFTWARE = "emeroteca"


def rebuild(
    collection: Collection,
    paths: Iterable[str],
    capture_filter: CaptureFilter,
    start_executor: Callable[[Collection, CaptureFilter], Executor],
    *,
    sink: Callable[[Database], ResultSink] | None = None,
    on_start: Callable[[int], None] = lambda _: None,
    on_problem: Callable[[Problem], None] = lambda _: None,
    on_progress: Callable[[IngestReport], None] = lambda _: None,
) -> IngestReport:
    """Make rows of the captures at the paths, or hand the results to the sink that `sink` makes.

    start_executor: makes the executor. on_start: called with the number of bytes to read; on_problem, on_progress: as
    `run_tasks` has them. Raises SourceNotFound, CorpusError, WriteFailed, ExecutorError. However it ends, stored
    results stay, and the next run goes on.
    """
    all_sites()
    PayloadIndex(collection.payload_index).close()
    report = IngestReport()
    # the executor first: processes are forked before there are threads and open databases
    with start_executor(collection, capture_filter) as executor, open_database(collection.database_url) as database:
        index = PayloadIndex(collection.payload_index)
        results = sink(database) if sink else ResultWriter(Store(database), index)
        sources, problems = _without_same_names(find_sources(paths))
        report.files = len(sources)
        total = sum(source.size for source in sources)
        on_start(total)
        for problem in report.add(TaskResult(problems=problems)):
            on_problem(problem)
        again = capture_filter.again or sink is not None
        ranges = _ranges(database, sources, capture_filter, executor.step(total), again=again)
        run_tasks(executor, ranges, index, results, report, on_problem, on_progress)
        index.close()
        if sink is None:
            _register_own_files(collection, Store(database), sources, capture_filter, report)
    return report


def _register_own_files(
    collection: Collection, store: Store, sources: Iterable[Source], capture_filter: CaptureFilter, report: IngestReport
) -> None:
    """Register the collection's own files that were read whole, so that the recovery of a crawl skips them."""
    if capture_filter.site or capture_filter.since or report.is_incomplete:
        return
    registry, read = collection.registry(), {source.place for source in sources}
    files = [file for file in unregistered_files(registry, store) if str(file.absolute()) in read]
    if files:
        register_files(registry, store, files)


def _without_same_names(found: Iterable[Source]) -> tuple[list[Source], list[Problem]]:
    """Captures are known by their file's name, so of two files with one name the first is taken."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source in found:
        first = sources.setdefault(source.name, source)
        if first is not source:
            detail = f"{source.place} is left out, {first.place} read"
            problems.append(Problem(source.name, None, "name is taken", detail))
    return list(sources.values()), problems


def _ranges(
    database: Database, sources: Iterable[Source], capture_filter: CaptureFilter, most: int, *, again: bool
) -> Iterator[RangeTask]:
    """most: bytes of a range. again: also captures with results of today's extractor."""
    for source in sources:
        is_ours = _is_ours(source)
        # a file with a gzip member a record can be read from anywhere; other files are one range
        step = most if source.name.endswith(".gz") and source.size > 2 * most else None
        for start in range(0, source.size, step) if step else [0]:
            end = start + step if step and start + step < source.size else None
            known = KnownRecords() if again else _known(database, source.name, start, end, capture_filter)
            yield RangeTask(source, start, end, is_ours, known)


def _known(database: Database, file: str, start: int, end: int | None, capture_filter: CaptureFilter) -> KnownRecords:
    """The records whose rows stay as they are."""
    processed = captures_in_file(database, file, start, end)
    return known_records({place: one for place, one in processed.items() if _is_final(one, capture_filter)})


def _is_final(processed: StoredCapture, capture_filter: CaptureFilter) -> bool:
    """Whether today's extractor has made the row, and no option asks for another."""
    site = site_on(host_of(processed.url))
    is_page = processed.outcome != Outcome.OTHER
    if site is None and capture_filter.any_page is not is_page:
        return is_page  # as `--any` has made it
    return processed.extractor == extractor_of(site)


def _is_ours(source: Source) -> bool:
    """Whether a crawl of ours has written the file, by its first record."""
    try:
        with open_source(source.place) as file:
            first = next(records_in(Members(file)), None)
    except (OSError, KeyError, EOFError, SourceNotFound):
        return False
    if first is None or first.record_type != "warcinfo":
        return False
    fields = bytes(first.block).decode("utf-8", "replace").splitlines()
    return any(line.lower().startswith(f"software: {OUR_SOFTWARE}") for line in fields)
