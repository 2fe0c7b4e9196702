"""Parses the XML and HTML of lists as servers send them: blank lines first, gzipped, stray control characters.

Called by the routes.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO

from lxml import etree, html
from lxml.etree import ParserError
from w3lib.encoding import html_to_unicode

from storage.exceptions import UnreadableList

_GZIP = b"\x1f\x8b"
#: A sitemap is at most 50 MB (sitemaps.org); more than this is a decompression bomb.
_MAX_BYTES = 200 * 1024 * 1024
#: Of a list that is read as a whole: a feed. Each byte of it takes up to forty of memory.
_MAX_BYTES_AT_ONCE = 16 * 1024 * 1024
#: Of one child of a root that is read in parts, such as a sitemap's `<url>`, and of what stands between two.
_MAX_BYTES_OF_CHILD = 4 * 1024 * 1024
#: Bytes parsed at a time.
_PART_BYTES = 64 * 1024


def parse_xml(body: bytes) -> etree._Element:
    """The root element. Raises UnreadableList where the body is no XML."""
    text = b"".join(_parts(body, _MAX_BYTES_AT_ONCE))
    if not text:
        raise UnreadableList("it is empty")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True)
    root = None
    with suppress(etree.XMLSyntaxError):  # a body of control characters is an error even to a parser that recovers
        root = etree.fromstring(text, parser)
    if root is None:
        raise UnreadableList(f"it is no XML but starts with {text[:40]!r}")
    return root


def stream_xml(body: bytes) -> Iterator[etree._Element]:
    """The root element as it opens, without its children, then each child of it when it is whole; read in parts, so
    that memory stays flat however long the list. A child is emptied when the next one is asked for.

    Raises UnreadableList where the body is no XML, and, after what came before that, where its gzip breaks off or a
    child is too large to be one.
    """
    parser = etree.XMLPullParser(
        ("start", "end"), resolve_entities=False, no_network=True, recover=True, huge_tree=True
    )
    root: etree._Element | None = None
    pending = 0
    for part in _parts(body):
        parser.feed(part)
        pending += len(part)
        for event, element in parser.read_events():
            if root is None:
                root = element
                yield root
            elif event == "end" and element.getparent() is root:
                pending = 0
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del root[0]
        if pending > _MAX_BYTES_OF_CHILD:
            raise UnreadableList(f"one of its entries is over {_MAX_BYTES_OF_CHILD} bytes")
    if root is None:
        raise UnreadableList(f"it is no XML but starts with {body[:40]!r}" if body.strip() else "it is empty")


def _parts(body: bytes, most: int = _MAX_BYTES) -> Iterator[bytes]:
    """The text in parts, its gzip undone, without what may stand before an XML declaration. Raises UnreadableList where
    there is more of it than `most` bytes."""
    stream = gzip.GzipFile(fileobj=BytesIO(body)) if body.startswith(_GZIP) else BytesIO(body)
    size, began = 0, False
    while True:
        try:
            part = stream.read(_PART_BYTES)
        except (OSError, EOFError, zlib.error) as problem:
            raise UnreadableList(f"its gzip is broken: {problem}") from problem
        if not part:
            return
        size += len(part)
        if size > most:
            raise UnreadableList(f"unpacked it is over {most} bytes")
        part = part if began else part.lstrip(b"\xef\xbb\xbf \t\r\n")
        began = began or bool(part)
        if part:
            yield part


def parse_html(body: bytes, content_type: str | None = None) -> html.HtmlElement:
    """The root element, in the charset of the Content-Type header, else of the page. Raises UnreadableList where there
    is none."""
    _, text = html_to_unicode(content_type, body)  # libxml2 does not know each charset that Python knows
    try:
        return html.fromstring(text.encode(errors="replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (ParserError, etree.XMLSyntaxError) as problem:
        raise UnreadableList(f"it is no HTML: {problem}") from problem


def local_name(element: etree._Element) -> str:
    """The tag without its namespace, or an undeclared prefix, in lower case; "" for comments and instructions."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def child_text(element: etree._Element, *names: str) -> str | None:
    """The text of the first child with one of these local names, stripped; None where there is none."""
    for child in element:
        if local_name(child) in names:
            text = "".join(child.itertext()).strip()
            if text:
                return text
    return None


def claimed_time(text: str | None) -> date | datetime | None:
    """A W3C date, ISO 8601 or RFC 2822 time as lists write them; None where it is none or has no offset."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else _aware(datetime.fromisoformat(text))
    except ValueError:
        pass
    try:
        return _aware(parsedate_to_datetime(text))
    except ValueError:
        return None


def _aware(moment: datetime) -> date | datetime:
    return moment if moment.tzinfo else moment.date()
