"""Articles of pages and of captures."""

from datetime import datetime

from crawler.extraction.extract import extract as extract_page
from crawler.extraction.pages.page import Page
from crawler.ingest.classify import DEFAULT_EXTRACTOR
from storage.article import Article
from storage.warc.http.capture import Capture


def extract(html: bytes | str, url: str | None = None, *, captured_at: datetime | None = None) -> Article:
    """The article on a page, as the command `extract` gives it.

    html: the page's bytes, whose charset is found, or its text. url: the page's; None: the canonical URL that the page
    names. captured_at: aware; a date later than that is flagged. Raises PageRefused, with a named reason, where the
    page holds no article.
    """
    if isinstance(html, bytes):
        return extract_page(Page.from_bytes(html, url=url, captured_at=captured_at))
    return extract_page(
        Page.from_bytes(html.encode("utf-8", "replace"), url, captured_at, content_type="text/html; charset=utf-8")
    )


def extract_capture(capture: Capture) -> Article:
    """The article that a capture shows, as a crawl and a rebuild make it. Raises PageRefused where it shows none, also
    for a status other than 200, and for a revisit, whose payload another record has."""
    return DEFAULT_EXTRACTOR(capture).article
