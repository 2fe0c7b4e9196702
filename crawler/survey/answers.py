"""Reads the answers of a survey: what kind of list an answer is, and what it names. Pure."""

import re
from dataclasses import dataclass, field
from typing import Final

from crawler.discovery.feed import FeedRoute
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window
from crawler.discovery.sitemap import SitemapRoute
from crawler.extraction.checks.confidence import says_article
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from storage.exceptions import UnreadableList

#: Sitemaps whose names say that they hold no articles.
NO_ARTICLES: Final = (
    r"(?i)(?<![^\W\d_])(?:pages?|categor(?:y|ies|ia|ias|ie)|(?:post_)?tags?|taxonom(?:y|ies)|authors?|users?|images?"
    r"|videos?|sections?|static|topics?)(?![^\W\d_])[^/]*\.xml"
)
#: URLs of a sitemap that are looked at.
MOST_URLS: Final = 5_000
#: Children of a sitemap index that are looked at.
MOST_CHILDREN: Final = 50_000
#: Confidence from which an unknown page is taken for an article without a look at the rest of the site.
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class SitemapUrls:
    """What a sitemap names: children that may hold articles, the newest first, and other children; its URLs, of which
    at most MOST_URLS are taken; and how many there are."""

    children: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    urls: list[DiscoveredUrl] = field(default_factory=list)
    count: int = 0


NO_SITEMAP: Final = SitemapUrls()


def kind_of(answer: ListPage) -> str:
    """What an answer is: `html`, `sitemap`, `feed`, or `other`."""
    if read_sitemap(answer) is not None:
        return "sitemap"
    if read_feed(answer) is not None:
        return "feed"
    beginning = answer.body[:4096].lstrip().lower()
    is_html = "html" in answer.headers.get("content-type", "html").lower()
    return "html" if is_html or beginning.startswith((b"<!doctype html", b"<html")) else "other"


def read_sitemap(answer: ListPage, *, takes_all: bool = False) -> SitemapUrls | None:
    """What a sitemap names, at most MOST_URLS; None where the answer is none. takes_all: no child is ignored."""
    if answer.body.lstrip()[:1] != b"<" and not answer.body.startswith((b"\x1f\x8b", b"\xef\xbb\xbf")):
        return None
    children: list[str] = []
    urls: list[DiscoveredUrl] = []
    try:
        for step in SitemapRoute(starts=()).read(answer, Window()):
            if isinstance(step, Follow):
                children.append(step.url)
            else:
                urls.append(step)
            if len(urls) >= MOST_URLS or len(children) >= MOST_CHILDREN:
                break
    except UnreadableList:
        return None
    ignored = [] if takes_all else [url for url in children if re.search(NO_ARTICLES, url)]
    if len(ignored) == len(children):
        ignored = []  # pages of one list, not lists of pages
    wanted = tuple(url for url in children if url not in ignored)
    count = max(len(urls), answer.body.count(b"<loc>")) if urls else 0  # of a compressed one those that were taken
    return SitemapUrls(wanted, tuple(ignored), urls, count)


def read_feed(answer: ListPage) -> list[DiscoveredUrl] | None:
    """The items of a feed; None where the answer is none."""
    try:
        steps = list(FeedRoute(starts=()).read(answer, Window()))
    except UnreadableList:
        return None
    return [step for step in steps if isinstance(step, DiscoveredUrl)]


def page_of_answer(answer: ListPage) -> Page:
    """The answer as a page; an empty one where it holds no text."""
    try:
        return Page.from_bytes(answer.body, url=answer.url, content_type=answer.headers.get("content-type"))
    except PageRefused:
        return Page(url=answer.url, html="<html></html>")


def is_article(page: Page, *, surely: bool = False) -> bool:
    """Whether the extractor takes the page for an article. surely: it calls itself one and there is no doubt."""
    try:
        article = extract(page)
    except PageRefused:
        return False
    return not surely or (says_article(page) and (article.confidence is None or article.confidence >= _SURE))
