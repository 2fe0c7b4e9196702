"""Text of the page as text for people: white space folded, invisible characters gone."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from lxml.html import HtmlElement


def _ranges(points: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of neighbouring code points."""
    for _, run in groupby(enumerate(points), lambda pair: pair[1] - pair[0]):
        neighbours = [point for _, point in run]
        yield neighbours[0], neighbours[-1]


#: Lone surrogates and control characters too, which JSON and character references can spell: no text can hold the
#: former, and the latter are commands to a terminal.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\ud800-\udfff]")
#: Runs of combining marks beyond those of any text (UAX 15, 13.1, Stream-Safe Text), which cost NFC the square of their
#: length, and the length of a text from which that matters. Marks are in the first two of Unicode's planes alone.
_POINTS = [point for point in range(0x20000) if unicodedata.combining(chr(point))]
_MARKS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _ranges(_POINTS))
_LONG_RUN = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")
_LONG = 1000
#: Of a run of hundred, two neighbours among each fiftieth character, which hardly any text has: they are found faster.
_RUN_STEP = 50
_RUN_SAMPLE = re.compile(f"[{_MARKS}]{{2}}")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
_BREAKS = frozenset({"br", "p", "div", "li"})
#: Levels that are looked at one by one.
_DEEP = 100


def fold(text: str | None) -> str:
    """One line: every run of white space (no-break space too) is one space, none at the ends, NFC."""
    if not text:
        return ""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():  # then it has nothing to normalise
        return line
    visible = " ".join(_INVISIBLE.sub("", line).split())
    return unicodedata.normalize("NFC", visible if len(visible) < _LONG else _LONG_RUN.sub(r"\1", visible))


def with_few_marks(text: str) -> str:
    """The text with at most 30 combining marks in a row, as far as there are runs of hundreds."""
    return _LONG_RUN.sub(r"\1", text) if _RUN_SAMPLE.search(text[::_RUN_STEP]) else text


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
