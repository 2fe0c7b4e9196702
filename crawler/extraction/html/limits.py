"""How large a page may be: beyond these sizes extraction would take more than 5 s of CPU or 600 MB of memory.

No article is near them. A page beyond is refused as `too-large`, with what is too large as the detail; of values that
are no part of the text the page loses those beyond, with a warning. The limits are sizes, not times, so that a page
has the same result on every machine. Called by `pages.page` and by the readers of structured data and fields.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.html.text import with_few_marks
from crawler.extraction.refusals import PageRefused, RefusalReason

#: Bytes of a page without its content coding.
MOST_BYTES = 16 * 1024 * 1024
#: Start tags that the parser is given, and elements of the tree that comes of them.
MOST_TAGS = 300_000
MOST_ELEMENTS = 50_000
#: Levels above all elements together: much of the work on an element looks at those around it.
MOST_LEVELS = 5_000_000
#: Characters of text, scripts and style sheets not counted; of one attribute, beyond which it is dropped; of all
#: attributes that are left.
MOST_TEXT = 1_000_000
MOST_OF_VALUE = 20_000
MOST_OF_VALUES = 4_000_000
#: Attributes of all tags together.
MOST_ATTRIBUTES = 500_000
#: Characters of all JSON-LD, of the bylines, of the base of relative URLs.
MOST_OF_JSON = 2_000_000
MOST_OF_BYLINES = 50_000
MOST_OF_BASE = 2000

#: Bytes of markup below which a page can exceed no limit, that of levels excepted, and that one.
_SMALL, _FLAT = 3 * MOST_ELEMENTS, 20_000
#: Characters of a text from which combining marks in a row, spelled as character references, take long.
_LONG_TEXT = 10_000
_START = re.compile(rb"<[a-zA-Z]")
_TAG = re.compile(rb"<[a-zA-Z][^<>]*")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_SEPARATORS = b" \t\n\f\r/\"'"
_LONG_VALUES = etree.XPath(f"//@*[string-length() > {MOST_OF_VALUE}]")
_VALUES = etree.XPath("//@*", smart_strings=False)
_NO_TEXT = frozenset({"script", "style"})
_IS_DEEP = etree.XPath(f"boolean({'/*' * (MOST_LEVELS // MOST_ELEMENTS)})")
_COUNT = etree.XPath("count(//*)")


def check_bytes(body: bytes) -> None:
    """Raises PageRefused(TOO_LARGE) for a body of more than MOST_BYTES."""
    _check("bytes", len(body), MOST_BYTES)


def check_markup(html: bytes) -> None:
    """Raises PageRefused(TOO_LARGE) for markup of which the parser would make too large a tree."""
    if len(html) < _SMALL:
        return
    if html.count(b"<") > MOST_TAGS:
        _check("tags", len(_START.findall(html)), MOST_TAGS)
    if len(html) - len(html.translate(None, _SEPARATORS)) > MOST_ATTRIBUTES:
        tags = (_QUOTED.sub(b" ", tag) for tag in _TAG.findall(html))
        _check("attributes", sum(len(tag.replace(b"/", b" ").split()) - 1 for tag in tags), MOST_ATTRIBUTES)


def check_tree(tree: HtmlElement, size: int) -> None:
    """Drops long attributes; raises PageRefused(TOO_LARGE) for a tree beyond the limits. size: of its markup, bytes."""
    if size > _FLAT and _IS_DEEP(tree):
        _check("levels around elements", _levels(tree), MOST_LEVELS)
    if size < _SMALL:  # then nothing else in it is too large, and most pages are small
        return
    letters = _letters(tree)
    for value in _LONG_VALUES(tree):
        del value.getparent().attrib[value.attrname]
    _check("elements", int(_COUNT(tree)), MOST_ELEMENTS)
    _check("characters of text", letters, MOST_TEXT)
    if size > MOST_OF_VALUES:
        _check("characters of attributes", sum(map(len, _VALUES(tree))), MOST_OF_VALUES)


def _levels(tree: HtmlElement) -> int:
    """The sum of the numbers of levels above each element."""
    level = levels = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            levels += level
            level += 1
        else:
            level -= 1
    return levels


def _letters(tree: HtmlElement) -> int:
    """The number of characters of text, after long runs of accents have been cut to what any text has."""
    letters = 0
    for element in tree.iter(etree.Element):  # an XPath for text() takes the square of the number of siblings
        text, tail = element.text or "", element.tail or ""
        if len(text) > _LONG_TEXT and (few := with_few_marks(text)) != text:
            element.text = text = few
        if len(tail) > _LONG_TEXT and (few := with_few_marks(tail)) != tail:
            element.tail = tail = few
        letters += len(tail) + (0 if element.tag in _NO_TEXT else len(text))
    return letters


def _check(what: str, found: int, most: int) -> None:
    if found > most:
        raise PageRefused(RefusalReason.TOO_LARGE, f"more than {most} {what}")
