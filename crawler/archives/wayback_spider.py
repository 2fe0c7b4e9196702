"""Imports a site's captures from the Wayback Machine, or another archive with a CDX server and mementos (pywb)."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.archives.archive_spider import ArchiveSpider
from crawler.archives.index_answer import FIELDS, IndexAnswer, is_exclusion, read_answer
from crawler.archives.index_span import IndexSpan, spans_of
from crawler.archives.memento_outcome import Found, headers_of, memento_outcome
from crawler.exceptions import CrawlEnded
from crawler.fetching.compression_middleware import AS_SENT
from storage.corpus.read.archive_ledger import ArchiveQuery, queries_of
from storage.corpus.write.archive_ledger import IndexLine, reopen_queries
from storage.exceptions import EmerotecaError, UnreadableList
from storage.warc.http.capture import Capture

#: Tries of a part of the index whose answer is empty or cut off.
TRIES: Final = 3
#: An index that was read before its span had ended is asked again after this time.
FRESH: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MementoServer:
    """An archive: URL of its CDX server, and the beginning of its mementos' URLs, before the fourteen digits."""

    cdx: str
    replay: str

    @property
    def name(self) -> str:
        """Its name in the ledger and as a source: host, with the path of a collection."""
        parts = urlsplit(self.replay)
        return f"{parts.netloc}{parts.path.rstrip('/')}".removesuffix("/web")

    @property
    def is_pywb(self) -> bool:
        """Whether its CDX server is one of pywb, which has other names for fields, and no resume keys."""
        path = urlsplit(self.cdx).path
        return path.endswith("/cdx") and not path.endswith("/search/cdx")

    @classmethod
    def at(cls, server: str) -> "MementoServer":
        """The archive at an address: a host that is laid out as the Wayback Machine's, or a collection of pywb."""
        server = server.rstrip("/")
        if urlsplit(server).path:
            return cls(f"{server}/cdx", server)
        return cls(f"{server}/cdx/search/cdx", f"{server}/web")


#: Statuses of a part that is too much for the server.
_TOO_MUCH: Final = frozenset({500, 502, 503, 504})


class WaybackSpider(ArchiveSpider):
    """server: the archive; the rest as ArchiveSpider has it."""

    def __init__(self, server: MementoServer, **kwargs: Any) -> None:
        super().__init__(archive=server.name, **kwargs)
        self.server = server

    # --- the index --------------------------------------------------------------------------------------------

    async def read_index(self) -> None:
        settings = self.crawler.settings
        self._most = settings.getint("EMEROTECA_ARCHIVE_LINES")
        until = min(self.until or datetime.now(UTC).date(), datetime.now(UTC).date())
        hosts = dict.fromkeys(host.removeprefix("www.") for host in self.of_site.hosts)
        self.add_parts(str(span) for host in hosts for span in spans_of(host, self.since or self.of_site.since, until))
        known = queries_of(self.store.database, self.name, self.archive)
        reopen_queries(self.store.database, self.name, self.archive, [one.scope for one in known if _is_stale(one)])
        parts = deque(one for one in queries_of(self.store.database, self.name, self.archive) if one.outcome is None)
        total, done, lines = len(parts), 0, 0
        excluded: set[str] = set()
        while parts:
            part = parts.popleft()
            span = IndexSpan.parse(part.scope)
            if span.host in excluded:
                self.store_part(part.scope, outcome="excluded")
                continue
            found, further = await self._read_part(span, part.resume_key)
            if part.scope in self.excluded:
                excluded.add(span.host)
            lines += found
            done, total = done + 1, total + len(further)
            parts.extendleft(reversed(further))
            self.say(f"{done} of {total} parts, {lines} captures", now=not parts)

    async def _read_part(self, span: IndexSpan, resume_key: str | None) -> tuple[int, list[ArchiveQuery]]:
        """Read a part to its end. Returns the number of new lines, and the smaller parts that take its place."""
        lines, last_key, limit = 0, None, self._most
        while True:
            try:
                answer = await self._answer(span, resume_key, limit)
            except UnreadableList as problem:
                return lines, self._split(span, str(problem))
            except _Unanswered as problem:
                self.store_part(str(span), outcome=problem.outcome, detail=str(problem))
                return lines, []
            lines += len(answer.lines)
            is_repeated = last_key is not None and answer.first_key is not None and answer.first_key <= last_key
            is_cut = answer.resume_key is None and answer.rows >= limit
            is_long = (is_cut and span.parts()) or (answer.resume_key is not None and span.is_year)
            if is_repeated or is_long:
                return lines, self._split(span, "its answers overlap" if is_repeated else "it is longer than an answer")
            if is_cut:
                limit *= 10
                continue
            is_end = answer.resume_key is None
            doubt = f"{answer.unreadable} unreadable lines" if answer.unreadable else None
            self.store_part(
                str(span),
                answer.lines,
                outcome="complete" if is_end else None,
                resume_key=answer.resume_key,
                detail=doubt,
            )
            if is_end:
                return lines, []
            resume_key, last_key = answer.resume_key, answer.last_key

    async def _answer(self, span: IndexSpan, resume_key: str | None, limit: int) -> IndexAnswer:
        """The lines of an answer; tried again where it is empty or cut off. Raises UnreadableList, where a smaller part
        may be had, _Unanswered, CrawlEnded."""
        problem = UnreadableList("no answer")
        for _ in range(TRIES):
            try:
                page = await self.fetch(self._query(span, resume_key, limit))
            except CrawlEnded:
                raise
            except Exception as failure:  # of the network, after all its tries
                raise _Unanswered("failed", f"no answer: {failure}") from None
            if page.status in (403, 451) and is_exclusion(page.body):
                raise _Unanswered("excluded", page.body[:200].decode("utf-8", "replace").strip())
            if page.status in _TOO_MUCH:
                raise UnreadableList(f"status {page.status}")
            if self.server.is_pywb and (page.status == 404 or not page.body.strip()):
                return IndexAnswer()  # its form of lines has no line where there is no capture
            if page.status != 200:
                raise _Unanswered("throttled" if page.status == 429 else "failed", f"status {page.status}")
            try:
                return read_answer(page.body)
            except UnreadableList as unreadable:
                problem = unreadable
        if not page.body.strip():
            raise _Unanswered("failed", str(problem))
        raise problem

    def _query(self, span: IndexSpan, resume_key: str | None, limit: int) -> str:
        """Neither `collapse` nor a filter of statuses: a revisit has the status `-`, and its digest counts."""
        parameters = {
            "url": span.host,
            "matchType": "host",
            "from": span.prefix,
            "to": span.prefix,
            "output": "json",
            "fl": ",".join(FIELDS),
            "limit": str(limit),
            "showResumeKey": "true",
        }
        if resume_key is not None:
            parameters["resumeKey"] = resume_key
        if self.server.is_pywb:
            del parameters["fl"], parameters["showResumeKey"]  # pywb has other names for the fields
        return f"{self.server.cdx}?{urlencode(parameters)}"

    def _split(self, span: IndexSpan, reason: str) -> list[ArchiveQuery]:
        """The smaller parts of a span that cannot be read as a whole; none for a day, which has failed."""
        parts = [str(part) for part in span.parts()]
        self.add_parts(parts)  # first: an import that is killed here asks for the whole span again
        self.store_part(str(span), outcome="split" if parts else "failed", detail=reason)
        return [ArchiveQuery(self.archive, part) for part in parts]

    # --- the captures -----------------------------------------------------------------------------------------

    def captured_url(self, line: IndexLine) -> str:
        return f"{self.server.replay}/{line.captured_at:%Y%m%d%H%M%S}id_/{line.url}"

    def capture_request(self, line: IndexLine) -> Request:
        return Request(
            self.captured_url(line),
            meta={"discovery": {"route": self.archive, "digest": line.digest}, AS_SENT: True},
        )

    def found(self, line: IndexLine, response: Response) -> tuple[Found, str | None]:
        found = memento_outcome(line, response.url, response.status, headers_of(response), response.body)
        return found, response.meta["capture"].record_id

    def found_earlier(self, line: IndexLine, capture: Capture) -> Found | None:
        if capture.truncated:
            return None  # the import was killed before it could request it once more
        headers = {name.lower(): value for name, value in capture.headers}
        return memento_outcome(line, capture.url, capture.status or 0, headers, capture.payload)


class _Unanswered(EmerotecaError):
    """A part of the index cannot be had: `outcome` for the ledger, and why."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def _is_stale(part: ArchiveQuery) -> bool:
    """Whether a part of the index was read before its span of time had ended, and longer ago than FRESH."""
    if part.outcome != "complete" or part.asked_at is None:
        return False
    return part.asked_at < IndexSpan.parse(part.scope).end and datetime.now(UTC) - part.asked_at > FRESH
