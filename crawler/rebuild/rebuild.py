"""Rebuilds rows from archives: sources are cut into ranges, an executor's workers classify their captures, and the
results are stored or compared. Called by the command rebuild.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from crawler.extraction.version import Reader, extractor_of
from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.capture_metadata import is_our_warcinfo
from crawler.ingest.classify import TEXT_URN, Extractor
from crawler.ingest.executor import Executor
from crawler.ingest.file_locator import FileLocator
from crawler.ingest.file_registration import register_files, unregistered_files
from crawler.ingest.memento import original_url
from crawler.ingest.messages import Problem, RangeTask, TaskResult
from crawler.ingest.pipeline import ResultSink, ResultWriter, known_records, run_tasks
from crawler.ingest.report import IngestReport
from crawler.registry import all_sites, site_of
from crawler.takedown.erase import finish_erasure, keys_erased
from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.corpus.read.captures import StoredCapture, captures_in_file, outdated_files
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.store import Store
from storage.exceptions import SourceNotFound
from storage.warc.index.manifest import sha256_of
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.record import records_in
from storage.warc.read.source import Source, find_sources, is_remote, open_source


def rebuild(
    collection: Collection,
    paths: Sequence[str],
    capture_filter: CaptureFilter,
    start_executor: Callable[[Collection, CaptureFilter, Extractor], Executor],
    extractor: Extractor,
    *,
    sink: Callable[[Database], ResultSink] | None = None,
    on_start: Callable[[int], None] = lambda _: None,
    on_problem: Callable[[Problem], None] = lambda _: None,
    on_progress: Callable[[IngestReport], None] = lambda _: None,
) -> IngestReport:
    """Make rows of the captures at the paths, or hand the results to the sink that `sink` makes. Without paths: of the
    collection's own files, and of those outside it whose rows another version of the extractor has made.

    start_executor: makes the executor. on_start: called with the number of bytes to read; on_problem, on_progress: as
    `run_tasks` has them. Raises SourceNotFound, CorpusError, WriteFailed, ExecutorError. However it ends, stored
    results stay, and the next run goes on.
    """
    all_sites()
    PayloadIndex(collection.payload_index).close()
    report = IngestReport()
    with open_database(collection.database_url) as database:
        finish_erasure(collection, database, extractor)
        erased = keys_erased(collection, database)
    # the executor first: processes are forked before there are threads and open databases
    with (
        start_executor(collection, capture_filter, extractor) as executor,
        open_database(collection.database_url) as database,
    ):
        index, store = PayloadIndex(collection.payload_index), Store(database)
        results = sink(database) if sink else ResultWriter(store, index)
        if paths:
            sources, problems = _without_same_names(find_sources(paths))
        else:
            sources, problems = _known_sources(database, collection, capture_filter, extractor)
        report.files = len(sources)
        total = sum(source.size for source in sources)
        on_start(total)
        for problem in report.add(TaskResult(problems=problems)):
            on_problem(problem)
        elsewhere = [one for one in sources if Path(one.place).parent != collection.warc.absolute()] if not sink else []
        for source in elsewhere:
            store.add_location(source.name, source.place, source.size or None)
        again = capture_filter.again or sink is not None
        known = partial(_known, database, capture_filter, extractor)
        ranges = _ranges(sources, executor.step(total), _none_known if again else known)
        run_tasks(executor, ranges, index, results, report, on_problem, on_progress, erased)
        index.close()
        for source in elsewhere:
            if not is_remote(source.place):
                with suppress(OSError, BadZipFile):  # what cannot be read is among the problems
                    store.add_location(source.name, source.place, source.size, sha256_of(source.place))
        if sink is None:
            _register_own_files(collection, store, sources, capture_filter, report)
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


def _known_sources(
    database: Database, collection: Collection, capture_filter: CaptureFilter, extractor: Extractor
) -> tuple[list[Source], list[Problem]]:
    """The collection's own files, and the outdated ones outside it; a problem for each that cannot be found."""
    sources, problems = _without_same_names(find_sources([str(collection.warc)]))
    own = {source.name for source in sources}
    sites = None if capture_filter.any_page else [site.name for site in all_sites()]
    extractors = [extractor_of(site, extractor.reader) for site in (*all_sites(), None)]
    locator = FileLocator(database, collection.warc)
    for name in outdated_files(database, extractors, sites):
        if name in own:
            continue
        if (source := locator.source(name)) is not None:
            sources.append(source)
        else:
            problems.append(Problem(name, None, "not found", locator.where(name)))
    return sources, problems


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
    sources: Iterable[Source], most: int, known: Callable[[str, int, int | None], KnownRecords]
) -> Iterator[RangeTask]:
    """most: bytes of a range. known: gives the records to skip, of a file from one offset to another."""
    for source in sources:
        is_ours = _is_ours(source)
        # a file with a gzip member a record can be read from anywhere; other files are one range
        step = most if source.name.endswith(".gz") and source.size > 2 * most else None
        for start in range(0, source.size, step) if step else [0]:
            end = start + step if step and start + step < source.size else None
            yield RangeTask(source, start, end, is_ours, known(source.name, start, end))


def _none_known(*_: object) -> KnownRecords:
    return KnownRecords()


def _known(
    database: Database, capture_filter: CaptureFilter, extractor: Extractor, file: str, start: int, end: int | None
) -> KnownRecords:
    """The records whose rows stay as they are."""
    processed = captures_in_file(database, file, start, end)
    return known_records({place: one for place, one in processed.items() if _is_final(one, capture_filter, extractor)})


def _is_final(processed: StoredCapture, capture_filter: CaptureFilter, extractor: Extractor) -> bool:
    """Whether today's extractor has made the row, and no option asks for another."""
    site = site_of(original_url(processed.url))
    if processed.url.startswith(TEXT_URN):
        return processed.extractor in {extractor_of(one, extractor.reader) for one in (*all_sites(), None)}
    is_page = processed.outcome != Outcome.OTHER
    if site is None and capture_filter.any_page is not is_page:
        return is_page  # as `--any` has made it
    lacks_witness = site is not None and processed.outcome == Outcome.ARTICLE and processed.agreement is None
    if lacks_witness and extractor.witness_all and extractor.reader is Reader.PAGE_OBJECT:
        return False
    return processed.extractor == extractor_of(site, extractor.reader)


def _is_ours(source: Source) -> bool:
    """Whether a crawl of ours has written the file, by its first record."""
    try:
        with open_source(source.place) as file:
            first = next(records_in(file), None)
    except (OSError, KeyError, EOFError, BadZipFile, SourceNotFound):
        return False
    return first is not None and is_our_warcinfo(first)
