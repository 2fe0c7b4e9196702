"""Writes a WACZ package of selected captures, the originals of revisits and a list of pages. Called by `package`."""

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cache
from itertools import groupby
from pathlib import Path

from crawler.registry import all_sites
from storage.corpus.db.database import Database
from storage.corpus.read.captures import (
    CaptureSelection,
    SelectedArticle,
    SelectedCapture,
    captures_by_file,
    selected_articles,
    selected_captures,
    withheld_captures,
)
from storage.exceptions import CaptureMissing
from storage.warc.dates import parse_warc_date
from storage.warc.http.capture import CaptureRef
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.read.reader import read_record
from storage.warc.read.record import Record
from storage.warc.wacz.writer import WaczPage, WaczWriter, is_one_member


@dataclass(slots=True)
class PackingResult:
    """What went into a package, and what could not: captures whose file is not in the collection or whose record is
    not there, revisits whose original is not. withheld: selected captures that are withheld, whose payload a withheld
    capture has, or that share a gzip member with one.
    """

    files: int = 0
    captures: int = 0
    pages: int = 0
    absent: int = 0
    unresolved: int = 0
    withheld: int = 0


def pack(
    database: Database,
    registry: WarcFileRegistry,
    selection: CaptureSelection,
    output: Path,
    *,
    software: str,
    title: str,
    description: str,
) -> PackingResult:
    """Write the package, without what is withheld. Memory stays flat. Raises CorpusError, WriteFailed."""
    result = PackingResult()
    totals = captures_by_file(database)
    withheld = {(capture.file, capture.offset) for capture in withheld_captures(database)}
    with (
        ExternalSorter() as places,
        WaczWriter(output, software=software, title=title, description=description) as wacz,
    ):
        for capture in selected_captures(database, selection):
            for line in _places_of(capture, registry, withheld, result) if _is_on_days(capture, selection) else ():
                places.add(line)
        files_withheld = {file for file, _ in withheld}
        for name, offsets in _by_file(places.sorted()):
            if name in files_withheld and is_one_member(registry.warc / name):
                result.withheld += len(offsets)
                continue
            result.files += 1
            wacz.add_file(registry.warc / name, None if len(offsets) == totals.get(name) else offsets)
        result.captures = wacz.captures
        result.pages = wacz.add_pages(_pages(database, selection, registry))
    return result


def _places_of(
    capture: SelectedCapture, registry: WarcFileRegistry, withheld: Set[tuple[str, int]], result: PackingResult
) -> Iterator[bytes]:
    """Where the capture is, and of a revisit also where its payload is."""
    if (capture.file, capture.offset) in withheld:
        result.withheld += 1
        return
    if not (registry.warc / capture.file).exists():
        result.absent += 1
        return
    if capture.record_type != "revisit":
        yield _place(capture.file, capture.offset)
        return
    try:
        record = read_record(registry.warc, CaptureRef(capture.file, capture.offset, 0, capture.record_id))
    except CaptureMissing:
        result.absent += 1
        return
    yield from _revisit_places(capture, record, registry, withheld, result)


def _revisit_places(
    capture: SelectedCapture,
    record: Record,
    registry: WarcFileRegistry,
    withheld: Set[tuple[str, int]],
    result: PackingResult,
) -> Iterator[bytes]:
    url = record.header("WARC-Refers-To-Target-URI") or record.header("WARC-Target-URI") or ""
    digest = record.header("WARC-Payload-Digest") or ""
    original = registry.index.find_payload_record(
        url.strip("<>"), digest, parse_warc_date(record.header("WARC-Refers-To-Date"))
    )
    if original is not None and (original.file, original.offset) in withheld:
        result.withheld += 1
        return
    yield _place(capture.file, capture.offset)
    if original is None:
        result.unresolved += 1
    else:
        yield _place(original.file, original.offset)


def _place(file: str, offset: int) -> bytes:
    """A line that sorts by file, then offset."""
    return json.dumps([file, f"{offset:020d}"]).encode() + b"\n"


def _by_file(places: Iterator[bytes]) -> Iterator[tuple[str, list[int]]]:
    for file, of_file in groupby(map(json.loads, places), key=lambda place: str(place[0])):
        yield file, [int(offset) for _, offset in of_file]


def _pages(database: Database, selection: CaptureSelection, registry: WarcFileRegistry) -> Iterator[WaczPage]:
    for article in selected_articles(database, selection):
        if _is_on_days(article.capture, selection) and (registry.warc / article.capture.file).exists():
            yield _page(article)


def _page(article: SelectedArticle) -> WaczPage:
    text = "\n\n".join(filter(None, (article.description, article.body)))
    id = article.capture.record_id.strip("<>").removeprefix("urn:uuid:")
    return WaczPage(id, article.capture.url, article.capture.captured_at, article.headline, text)


def _is_on_days(capture: SelectedCapture, selection: CaptureSelection) -> bool:
    """Whether it was captured on the selected days, by the clock of its site, else UTC."""
    day = capture.captured_at.astimezone(_clocks().get(capture.site or "", UTC)).date()
    return (selection.since is None or day >= selection.since) and (selection.until is None or day <= selection.until)


@cache
def _clocks() -> dict[str, tzinfo]:
    return {site.name: site.timezone for site in all_sites()}
