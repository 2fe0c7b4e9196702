"""Lines of the body told from boxes of related posts.

What stands between the first paragraph and the line of tags belongs to the article unless it is known noise. The
title of another post is known by its place: announced ("Leggi anche"), beside a date, or listed elsewhere in the
dump. Every other line is kept.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile
from typing import Self
from urllib.parse import urlsplit

from crawler.extraction.flattened.dates import is_ago, is_dated
from crawler.extraction.flattened.lines import Line, ends_sentence, is_address, is_one_phrase, is_quote, table_row
from storage.article import Block, BlockType

_RELATED = re.compile(
    r"(?:leggi (?:anche|pure|di più)|(?:vedi|guarda) anche|potrebbe interessarti anche|per approfondire|"
    r"read (?:also|more)|related ?(?:posts?|articles?)|you might also like|(?:esto )?te puede interesar|lee también|"
    r"baca juga)(?P<rest>(?:\s*[:>»|–-]|\s+su\b|\s*(?-i:[A-ZÀ-Þ“\"«])|\s*$).*)",
    re.I,
)
_DIGITS = re.compile(r"[\d\s.,:%]+")
_SLUG_ID = re.compile(r"-\d{6,}(?=\.|$)|\.\w+$")
#: So many short lines in a row, each of at most so many words, are a table's cells or a list's items.
_CELLS, _CELL_WORDS = 3, 3
#: A dump without lines shorter than this was filtered.
_FILTERED = 32
#: A title has more words than a menu's entry, and at most so many characters.
_ENTRY_WORDS, _TITLE = 3, 160


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The dump around the article: titles listed there, and short lines (menu entries, categories)."""

    titles: frozenset[str]
    entries: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[Line], start: int, end: int) -> Self:
        """Around lines[start:end]. A second copy of the article, whose subheads are no titles, is left out."""
        article = {line.text for line in lines[start:end] if len(line.text) > _TITLE / 2}
        behind = list(takewhile(lambda line: line.text not in article, lines[end:]))
        paths = [urlsplit(line.text).path for line in (*lines[:start], *behind) if is_address(line.text)]
        slugs = {_key(_SLUG_ID.sub("", part)) for path in paths for part in path.split("/") if part.count("-") > 2}
        short = (line.text for line in (*lines[:start], *behind) if len(line.text.split()) <= _ENTRY_WORDS)
        return cls(
            frozenset(slugs | {_key(line.text) for line in behind if _is_title(line.text)}),
            frozenset(text.casefold() for text in short if not _DIGITS.fullmatch(text)),
        )


def body_lines(
    lines: Sequence[Line],
    around: Surroundings,
    is_boilerplate: Callable[[str], bool],
    is_body: Callable[[str], bool] | None = None,
) -> list[Line]:
    """The lines without boilerplate and boxes of related posts; `is_body` knows the paragraphs and subheads."""

    def is_title(line: Line) -> bool:
        return may_be_title(line) and not (is_body and is_body(line.text))

    def drop_above(title: str) -> None:
        """Drops what belongs to the title of another post: its category, and its picture's alternative text."""
        short = kept[-1].text if kept and _is_cell(kept[-1]) else ""
        alone = not any(map(_is_cell, kept[-2:-1]))
        if short and (short.casefold() in around.entries or (is_body and alone and not is_body(short))):
            kept.pop()
        while kept and is_title(kept[-1]):
            above = _key(kept[-1].text)
            if not _key(title).startswith(above) and above not in around.titles:
                return
            kept.pop()

    kept: list[Line] = []
    in_box = after_title = False
    for number, line in enumerate(lines):
        text = line.text
        related = None if ends_sentence(text) and len(text) > _TITLE / 2 else _RELATED.fullmatch(text)
        if related:
            if related["rest"].startswith(" su ") and kept and is_title(kept[-1]):
                kept.pop()
            in_box, after_title = len(related["rest"].strip(" :>»|–-")) < 8, False
        elif is_boilerplate(text) or (is_dated(text) and (in_box or after_title)):
            continue
        elif is_dated(text) and kept and is_title(kept[-1]):
            drop_above(kept.pop().text)
            after_title = True
        elif (is_ago(text) or _DIGITS.fullmatch(text)) and not _is_in_table(lines, number):
            continue
        elif is_title(line) and _key(text) in around.titles:
            drop_above(text)
            in_box, after_title = False, True
        elif in_box and (line.bullet or is_title(line)):
            following = lines[number + 1].text if number + 1 < len(lines) else ""
            in_box, after_title = line.bullet or following == text, True
        else:
            in_box = after_title = False
            kept.append(line)
    return kept


def may_be_title(line: Line) -> bool:
    """Whether the line can be the title of another post: one phrase, perhaps a question, of more than a few words."""
    return not line.bullet and _is_title(line.text)


def _is_title(text: str) -> bool:
    if len(text.split()) <= _ENTRY_WORDS or len(text) > _TITLE or text[-1] in ":;" or text[0].islower():
        return False
    ends_like_one = not ends_sentence(text) or text.rstrip("”\"»’')")[-1:] in "?!"
    return ends_like_one and (len(text) < _TITLE / 2 or is_one_phrase(text))


def cells_as_items(lines: list[Line]) -> tuple[list[Line], bool]:
    """The lines, a table's cells (a line each, whose rows are lost) as list items; and whether there are any."""
    items: list[Line] = []
    for is_cell, group in groupby(lines, _is_cell):
        run = list(group)
        items += [replace(line, bullet=True) for line in run] if is_cell and len(run) >= _CELLS else run
    return items, items != lines


def is_filtered(lines: Sequence[Line]) -> bool:
    """Whether a filter dropped the short lines: of a box of related posts only the titles are left then."""
    return all(len(line.text) >= _FILTERED for line in lines)


def is_uncertain(blocks: Sequence[Block]) -> bool:
    """Whether two subheads stand together: one of them could be the title of another post."""
    return any(one.type is other.type is BlockType.HEADING for one, other in pairwise(blocks))


def _is_in_table(lines: Sequence[Line], number: int) -> bool:
    run = 1
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(lines) and _is_cell(lines[at]):
            run, at = run + 1, at + step
    return run >= _CELLS


def _is_cell(line: Line) -> bool:
    text = line.text
    short = len(text.split()) <= _CELL_WORDS and len(text) < _TITLE / 4
    return short and not (line.bullet or ends_sentence(text) or is_quote(text) or text[0] == "©" or table_row(text))


def _key(text: str) -> str:
    """The letters and digits, without case and accents: equal for a title and the slug of its URL."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())
