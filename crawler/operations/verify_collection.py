"""Verifies a collection, or archives elsewhere: fixity, index, rows; used by the command `verify`."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from crawler.ingest.capture_metadata import is_our_warcinfo
from crawler.ingest.file_locator import FileLocator
from crawler.operations.verify_rows import RowCheck, compare_rows
from crawler.progress_bar import track
from crawler.takedown.erase import is_interrupted
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.read.captures import captures_by_file, warc_files
from storage.warc.fixity.payload_index import PayloadIndexCheck
from storage.warc.fixity.verifier import FixityReport, Verifier, manifest_faults
from storage.warc.fixity.wacz_index import index_faults
from storage.warc.fixity.wacz_package import wacz_faults
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.open_file import OPEN_SUFFIX
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.record import Record
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.read.source import archive_files
from storage.warc.write.writer import host_of_file, this_host


def verify_paths(paths: Iterable[Path]) -> FixityReport:
    """Verify WARC, ARC and WACZ files at each path, without manifest, index and rows."""
    report = FixityReport()
    with Verifier(report) as verifier:
        for path in paths:
            for found in [path, *sorted(path.rglob("*.wacz"))] if path.is_dir() else [path]:
                report.faults += [*wacz_faults(found), *index_faults(found)]
            for file in track(_files(path, report), "files"):
                verifier.verify_file(file, str(file))
        verifier.verify_revisits()
    return report


def _files(path: Path, report: FixityReport) -> list[Path]:
    try:
        return archive_files(path)
    except BadZipFile as problem:
        report.fault(str(path), None, "damaged", str(problem))
        return []


def verify_collection(
    collection: Collection, database: Database | None, rows: int | None, warc_paths: tuple[str, ...]
) -> FixityReport:
    """Verify a collection and, where it has a database, its rows. rows: captures to read again, None for all;
    warc_paths: further places of files. Counts are printed on standard error. Raises CorpusError.
    """
    report, registry = FixityReport(), collection.registry()
    if is_interrupted(collection):
        report.fault("erasure", None, "interrupted", "emeroteca erase --resume finishes it, and so does a crawl")
    with ExitStack() as stack:
        locator = FileLocator(database, registry.warc, warc_paths) if database else None
        check = RowCheck(database, report) if database else None
        payloads = stack.enter_context(_OwnPayloads(collection.payload_index, report))
        checks = [payloads.record, *([check.record] if check else [])]
        verifier = stack.enter_context(Verifier(report, lambda name, record: [one(name, record) for one in checks]))
        digests = registry.manifest.digests()
        sealed = registry.sealed_files()
        report.faults += manifest_faults(digests, (path.name for path in sealed))
        for path in track(sealed, "files"):
            verifier.verify_file(path, path.name, digests.get(path.name), registry.checksums)
        if missing := sum(not registry.checksums.has(name) for name in digests):
            print(f"{missing} files have no checksums of their records: emeroteca index makes them", file=sys.stderr)
        verifier.verify_revisits()
        if sealed and not registry.index.files():
            report.fault("the index", None, "missing", "emeroteca index makes it again")
        else:
            verifier.verify_index(registry.index, {path.name for path in sealed})
        if database or collection.payload_index.exists():
            payloads.finish()
        if database and check and locator:
            check.finish()
            others = _of_other_machines(database, registry, locator)
            check.files(registry, others)
            _verify_files_elsewhere(database, registry, locator, report, others)
            _compare(database, locator, collection, rows, report)
    if left := sorted(collection.warc.glob("*" + OPEN_SUFFIX)):
        print(f"{len(left)} files are being written, or wait for the next crawl to recover them", file=sys.stderr)
    return report


class _OwnPayloads(PayloadIndexCheck):
    """The check of the payload index, with the records of the files that our crawls wrote: a rebuild leaves out those
    of others that are of no known site."""

    _file, _is_ours = "", False

    def record(self, name: str, record: Record) -> None:
        if name != self._file:
            self._file, self._is_ours = name, is_our_warcinfo(record)
        if self._is_ours:
            super().record(name, record)


def _of_other_machines(database: Database, registry: WarcFileRegistry, locator: FileLocator) -> set[str]:
    """The files that other machines, which share the database, wrote into collections of their own; said on standard
    error where they cannot be looked at here."""
    if database.dialect == "sqlite":
        return set()
    digests, here = registry.manifest.digests(), this_host()
    others = {
        row.name
        for row in warc_files(database)
        if host_of_file(row.name) not in (None, here) and row.name not in digests
    }
    if unseen := [name for name in others if locator.find(name) is None]:
        machines = ", ".join(sorted({host_of_file(name) or "" for name in unseen}))
        message = f"{len(unseen)} WARC files of other machines ({machines}) are not looked at: verify runs there too"
        print(message, file=sys.stderr)
    return others


def _verify_files_elsewhere(
    database: Database, registry: WarcFileRegistry, locator: FileLocator, report: FixityReport, others: set[str]
) -> None:
    """Verify the files outside the collection that have rows. others: of other machines, which need not be found."""
    own = {path.name.removesuffix(OPEN_SUFFIX) for path in registry.warc.iterdir()}
    own |= {fault.file for fault in report.faults if fault.kind == "missing"}
    check = RowCheck(database, report, are_own=False)
    with Verifier(report, check.record) as verifier:
        captures = {name: count for name, count in captures_by_file(database).items() if name not in own}
        for name, count in track(captures.items(), "files elsewhere"):
            place = locator.find(name)
            if place is None and name in others:
                continue
            if place is None:
                report.fault(name, None, "not found", f"{count} captures are not verified, since {locator.where(name)}")
            else:
                verifier.verify_file(place, name, locator.sha256(name))
        verifier.verify_revisits()
    check.finish()


def _compare(
    database: Database, locator: FileLocator, collection: Collection, rows: int | None, report: FixityReport
) -> None:
    if rows == 0:
        return
    with closing(PayloadIndex(collection.payload_index)) as index:
        originals = RevisitResolver(collection.warc, index, locator.open)
        compared = compare_rows(database, locator, originals, report, rows, partial(track, name="captures"))
    print(f"{compared.captures} captures read again, {compared.other} give other rows than they did", file=sys.stderr)
    if absent := compared.absent:
        print(f"{absent.total()} captures not read again, in {len(absent)} WARC files not found", file=sys.stderr)
