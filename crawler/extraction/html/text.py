"""Text of the page as text for people: white space folded, invisible characters gone."""

import re
import unicodedata

from lxml.html import HtmlElement

#: Lone surrogates too, which JSON and character references can spell and no text can hold.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\ud800-\udfff]")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
_BREAKS = frozenset({"br", "p", "div", "li"})
#: Levels that are looked at one by one.
_DEEP = 100


def fold(text: str | None) -> str:
    """One line: every run of white space (no-break space too) is one space, none at the ends, NFC."""
    if not text:
        return ""
    if text.isascii():  # then it has nothing to normalise
        return " ".join(text.split())
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))


def text_of(element: HtmlElement | None) -> str:
    """The folded text of an element, without scripts and the like; a line break counts as a space."""
    if element is None or _is_silent(element.tag):
        return ""
    if not len(element):
        return fold(element.text)
    pieces: list[str] = []
    _gather(element, pieces, 0)
    return fold("".join(pieces))


def _is_silent(tag: object) -> bool:
    return tag in _SILENT or not isinstance(tag, str)


def _gather(element: HtmlElement, pieces: list[str], depth: int) -> None:
    if depth > _DEEP:
        pieces.append("".join(element.itertext()))
        return
    pieces.append(element.text or "")
    for child in element:
        tag = child.tag
        if not _is_silent(tag):
            if tag in _BREAKS:
                pieces.append(" ")
            if len(child):
                _gather(child, pieces, depth + 1)
            else:
                pieces.append(child.text or "")
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
