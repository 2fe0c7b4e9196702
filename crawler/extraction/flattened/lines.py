"""The lines of a flattened text dump, and predicates on the shape of a line.

A flattener writes a page's text nodes or blocks a line each; some put bullets before list items, some blank lines
between blocks, some join the nodes of one block by spaces.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extraction.html.text import fold

#: Written before the first line by one collection of dumps; the month is the capture's or the article's.
_HEADER = re.compile(r"^\s?date \d{4}-\d{2} ")
_BULLET = re.compile(r"^\s*[•◦▪‣·*-](?:\s+|$)")
_FOOTNOTE = re.compile(r"\*{1,3}(?:\w|\s.*\b(?:terrorist|estremist|extremist|vietat|illegal|bandit))", re.I)
_SENTENCE_END = re.compile(r"[.!?…][”\"»’')\]*]*$")
_INNER_END = re.compile(r"\w[.!?…][”\"»’)]*\s+[«“\"‘(]*[A-ZÀ-Þ0-9]")
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|de|di|da|del|della|van|von|la|y)){1,4}")

_ROW = re.compile(r"\|.*\|")

QUOTE_MARKS = '"“«„”'
URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that holds something; `bullet`: the flattener marked it as a list item, the mark is gone."""

    text: str
    bullet: bool = False


def read_lines(text: str) -> list[Line]:
    """The lines with folded white space, without empty ones and without the collection's header."""
    lines: list[Line] = []
    for raw in _HEADER.sub("", text.lstrip("\ufeff\r\n")).splitlines():
        bullet = _BULLET.match(raw) if not is_footnote(raw.strip()) else None
        found = fold(raw[bullet.end() :] if bullet else raw)
        if found:
            lines.append(Line(found, bullet is not None))
    return lines


def is_address(text: str) -> bool:
    """Whether the text is one URL of the web that can be taken apart."""
    try:
        return URL.fullmatch(text) is not None and bool(urlsplit(text).hostname)
    except ValueError:
        return False


def squeeze(text: str) -> str:
    """The text without any white space: equal for spellings that differ by flattener only."""
    return "".join(text.split())


def is_footnote(text: str) -> bool:
    """Whether the line is a starred note, such as the one under the name of a banned organisation."""
    return _FOOTNOTE.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether the line ends as a sentence does, closing quotes and brackets aside."""
    return _SENTENCE_END.search(text) is not None


def is_one_phrase(text: str) -> bool:
    """Whether no sentence ends inside the text."""
    return _INNER_END.search(text) is None


def is_heading(text: str) -> bool:
    """Whether the line reads like a subhead: short, one phrase, no final punctuation but a question mark."""
    if not 1 < len(text) <= 130 or len(text.split()) > 20 or not is_one_phrase(text):
        return False
    if text[-1] in ":;,." or not (text[0].isupper() or text[0].isdigit() or text[0] in QUOTE_MARKS):
        return False
    if text[-1] == "?":
        return len(text) <= 80 and text[0] not in QUOTE_MARKS and '"' not in text
    if text[0] in QUOTE_MARKS and text[-1] in '"”»':
        return False
    return not ends_sentence(text)


def table_row(text: str) -> str | None:
    """The cells of a table row as some flatteners write it ("| a | b |"), joined by tabs; None for other lines."""
    if not _ROW.fullmatch(text):
        return None
    return "\t".join(cell.strip() for cell in text.strip("| ").split("|"))


def is_table_rule(text: str) -> bool:
    """Whether the line only parts a table's head from its rows."""
    return re.fullmatch(r"\|?(?:\s*:?-{3,}:?\s*\|?)+", text) is not None


def is_quote(text: str) -> bool:
    """Whether the line opens with a quotation mark."""
    return text[:1] in QUOTE_MARKS


def is_name(text: str) -> bool:
    """Whether the text has the shape of a person's name: two to five words, capitalised, no digits."""
    return len(text) <= 60 and _NAME.fullmatch(text) is not None
