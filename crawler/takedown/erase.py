"""Erases captures with all that was made of them, so that a kill at any moment is finished by the next run.

plan (`crawler.takedown.selection`) -> journal -> rewritten WARC files beside the old ones -> their swap -> manifest and
index -> rows and tombstone -> payload index, packages, logs -> the database's free space -> the end of the journal.
Every step can be done again. Called by the command `erase`; a crawl, an import and a rebuild finish an interrupted one.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

from crawler.ingest.classify import Extractor
from crawler.ingest.messages import CaptureInput
from crawler.ingest.pipeline import Classifier, Pipeline, ResultWriter
from crawler.registry import all_sites, canonical_url_of
from crawler.takedown.journal import REWRITTEN, ErasurePlan, FileChange, Journal
from crawler.takedown.traces import forget_in_logs, remaining_files, remove_abandoned_files
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.db.free_space import overwrite_deleted
from storage.corpus.read import queries
from storage.corpus.write.archive_ledger import forget_lines
from storage.corpus.write.erasure import (
    CapturesToErase,
    ErasedKeys,
    Tombstone,
    add_tombstones,
    article_digest,
    erase_rows,
    erased_keys,
    url_digest,
)
from storage.corpus.write.store import Store
from storage.exceptions import RecordError
from storage.locks import SiteLock, exclusive_reader_lock
from storage.warc.durable_files import sync_path, write_errors
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.index.manifest import sha256_of
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation
from storage.warc.read.reader import read_capture, read_captures
from storage.warc.read.record import Record
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.wacz.rewrite import rewrite_package
from storage.warc.write.rewrite import rewrite

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ErasureReport:
    """captures, records, files: erased, and rewritten. packages: WACZ files in the home that were rewritten. left:
    what could not be done, a sentence each; files that still have an erased URL or headline.
    """

    captures: int = 0
    records: int = 0
    files: int = 0
    packages: int = 0
    left: list[str] = field(default_factory=list)


@contextmanager
def no_crawls(collection: Collection, database: Database) -> Iterator[None]:
    """Held while nothing is crawled or imported into the collection. Raises SiteLocked."""
    collection.create()
    names = sorted({*queries.sites(database), *(site.name for site in all_sites())})
    with ExitStack() as stack:
        for name in names:
            stack.callback(SiteLock(database, collection.locks, name).acquire().release)
        for name in ("import-text", "import-cc-news"):
            stack.enter_context(exclusive_reader_lock(collection.locks, name))
        yield


def begin_erasure(collection: Collection, plan: ErasurePlan, *, reason: str, by_right: str | None) -> None:
    """Write the journal: from here on the erasure is finished by this run or the next. Raises WriteFailed."""
    plan.id, plan.erased_at = uuid4().hex, datetime.now(UTC).isoformat()
    plan.reason, plan.by_right = reason, by_right
    Journal(collection).begin(plan)


def is_interrupted(collection: Collection) -> bool:
    """Whether an erasure has begun and not ended."""
    return Journal(collection).plan() is not None


def finish_erasure(collection: Collection, database: Database, extractor: Extractor) -> ErasureReport | None:
    """Finish the erasure whose journal is there; None where there is none. Tombstones that the database has not, since
    it was made anew, are inserted. Raises CorpusError, WriteFailed, RecordError.
    """
    collection.create()
    journal = Journal(collection)
    with exclusive_reader_lock(collection.locks, "erasure"):
        add_tombstones(database, journal.tombstones())
        plan = journal.plan()
        return _Erasing(collection, database, journal, plan, extractor).run() if plan else None


def keys_erased(collection: Collection, database: Database) -> ErasedKeys:
    """What is refused: by the database, and by the collection's own tombstones."""
    own = (key for stone in Journal(collection).tombstones() for key in stone.keys)
    return ErasedKeys(erased_keys(database).digests | frozenset(own))


class _Erasing:
    def __init__(
        self, collection: Collection, database: Database, journal: Journal, plan: ErasurePlan, extractor: Extractor
    ) -> None:
        self.collection, self.database, self.journal = collection, database, journal
        self.plan, self.extractor = plan, extractor
        self.report = ErasureReport(captures=plan.count)

    def run(self) -> ErasureReport:
        changes = self.journal.changes()
        if changes is None:
            changes = self._all_written()
        self._swap(changes)
        remove_abandoned_files(self.collection)
        digests = {name: change.facts[1] if change.facts else None for name, change in changes.items()}
        if digests:
            self.collection.registry().replace_files(digests)
        stone = self._tombstone(changes)
        self._erase_rows(changes, stone)
        erased = ErasedKeys(frozenset(stone.keys))
        forget_lines(self.database, lambda url: erased.has_url(canonical_url_of(url)))
        self._follow_payloads(changes)
        self._rewrite_packages()
        forget_in_logs(self.collection, self.plan.urls, self.plan.headlines)
        self._read_responses(changes)
        self.report.left += overwrite_deleted(self.database)
        self.journal.end(stone)
        self.report.left += remaining_files(self.collection, self.plan.urls, self.plan.headlines)
        self.report.files = len(changes)
        self.report.records = len(stone.records)
        return self.report

    def _names(self) -> list[str]:
        return sorted({*self.plan.records, *self.plan.responses})

    def _all_written(self) -> dict[str, FileChange]:
        """The rewritten files, with their places in the journal. Where a file cannot be written again the erasure is
        given up, which has not changed anything yet. Raises RecordError.
        """
        try:
            changes = self._write_files()
        except RecordError:
            for name in self._names():
                self._output(name).unlink(missing_ok=True)
            self.journal.cancel()
            raise
        self.journal.files_written(changes)
        return changes

    def _write_files(self) -> dict[str, FileChange]:
        """Write every rewritten file beside the old one, before any is replaced: payloads may be in other files."""
        return {name: self._write_file(name) for name in self._names()}

    def _write_file(self, name: str) -> FileChange:
        path, output = self.collection.warc / name, self._output(name)
        goes = set(self.plan.records.get(name, ()))
        with closing(PayloadIndex(self.collection.payload_index)) as index:
            resolver = RevisitResolver(self.collection.warc, index)
            places = self.plan.responses.get(name, ())
            responses = {place: self._resolved(resolver, name, place) for place in places}
        done = rewrite(path, output, lambda one: (one.offset, one.record_id) in goes, responses)
        facts = (output.stat().st_size, sha256_of(output)) if done.has_captures else None
        moved = [(old, id, new, length) for (old, id), (new, length) in done.places.items()]
        return FileChange(facts, moved, list(done.erased.values()))

    def _resolved(self, resolver: RevisitResolver, name: str, place: tuple[int, str]) -> Capture:
        offset, id = place
        capture = read_capture(self.collection.warc, CaptureRef(name, offset, 0, id))
        return resolver.resolve(capture) or capture

    def _output(self, name: str) -> Path:
        return self.collection.warc / (name + REWRITTEN)

    def _swap(self, changes: dict[str, FileChange]) -> None:
        for name, change in changes.items():
            path, output = self.collection.warc / name, self._output(name)
            if not output.exists():
                continue  # an interrupted run has done it
            with write_errors("cannot replace", path):
                if change.facts:
                    output.replace(path)
                else:
                    path.unlink(missing_ok=True)
                    output.unlink()
        with write_errors("cannot sync", self.collection.warc):
            sync_path(self.collection.warc)

    def _tombstone(self, changes: dict[str, FileChange]) -> Tombstone:
        plan = self.plan
        records = sorted(digest for change in changes.values() for digest in change.erased)
        keys = {*map(url_digest, plan.urls), *map(article_digest, plan.articles)}
        moment = datetime.fromisoformat(plan.erased_at)
        return Tombstone(plan.id, moment, plan.kind, plan.reason, plan.by_right, records, plan.payloads, sorted(keys))

    def _erase_rows(self, changes: dict[str, FileChange], stone: Tombstone) -> None:
        moved = {
            (name, old, id): (new, length) for name, change in changes.items() for old, id, new, length in change.moved
        }
        responses = [(name, offset, id) for name, places in self.plan.responses.items() for offset, id in places]
        files = {name: change.facts for name, change in changes.items()}
        plan = self.plan
        erase_rows(
            self.database,
            CapturesToErase(plan.captures, moved, responses, files, plan.urls, plan.url_keys),
            stone,
        )

    def _follow_payloads(self, changes: dict[str, FileChange]) -> None:
        with closing(PayloadIndex(self.collection.payload_index)) as index:
            for name, change in changes.items():
                offsets: dict[int, int | None] = dict.fromkeys(old for old, _ in self.plan.records.get(name, ()))
                moved = {old: new for old, _, new, _ in change.moved}
                if len(moved) == len(change.moved):
                    index.move(name, offsets | moved, self.plan.urls)
                    continue
                # records of a file that was compressed as a whole shared an offset, by which none can be followed
                index.move(name, offsets | dict.fromkeys(moved), self.plan.urls)
                index.put(_payloads_in(self.collection.warc / name))

    def _rewrite_packages(self) -> None:
        ids = {id for places in (*self.plan.records.values(), *self.plan.responses.values()) for _, id in places}
        ids |= {id for _, _, id in self.plan.captures}
        urls = set(self.plan.urls)

        def is_erased(record: Record) -> bool:
            named = (value for name, value in record.headers if name.lower() == "warc-concurrent-to")
            return record.record_id in ids or record.target_uri in urls or not ids.isdisjoint(named)

        for path in sorted(self.collection.home.rglob("*.wacz")):
            try:
                self.report.packages += rewrite_package(path, is_erased, urls, self.journal.scratch)
            except (BadZipFile, RecordError, KeyError, ValueError) as problem:
                self.report.left.append(f"{path} cannot be written again ({problem}): remove it, or pack it anew")

    def _read_responses(self, changes: dict[str, FileChange]) -> None:
        """Have the revisits that are responses now classified again, as a rebuild would."""
        for name, places in self.plan.responses.items():
            new = {(old, id): (offset, length) for old, id, offset, length in changes[name].moved}
            with closing(PayloadIndex(self.collection.payload_index)) as index:
                folder = self.collection.warc.absolute()
                pipeline = Pipeline(
                    Classifier(folder, self.extractor, any_page=False),
                    RevisitResolver(folder, index),
                    ResultWriter(Store(self.database), index),
                    lambda _: None,
                )
                for place in places:
                    offset, length = new[place]
                    capture = read_capture(folder, CaptureRef(name, offset, length, place[1]))
                    pipeline.add(CaptureInput(capture, str(folder / name)))
                pipeline.finish()


def _payloads_in(path: Path) -> Iterator[IndexedCapture]:
    """The payloads of a file of the collection."""
    for one in read_captures(path):
        if one.record_type == "response" and one.status and one.payload and not one.truncated:
            yield IndexedCapture(RecordLocation(path.name, one.ref.offset), one.captured_at, one.payload_digest)
