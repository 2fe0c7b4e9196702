"""Stand-ins of Common Crawl: the CDX server, the columnar index and the WARC files, and CC-NEWS.

A crawl takes a quarter of a year. One request at a time is answered by the CDX server; a second one gets 503. Files are
served with byte ranges. Some records are truncated, some lines of the index name bytes of another record.
"""

import gzip
import io
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from newsstand.archives.holdings import Held, Holdings
from newsstand.archives.limits import Limit
from newsstand.archives.warc_text import request_member, response_member, sha1
from newsstand.draw import Draw
from newsstand.message import Request, Response

INDEX_HOST: Final = "index.commoncrawl.org"
DATA_HOST: Final = "data.commoncrawl.org"
#: Weeks in the names of crawls.
WEEKS: Final = (5, 18, 31, 44)
#: Lines of a page of the CDX server.
PAGE: Final = 50
#: In a hundred: truncated records, and lines with the bytes of another record.
TRUNCATED, MISPLACED = 4, 3


class CommonCrawl:
    """The archive over the holdings."""

    name = "commoncrawl"
    hosts: tuple[str, ...] = (INDEX_HOST, DATA_HOST)

    def __init__(self, seed: int, holdings: Holdings, news: Holdings) -> None:
        self._seed, self._holdings, self._news = seed, holdings, news
        self.limit()

    def limit(self, cdx: int = 60, mementos: int = 600, seconds: float = 60.0) -> None:
        """Begin to count anew, with limits of so many requests in so many seconds."""
        self._index_limit = Limit(cdx, seconds)

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """Each capture: of which article, in which file, and whether it is whole."""
        for archive, holdings in (("commoncrawl", self._holdings), ("cc-news", self._news)):
            for held in holdings.all[start:end]:
                facts: dict[str, Any] = {
                    "url": held.url,
                    "timestamp": held.timestamp,
                    "article": held.article,
                    "archive": archive,
                }
                facts |= {"site": held.paper.name, "is_error": held.is_error}
                is_good = held.answer.status == 200 and (archive == "cc-news" or self._oddity(held) is None)
                yield {**facts, "status": held.answer.status, "is_whole": is_good}

    def _oddity(self, held: Held) -> str | None:
        draw = Draw(self._seed, "commoncrawl oddity", held.timestamp, held.url)
        return "truncated" if draw.chance(TRUNCATED) else "misplaced" if draw.chance(MISPLACED) else None

    def _digest(self, held: Held) -> str:
        body = held.answer.body
        return sha1(body[: len(body) // 2]) if self._oddity(held) == "truncated" else held.digest

    def respond(self, request: Request, clock: int) -> Response:
        """The answer of the CDX server or the file server."""
        return self._index(request) if request.host == INDEX_HOST else self._data(request)

    # --- the CDX server ---------------------------------------------------------------------------------------

    def _index(self, request: Request) -> Response:
        if request.path == "/collinfo.json":
            found = [
                {"id": crawl, "cdx-api": f"https://{INDEX_HOST}/{crawl}-index"} for crawl in reversed(self._crawls)
            ]
            return Response(json.dumps(found).encode(), content_type="application/json")
        if self._index_limit.verdict() is not None:
            return Response(b"Please reduce your request rate.", 503, "text/plain")
        crawl, asked = request.path.strip("/").removesuffix("-index"), request.parameters
        host = (urlsplit(f"//{asked.get('url', '').partition('://')[2] or asked.get('url', '')}").hostname) or ""
        lines = [line for line in self._lines(crawl) if urlsplit(line["url"]).hostname in (host, f"www.{host}")]
        pages = -(-len(lines) // PAGE)
        if asked.get("showNumPages") == "true":
            return Response(json.dumps({"pages": pages, "pageSize": 5, "blocks": pages}).encode())
        number = int(asked.get("page", "0"))
        shown = lines[number * PAGE : (number + 1) * PAGE]
        if not shown:
            return Response(json.dumps({"message": "No Captures found"}).encode(), 404, "application/json")
        body = "".join(f"{json.dumps(line)}\n" for line in shown)
        return Response(body.encode(), content_type="text/x-ndjson")

    def _lines(self, crawl: str) -> Iterator[dict[str, str]]:
        for held, offset, length in self._places.get(crawl, ()):
            yield {
                "urlkey": held.surt,
                "timestamp": held.timestamp,
                "url": held.url,
                "mime": held.mimetype,
                "status": str(held.answer.status),
                "digest": self._digest(held),
                "length": str(length),
                "offset": str(offset),
                "filename": _file(crawl),
            } | ({"truncated": "length"} if self._oddity(held) == "truncated" else {})

    # --- the files --------------------------------------------------------------------------------------------

    def _data(self, request: Request) -> Response:
        body = self._bytes(request.path.lstrip("/"))
        if body is None:
            return Response(b"<Error><Code>NoSuchKey</Code></Error>", 404, "application/xml")
        span = _span(request.headers.get("range", ""), len(body))
        ranges = ("Accept-Ranges", "bytes")
        if span is None:
            return Response(body, 200, "application/octet-stream", [ranges], coded=True)
        start, end = span
        headers = [ranges, ("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")]
        return Response(body[start:end], 206, "application/octet-stream", headers, coded=True)

    def _bytes(self, path: str) -> bytes | None:
        for crawl in self._crawls:
            match path.removeprefix(f"crawl-data/{crawl}/").removeprefix(f"cc-index/table/crawl={crawl}/"):
                case "cc-index-table.paths.gz":
                    return gzip.compress(f"{_table(crawl)}\n".encode(), mtime=0)
                case "subset=warc/part-00000.parquet":
                    return self._parquet(crawl)
            if path == _file(crawl):
                return self._warcs[crawl]
        return self._news_bytes(path)

    def _news_bytes(self, path: str) -> bytes | None:
        """A list of the WARC files of a month of CC-NEWS, or one of them; a month has one or none."""
        parts = path.split("/")
        if parts[:2] != ["crawl-data", "CC-NEWS"] or len(parts) != 5:
            return None
        month = f"{parts[2]}{parts[3]}"
        held = [one for one in self._news.all if one.timestamp.startswith(month)]
        if not held:
            return None
        if parts[4] == "warc.paths.gz":
            return gzip.compress(f"{'/'.join(parts[:4])}/CC-NEWS-{month}.warc.gz\n".encode(), mtime=0)
        if parts[4] != f"CC-NEWS-{month}.warc.gz":
            return None
        found = (request_member(one, archive="cc-news") + response_member(one, archive="cc-news") for one in held)
        return b"".join(found)

    @cached_property
    def _crawls(self) -> list[str]:
        return sorted({_crawl(held) for held in self._holdings.all})

    @cached_property
    def _warcs(self) -> dict[str, bytes]:
        self._build()
        return self._built

    @cached_property
    def _places(self) -> dict[str, list[tuple[Held, int, int]]]:
        self._build()
        return self._placed

    def _build(self) -> None:
        """The WARC file of each crawl, and where each capture is in it by the index."""
        files: dict[str, bytearray] = {crawl: bytearray() for crawl in self._crawls}
        self._placed: dict[str, list[tuple[Held, int, int]]] = {crawl: [] for crawl in self._crawls}
        for held in self._holdings.all:
            file, oddity = files[_crawl(held)], self._oddity(held)
            file += request_member(held, archive="commoncrawl")
            member = response_member(held, archive="commoncrawl", truncated=oddity == "truncated")
            places = self._placed[_crawl(held)]
            is_misplaced = oddity == "misplaced" and places
            places.append((held, *places[-1][1:]) if is_misplaced else (held, len(file), len(member)))
            file += member
        self._built = {crawl: bytes(file) for crawl, file in files.items()}

    def _parquet(self, crawl: str) -> bytes:
        import pyarrow as pa
        import pyarrow.parquet

        rows = []
        for held, offset, length in self._places[crawl]:
            host = urlsplit(held.url).hostname or ""
            rows.append(
                {
                    "url_surtkey": held.surt,
                    "url": held.url,
                    "url_host_name": host,
                    "url_host_registered_domain": ".".join(host.split(".")[-2:]),
                    "fetch_time": held.moment.replace(tzinfo=None),
                    "fetch_status": held.answer.status,
                    "content_digest": self._digest(held),
                    "content_mime_type": held.mimetype,
                    "content_truncated": "length" if self._oddity(held) == "truncated" else None,
                    "warc_filename": _file(crawl),
                    "warc_record_offset": offset,
                    "warc_record_length": length,
                }
            )
        out = io.BytesIO()
        pyarrow.parquet.write_table(pa.Table.from_pylist(rows), out)
        return out.getvalue()


def _crawl(held: Held) -> str:
    year, week, _ = held.moment.isocalendar()
    return f"CC-MAIN-{year}-{max([one for one in WEEKS if one <= week], default=WEEKS[0]):02}"


def _file(crawl: str) -> str:
    return f"crawl-data/{crawl}/segments/1/warc/{crawl}-00000.warc.gz"


def _table(crawl: str) -> str:
    return f"cc-index/table/crawl={crawl}/subset=warc/part-00000.parquet"


def _span(header: str, size: int) -> tuple[int, int] | None:
    first, _, last = header.removeprefix("bytes=").partition("-")
    if not header.startswith("bytes=") or not first.isdigit():
        return None
    return int(first), min(int(last) + 1 if last.isdigit() else size, size)
