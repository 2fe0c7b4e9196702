"""Writes a WACZ again without erased records and pages; called by `crawler.takedown`."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from storage.warc.dates import parse_warc_date
from storage.warc.fixity.wacz_package import PACKAGE
from storage.warc.read.record import Record, records_in
from storage.warc.read.source import archive_files, open_archive
from storage.warc.wacz.writer import WaczPage, WaczWriter
from storage.warc.write.rewrite import rewrite

PAGES = "pages/pages.jsonl"


def rewrite_package(path: Path, is_erased: Callable[[Record], bool], urls: Collection[str], scratch: Path) -> bool:
    """Write the package at a path again without the records that `is_erased` names, and pages of these URLs; index and
    digests are made anew. A package without any is left as it is. Parts of other programs than records and pages
    (logs, screenshots) are left out. scratch: a folder for temporary files. Returns whether it was written. Raises
    WriteFailed, zipfile.BadZipFile.
    """
    if not zipfile.is_zipfile(path) or not (_has_record(path, is_erased) or _has_page(path, urls)):
        return False
    about = _about(path)
    with (
        tempfile.TemporaryDirectory(prefix="emeroteca-erase-", dir=scratch) as folder,
        WaczWriter(path, **about) as wacz,
    ):
        for file in archive_files(path):
            output = Path(folder) / file.name
            if rewrite(file, output, is_erased, {}).has_captures:
                wacz.add_file(output)
            output.unlink()
        wacz.add_pages(page for page in _pages(path) if page.url not in urls)
    return True


def _has_record(path: Path, is_erased: Callable[[Record], bool]) -> bool:
    for file in archive_files(path):
        with open_archive(file) as source:
            if any(is_erased(record) for record in records_in(source)):
                return True
    return False


def _has_page(path: Path, urls: Collection[str]) -> bool:
    return any(page.url in urls for page in _pages(path))


def _about(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as wacz:
        package = json.loads(wacz.read(PACKAGE)) if PACKAGE in wacz.namelist() else {}
    return {name: str(package.get(name, "")) for name in ("software", "title", "description")}


def _pages(path: Path) -> Iterator[WaczPage]:
    with zipfile.ZipFile(path) as wacz:
        lines = wacz.read(PAGES).splitlines() if PAGES in wacz.namelist() else []
    for line in map(json.loads, lines):
        if "url" in line:
            moment = parse_warc_date(line.get("ts")) or datetime(1980, 1, 1, tzinfo=UTC)
            yield WaczPage(line.get("id", ""), line["url"], moment, line.get("title", ""), line.get("text", ""))
