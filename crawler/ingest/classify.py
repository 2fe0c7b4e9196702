"""From a capture to what the corpus keeps of it: an article, or the named reason why there is none.

The one path for every capture, live or rebuilt, ours or other people's. What comes out depends on nothing but the
capture, the sites we know and the extractor's version.
"""

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler.extraction.extract import extract
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.version import EXTRACTOR
from crawler.registry import site_on
from crawler.site import Site
from crawler.urls import host_of
from storage.article import Article
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.exceptions import DecodingError
from storage.warc.http.capture import Capture

#: What a revisit's own head says where its page is in another record; some have no head.
_PAYLOAD_ELSEWHERE = {200, 304, None}
_HTTP = ("http://", "https://")
_STATUS = {404: RefusalReason.GONE, 410: RefusalReason.GONE} | dict.fromkeys((401, 403, 451), RefusalReason.BLOCKED)


def extract_article(capture: Capture) -> Article:
    """The article that a capture shows, as HTML or as the flattened text of a conversion record. Raises PageRefused."""
    if capture.record_type == "conversion":
        return extract_flattened(capture.payload.decode("utf-8", "replace"), capture.url, capture.captured_at)
    return extract(page_of(capture))


def classify(
    capture: Capture,
    *,
    shown: Capture | None = None,
    crawl: int | None = None,
    lastmod: str | None = None,
    any_page: bool = False,
    read: Callable[[Capture], Article] = extract_article,
) -> CaptureResult:
    """What the corpus keeps of a capture, and of the crawl and the list's claim that led to it.

    shown: of a revisit, the capture with the payload that it repeats; None where that is missing. any_page: a page on
    a host of no site is read as an article too. read: how; it raises PageRefused. Raises nothing for bad input, nor for
    faults of ours: that is a refusal with a reason.
    """
    site = site_on(host_of(capture.url))
    saved = replace(_facts(capture), crawl=crawl, lastmod=lastmod, extractor=EXTRACTOR)
    if site is not None:
        saved = replace(saved, site=site.name)
    try:
        if site is not None:
            return _classify_by_site(site, capture, shown or capture, saved, read)
        return _classify_article(shown or capture, saved, read) if any_page and _is_page(capture.url) else saved
    except Exception as problem:
        return _refused(saved, failure(problem))


def _classify_by_site(
    site: Site, capture: Capture, shown: Capture, saved: CaptureResult, read: Callable[[Capture], Article]
) -> CaptureResult:
    if urlsplit(capture.url).path == "/robots.txt":
        return replace(saved, outcome=Outcome.ROBOTS)
    found = site.article_url(capture.url)
    if found is None:
        return replace(saved, outcome=Outcome.DISCOVERY)
    return _classify_article(shown, replace(saved, asked_url=found.canonical_url), read)


def _is_page(url: str) -> bool:
    return url.startswith(_HTTP) and bool(host_of(url)) and urlsplit(url).path != "/robots.txt"


def page_of(capture: Capture) -> Page:
    """The capture as a page. Raises PageRefused where it holds none."""
    if capture.record_type == "revisit" and not capture.payload and capture.status in _PAYLOAD_ELSEWHERE:
        raise PageRefused(RefusalReason.ORIGINAL_MISSING, capture.refers_to or capture.payload_digest)
    if capture.status != 200 and (capture.status is not None or capture.headers):
        raise PageRefused(_STATUS.get(capture.status or 0, RefusalReason.HTTP_ERROR), str(capture.status))
    if capture.truncated:
        raise PageRefused(RefusalReason.TRUNCATED, capture.truncated)
    try:
        body = capture.content()
    except DecodingError as problem:
        raise PageRefused(RefusalReason.UNDECODABLE, str(problem)) from problem
    return Page.from_bytes(body, url=capture.url, captured_at=capture.captured_at, content_type=capture.content_type)


def _classify_article(capture: Capture, saved: CaptureResult, read: Callable[[Capture], Article]) -> CaptureResult:
    if capture.status in {301, 302, 303, 307, 308}:
        return replace(saved, outcome=Outcome.REDIRECT, detail=capture.header("location"))
    try:
        article = read(capture)
    except PageRefused as refused:
        return _refused(saved, refused)
    # Bytes of others, through parsers of others: whatever they come up with, it is one page's problem.
    except Exception as problem:
        return _refused(saved, failure(problem))
    return replace(saved, outcome=Outcome.ARTICLE, article=article)


def _refused(saved: CaptureResult, refused: PageRefused) -> CaptureResult:
    return replace(saved, outcome=Outcome.REFUSED, reason=refused.reason.value, detail=refused.detail or None)


def failure(problem: Exception) -> PageRefused:
    """What an error that should not be, and the line it came from, are told as."""
    line = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(line.filename).name}, line {line.lineno}"
    return PageRefused(RefusalReason.EXTRACTOR_FAILED, f"{type(problem).__name__}: {problem} ({where})")


def _facts(capture: Capture) -> CaptureResult:
    return CaptureResult(
        file=capture.ref.file,
        offset=capture.ref.offset,
        length=capture.ref.length,
        record_id=capture.ref.record_id,
        record_type=capture.record_type,
        url=capture.url,
        captured_at=capture.captured_at,
        http_status=capture.status,
        content_type=capture.content_type,
        payload_digest=capture.payload_digest,
        outcome=Outcome.OTHER,
    )
