"""Text of the page as text for people: white space folded, invisible characters gone."""

import re
import unicodedata

from lxml.html import HtmlElement

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]")
_SILENT = ("script", "style", "noscript", "template", "svg")


def fold(text: str | None) -> str:
    """One line: every run of white space (no-break space too) is one space, none at the ends, NFC."""
    if not text:
        return ""
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))


def text_of(element: HtmlElement | None) -> str:
    """The folded text of an element, without scripts and the like; a line break counts as a space."""
    if element is None:
        return ""
    pieces: list[str] = []
    _gather(element, pieces)
    return fold("".join(pieces))


def _gather(element: HtmlElement, pieces: list[str], depth: int = 0) -> None:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    if depth > 100:
        pieces.append("".join(element.itertext()))
        return
    if element.tag in ("br", "p", "div", "li"):
        pieces.append(" ")
    pieces.append(element.text or "")
    for child in element:
        _gather(child, pieces, depth + 1)
        pieces.append(child.tail or "")


def unique(values: list[str]) -> tuple[str, ...]:
    """The values without empty ones and repeats, in order."""
    return tuple(dict.fromkeys(value for value in values if value))


def unique_fold_case(values: list[str]) -> tuple[str, ...]:
    """Like `unique`, where a difference in case makes no difference; the first spelling stays."""
    kept: dict[str, str] = {}
    for value in values:
        if value:
            kept.setdefault(value.casefold(), value)
    return tuple(kept.values())
