"""The visible article of a dump that also has the articleBody without separators: lines are aligned with that text.

A line in it is a paragraph or a subhead; a line between two such lines that is not in it is a quote (the platform
leaves quotes out of it), a list, a caption, or the headline of another article.
"""

from collections.abc import Collection
from dataclasses import replace

from crawler.extraction.flattened.lines import (
    Line,
    ends_sentence,
    is_footnote,
    is_heading,
    is_name,
    is_quote,
    is_table_rule,
    squeeze,
    table_row,
)
from crawler.extraction.flattened.paragraph_splitter import split_glued
from crawler.extraction.templates.sputnik.flattened_media import MarkedLine, mark_captions
from crawler.extraction.templates.sputnik.flattened_visible import TAG_WORDS, VisibleArticle, clean
from storage.article import Block, BlockType

#: Below this length (squeezed characters) a line is only found close behind the line before it.
_SHORT, _CLOSE = 40, 400


class BodyText:
    """The glued articleBody, in which lines are found in order, whatever their white space."""

    def __init__(self, glued: str) -> None:
        self._glued = glued
        self._places = [at for at, char in enumerate(glued) if not char.isspace()]
        self._squeezed = squeeze(glued)
        self._cursor = 0

    def holds(self, text: str) -> bool:
        """Whether the line stands anywhere in the body."""
        return squeeze(text) in self._squeezed

    def take(self, text: str) -> str | None:
        """Moves behind the line and returns the text passed over; None where the line is not ahead."""
        key = squeeze(text)
        found = self._squeezed.find(key, self._cursor)
        if found < 0 or (len(key) < _SHORT and found - self._cursor > _CLOSE):
            return None
        passed = self._between(self._cursor, found)
        self._cursor = found + len(key)
        return passed

    def rest(self) -> str:
        """The text still ahead."""
        return self._between(self._cursor, len(self._places))

    def _between(self, start: int, end: int) -> str:
        return self._glued[self._places[start] : self._places[end - 1] + 1] if start < end else ""


def read_aligned(
    lines: list[Line], glued: str, lede: str | None, tags: Collection[str], visible: VisibleArticle
) -> None:
    """Reads the lines behind the headline. `lede`: as far as the description gives it; `tags`: the known ones."""
    body = BodyText(glued)
    marked, visible.credits = mark_captions(clean(lines, visible), body.holds)
    aligned = [entry if entry.caption else replace(entry, passed=body.take(entry.line.text)) for entry in marked]
    held = [number for number, entry in enumerate(aligned) if entry.held]
    if not held:
        _read_lede(aligned, lede, visible)
        _restore(glued, visible)
        return
    start = _read_lede(aligned[: held[0]], lede, visible)
    end = held[-1] + 1
    known_tags = {tag.casefold() for tag in tags}
    while end < len(aligned) and _belongs(aligned[end].line, known_tags):
        end += 1
    if start < held[0] and visible.lede and visible.takes_authors(aligned[start].line.text):
        start += 1
    for number in range(start, end):
        _read_line(aligned, number, bool(body.rest()) or number < held[-1], visible)
    visible.comments += sum(ends_sentence(entry.line.text) for entry in aligned[end:])
    if body.rest():
        _restore(body.rest(), visible)


def _belongs(line: Line, tags: set[str]) -> bool:
    """Whether the line right behind the body's last is still the article's: a quote, or a list that is not the tags."""
    return is_quote(line.text) or (
        line.bullet and line.text.casefold() not in tags and (bool(tags) or len(line.text.split()) > TAG_WORDS)
    )


def _read_line(aligned: list[MarkedLine], number: int, more: bool, visible: VisibleArticle) -> None:
    entry = aligned[number]
    text = entry.line.text
    if entry.held:
        if entry.passed and (number == 0 or aligned[number - 1].held or aligned[number - 1].caption):
            _restore(entry.passed, visible)
        visible.add(entry.line, more)
    elif entry.caption:
        visible.add_as(BlockType.CAPTION, text)
    elif entry.line.bullet or table_row(text) or is_table_rule(text):
        visible.add(entry.line, more)
    elif is_quote(text) or ends_sentence(text):
        visible.add_as(BlockType.QUOTE, text)
    elif visible.blocks and visible.blocks[-1].type is BlockType.QUOTE and is_name(text.split(",")[0]):
        said = visible.blocks.pop()
        visible.blocks.append(Block(type=BlockType.QUOTE, text=said.text, cite=text))
    else:
        visible.left_out += 1


def _read_lede(aligned: list[MarkedLine], lede: str | None, visible: VisibleArticle) -> int:
    """Finds the lede in the lines before the first paragraph; returns the number of the first line behind it."""
    beginning = squeeze(lede or "")
    for number, entry in enumerate(aligned):
        text = entry.line.text
        if entry.caption or entry.held:
            continue
        if squeeze(text).startswith(beginning) if beginning else ends_sentence(text) and not is_quote(text):
            visible.lede = text
            return number + 1
    return next((number for number, entry in enumerate(aligned) if is_quote(entry.line.text)), len(aligned))


def _restore(passed: str, visible: VisibleArticle) -> None:
    """Adds text that the visible part lacks: mostly short lines that a flattener dropped."""
    for piece in split_glued(passed, visible.lede or ""):
        if is_footnote(piece.text):
            visible.footnotes += 1
        elif piece.heading or is_heading(piece.text):
            visible.add_as(BlockType.HEADING, piece.text)
        else:
            visible.restored = True
            visible.add_as(BlockType.PARAGRAPH, piece.text)
