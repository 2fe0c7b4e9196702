"""The page: the decoded HTML of a capture with its URL and capture time, the input of extraction.

Decoded once, parsed once: page objects, structured data and trafilatura share `Page.tree`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Self
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extraction.html.charset import decode
from crawler.extraction.html.images import absolute
from crawler.extraction.html.limits import MOST_OF_BASE, check_bytes, check_markup, check_tree
from crawler.extraction.html.structured import Structured
from crawler.extraction.html.text import with_few_marks
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.urls import is_web_url

_NO_HTML_TYPE = re.compile(r"\s*(image|audio|video|font)/|\s*application/(pdf|json|zip|rss|atom|gzip)", re.I)
_FEED = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(rss|feed|urlset|sitemapindex|rdf)\b", re.I | re.S)
#: Neither NUL, white space nor byte order mark.
_SOMETHING = re.compile(rb"[^\x00 \t\r\n\xef\xbb\xbf]")
_TAG = re.compile(r"<(!doctype\s+html|html|head|body|title|meta|article|div|h1|h2|p|a|span|table)\b", re.I)
#: Start tags that no editor writes: dropped.
_HUGE_TAG_SIZE = 50_000
_HUGE_TAG = re.compile(rb"<[^<>]{%d,}>" % _HUGE_TAG_SIZE)
#: Runs over which libxml2's time grows with the square of their length.
_RUN = re.compile(rb"[<&]{100,}")
#: Of such a run, two neighbours among each fiftieth byte: hardly any page has them, and they are found much faster.
_RUN_STEP = 50
_RUN_SAMPLE = re.compile(rb"[<&]{2}")
_MOST_ATTRIBUTES = 1000
_WITH_CLASS = etree.XPath("//*[@class]")
_place = itemgetter(0)
_ALL_ALIKE = etree.ElementDefaultClassLookup(element=HtmlElement)
#: NUL and its like, but for tab, line feed, form feed and carriage return.
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\f\r"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """`url` as requested, `html` decoded, `captured_at` with a time zone, None where unknown.

    `warnings` says where decoding had to depart from what the server or the page declared. `dropped`: the elements that
    selectors of the page's site removed from its tree, each with the number of the selector, from 0.
    """

    url: str
    html: str
    captured_at: datetime | None = None
    warnings: tuple[str, ...] = ()
    dropped: list[tuple[int, HtmlElement]] = field(default_factory=list)

    @classmethod
    def from_bytes(
        cls,
        body: bytes,
        url: str | None,
        captured_at: datetime | None = None,
        content_type: str | None = None,
    ) -> Self:
        """The page in these bytes (content coding already undone); `content_type` is the HTTP header's value.

        For `url` None it is the canonical URL that the page names, "" where it names none.

        Raises PageRefused: EMPTY_BODY, UNDECODABLE (no text in any charset), NOT_HTML, TOO_LARGE.
        """
        check_bytes(body)
        if not _SOMETHING.search(body):
            raise PageRefused(RefusalReason.EMPTY_BODY)
        if content_type and _NO_HTML_TYPE.match(content_type):
            raise PageRefused(RefusalReason.NOT_HTML, content_type)
        text, warnings = decode(body, content_type)
        if _FEED.match(text) or not _TAG.search(text):
            raise PageRefused(RefusalReason.NOT_HTML)
        page = cls(url=url or "", html=with_few_marks(text), captured_at=captured_at, warnings=warnings)
        return page if url is not None else replace(page, url=page.claimed_url)

    @cached_property
    def tree(self) -> HtmlElement:
        """The document's root element, built once. Readers must not change it.

        Raises PageRefused: EMPTY_BODY, TOO_LARGE.
        """
        markup = _parsable(self.html)
        check_markup(markup)
        # A parser is built for each tree: lxml's parsers are locked while they work, and cheap.
        parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        # One class for all elements, looked up in C: lxml.html's own lookup calls Python for each of them.
        parser.set_element_class_lookup(_ALL_ALIKE)
        try:
            tree = document_fromstring(markup, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise PageRefused(RefusalReason.EMPTY_BODY, str(error)) from error
        check_tree(tree, len(markup))
        return tree

    @cached_property
    def body(self) -> HtmlElement | None:
        """The document's `body`."""
        return self.tree.find(".//body")

    @property
    def body_classes(self) -> frozenset[str]:
        """The classes of the `body`, by which many publishing systems name the kind of page."""
        return frozenset() if self.body is None else frozenset((self.body.get("class") or "").split())

    @cached_property
    def structured(self) -> Structured:
        """JSON-LD, meta tags, links and microdata, read once."""
        return Structured.read(self.tree)

    @property
    def claimed_url(self) -> str:
        """The URL that the page gives itself, "" where it gives none."""
        claims = (
            *self.canonical_links,
            self.structured.meta_first("og:url"),
            self.structured.micro_first("mainEntityOfPage"),
        )
        return next((claim for claim in claims if claim and is_web_url(claim)), "")

    @cached_property
    def canonical_links(self) -> list[str]:
        """The canonical URLs that the page names, absolute, as far as they could be requested."""
        targets = (absolute(href, self.base_url) for href in self.structured.links.get("canonical", []))
        return [target for target in targets if target and is_web_url(target)]

    @cached_property
    def base_url(self) -> str:
        """The base of the page's relative URLs."""
        base = self.tree.find(".//base[@href]")
        href = "" if base is None else base.get("href").strip()
        try:
            return urljoin(self.url, href) if len(href) <= MOST_OF_BASE else self.url
        except ValueError:
            return self.url

    @cached_property
    def _by_class(self) -> Mapping[str, list[tuple[int, HtmlElement]]]:
        """Each value of a class attribute, as written, to its elements with their places in the document."""
        index: dict[str, list[tuple[int, HtmlElement]]] = {}
        for place, element in enumerate(_WITH_CLASS(self.tree)):
            index.setdefault(element.get("class"), []).append((place, element))
        return index

    @cached_property
    def _values_of_class(self) -> Mapping[str, list[str]]:
        """Each class to the attribute values that name it: a page has few values, many elements."""
        values: dict[str, list[str]] = {}
        for value in self._by_class:
            for token in set(value.split()):
                values.setdefault(token, []).append(value)
        return values

    def with_class(self, *tokens: str, within: HtmlElement | None = None) -> Sequence[HtmlElement]:
        """Elements that carry the first of these classes that any carries, in document order."""
        for token in tokens:
            if token not in self.html:  # then no index is needed, on most pages of unknown sites
                continue
            entries = [entry for value in self._values_of_class.get(token, ()) for entry in self._by_class[value]]
            found = [element for _, element in sorted(entries, key=_place)]
            if within is not None and within is not self.tree:
                found = [element for element in found if is_within(element, within)]
            if found:
                return found
        return ()

    def first(self, *tokens: str, within: HtmlElement | None = None) -> HtmlElement | None:
        """The first of `with_class`."""
        found = self.with_class(*tokens, within=within)
        return found[0] if found else None


def _parsable(text: str) -> bytes:
    """UTF-8 without lone surrogates and without the control characters that a tree cannot hold."""
    html = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    if _RUN_SAMPLE.search(html[::_RUN_STEP]):
        html = _RUN.sub(b" ", html)
    half = _HUGE_TAG_SIZE // 2  # such a tag holds one of these pieces whole
    if any(html.find(b"<", start, start + half) < 0 for start in range(0, len(html) - half, half)):
        html = _HUGE_TAG.sub(lambda tag: b"<div>" if tag[0].count(b"=") > _MOST_ATTRIBUTES else tag[0], html)
    return html


def is_within(element: HtmlElement, scope: HtmlElement) -> bool:
    """Whether the element is the scope or stands in it."""
    return element is scope or scope in element.iterancestors()
