"""Makes requests for captured URLs conditional (RFC 9110, 13).

A Scrapy downloader middleware, the last before the download handler. A 304 becomes a revisit record; the spider gets
the archived content as if the server had sent it.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.capture.download_handler import UNCHANGED
from crawler.capture.session import session_of
from storage.exceptions import DecodingError
from storage.warc.http.capture import Capture
from storage.warc.read.revisit_resolver import NOT_MODIFIED

CONDITIONS = ("If-None-Match", "If-Modified-Since")
#: A page that changed twice around its capture may carry one Last-Modified for both (RFC 9110, 8.8.2.2).
SETTLED_AFTER = timedelta(seconds=60)
#: Of the archived answer: its body is handed on without codings. Of the 304: they speak of no body.
_FRAMING = {"content-encoding", "content-length", "transfer-encoding", "connection", "content-type"}


class ConditionalRequests:
    """Skips requests whose meta has `unconditional`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Names the capture that the archive has of this very URL, if the server gave it a validator.

        A redirected or retried request still carries the conditions of the one before it: they go first.
        """
        if request.meta.pop(UNCHANGED, None) is not None:
            for name in CONDITIONS:
                request.headers.pop(name, None)
        if request.method != "GET" or request.meta.get("unconditional"):
            return
        session = session_of(self.crawler)
        known = session.resolver.latest_capture(request.url.partition("#")[0]) if session else None
        conditions = _conditions(known) if known else {}
        if known and conditions and _is_readable(known):
            request.headers.update(conditions)
            request.meta[UNCHANGED] = known

    def process_response(self, request: Request, response: Response) -> Response:
        known: Capture | None = request.meta.get(UNCHANGED)
        if known is None or response.status != NOT_MODIFIED:
            return response
        self.crawler.stats.inc_value("emeroteca/not_modified")
        headers = _updated(known, response.headers)
        content = known.content()
        kind = responsetypes.from_args(headers=headers, url=response.url, body=content)
        return kind(
            response.url,
            status=known.status or 200,
            headers=headers,
            body=content,
            flags=[*response.flags, "not-modified"],
            request=request,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )


def _conditions(known: Capture) -> dict[str, str]:
    """The headers to send; a Last-Modified alone only where it is old enough to mean one state of the page."""
    tag, modified = known.header("etag"), known.header("last-modified")
    if tag is None and not _is_settled(modified, known.captured_at):
        return {}
    found = {"If-None-Match": tag, "If-Modified-Since": modified}
    return {name: value for name, value in found.items() if value}


def _is_settled(modified: str | None, captured_at: datetime) -> bool:
    try:
        moment = parsedate_to_datetime(modified or "")
    except ValueError:
        return False
    return captured_at - (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) >= SETTLED_AFTER


def _is_readable(known: Capture) -> bool:
    try:
        known.content()
    except DecodingError:
        return False
    return True


def _updated(known: Capture, fresh: Headers) -> Headers:
    """The archived headers, those that the 304 gives anew in their place (RFC 9111, 4.3.4)."""
    headers = Headers(encoding="utf-8")
    for name, value in known.headers:
        if name.lower() == "content-type" or name.lower() not in _FRAMING:
            headers.appendlist(name, value)
    for raw_name, values in fresh.items():
        if raw_name.decode("latin-1").lower() not in _FRAMING:
            headers.setlist(raw_name, values)
    return headers
