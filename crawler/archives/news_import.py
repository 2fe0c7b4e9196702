"""Imports a site's captures from WARC files without an index, those of CC-NEWS or others: each file is read whole, here
or by the workers of a Dask cluster, and the records of the site are copied as they are.

The ledger has a part for each file and a line for each record, so a killed import goes on with the next file.
"""

import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol

from crawler.archives.index_answer import of_site
from crawler.archives.news_files import SOURCE, ScannedFile, scan_file
from crawler.crawl.recovery import ingest_missing_captures, recover_interrupted_crawls
from crawler.ingest.classify import DEFAULT_EXTRACTOR
from crawler.ingest.file_registration import register_files
from crawler.ingest.report import IngestReport
from crawler.registry import canonical_url_of
from crawler.settings import EMEROTECA_CONTACT, USER_AGENT
from crawler.site import Site
from crawler.takedown.erase import keys_erased
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.archive_ledger import known_records, queries_of
from storage.corpus.write.archive_ledger import IndexLine, LineOutcome, add_queries, record_answer
from storage.corpus.write.store import Store
from storage.exceptions import CaptureMissing, DependencyMissing, ExecutorError
from storage.locks import exclusive_reader_lock
from storage.warc.digest import canonical_digest
from storage.warc.write.copied_record import CopiedRecord
from storage.warc.write.writer import WarcWriter

#: The time of records without one.
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class NewsImportReport:
    """files: read now. known: read by earlier imports. copied: records that became captures here. erased: records of
    pages that were erased, which are left out. failed: files that could not be read to their end, with the reason.
    damaged: files with parts that cannot be read."""

    files: int = 0
    known: int = 0
    copied: int = 0
    erased: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    damaged: Counter[str] = field(default_factory=Counter)
    rows: IngestReport = field(default_factory=IngestReport)

    @property
    def needs_a_look(self) -> bool:
        return bool(self.failed or self.damaged or self.rows.problems or self.rows.refused)

    def as_json(self) -> dict[str, Any]:
        counts = {"files": self.files, "known": self.known, "copied": self.copied, "erased": self.erased}
        problems = {"failed": self.failed, "damaged": dict(self.damaged)}
        return counts | problems | {"taken": dict(self.rows.taken), "refused": dict(self.rows.refused)}


class Scan(Protocol):
    """Reads files, in any order, with as many at a time as there are processes. Raises ExecutorError."""

    def __call__(self, places: Iterable[str], hosts: Sequence[str]) -> Generator[ScannedFile]: ...


def local_scan(jobs: int) -> Scan:
    """By processes of this machine; by this process where there is one job."""

    def scan(places: Iterable[str], hosts: Sequence[str]) -> Generator[ScannedFile]:
        if jobs == 1:
            yield from (scan_file(place, hosts) for place in places)
            return
        with ProcessPoolExecutor(jobs, initializer=_ignore_interrupts) as pool:
            yield from _scanned(pool, 2 * jobs, places, hosts)

    return scan


def dask_scan(address: str) -> Scan:
    """By the workers of a Dask cluster; `local` or `local:N` for processes of this machine.

    Raises DependencyMissing.
    """
    try:
        from crawler.rebuild.dask_cluster import connected
    except ImportError:
        raise DependencyMissing("--cluster needs more than is installed: pip install 'emeroteca[cluster]'") from None

    def scan(places: Iterable[str], hosts: Sequence[str]) -> Generator[ScannedFile]:
        with connected(address) as client:
            capacity = 2 * sum(client.nthreads().values()) + 4
            yield from _scanned(client.get_executor(pure=False), capacity, places, hosts)

    return scan


def _scanned(executor: Executor, capacity: int, places: Iterable[str], hosts: Sequence[str]) -> Generator[ScannedFile]:
    """What each file has, as it is read; so many are under way at a time, so that memory stays flat."""
    rest = iter(places)
    under_way = {executor.submit(scan_file, place, hosts): place for place in islice(rest, capacity)}
    try:
        while under_way:
            for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield _result(done, under_way.pop(done))
                under_way.update((executor.submit(scan_file, place, hosts), place) for place in islice(rest, 1))
    finally:
        for future in under_way:
            future.cancel()


def _result(done: Future[ScannedFile], place: str) -> ScannedFile:
    """Of a file. Raises ExecutorError where a process that read files has died."""
    try:
        return done.result()
    except Exception as problem:  # of the processes: those of a file are in its result
        raise ExecutorError(
            f"the processes that read files have failed at {place} ({type(problem).__name__}: {problem}): what was "
            "copied stays, run the same command again"
        ) from problem


def _ignore_interrupts() -> None:
    """The process of the command handles Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def import_files(
    collection: Collection,
    site: Site,
    places: Sequence[str],
    scan: Scan,
    on_file: Callable[[ScannedFile], None] = lambda _: None,
) -> NewsImportReport:
    """Import a site's captures from WARC files at paths or URLs; files that were read before are passed over. on_file:
    called after each. Raises CorpusError, WriteFailed, ExecutorError.
    """
    report = NewsImportReport()
    with (
        exclusive_reader_lock(collection.locks, f"import-{SOURCE}"),
        open_database(collection.database_url) as database,
    ):
        store = Store(database)
        recover_interrupted_crawls(collection, store, DEFAULT_EXTRACTOR)
        add_queries(database, site.name, SOURCE, places)
        done = {one.scope for one in queries_of(database, site.name, SOURCE) if one.outcome == "complete"}
        open_ones = [place for place in places if place not in done]
        report.known = len(places) - len(open_ones)
        erased = keys_erased(collection, database)
        known = known_records(database, SOURCE)
        software = USER_AGENT.split(" ")[0]
        writer = WarcWriter(collection.warc, prefix=SOURCE, software=software, operator=EMEROTECA_CONTACT or None)
        with writer, closing(scan(open_ones, site.hosts)) as scanned:
            files = set()
            for found in scanned:
                report.files += 1
                lines = []
                shown = [copy for copy in found.copies if not erased.has_url(canonical_url_of(copy.record.target_uri))]
                report.erased += len(found.copies) - len(shown)
                for copy in shown:
                    lines.append(_line(copy, found))
                    if copy.record.record_id not in known and lines[-1].outcome is not LineOutcome.UNREADABLE:
                        known.add(copy.record.record_id)
                        files.add(writer.write_copy(copy).file)
                        report.copied += 1
                writer.sync()  # before the ledger says that the file is done
                _record(store, site, found, lines, report)
                on_file(found)
        sealed = [collection.warc / file for file in sorted(files)]
        report.rows = ingest_missing_captures(collection, store, sealed, DEFAULT_EXTRACTOR)
        if not report.rows.is_incomplete:
            register_files(collection.registry(), store, sealed)
    return report


def _record(store: Store, site: Site, found: ScannedFile, lines: Sequence[IndexLine], report: NewsImportReport) -> None:
    detail = found.problem
    if found.problem is not None:
        report.failed[found.place] = found.problem
    elif found.damages:
        report.damaged[found.place] = len(found.damages)
        detail = f"{len(found.damages)} parts cannot be read, the first at {found.damages[0].offset}"
    outcome = "failed" if found.problem is not None else "complete"
    record_answer(
        store.database, site.name, SOURCE, found.place, list(of_site(lines, site)), outcome=outcome, detail=detail
    )


def _line(copy: CopiedRecord, found: ScannedFile) -> IndexLine:
    record = copy.record
    try:
        moment = copy.captured_at.replace(microsecond=0)
    except CaptureMissing as problem:
        return IndexLine(record.target_uri, _EPOCH, outcome=LineOutcome.UNREADABLE, detail=str(problem))
    declared = (canonical_digest(record.header("WARC-Payload-Digest")) or "").removeprefix("sha1:")
    wrong = found.outcomes.get(record.record_id)
    outcome = LineOutcome.DIGEST_MISMATCH if wrong else LineOutcome.VERIFIED if declared else LineOutcome.UNVERIFIABLE
    return IndexLine(
        url=record.target_uri,
        captured_at=moment,
        digest=declared,
        length=len(copy.member),
        file=found.place,
        offset=record.offset,
        outcome=outcome,
        detail=wrong,
        record_id=record.record_id,
    )
