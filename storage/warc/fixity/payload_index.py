"""Checks a collection's payload index (`payloads.db`) against the records of its files.

The index is a hint (decision 020), so no capture depends on it; without an entry a payload is written again, and a
revisit that another archive wrote may not be resolved. Called by `crawler.operations.verify_collection`.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.warc.digest import canonical_digest, sha1_digest
from storage.warc.fixity.verifier import FixityReport
from storage.warc.http.message import parse_response, payload_parts
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.read.payload_index import key_of, read_only
from storage.warc.read.record import Record

KIND = "payload index"
_FILL = "emeroteca rebuild --again fills it"
#: What mends an index with wrong entries, which `rebuild` does not look for.
_MAKE = "remove payloads.db, and emeroteca rebuild --again makes it from the WARC files"
#: Faults that are named one by one; a file that is lost and made anew lacks as many entries as there were payloads.
MOST_NAMED = 1000
_NO_PAYLOAD = sha1_digest([])


class PayloadIndexCheck:
    """A context manager; `record` takes the records of the collection's own sealed files, `finish` reports."""

    def __init__(self, path: Path, report: FixityReport) -> None:
        self._path = path
        self._report = report
        self._expected = ExternalSorter()
        self._files: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._expected.close()

    def record(self, name: str, record: Record) -> None:
        """A record of a file that a crawl of ours wrote: all its payloads are in the index."""
        self._files.add(name)
        for digest in _digests(record):
            self._expected.add(_line(name, record.offset, key_of(digest), digest))

    def finish(self) -> None:
        """Report the index where it is missing or damaged, every payload without its entry, and every entry of these
        files that is of another payload than its record's.
        """
        if not self._path.exists():
            if self._files:
                self._report.fault(self._path.name, None, "missing", _FILL)
            return
        try:
            with closing(read_only(self._path)) as index:
                if (said := index.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                    raise sqlite3.DatabaseError(said)
                self._compare(index)
        except sqlite3.Error as problem:
            self._report.fault(self._path.name, None, "damaged", f"{problem}: {_MAKE}")

    def _compare(self, index: sqlite3.Connection) -> None:
        count = 0
        for offset, file, detail in self._faults(index):
            count += 1
            if count <= MOST_NAMED:
                self._report.fault(file, offset, KIND, detail)
        if count > MOST_NAMED:
            self._report.fault(self._path.name, None, KIND, f"{count - MOST_NAMED} more of these: {_MAKE}")

    def _faults(self, index: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
        entries = index.execute(
            "SELECT name, offset, digest FROM payloads JOIN files ON id = file ORDER BY name, offset, digest"
        )
        stored = (_line(*entry) for entry in entries if entry[0] in self._files)
        for (name, offset), lines in groupby(heapq.merge(stored, self._expected.sorted()), _place):
            expected, found = dict[str, str](), set[str]()
            for line in lines:
                _, _, key, digest = line.decode().rstrip("\n").split("\t")
                if digest:
                    expected[key] = digest
                else:
                    found.add(key)
            missing = [digest for key, digest in expected.items() if key not in found]
            wrong = found - expected.keys()
            for digest in missing:
                said = f"its entry is not of the payload {digest}: {_MAKE}"
                yield int(offset), name, said if wrong else f"it has no entry for the payload {digest}: {_FILL}"
            if wrong and not missing:
                held = " and ".join(expected.values()) or "none"
                yield int(offset), name, f"it has an entry of another payload than the record's ({held}): {_MAKE}"


def _digests(record: Record) -> Iterator[str]:
    """The digests under which the payload of a record is indexed: of whole responses that have one. See
    `crawler.ingest.pipeline`."""
    if record.record_type != "response" or record.header("WARC-Truncated") or not record.target_uri:
        return
    head = parse_response(record.block)
    if head is None or not head.status:
        return
    declared = canonical_digest(record.header("WARC-Payload-Digest"))
    is_sha1 = declared is not None and declared.startswith("sha1:")
    # some writers digest a chunked body with its framing
    is_known = is_sha1 and head.first(b"transfer-encoding") is None
    digest = declared if is_known and declared else sha1_digest(payload_parts(record.block, head))
    if digest != _NO_PAYLOAD:
        yield digest
        if declared and not is_sha1:
            yield declared


def _line(name: str, offset: int, key: int, digest: str = "") -> bytes:
    return f"{name}\t{offset:020}\t{key:020}\t{digest}\n".encode()


def _place(line: bytes) -> tuple[str, str]:
    name, offset, _ = line.decode().split("\t", 2)
    return name, offset
