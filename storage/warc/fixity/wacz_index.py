"""Checks a WACZ's index against its records (WACZ 1.1.1, 5.1.2: CDXJ, plain, gzipped or in blocks).

Called by `crawler.cli.verify`.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from storage.warc.digest import canonical_digest, digest_matches
from storage.warc.fixity.verifier import Fault, differences
from storage.warc.index.cdxj import CdxjEntry, entries_in
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.read.members import LONGEST_LINE, is_bomb
from storage.warc.read.source import archive_files, open_entry, open_package
from storage.warc.spool import PIECE

INDEXES = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")
#: Lines that are none of an index, after which the rest of it is not read.
MOST_WRONG = 1000


def index_faults(path: Path) -> Iterator[Fault]:
    """Faults of the index of the package at a path: captures without a line, lines without a record of that location,
    length and payload digest, and records that do not match their line's `recordDigest`. None where it is no WACZ.
    """
    if not path.is_file() or not zipfile.is_zipfile(path):
        return
    with suppress(zipfile.BadZipFile):  # `wacz_faults` and the reading of the files report that
        yield from _index_faults(path)


def _index_faults(path: Path) -> Iterator[Fault]:
    with ExternalSorter() as indexed, ExternalSorter() as found, open_package(path) as wacz:
        for name in sorted(name for name in wacz.namelist() if name.startswith("indexes/") and name.endswith(INDEXES)):
            try:
                with open_entry(wacz, name) as raw:
                    lines = gzip.GzipFile(fileobj=raw) if name.endswith(".gz") else raw
                    yield from _read(lines, path, wacz, name, indexed)
            except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as problem:
                yield Fault(f"{path}/{name}", None, "damaged", str(problem))
        for file in archive_files(path):
            for entry in entries_in(file):
                found.add(_facts(entry))
        for line, is_indexed in differences(indexed.sorted(), found.sorted()):
            file_name, offset, *facts = line.decode().rstrip("\n").split("\t")
            what = "the index has a line that no record gives" if is_indexed else "the index has no line for the record"
            yield Fault(f"{path}/archive/{file_name}", int(offset), "index", f"{what}: {' '.join(facts)}")


def _read(
    lines: IO[bytes] | gzip.GzipFile, path: Path, wacz: zipfile.ZipFile, name: str, indexed: ExternalSorter
) -> Iterator[Fault]:
    """Add the facts of each line to `indexed`; yields faults of lines that cannot be parsed or have a false digest.
    Raises zipfile.BadZipFile for an index that is a bomb."""
    wrong = size = 0
    for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), b""), 1):
        size += len(line)
        if is_bomb(size, wacz.getinfo(name).compress_size):
            raise zipfile.BadZipFile(f"the entry {name!r} is a bomb: it has more than {size} bytes")
        if line.startswith(b"!"):
            continue
        try:
            entry = CdxjEntry.parse(line)
            indexed.add(_facts(entry))
        except (ValueError, KeyError, TypeError):
            wrong += 1
            is_last = wrong == MOST_WRONG or len(line) == LONGEST_LINE
            rest = ", and what follows it is not read" if is_last else ""
            yield Fault(f"{path}/{name}", None, "index", f"line {number} is none of an index{rest}")
            if is_last:
                return
            continue
        digest = entry.fields.get("recordDigest")
        if digest and digest_matches(digest, _record_bytes(wacz, entry)) is False:
            yield Fault(f"{path}/archive/{entry.file}", entry.offset, "index", f"the index says it is {digest}")


def _record_bytes(wacz: zipfile.ZipFile, entry: CdxjEntry) -> Iterator[bytes]:
    """The bytes at the place that a line names, of an entry of the package alone, whatever its path says."""
    with (
        suppress(KeyError, zlib.error, EOFError, zipfile.BadZipFile),
        open_entry(wacz, f"archive/{entry.file}") as file,
    ):
        file.seek(entry.offset)
        left = entry.length
        while piece := file.read(min(left, PIECE)):
            left -= len(piece)
            yield piece


def _facts(entry: CdxjEntry) -> bytes:
    """The facts of an entry, in one spelling for all writers of indexes: file, offset, length, payload digest."""
    digest = canonical_digest(entry.digest) or entry.digest
    return f"{entry.file}\t{entry.offset:015}\t{entry.length}\t{digest}\n".encode()
