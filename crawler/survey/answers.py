"""Reads the answers of a survey: what kind of list an answer is, and what it names. Pure."""

import re
from typing import Final

from crawler.discovery.feed import FeedRoute
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window
from crawler.discovery.sitemap import SitemapRoute
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from storage.exceptions import UnreadableList

#: Sitemaps whose names say that they hold no articles.
NO_ARTICLES: Final = r"(?i)(?:page|categor|tag|taxonom|author|user|image|video|section|static|topic)s?[^/]*\.xml"
#: URLs of a sitemap that are looked at.
MOST_URLS: Final = 5_000
#: Confidence from which an unknown page is taken for an article without a look at the rest of the site.
_SURE = 0.5
_PARKED = re.compile(
    r"domain (?:name )?(?:is|may be) for sale|buy this domain|this domain (?:is|has been) (?:parked|registered)"
    r"|parked (?:free|domain)|dominio (?:è )?in vendita|domain steht zum verkauf|hugedomains|sedoparking",
    re.I,
)
_CHALLENGE = re.compile(
    r"checking your browser|just a moment\.\.\.|verify(?:ing)? (?:that )?you are (?:a )?human|cf-chl|captcha", re.I
)


def kind_of(answer: ListPage) -> str:
    """What an answer is: `html`, `sitemap`, `feed`, or `other`."""
    if read_sitemap(answer) is not None:
        return "sitemap"
    if read_feed(answer) is not None:
        return "feed"
    beginning = answer.body[:4096].lstrip().lower()
    is_html = "html" in answer.headers.get("content-type", "html").lower()
    return "html" if is_html or beginning.startswith((b"<!doctype html", b"<html")) else "other"


def read_sitemap(answer: ListPage) -> tuple[list[str], list[DiscoveredUrl]] | None:
    """The children, the newest first, and the URLs of a sitemap, at most MOST_URLS; None where it is none."""
    if answer.body.lstrip()[:1] != b"<" and not answer.body.startswith((b"\x1f\x8b", b"\xef\xbb\xbf")):
        return None
    children: list[str] = []
    finds: list[DiscoveredUrl] = []
    try:
        for step in SitemapRoute(starts=(), ignore=NO_ARTICLES).read(answer, Window()):
            if isinstance(step, Follow):
                children.append(step.url)
            else:
                finds.append(step)
            if len(finds) >= MOST_URLS:
                break
    except UnreadableList:
        return None
    return children, finds


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


def says_article(page: Page) -> bool:
    """Whether the page calls itself an article."""
    kind = (page.structured.meta_first("og:type") or "").lower()
    return bool(page.structured.articles or kind.startswith("article"))


def is_parked(answer: ListPage) -> bool:
    """Whether a page says that its domain is for sale."""
    return bool(_PARKED.search(_beginning(answer)))


def is_challenge(answer: ListPage) -> bool:
    """Whether a page asks for a proof that a browser or a person reads it."""
    return bool(_CHALLENGE.search(_beginning(answer)))


def has_scripts(answer: ListPage) -> bool:
    """Whether a page has scripts."""
    return "<script" in _beginning(answer)


def _beginning(answer: ListPage) -> str:
    return answer.body[:200_000].decode("utf-8", "replace")
