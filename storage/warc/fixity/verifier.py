"""Fixity checks of WARC files, their records, their revisits and their index.

Of a file its SHA-256 is checked against the manifest, and the checksums of its records; of a record that it can be
read (gzip's checksums, lengths), its block digest and its payload digest; of a revisit that the record with its payload
exists; of an index that it has exactly the lines of the records. Called by `crawler.cli.verify`.
"""

import heapq
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Self

from storage.exceptions import RecordError
from storage.warc.dates import parse_warc_date
from storage.warc.digest import digest_matches
from storage.warc.http.message import parse_head, parse_response, payload_parts
from storage.warc.index.cdxj import CdxjEntry, entry_of
from storage.warc.index.cdxj_store import CdxjStore
from storage.warc.index.checksums import Checksums
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.index.manifest import sha256_of
from storage.warc.read.members import Damage
from storage.warc.read.record import Record, records_in
from storage.warc.read.source import open_source
from storage.warc.spool import pieces


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file. offset: of the record, in bytes; None: of the file as a whole.

    kind: "missing", "not on the manifest", "changed", "damaged", "block digest", "payload digest", "revisit", "index",
    "checksums" (the list of them), and kinds of the caller's own.
    """

    file: str
    offset: int | None
    kind: str
    detail: str

    def __str__(self) -> str:
        place = self.file if self.offset is None else f"{self.file} at {self.offset}"
        return f"{place}: {self.kind}: {self.detail}"


@dataclass(slots=True)
class FixityReport:
    """Counts of what was checked, and the faults."""

    files: int = 0
    bytes: int = 0
    records: int = 0
    captures: int = 0
    faults: list[Fault] = field(default_factory=list)

    def fault(self, file: str, offset: int | None, kind: str, detail: str) -> None:
        self.faults.append(Fault(file, offset, kind, detail))


class Verifier:
    """Verifies archive files, one after the other, and then references between them. A context manager.

    report: is added to. each_record: called with file name and record, for checks of the caller's own. Memory use is
    constant: revisits and index lines are kept in temporary files.
    """

    def __init__(self, report: FixityReport, each_record: Callable[[str, Record], object] | None = None) -> None:
        self.report = report
        self._each_record = each_record
        self._folder = tempfile.TemporaryDirectory(prefix="emeroteca-verify-")
        self._index = CdxjStore(Path(self._folder.name))
        self._entries = ExternalSorter()
        self._revisits: IO[str] = (self._index.folder / "revisits").open("w+", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._entries.close()
        self._revisits.close()
        self._folder.cleanup()

    def verify_file(
        self, path: Path | str, name: str, sha256: str | None = None, checksums: Checksums | None = None
    ) -> None:
        """Verify a file. path: also the place of a `Source`. name: in report and index. sha256: the file's, when it was
        sealed or first read. checksums: of its records, when it was sealed.
        """
        self.report.files += 1
        is_changed = sha256 is not None and (found := sha256_of(path)) != sha256
        if is_changed:
            self.report.fault(name, None, "changed", f"its SHA-256 was {sha256} when it was sealed and is {found}")
        if checksums is not None:
            self._compare_checksums(path, name, checksums, is_changed=is_changed)
        damages: list[Damage] = []
        try:
            with open_source(str(path)) as file:
                for record in records_in(file, damages=damages):
                    self._record(record, name)
                self.report.bytes += file.seek(0, 2)
        except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
            damages.append(Damage(0, str(problem)))
        for damage in damages:
            self.report.fault(name, damage.offset, "damaged", damage.reason)

    def _compare_checksums(self, path: Path | str, name: str, checksums: Checksums, *, is_changed: bool) -> None:
        """A fault for each record that has changed; where the file has not, the list of its checksums has."""
        kind = "changed" if is_changed else "checksums"
        try:
            for offset, detail in checksums.changes(path, name):
                told = detail if is_changed else f"{detail}; the file has its SHA-256, so that list has changed"
                self.report.fault(name, offset, kind, told)
        except RecordError as problem:
            self.report.fault(name, None, "checksums", str(problem))

    def _record(self, record: Record, name: str) -> None:
        self.report.records += 1
        for kind, detail in digest_faults(record):
            self.report.fault(name, record.offset, kind, detail)
        entry = entry_of(record, name)
        if entry is not None:
            self.report.captures += 1
            self._entries.add(entry.line())
            if entry.is_revisit:
                self._revisits.write(json.dumps(_reference(record, entry)) + "\n")
        if self._each_record is not None:
            self._each_record(name, record)

    def verify_revisits(self) -> None:
        """After all files: a fault for every revisit without a record that holds its payload."""
        self._index.add("all", self._entries.sorted())
        self._revisits.seek(0)
        for line in self._revisits:
            url, date, digest, file, offset = json.loads(line)
            if self._index.find_payload_record(url, digest, parse_warc_date(date)) is None:
                self.report.fault(file, offset, "revisit", f"no record of {url} {date or ''} has the payload {digest}")

    def verify_index(self, index: CdxjStore, files: Container[str]) -> None:
        """After `verify_revisits`: a fault for every line of these files that index and records do not share, and for
        every file of the index with lines that are none or not in order."""
        self._verify_index_files(index)
        for line, is_indexed in differences(_lines_of(index, files), self._index.lines()):
            entry = CdxjEntry.parse(line)
            what = "it has a line that no record gives" if is_indexed else "it has no line for the record"
            self.report.fault(entry.file, entry.offset, "index", f"{what}: {entry.key} {entry.timestamp}")

    def _verify_index_files(self, index: CdxjStore) -> None:
        for path in index.files():
            before = b""
            for number, (line, entry) in enumerate(_entries(path), 1):
                wrong = "is none" if entry is None else "is not in order" if line < before else ""
                if wrong:
                    self.report.fault(path.name, None, "index", f"line {number} {wrong}: emeroteca index mends it")
                    break
                before = line


def _lines_of(index: CdxjStore, files: Container[str]) -> Iterator[bytes]:
    """The lines of these files, in order, in spite of damage to the index."""
    with ExternalSorter() as sorter:
        for path in index.files():
            for line, entry in _entries(path):
                if entry is not None and entry.file in files:
                    sorter.add(line)
        yield from sorter.sorted()


def _entries(path: Path) -> Iterator[tuple[bytes, CdxjEntry | None]]:
    with path.open("rb") as file:
        for line in file:
            yield line, CdxjEntry.of_record(line)


def manifest_faults(digests: Mapping[str, str], names: Iterable[str]) -> Iterator[Fault]:
    """Files that are on the manifest and not in the folder, and the other way round."""
    existing = set(names)
    for name in sorted(digests.keys() - existing):
        yield Fault(name, None, "missing", "it is on the manifest and not in the folder")
    for name in sorted(existing - digests.keys()):
        yield Fault(name, None, "not on the manifest", "it was not sealed by this collection, or its line is lost")


def digest_faults(record: Record) -> Iterator[tuple[str, str]]:
    """The record's digests that do not match: "block digest", "payload digest", each with details.

    A digest of an unknown algorithm counts as right. Of a chunked message both digests are right, of the body with and
    without its framing, since writers differ.
    """
    block = record.header("WARC-Block-Digest")
    if block and digest_matches(block, pieces(record.block)) is False:
        yield "block digest", f"the record says {block}"
    payload = record.header("WARC-Payload-Digest")
    if not payload or record.record_type == "revisit":
        return
    if all(digest_matches(payload, parts) is False for parts in _payloads(record)):
        yield "payload digest", f"the record says {payload}"


def _payloads(record: Record) -> Iterator[list[memoryview] | list[bytes]]:
    """The readings of "payload" that writers use."""
    if record.record_type == "request":
        yield pieces(record.block, parse_head(record.block).end)
        return
    head = parse_response(record.block) if record.record_type == "response" else None
    if head is not None:
        yield payload_parts(record.block, head)
        yield pieces(record.block, head.end)
    yield pieces(record.block)


def _reference(record: Record, entry: CdxjEntry) -> tuple[str, str | None, str, str, int]:
    url = (record.header("WARC-Refers-To-Target-URI") or entry.url).strip("<>")
    return url, record.header("WARC-Refers-To-Date"), entry.digest, entry.file, entry.offset


def differences(left: Iterable[bytes], right: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines that only one of two sorted streams has, none twice; with each, whether that is the left stream."""
    tagged = heapq.merge(((line, True) for line in left), ((line, False) for line in right))
    for line, same in groupby(tagged, itemgetter(0)):
        (_, is_left), *rest = same
        if not rest:
            yield line, is_left
