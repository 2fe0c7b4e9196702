"""The bylines that a page shows: behind its headline, else where trafilatura looks for an author."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura.xpaths import AUTHOR_DISCARD_XPATHS, AUTHOR_XPATHS

from crawler.extraction.html.images import absolute
from crawler.extraction.html.text import fold, text_of
from crawler.urls import same_family

#: Letters beyond which an element holds more than a byline.
_LONGEST = 120
#: Characters of a text node, white space included, beyond which it is no part of a byline.
_RAW = 10_000
#: Elements of a name that are looked at, and elements behind the headline.
_MOST = 50
_NEAR = 150
_AUTHOR_PAGE = re.compile(
    r"/(?:(?:by|user|profile|people|team|staff|experts?)s?|(?:blog-?)?(?:authors?|autor(?:en|es|i|e)?|auteurs?|redacteurs?"
    r"|contributors?|columnists?|reporters?|firm[ae]))(?:/|\.\w+\?)[^/?#]|[?&]author=",
    re.I,
)
_BY = (
    r"(?:author|autore?|autora|auteur|testo|texto?)\s*:\s*(?-i:(?=[^\Wa-zà-ÿ]))|"
    r"(?:(?:written|posted|words|story|article|text|published|(?:geschrieben|verfasst|veröffentlicht)|scritto|escrito"
    r"|ein (?:artikel|beitrag|text)|publicado|[ée]crit|publié)\s+)?"
    r"(?:by|von|par|por|di|da|door|av|af|a cura di)\b:?\s+(?-i:(?=[^\Wa-zà-ÿ]))"
)
_BEGINS_WITH_BY = re.compile(_BY, re.I)
#: The same behind a mark between parts of a line, or a number: "3 March 2021 · 3 min read · By Ada Neri".
_IN_LINE = re.compile(rf"(?:^|[|·•–—]\s*|\d\s?)(?P<byline>{_BY})", re.I)
#: A day, perhaps with a clock, before "by" and a name: "Posted on 3 March 2021 by Ada Neri".
_DATED_BY = re.compile(
    r"^.{0,40}?(?:\d{1,2}[^\d]{1,14}(?:19|20)\d\d|(?:19|20)\d\d[./-]\d\d[./-]\d\d|"
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)"
    r"(?:[^\w]{1,4}\d{1,2}[:.]\d\d(?:\s?(?:h|uhr|[ap]m))?)?[^\w]{1,4}(?:by|von|par|por|di|da|door|av|af)\b:?\s+"
    r"(?-i:(?=[^\Wa-zà-ÿ]))",
    re.I,
)
_HEADINGS = ("h1", "h2", "h3")


def visible_bylines(tree: HtmlElement, url: str, title: str = "") -> Iterator[str]:
    """The texts of elements that look like a byline, the surest first; `url` and `title` (headline) are the page's."""
    sure, *others = AUTHOR_XPATHS
    yield from _named(tree, sure)
    yield from _behind_headline(tree, url, title)
    for expression in others:
        yield from _named(tree, expression)


def _named(tree: HtmlElement, expression: XPath) -> Iterator[str]:
    """The texts of elements that are named as a byline, outside comments and side columns."""
    if elements := expression(tree)[:_MOST]:
        discarded = {element for discard in AUTHOR_DISCARD_XPATHS for element in discard(tree)}
        for element in elements:
            if discarded.isdisjoint((element, *element.iterancestors())) and (text := _text(element)):
                yield text


def _behind_headline(tree: HtmlElement, url: str, title: str) -> Iterator[str]:
    """Links to an author's page of the same site, texts that begin with "by": of the elements behind the headline."""
    alike = (element for element in tree.iter(*_HEADINGS) if title and text_of(element) == title)
    headline = next(alike, tree.find(".//h1"))
    if headline is None:
        return
    for element in islice(headline.xpath("following::*"), _NEAR):
        text = _text(element)
        if text and (_BEGINS_WITH_BY.match(text) or (element.tag == "a" and _leads_to_author(element, url))):
            yield text
        elif found := _DATED_BY.match(text):
            yield text[found.end() :]


def byline_in_line(line: str) -> str | None:
    """The part of a short line that begins with "by" or "author:", None where none does."""
    found = _IN_LINE.search(line) if len(line) <= _LONGEST else None
    return line[found.start("byline") :] if found else None


def _leads_to_author(link: HtmlElement, url: str) -> bool:
    target = absolute(link.get("href"), url)
    return bool(target and _AUTHOR_PAGE.search(target) and same_family(target, url))


def _text(element: HtmlElement) -> str:
    """The text of a byline, "" of an element that holds more; it is read no further than that takes."""
    pieces: list[str] = []
    letters = 0
    for piece in element.itertext():
        letters += len(fold(piece[:_RAW]))
        if letters > _LONGEST or len(piece) > _RAW:
            return ""
        pieces.append(piece)
    text = fold(" ".join(pieces))
    return text if 2 < len(text) <= _LONGEST else ""
