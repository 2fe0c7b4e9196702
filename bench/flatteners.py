"""Converts pages to text dumps, in the ways of corpora and archives."""

from collections.abc import Callable, Iterator, Mapping

import trafilatura
from lxml.html import HtmlElement, HTMLParser, document_fromstring

_BLOCK_TAGS = """address article aside blockquote body dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section table tr ul br"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SILENT = frozenset({"script", "style", "head", "noscript", "svg", "template"})
#: Minimum length of a line; corpus filters drop shorter ones.
_SHORT = 40


def _tree(html: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", remove_comments=True)
    return document_fromstring(html.encode(), parser=parser)


def _lines(html: str, *, bullet: str = "", alts: bool = False, cell: str = " ") -> list[str]:
    """A line for each block; `bullet` before list items, `alts` of pictures as text, `cell` behind a table's cell."""
    lines = [""]

    def walk(element: HtmlElement) -> None:
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            block = element.tag in _BLOCKS
            if block:
                lines.append(bullet if element.tag == "li" else "")
            if element.tag == "img" and alts:
                lines[-1] += element.get("alt") or ""
            lines[-1] += (element.text or "").replace("\n", " ")
            for child in element:
                walk(child)
            if block:
                lines.append("")
            elif element.tag in ("td", "th"):
                lines[-1] += cell
        lines[-1] += (element.tail or "").replace("\n", " ")

    walk(_tree(html))
    return [" ".join(line.split()) for line in lines if line.strip(" •\t")]


def wet(html: str) -> str:
    """Like WET records of Common Crawl: including menus, without markup."""
    return "\n".join(_lines(html))


def bullets_and_alts(html: str) -> str:
    """Like Resiliparse without main-content detection: list bullets, alternative texts, menus and forms."""
    lines = _lines(html, bullet="• ", alts=True)
    return "\n\n".join(f"  {line}" if line.startswith("•") else line for line in lines)


def cells_on_lines(html: str) -> str:
    """Each table cell on a line of its own."""
    lines = _lines(html, cell="\v")
    return "\n".join(part.strip() for line in lines for part in line.split("\v") if part.strip())


def long_lines(html: str) -> str:
    """The result of a filter that drops short lines."""
    return "\n".join(line for line in _lines(html) if len(line) >= _SHORT)


def trafilatura_default(html: str) -> str:
    return trafilatura.extract(html) or ""


def trafilatura_recall(html: str) -> str:
    return trafilatura.extract(html, favor_recall=True) or ""


def microdata(html: str) -> str:
    """The hidden block alone, one line per value."""
    return "\n".join(_values(_tree(html)))


def _values(tree: HtmlElement) -> Iterator[str]:
    for block in tree.find_class("article__meta"):
        for element in block.iter("div"):
            if element.get("itemprop") and not len(element) and (element.text or "").strip():
                yield " ".join(element.text.split())


FLATTENERS: Mapping[str, Callable[[str], str]] = {
    "wet": wet,
    "bullets and alts": bullets_and_alts,
    "cells apart": cells_on_lines,
    "long lines": long_lines,
    "trafilatura": trafilatura_default,
    "trafilatura recall": trafilatura_recall,
    "microdata": microdata,
}
