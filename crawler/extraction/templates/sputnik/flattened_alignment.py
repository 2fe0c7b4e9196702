"""The visible article of a dump that also has the articleBody without separators: lines are aligned with that text.

A line in it is a paragraph or a subhead; a line between two such lines that is not in it is a quote (the platform
leaves quotes out of it), a list, a caption, or the headline of another article.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from crawler.extraction.flattened.body import is_filtered, may_be_title
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
from crawler.extraction.templates.sputnik.flattened_media import MarkedLine
from crawler.extraction.templates.sputnik.flattened_visible import (
    TAG_WORDS,
    VisibleArticle,
    ends_article,
    mark_lines,
    with_items,
)
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
    lines: list[Line],
    glued: str,
    lede: str | None,
    tags: Collection[str],
    above: Sequence[Line],
    visible: VisibleArticle,
) -> None:
    """Reads the lines behind the headline. `lede`: as far as the description gives it; `tags`: the known ones."""
    body = BodyText(glued)
    end = _end(lines, body, {tag.casefold() for tag in tags})
    marked = with_items(mark_lines(lines, end, above, visible, body.holds), visible)
    aligned = [entry if entry.caption else replace(entry, passed=body.take(entry.line.text)) for entry in marked]
    held = [number for number, entry in enumerate(aligned) if entry.held]
    start = _read_lede(aligned[: held[0]] if held else aligned, lede, visible)
    visible.comments += sum(ends_sentence(line.text) for line in lines[end:])
    filtered = is_filtered(lines)
    for number in range(start, len(aligned)) if held else ():
        text = aligned[number].line.text
        if number < held[0] and (visible.takes_authors(text) or may_be_title(aligned[number].line)):
            continue
        _read_line(aligned, number, bool(body.rest()) or number < held[-1], filtered, visible)
    if body.rest():
        _restore(body.rest(), visible)


def _end(lines: list[Line], body: BodyText, tags: set[str]) -> int:
    """The number of the first line behind the article: of its tags, or of what follows its last lines."""
    held = [number for number, line in enumerate(lines) if len(line.text) >= _SHORT and body.holds(line.text)]
    last = held[-1] + 1 if held else len(lines)
    for number in range(last, len(lines)):
        if lines[number].text.casefold() in tags:
            return number
        if ends_article(lines[number].text):
            break
    while last < len(lines) and _belongs(lines[last], tags):
        last += 1
    return last


def _belongs(line: Line, tags: set[str]) -> bool:
    """Whether a line behind the body's last is the article's where no tags follow: a quote, or a longer list item."""
    text, long = line.text, len(line.text.split()) > TAG_WORDS
    item = (line.bullet and (long or bool(tags))) or (long and text[0].islower())
    return is_quote(text) or (item and text.casefold() not in tags)


def _read_line(aligned: list[MarkedLine], number: int, more: bool, filtered: bool, visible: VisibleArticle) -> None:
    entry = aligned[number]
    text = entry.line.text
    if entry.held:
        if entry.passed and not (number and _is_variant(aligned[number - 1], entry.passed)):
            _restore(entry.passed, visible)
        visible.add(entry.line, more)
    elif entry.caption:
        visible.add_as(BlockType.CAPTION, text)
    elif entry.line.bullet or table_row(text) or is_table_rule(text):
        visible.add(entry.line, more)
    elif is_quote(text) or ends_sentence(text):
        visible.add_as(BlockType.QUOTE, text)
    elif is_name(text.split(",")[0]) and visible.blocks and _is_open_quote(visible.blocks[-1]):
        visible.blocks[-1] = replace(visible.blocks[-1], cite=text)
    elif filtered and is_heading(text):
        visible.left_out += 1  # no subhead, and a filter dropped the date or heading of a box
    else:
        visible.add(entry.line, False)
        visible.uncertain = True


def _is_open_quote(block: Block) -> bool:
    """Whether the block is a quotation whose speaker is not known."""
    return block.type is BlockType.QUOTE and not block.cite


def _is_variant(shown: MarkedLine, passed: str) -> bool:
    """Whether the line shows the passed text in other words: the articleBody is sometimes older than the page."""
    words, others = set(shown.line.text.split()), set(passed.split())
    return not shown.held and not shown.caption and 2 * len(words & others) > len(words | others)


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
