"""From a capture to its result: an article, or the named reason why there is none; a step of `crawler.ingest.pipeline`.

The result depends on nothing but the capture, the sites known and the extractor's version.
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
from crawler.extraction.version import extractor_of
from crawler.registry import site_on
from crawler.urls import host_of
from storage.article import Article
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.exceptions import DecodingError
from storage.warc.http.capture import Capture

#: Statuses of revisits whose page is in another record; some revisits have none.
_PAYLOAD_ELSEWHERE = {200, 304, None}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTTP = ("http://", "https://")
_STATUS = {404: RefusalReason.GONE, 410: RefusalReason.GONE} | dict.fromkeys((401, 403, 451), RefusalReason.BLOCKED)


def extract_article(capture: Capture) -> Article:
    """The article that a capture shows, as HTML or as the flattened text of a conversion record. Raises PageRefused."""
    if capture.record_type == "conversion":
        return extract_flattened(capture.payload.decode("utf-8", "replace"), capture.url, capture.captured_at)
    return extract(page_of(capture))


Extract = Callable[[Capture], Article]
"""Gives the article that a capture shows. Raises PageRefused."""

Extracted = Article | tuple[RefusalReason, str]
"""An article, or reason and detail of the refusal: to be cached, or to be pickled."""


def classify(
    capture: Capture,
    *,
    resolved: Capture | None = None,
    crawl: int | None = None,
    lastmod: str | None = None,
    any_page: bool = False,
    extract: Extract = extract_article,
) -> CaptureResult:
    """The result of a capture, with the crawl and the list's claim that led to it.

    resolved: of a revisit, the capture with the payload of its original; None where that is missing. any_page: a page
    on a host of no site is extracted too. Raises nothing for bad input, nor for errors of the extractor: these are
    refusals with a reason.
    """
    site = site_on(host_of(capture.url))
    result = CaptureResult(
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
        site=site.name if site else None,
        crawl=crawl,
        lastmod=lastmod,
        extractor=extractor_of(site),
    )
    page = resolved or capture
    try:
        if site is None:
            if not (any_page and _is_page(capture.url)):
                return result
            result = replace(result, site=host_of(capture.url))
        elif urlsplit(capture.url).path == "/robots.txt":
            return replace(result, outcome=Outcome.ROBOTS)
        elif (found := site.article_url(capture.url)) is None:
            return replace(result, outcome=Outcome.DISCOVERY)
        else:
            result = replace(result, asked_url=found.canonical_url)
        if page.status in _REDIRECTS:
            return replace(result, outcome=Outcome.REDIRECT, detail=page.header("location"))
        article = extract(page)
        return replace(result, outcome=Outcome.ARTICLE, article=article, site=article.site or result.site)
    except PageRefused as refused:
        refusal = refused
    # Foreign bytes, through foreign parsers: any error is one page's problem.
    except Exception as problem:
        refusal = extractor_failure(problem)
    return replace(result, outcome=Outcome.REFUSED, reason=refusal.reason.value, detail=refusal.detail or None)


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


def extractor_failure(problem: Exception) -> PageRefused:
    """The refusal for an error of the extractor, with the line that raised it."""
    line = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(line.filename).name}, line {line.lineno}"
    return PageRefused(RefusalReason.EXTRACTOR_FAILED, f"{type(problem).__name__}: {problem} ({where})")


def extracted_from(capture: Capture, extract: Extract) -> Extracted:
    """What `extract` gives or raises for a capture. Raises nothing but errors of the extractor."""
    try:
        return extract(capture)
    except PageRefused as refused:
        return refused.reason, refused.detail


def article_of(extracted: Extracted) -> Article:
    """The article. Raises PageRefused."""
    if isinstance(extracted, Article):
        return extracted
    raise PageRefused(*extracted)
