"""Imports a site's captures from Common Crawl: its columnar index or its CDX server, then each record by its bytes.

A record is copied as it is into the collection's WARC file, with its origin in a metadata record.
"""

import asyncio
import gzip
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.archives.archive_spider import ArchiveSpider
from crawler.archives.columnar_index import ColumnarIndex, import_duckdb
from crawler.archives.index_answer import read_answer
from crawler.archives.memento_outcome import Found
from crawler.capture.download_handler import NOT_CAPTURED
from crawler.discovery.route import ListPage
from crawler.exceptions import CrawlEnded
from crawler.fetching.compression_middleware import AS_SENT
from crawler.ingest.capture_metadata import Claims
from storage.corpus.read.archive_ledger import queries_of
from storage.corpus.write.archive_ledger import IndexLine, LineOutcome, reopen_queries
from storage.exceptions import CaptureMissing, EmerotecaError, RecordError, UnreadableList
from storage.warc.dates import parse_warc_date
from storage.warc.digest import same_digest
from storage.warc.http.capture import Capture
from storage.warc.read.reader import as_capture
from storage.warc.write.copied_record import CopiedRecord, copy_in

SOURCE: Final = "commoncrawl"
#: Bytes beyond which a record is none of a page.
LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CommonCrawl:
    """The addresses of Common Crawl. index: of the CDX server; data: of the files. columns: Parquet files of the
    columnar index, paths, globs or URLs; empty for those that `data` lists. by_cdx: ask the CDX server instead."""

    index: str
    data: str
    columns: tuple[str, ...] = ()
    by_cdx: bool = False


class CommonCrawlSpider(ArchiveSpider):
    """server: where to ask; crawls: names of crawls (`CC-MAIN-2022-05`), none for all of the span of time."""

    def __init__(self, server: CommonCrawl, crawls: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(archive=SOURCE, **kwargs)
        self.server, self.crawls = server, tuple(crawls)

    # --- the index --------------------------------------------------------------------------------------------

    async def read_index(self) -> None:
        if not self.server.by_cdx:
            import_duckdb()  # before the first request
        if self.server.columns:
            self.add_parts(self.server.columns)
        else:
            crawls = self.crawls or await self._crawls()
            self.add_parts(crawls)
        parts = [one for one in queries_of(self.store.database, self.name, self.archive) if one.outcome is None]
        for number, part in enumerate(parts, 1):
            try:
                reopen_queries(self.store.database, self.name, self.archive, [part.scope])  # begun by a killed import
                lines = await self._read_part(part.scope)
            except CrawlEnded:
                raise
            except EmerotecaError as problem:
                self.say(f"{part.scope}: {problem}")
                self.store_part(part.scope, outcome="failed", detail=str(problem))
                continue
            self.say(f"{number} of {len(parts)} parts, {part.scope}: {lines} captures", now=number == len(parts))

    async def _crawls(self) -> list[str]:
        """The names of the crawls of the span of time. Raises CrawlEnded."""
        try:
            answer = json.loads((await self._page(f"{self.server.index}/collinfo.json")).body)
            named = [(str(one["id"]), _span(one)) for one in answer]
        except (ValueError, KeyError, TypeError) as problem:
            raise UnreadableList(f"{self.server.index}/collinfo.json is no list of crawls: {problem}") from None
        return [name for name, (first, last) in named if self._meets(first, last)]

    def _meets(self, first: date | None, last: date | None) -> bool:
        since = self.since or self.of_site.since
        is_too_old = since is not None and last is not None and last < since
        return not is_too_old and not (self.until is not None and first is not None and first > self.until)

    async def _read_part(self, scope: str) -> int:
        """Store the lines of a crawl, or of a file of the columnar index. Raises EmerotecaError."""
        if self.server.by_cdx and not self.server.columns:
            return await self._read_cdx(scope)
        places = [scope] if self.server.columns else await self._columns_of(scope)
        index, count = ColumnarIndex(places, self.of_site.hosts), 0
        batches = index.batches()
        while lines := await asyncio.to_thread(next, batches, None):
            count += len(lines)
            self.store_part(scope, lines, outcome=None)
            self.say(f"{scope}: {count} captures so far", now=False)
        self.store_part(scope, outcome="complete")
        return count

    async def _columns_of(self, crawl: str) -> list[str]:
        """The URLs of the Parquet files of a crawl's index, without robots.txt and failures. Raises UnreadableList."""
        page = await self._page(f"{self.server.data}/crawl-data/{crawl}/cc-index-table.paths.gz", as_sent=True)
        try:
            paths = gzip.decompress(page.body) if page.body.startswith(b"\x1f\x8b") else page.body
        except (OSError, EOFError, zlib.error) as problem:
            raise UnreadableList(f"{page.url} is no list of paths: {problem}") from None
        return [f"{self.server.data}/{path}" for path in paths.decode().split() if "/subset=warc/" in path]

    async def _read_cdx(self, crawl: str) -> int:
        """Store the lines of a crawl by the CDX server, page by page on one connection. Raises UnreadableList."""
        count = 0
        for host in dict.fromkeys(host.removeprefix("www.") for host in self.of_site.hosts):
            query = {"url": f"{host}/*", "output": "json"}
            address = f"{self.server.index}/{crawl}-index"
            pages = await self._page(f"{address}?{urlencode({**query, 'showNumPages': 'true'})}", may_be_missing=True)
            for number in range(_pages(pages)):
                page = await self._page(f"{address}?{urlencode({**query, 'page': number})}", may_be_missing=True)
                lines = read_answer(page.body).lines if page.status == 200 and page.body.strip() else []
                count += len(lines)
                self.store_part(crawl, lines, outcome=None)
        self.store_part(crawl, outcome="complete")
        return count

    async def _page(self, url: str, *, may_be_missing: bool = False, as_sent: bool = False) -> ListPage:
        """An answer with status 200, or 404 where it may be missing. Raises UnreadableList, CrawlEnded."""
        try:
            page = await self.fetch(url, as_sent=as_sent)
        except (CrawlEnded, EmerotecaError):
            raise
        except Exception as problem:  # of the network, after all its tries
            raise UnreadableList(f"{url} gave no answer: {problem}") from None
        if page.status != 200 and not (page.status == 404 and may_be_missing):
            raise UnreadableList(f"{url} answered {page.status}")
        return page

    # --- the captures -----------------------------------------------------------------------------------------

    def captured_url(self, line: IndexLine) -> str:
        return line.url

    def capture_request(self, line: IndexLine) -> Request:
        first, last = line.offset or 0, (line.offset or 0) + (line.length or 0) - 1
        headers = {"Range": f"bytes={first}-{last}", "Accept-Encoding": "identity"}
        return Request(f"{self.server.data}/{line.file}", headers=headers, meta={NOT_CAPTURED: True, AS_SENT: True})

    def found(self, line: IndexLine, response: Response) -> tuple[Found, str | None]:
        if response.status != 206:
            return _refused_range(response), None
        origin = {"source": SOURCE, "source-file": line.file, "source-offset": line.offset, "source-url": response.url}
        try:
            copy = copy_in(response.body, origin)
            found = _compared(line, copy)
        except RecordError as problem:
            return Found(LineOutcome.UNREADABLE, str(problem)), None
        ref = self.session.writer.write_copy(copy)
        self.session.worker.add_capture(ref, Claims(source=SOURCE))
        return found, ref.record_id

    def found_earlier(self, line: IndexLine, capture: Capture) -> Found | None:
        return _by_digest(line, capture)


def _refused_range(response: Response) -> Found:
    if response.status in (404, 416):
        return Found(LineOutcome.MISSING, str(response.status))
    return Found(LineOutcome.THROTTLED if response.status == 429 else LineOutcome.FAILED, f"status {response.status}")


def _compared(line: IndexLine, copy: CopiedRecord) -> Found:
    """The outcome of a line by the record that its bytes hold. Raises CaptureMissing where it is of another capture."""
    record = copy.record
    if record.record_type not in ("response", "revisit"):
        raise CaptureMissing(f"the bytes hold a record of the type {record.record_type!r}")
    if record.target_uri != line.url:
        raise CaptureMissing(f"the bytes hold a capture of {record.target_uri}")
    moment = parse_warc_date(record.header("WARC-Date"))
    if moment is None or moment.replace(microsecond=0) != line.captured_at:
        return Found(LineOutcome.ANOTHER_MOMENT, record.header("WARC-Date"))
    capture = as_capture(record, line.file or "")
    if capture is None:
        raise CaptureMissing("the record has no URL or no date")
    return _by_digest(line, capture)


def _by_digest(line: IndexLine, capture: Capture) -> Found:
    if not line.digest:
        return Found(LineOutcome.UNVERIFIABLE)
    detail = f"truncated: {capture.truncated}" if capture.truncated else None
    if capture.payload_digest and same_digest(capture.payload_digest, f"sha1:{line.digest}"):
        return Found(LineOutcome.VERIFIED, detail)
    return Found(LineOutcome.DIGEST_MISMATCH, detail or capture.payload_digest)


def _pages(page: ListPage) -> int:
    """The number of pages of an answer to showNumPages: JSON, or of older servers a bare number."""
    if page.status == 404:
        return 0
    try:
        answer = json.loads(page.body)
        return int(answer["pages"] if isinstance(answer, dict) else answer)
    except (ValueError, KeyError, TypeError) as problem:
        raise UnreadableList(f"{page.url} names no number of pages: {problem}") from None


def _span(crawl: dict[str, Any]) -> tuple[date | None, date | None]:
    """First and last day of a crawl: as it says, else by the year and week in its name, a month before and after."""
    first, last = (_day(crawl.get(name)) for name in ("from", "to"))
    if first is not None or last is not None:
        return first, last
    try:
        year, week = str(crawl["id"]).split("-")[-2:]
        middle = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None, None
    return middle - timedelta(days=31), middle + timedelta(days=31)


def _day(text: object) -> date | None:
    moment = parse_warc_date(str(text)) if text else None
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else None
