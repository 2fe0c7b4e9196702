"""Lines of the body told from boxes of related posts.

What stands between the first paragraph and the line of tags belongs to the article unless it is known noise. The
title of another post is known by its place: announced ("Leggi anche"), beside a date, or listed elsewhere in the
dump. Every other line is kept.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
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
    def of(cls, above: Sequence[Line], behind: Sequence[Line]) -> Self:
        """From the lines above and behind; one with a text behind it is no listed title but a copy's subhead."""
        paths = [urlsplit(line.text).path for line in (*above, *behind) if is_address(line.text)]
        slugs = {_key(_SLUG_ID.sub("", part)) for path in paths for part in path.split("/") if part.count("-") > 2}
        listed = {
            _key(line.text)
            for line, following in pairwise([*behind, Line("-")])
            if _is_title(line.text) and (_is_title(following.text) or not ends_sentence(following.text))
        }
        entries = {line.text.casefold() for line in (*above, *behind) if len(line.text.split()) <= _ENTRY_WORDS}
        return cls(frozenset(listed | slugs), frozenset(entries))


def body_lines(
    lines: Sequence[Line],
    around: Surroundings,
    is_boilerplate: Callable[[str], bool],
    is_body: Callable[[str], bool] = lambda text: False,
) -> list[Line]:
    """The lines without boilerplate and boxes of related posts; one for which `is_body` is true is no title."""

    def is_title(line: Line) -> bool:
        return may_be_title(line) and not is_body(line.text)

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
            _drop_above(kept, kept.pop().text, around)
            after_title = True
        elif (is_ago(text) or _DIGITS.fullmatch(text)) and not _is_among_cells(lines, number):
            continue
        elif is_title(line) and _key(text) in around.titles:
            _drop_above(kept, text, around)
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
    if len(text.split()) <= _ENTRY_WORDS or len(text) > _TITLE or text[-1] in ":;":
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


def _drop_above(kept: list[Line], title: str, around: Surroundings) -> None:
    """Drops what belongs to the title of another post: its category, and its picture's alternative text."""
    if kept and not kept[-1].bullet and kept[-1].text.casefold() in around.entries:
        kept.pop()
    while kept and may_be_title(kept[-1]):
        above = _key(kept[-1].text)
        if not _key(title).startswith(above) and above not in around.titles:
            return
        kept.pop()


def _is_among_cells(lines: Sequence[Line], number: int) -> bool:
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
