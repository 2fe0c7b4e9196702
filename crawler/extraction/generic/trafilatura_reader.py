"""Trafilatura's reading of a page: the second reader, asked where our own finds little."""

import copy
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG, Document

from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.html.images import absolute
from crawler.extraction.html.text import fold
from storage.article import Block, BlockType, Image

# Trafilatura logs as errors what we name as refusals.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

#: Below its minimum trafilatura takes the whole page's text in one piece.
_SHORT_TEXTS = copy.deepcopy(DEFAULT_CONFIG)
_SHORT_TEXTS["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "20"
#: What `is_property_list` says, for a tree that is not ours.
_PROPERTY_LISTS = "//*[@itemscope][count(*[@itemprop]) >= 5][not(.//p or .//h1 or .//br or .//img)]"
_PARTS = {"p", "head", "quote", "list", "table", "graphic", "code"}


def trafilatura_reading(
    tree: HtmlElement, url: str, base: str, *, noise: Iterable[str] = (), sure: bool = False
) -> BodyContent | None:
    """The body as trafilatura finds it in a copy of the tree, None where it finds none.

    `noise` are classes to cut before; `sure`: the page is known to hold an article, so that a short text is one too.
    """
    prune = [f"//*[contains(concat(' ', @class, ' '), ' {token} ')]" for token in sorted(noise)]
    prune.append(_PROPERTY_LISTS)
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            include_comments=False,
            include_links=True,
            include_images=True,
            include_formatting=True,
            prune_xpath=prune,
            config=_SHORT_TEXTS if sure else DEFAULT_CONFIG,
        )
    except (
        RecursionError,
        ValueError,
        IndexError,
    ):  # nested deeper than Python's stack; characters that its tree refuses
        return None
    return read_body(found.body, base) if isinstance(found, Document) else None


def separated_text(tree: HtmlElement, url: str, *, noise: Iterable[str] = (), sure: bool = False) -> list[str]:
    """The lines of the text that trafilatura separates from the page, none where it finds none.

    `noise`: classes to cut before; `sure`: the page is known to hold an article, so that a short text is one too.
    """
    prune = [f"//*[contains(concat(' ', @class, ' '), ' {token} ')]" for token in sorted(noise)]
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url or None,
            include_comments=False,
            prune_xpath=prune or None,
            config=_SHORT_TEXTS if sure else DEFAULT_CONFIG,
        )
    except (
        RecursionError,
        ValueError,
        IndexError,
    ):  # nested deeper than Python's stack; characters that its tree refuses
        return []
    text = found.text if isinstance(found, Document) else ""
    return [cell for line in (text or "").splitlines() for cell in line.split("|")]


def read_body(body: etree._Element, base: str) -> BodyContent:
    """Trafilatura's body as blocks; its vocabulary: p, head, quote, list/item, table/row/cell, graphic, ref."""
    reading = BodyContent()
    for element in body.iter("ref"):
        if url := absolute(element.get("target"), base):
            reading.links.append(url)
    for element in body.iter("graphic"):
        if url := absolute(element.get("src"), base):
            reading.images.append(Image(url=url, caption=fold(element.get("alt")) or None))
    for element in body:
        reading.blocks.extend(_blocks(element))
    return reading


def _blocks(element: etree._Element) -> Iterator[Block]:
    text = _flat(element)
    if element.tag == "head":
        level = (element.get("rend") or "h2")[1:]
        yield from _some(BlockType.HEADING, text, level=max(2, int(level)) if level.isdigit() else 2)
    elif element.tag == "quote":
        yield from _some(BlockType.QUOTE, text)
    elif element.tag == "list":
        items = tuple(item for e in element.iter("item") if (item := _flat(e)))
        yield from _some(BlockType.LIST, "\n".join(items), items=items)
    elif element.tag == "table":
        rows = ["\t".join(_flat(cell) for cell in row.iter("cell")) for row in element.iter("row")]
        yield from _some(BlockType.TABLE, "\n".join(row for row in rows if row.strip()))
    elif any(child.tag in _PARTS - {"graphic"} for child in element):
        yield from _mixed(element)
    else:
        yield from _some(BlockType.PARAGRAPH, text)


def _mixed(element: etree._Element) -> Iterator[Block]:
    """A paragraph that holds blocks: the text between them becomes paragraphs."""
    between = [element.text or ""]
    for child in element:
        if child.tag in _PARTS:
            yield from _some(BlockType.PARAGRAPH, fold("".join(between)))
            between = [child.tail or ""]
            yield from _blocks(child)
        else:
            between += [*child.itertext(), child.tail or ""]
    yield from _some(BlockType.PARAGRAPH, fold("".join(between)))


def _some(kind: BlockType, text: str, **more: Any) -> Iterator[Block]:
    if text:
        yield Block(type=kind, text=text, **more)


def _flat(element: etree._Element) -> str:
    for line_break in element.iter("lb"):
        line_break.tail = f" {line_break.tail or ''}"
    return fold("".join(element.itertext()))
