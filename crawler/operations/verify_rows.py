"""Compares rows with records, and with what today's extractor gives; used by the command `verify`.

Each row must lead to its record, each record must have its row, and each capture must give its rows again.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from crawler.extraction.version import Reader
from crawler.ingest.classify import Extractor, classify
from crawler.ingest.comparison import ResultChange, changes
from crawler.ingest.file_locator import FileLocator
from crawler.ingest.messages import TaskResult
from crawler.ingest.pipeline import refuse_erased
from storage.corpus.db.database import Database
from storage.corpus.read.captures import SelectedCapture, StoredCapture, captures_in_file, selected_captures, warc_files
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.erasure import erased_keys
from storage.exceptions import CaptureMissing
from storage.warc.digest import canonical_digest
from storage.warc.fixity.verifier import FixityReport
from storage.warc.http.capture import CaptureRef
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.reader import as_capture, read_capture
from storage.warc.read.record import Record
from storage.warc.read.revisit_resolver import RevisitResolver

_REMEDY = "emeroteca rebuild makes it"


class RowCheck:
    """Compares the records of one file after the other, in their order, with the rows of their captures. are_own: the
    files are the collection's own, in which every capture has its row.
    """

    def __init__(self, database: Database, report: FixityReport, *, are_own: bool = True) -> None:
        self._are_own = are_own
        self._database = database
        self._report = report
        self._file: str | None = None
        self._rows: dict[tuple[int, str], StoredCapture] = {}
        self._ids: dict[int, str] = {}

    def record(self, file: str, record: Record) -> None:
        if file != self._file:
            self.finish()
            self._file, self._rows = file, captures_in_file(self._database, file)
            self._ids = {offset: id for (offset, id), row in self._rows.items() if row.length}
        if record.record_type not in PAGE_RECORD_TYPES or not record.header("WARC-Target-URI"):
            return
        id = self._ids.get(record.offset, record.record_id) if record.length else record.record_id
        row = self._rows.pop((record.offset, id), None)
        if row is None:
            if self._are_own:
                self._fault(record.offset, f"no row for the record {record.record_id}: {_REMEDY}")
        else:
            for difference in _differences(row, record):
                self._fault(record.offset, difference)

    def finish(self) -> None:
        """Report the rows of the current file that no record matches."""
        for (offset, _), row in sorted(self._rows.items()):
            self._fault(offset, f"the row of {row.url} says there is {row.record_id}, and there is no capture")
        self._rows = {}

    def files(self, registry: WarcFileRegistry, others: Collection[str] = ()) -> None:
        """Compare the rows of files with manifest and folder. others: files that are not here, and need not be."""
        digests = registry.manifest.digests()
        for row in warc_files(self._database):
            sealed_as = digests.get(row.name)
            if row.sha256 and sealed_as and row.sha256 != sealed_as:
                detail = f"the database says SHA-256 {row.sha256}, the manifest {sealed_as}"
                self._report.fault(row.name, None, "row", detail)
            elif row.name in others:
                continue
            elif row.sha256 and not sealed_as and not (registry.warc / row.name).exists():
                detail = "the database knows it, the folder and the manifest do not"
                self._report.fault(row.name, None, "missing", detail)

    def _fault(self, offset: int, detail: str) -> None:
        self._report.fault(self._file or "", offset, "row", detail)


def _differences(row: StoredCapture, record: Record) -> list[str]:
    digest = canonical_digest(record.header("WARC-Payload-Digest"))
    pairs: dict[str, tuple[object, object]] = {
        "record id": (row.record_id, record.record_id),
        "length": (row.length, record.length),
        "URL": (row.url, (record.header("WARC-Target-URI") or "").strip("<>")),
    }
    if digest is not None and digest.startswith("sha1:"):
        ours = canonical_digest(row.payload_digest) or row.payload_digest
        if ours != digest and (capture := as_capture(record, "")) is not None and ours == capture.payload_digest:
            digest = ours  # some writers digest a chunked body with its framing
        pairs["payload digest"] = (ours, digest)
    return [f"{what}: the row says {ours}, the record {its}" for what, (ours, its) in pairs.items() if ours != its]


@dataclass(slots=True)
class RowComparison:
    """captures: extracted again. other: of these, captures whose rows differ. absent: captures that were not
    extracted, by their WARC files, which cannot be found.
    """

    captures: int = 0
    other: int = 0
    absent: Counter[str] = field(default_factory=Counter)


def compare_rows(
    database: Database,
    locator: FileLocator,
    resolver: RevisitResolver,
    report: FixityReport,
    sample: int | None,
    track: Callable[[Iterable[SelectedCapture]], Iterable[SelectedCapture]] = iter,
) -> RowComparison:
    """Classify captures again and compare the results with their rows, as `rebuild --diff` does.

    sample: how many, drawn evenly over the collection and the same ones each time; None for all. track: wraps the
    captures, for instance to show progress.
    """
    compared, erased = RowComparison(), erased_keys(database)
    for row in track(_sampled(database, sample)):
        place = locator.find(row.file)
        if place is None:
            compared.absent[row.file] += 1
            continue
        try:
            capture = read_capture(place, CaptureRef(row.file, row.offset, 0, row.record_id))
        except CaptureMissing as missing:
            report.fault(row.file, row.offset, "row", str(missing))
            continue
        compared.captures += 1
        resolved, extractor = resolver.resolve(capture), Extractor(Reader.of(row.extractor))
        any_page = row.outcome != Outcome.OTHER  # as the row was made
        part = TaskResult([classify(capture, resolved=resolved, any_page=any_page, extractor=extractor)])
        refuse_erased(part, erased)
        [(_, change)] = changes(database, part.results)
        if change is not None:
            compared.other += 1
            report.fault(row.file, row.offset, "other rows", f"{capture.url}: {_description(change)}: {_REMEDY} anew")
    return compared


def _sampled(database: Database, sample: int | None) -> Iterable[SelectedCapture]:
    """All, or a reservoir sample, so that memory holds no more than that."""
    if sample is None:
        return selected_captures(database)
    chosen: list[SelectedCapture] = []
    draw = random.Random(0)
    for number, row in enumerate(selected_captures(database)):
        if len(chosen) < sample:
            chosen.append(row)
        elif (slot := draw.randrange(number + 1)) < sample:
            chosen[slot] = row
    return sorted(chosen, key=lambda row: (row.file, row.offset, row.record_id))


def _description(change: ResultChange) -> str:
    if outcome := change.fields.get("outcome"):
        return f"was {outcome[0]}, is {outcome[1]}"
    return f"today gives another {', '.join(change.fields)}"
