"""Writes WACZ 1.1.1 packages as a stream; the same content gives the same bytes.

    archive/      the WARC files, whole or the chosen records with what belongs to them, byte for byte
    indexes/      index.cdx.gz, blocks of CDXJ lines, and index.idx, where each block begins
    pages/        pages.jsonl: the articles, with titles and texts
    datapackage.json, datapackage-digest.json     every file with its SHA-256, and that list with its own

Nothing is compressed twice; every file inside is dated 1980, so that packages differ by content only. Called by
`crawler.operations.wacz_packaging`.
"""

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Self

from warcio.limitreader import LimitReader

from storage.warc.durable_files import remove_unfinished, sync_path, write_errors
from storage.warc.fixity.wacz_package import DIGEST, PACKAGE
from storage.warc.index.cdxj import CdxjEntry, entries_in, entry_of
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.read.record import Record, records_in
from storage.warc.read.source import open_archive

VERSION = "1.1.1"
#: CDXJ lines a block.
BLOCK = 1024
_DATED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class WaczPage:
    """A page that the package lists. id: unique text."""

    id: str
    url: str
    captured_at: datetime
    title: str
    text: str


class WaczWriter:
    """Writes one package. A context manager: without an exception the package is complete, with one there is none.

    software, title, description: for datapackage.json. Raises WriteFailed where the disk takes no more.
    """

    def __init__(self, output: Path, *, software: str, title: str, description: str) -> None:
        self.output = output
        self._about = {"title": title, "description": description, "software": software}
        self._unfinished = output.with_name(f"{output.name}.{os.getpid()}.tmp")
        self._resources: list[dict[str, Any]] = []
        self._lines = ExternalSorter()
        self._newest = datetime(*_DATED, tzinfo=UTC)
        self.captures = 0

    def __enter__(self) -> Self:
        with write_errors("cannot write", self.output):
            remove_unfinished(self.output.parent, f"{self.output.name}.", ".tmp")
            self._zip = zipfile.ZipFile(self._unfinished, "w")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                with write_errors("cannot write", self.output):
                    self._finish()
        finally:
            self._lines.close()
            with suppress(OSError):
                self._zip.close()
            self._unfinished.unlink(missing_ok=True)

    def add_file(self, path: Path, offsets: Sequence[int] | None = None) -> None:
        """Add a WARC file, or its warcinfo record and the captures at these offsets, each with the records that are
        concurrent to it. A file that is compressed as a whole is added as a whole.
        """
        with open_archive(path) as source:
            if offsets is not None and not _is_one_member(source):
                stem, dot, ending = path.name.partition(".warc")
                name = f"{stem}-part{dot}{ending}"
                with self._file(f"archive/{name}") as target:
                    for entry in _copy_captures(source, name, offsets, target):
                        self._note(entry)
                return
            with self._file(f"archive/{path.name}") as target:
                source.seek(0)
                shutil.copyfileobj(source, target, 1024 * 1024)
        for entry in entries_in(path):
            self._note(entry)

    def _note(self, entry: CdxjEntry) -> None:
        self.captures += 1
        self._newest = max(self._newest, entry.captured_at)
        self._lines.add(entry.line())

    def add_pages(self, pages: Iterable[WaczPage]) -> int:
        """Add the list of pages, once; returns their number."""
        count = 0
        with self._file("pages/pages.jsonl", compressed=True) as target:
            target.write(_json({"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}))
            for page in pages:
                ts = page.captured_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                line = {"id": page.id, "url": page.url, "ts": ts, "title": page.title, "text": page.text}
                target.write(_json(line))
                count += 1
        return count

    def _finish(self) -> None:
        places = self._add_blocks()
        with self._file("indexes/index.idx", compressed=True) as target:
            target.write(b"".join(places))
        package = self._package()
        digest = f"sha256:{hashlib.sha256(package).hexdigest()}"
        self._zip.writestr(zipfile.ZipInfo(PACKAGE, _DATED), package)
        self._zip.writestr(zipfile.ZipInfo(DIGEST, _DATED), _json({"path": PACKAGE, "hash": digest}))
        self._zip.close()
        sync_path(self._unfinished)
        self._unfinished.rename(self.output)

    def _add_blocks(self) -> list[bytes]:
        """Write the blocks of the index; returns the lines of index.idx, one a block."""
        meta = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
        places = [b"!meta 0 " + json.dumps(meta).encode() + b"\n"]
        offset = 0
        every = self._lines.sorted()
        with self._file("indexes/index.cdx.gz") as target:
            while lines := list(islice(every, BLOCK)):
                gzip = zlib.compressobj(wbits=zlib.MAX_WBITS + 16)
                block = gzip.compress(b"".join(lines)) + gzip.flush()
                target.write(block)
                digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
                place = {"offset": offset, "length": len(block), "digest": digest}
                places.append(lines[0].partition(b" {")[0] + b" " + json.dumps(place).encode() + b"\n")
                offset += len(block)
        return places

    def _package(self) -> bytes:
        created = self._newest.strftime("%Y-%m-%dT%H:%M:%SZ")
        package: dict[str, Any] = {
            "profile": "data-package",
            "wacz_version": VERSION,
            **self._about,
            "created": created,
            "resources": sorted(self._resources, key=lambda resource: str(resource["path"])),
        }
        return json.dumps(package, ensure_ascii=False, indent=2).encode()

    @contextmanager
    def _file(self, path: str, *, compressed: bool = False) -> Iterator["_HashedFile"]:
        """A new file of the package, which is then listed as a resource."""
        info = zipfile.ZipInfo(path, _DATED)
        info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        with self._zip.open(info, "w", force_zip64=True) as target:
            file = _HashedFile(target)
            yield file
        name = path.rpartition("/")[2].lower()
        digest = f"sha256:{file.sha256.hexdigest()}"
        self._resources.append({"name": name, "path": path, "hash": digest, "bytes": file.size})


class _HashedFile:
    """Writes to a file, and has size and SHA-256 of what was written."""

    def __init__(self, target: IO[bytes]) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0
        self._target = target

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self.size += len(data)
        return self._target.write(data)


def _copy_captures(source: IO[bytes], name: str, offsets: Sequence[int], target: _HashedFile) -> Iterator[CdxjEntry]:
    """Copy warcinfo and the captures at the offsets, in that order; yields the entries of the copies."""
    _copy(source, 0, _end_of(source, 0, lambda record: record.record_type == "warcinfo"), target)
    for offset in sorted(set(offsets)):
        first = next(records_in(source, offset))
        entry = entry_of(first, name)
        if entry is not None:
            yield entry.moved(name, target.size)
        _copy(source, offset, _end_of(source, offset, _belonging_to(first.record_id)), target)


def _belonging_to(record_id: str) -> Callable[[Record], bool]:
    """Whether a record is that capture, or concurrent to it."""
    return lambda record: record_id in (record.record_id, record.header("WARC-Concurrent-To"))


def _end_of(source: IO[bytes], offset: int, belongs: Callable[[Record], bool]) -> int:
    """The end of the run of belonging records that begins at the offset."""
    end = offset
    for record in records_in(source, offset):
        if not belongs(record):
            break
        end = record.offset + record.length
    return end


def _copy(source: IO[bytes], start: int, end: int, target: _HashedFile) -> None:
    source.seek(start)
    shutil.copyfileobj(LimitReader(source, end - start), target, 1024 * 1024)


def is_one_member(path: Path) -> bool:
    """Whether a WARC file is compressed as a whole, so that its records cannot be copied one by one."""
    with open_archive(path) as source:
        return _is_one_member(source)


def _is_one_member(source: IO[bytes]) -> bool:
    first = next(records_in(source), None)
    return first is None or first.length == 0


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
