"""From a capture to its result: an article, or the named reason why there is none; a step of `crawler.ingest.pipeline`.

The result depends on nothing but the capture, the sites known and the extractor's version.
"""

import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler.discovery.robots_txt import MAX_BYTES
from crawler.extraction.extract import Extraction, extract, extract_with_witness
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.html.limits import MOST_BYTES
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.rights import Signals, header_signals, in_order, page_signals, robots_signals
from crawler.extraction.version import Reader, extractor_of
from crawler.ingest.capture_metadata import NO_CLAIMS, Claims
from crawler.ingest.memento import archive_of, as_original
from crawler.registry import SiteSource, site_named, site_of, site_sources, use_sources
from crawler.urls import host_of
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.exceptions import ContentTooLarge, DecodingError
from storage.warc.http.capture import Capture

#: Statuses of revisits whose page is in another record; some revisits have none.
_PAYLOAD_ELSEWHERE = {200, 304, None}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTTP = ("http://", "https://")
_STATUS = {404: RefusalReason.GONE, 410: RefusalReason.GONE} | dict.fromkeys((401, 403, 451), RefusalReason.BLOCKED)


#: Values of WARC-Resource-Type of files that belong to a page, in our records and in Browsertrix's.
_REQUISITES = frozenset({"stylesheet", "font", "image", "script", "media"})

#: Begins the URL of a text without an address; the SHA-1 of the text follows.
TEXT_URN = "urn:sha1:"
#: The source of texts that somebody kept.
TEXT_SOURCE = "text"

#: Errors of the machine (no memory, no file handles, a library that cannot be loaded for want of them): they say
#: nothing of the page, so a capture has no result then, and is read again by the next run.
MACHINE_ERRORS = (OSError, MemoryError, ImportError)

#: Of so many payloads one is in the sample.
SAMPLE = 64


def is_sampled(payload_digest: str | None) -> bool:
    """Whether a payload is in the sample on which trafilatura is the witness of page objects."""
    return zlib.crc32((payload_digest or "").encode()) % SAMPLE == 0


@dataclass(frozen=True, slots=True)
class Extractor:
    """Extracts the articles of captures, from HTML or from the flattened text of conversion records.

    reader: what reads the bodies of pages. witness_all: trafilatura is the witness on each page that a page object
    reads, not on the sample alone. An article does not depend on the witness. A pickled one carries the site files of
    its process, which the process that unpickles it knows from then on.
    """

    reader: Reader = Reader.PAGE_OBJECT
    witness_all: bool = False

    def __reduce__(self) -> tuple[object, ...]:
        return _received, (site_sources(), self.reader, self.witness_all)

    def __call__(self, capture: Capture) -> Extraction:
        """The article that a capture shows. Raises PageRefused."""
        if capture.record_type == "conversion":
            text = capture.payload.decode("utf-8", "replace")
            return Extraction(extract_flattened(text, capture.url, capture.captured_at))
        page = page_of(capture)
        has_witness = self.witness_all or is_sampled(capture.payload_digest)
        if self.reader is Reader.PAGE_OBJECT and has_witness:
            extraction = extract_with_witness(page)
        else:
            extraction = Extraction(extract(page, self.reader))
        return replace(extraction, rights=page_signals(page))


def _received(sources: tuple[SiteSource, ...], reader: Reader, witness_all: bool) -> Extractor:
    use_sources(sources)
    return Extractor(reader, witness_all)


Extract = Callable[[Capture], Extraction]
"""Gives the article that a capture shows. Raises PageRefused."""

Extracted = Extraction | tuple[RefusalReason, str]
"""An article, or reason and detail of the refusal: to be cached, or to be pickled."""

DEFAULT_EXTRACTOR = Extractor()


def classify(
    capture: Capture,
    *,
    resolved: Capture | None = None,
    crawl: int | None = None,
    claims: Claims = NO_CLAIMS,
    any_page: bool = False,
    extractor: Extractor = DEFAULT_EXTRACTOR,
    extract: Extract | None = None,
) -> CaptureResult:
    """The result of a capture, with the crawl that made it and what its metadata record claims.

    resolved: of a revisit, the capture with the payload of its original; None where that is missing. any_page: a page
    on a host of no site is extracted too. extract: where it is not the extractor itself that is called, but a cache of
    it. Raises nothing for bad input, nor for errors of the extractor: these are refusals with a reason; MACHINE_ERRORS
    are raised. A capture of a memento has the result of the original at its moment.
    """
    page = as_original(resolved or capture)
    address, is_memento = page.url, page.url != capture.url
    site = site_of(address)
    result = CaptureResult(
        file=capture.ref.file,
        offset=capture.ref.offset,
        length=capture.ref.length,
        record_id=capture.ref.record_id,
        record_type=capture.record_type,
        url=capture.url,
        captured_at=page.captured_at,
        http_status=capture.status,
        content_type=capture.content_type,
        payload_digest=capture.payload_digest,
        outcome=Outcome.OTHER,
        site=site.name if site else None,
        crawl=crawl,
        lastmod=claims.lastmod,
        source=_source(capture, claims, is_memento=is_memento),
        extractor=extractor_of(site, extractor.reader),
        rights=header_signals(page.headers),
    )
    if capture.resource_type in _REQUISITES:
        return replace(result, outcome=Outcome.REQUISITE)
    try:
        if has_no_address(capture):
            pass  # its site is in its text
        elif site is None:
            if not (any_page and _is_page(address)):
                return result
            result = replace(result, site=host_of(address))
        elif urlsplit(address).path == "/robots.txt" and not is_memento:
            rights = in_order((*result.rights, *_robots_signals(page)))
            return replace(result, outcome=Outcome.ROBOTS, rights=rights)
        elif (found := site.article_url(address)) is None:
            return replace(result, outcome=Outcome.DISCOVERY)
        else:
            result = replace(result, asked_url=found.canonical_url)
        if page.status in _REDIRECTS:
            return replace(result, outcome=Outcome.REDIRECT, detail=page.header("location"))
        extraction = (extract or extractor)(page)
        article, agreement = extraction.article, extraction.agreement
        result = replace(result, rights=in_order((*result.rights, *extraction.rights)))
        site_name = article.site or result.site
        if site is None and article.site and has_no_address(capture):
            result = replace(result, extractor=extractor_of(site_named(article.site), extractor.reader))
        return replace(result, outcome=Outcome.ARTICLE, article=article, agreement=agreement, site=site_name)
    except PageRefused as refused:
        refusal = refused
    except MACHINE_ERRORS:
        raise
    # Foreign bytes, through foreign parsers: any error is one page's problem.
    except Exception as problem:
        refusal = extractor_failure(problem)
    return replace(result, outcome=Outcome.REFUSED, reason=refusal.reason.value, detail=refusal.detail or None)


def _source(capture: Capture, claims: Claims, *, is_memento: bool) -> str | None:
    if is_memento:
        return archive_of(capture.url)
    return TEXT_SOURCE if capture.record_type == "conversion" else claims.source


def _robots_signals(page: Capture) -> Signals:
    """What a robots.txt says about reuse; nothing where it is none."""
    if page.status != 200:
        return ()
    try:
        content = page.content(MAX_BYTES)
    except DecodingError as problem:
        content = problem.prefix
    return robots_signals(content[:MAX_BYTES].decode("utf-8-sig", "replace"))


def has_no_address(capture: Capture) -> bool:
    """Whether it is the text of a page that does not say where it came from."""
    return capture.record_type == "conversion" and capture.url.startswith(TEXT_URN)


def _is_page(url: str) -> bool:
    return url.startswith(_HTTP) and bool(host_of(url)) and urlsplit(url).path != "/robots.txt"


def page_of(capture: Capture) -> Page:
    """The capture as a page. Raises PageRefused where it holds none."""
    capture = as_original(capture)
    if capture.record_type == "revisit" and not capture.payload and capture.status in _PAYLOAD_ELSEWHERE:
        raise PageRefused(RefusalReason.ORIGINAL_MISSING, capture.refers_to or capture.payload_digest)
    if capture.status != 200 and (capture.status is not None or capture.headers):
        raise PageRefused(_STATUS.get(capture.status or 0, RefusalReason.HTTP_ERROR), str(capture.status))
    if capture.truncated:
        raise PageRefused(RefusalReason.TRUNCATED, capture.truncated)
    try:
        body = capture.content(MOST_BYTES)
    except ContentTooLarge as problem:
        raise PageRefused(RefusalReason.TOO_LARGE, str(problem)) from problem
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


def extraction_of(extracted: Extracted) -> Extraction:
    """The article. Raises PageRefused."""
    if isinstance(extracted, Extraction):
        return extracted
    raise PageRefused(*extracted)
