"""The visible article of a Sputnik page in a flattened dump: lede, body blocks, boilerplate between them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from crawler.extraction.flattened.blocks import add_line
from crawler.extraction.flattened.body import (
    Surroundings,
    body_lines,
    cells_as_items,
    is_filtered,
    is_uncertain,
    may_be_title,
)
from crawler.extraction.flattened.lines import (
    QUOTE_MARKS,
    URL,
    Line,
    ends_sentence,
    is_footnote,
    is_name,
    is_quote,
)
from crawler.extraction.templates.sputnik.bylines import is_person
from crawler.extraction.templates.sputnik.flattened_media import MarkedLine, mark_captions
from crawler.extraction.templates.sputnik.visible_date import is_clock
from storage.article import Block, BlockType

#: Whole lines of boilerplate.
_BOILERPLATE = re.compile(
    r"seguici su|subscribe|vai alla fototeca|go to the mediabank|url abbreviato|get short url|condividi|share|facebook|"
    r"twitter|telegram|whatsapp|vkontakte|odnoklassniki|reddit|pinterest|stampa|print|ascolta|foto|video|commenta|"
    r"pubblicità|advertisement|/html/.*|\S+@\S+\.\w+|\+\d[\d\s()-]{6,}",
    re.I,
)
#: Headings of what stands behind an article, whole lines; and beginnings of lines there.
_END = re.compile(
    r"(?:(?:\d+ )?comment[io]s?(?: \(?\d+\)?)?|discussione|ultime notizie|chi siamo|recommended|da non perdere|notizie|"
    r"notizie del giorno|le più lette|trending|registrazione|accedi|all comments)$|"
    r"regole della comunità|tags?:|©.*(?:tutti i diritti|all rights)|registrazione e|per partecipare alla discussione|"
    r"i punti di vista e le opinioni espress|the views and opinions expressed|thank you! your comment",
    re.I,
)
#: A tag has at most so many words; a longer list item is the article's.
TAG_WORDS = 4
_NICKNAME = re.compile(r"(?=.*[^\W\d_])(?=.*[\d_@])[^\WA-ZÀ-Þ][^\sA-ZÀ-Þ]*")


@dataclass(kw_only=True)
class VisibleArticle:
    """The fields of the visible part; `lede` is whole. `restored`: text was taken from the glued articleBody."""

    lede: str | None = None
    authors: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    footnotes: int = 0
    comments: int = 0
    restored: bool = False
    uncertain: bool = False
    left_out: int = 0

    def takes_authors(self, text: str) -> bool:
        """Whether the line, right behind the lede, is the byline; its names are taken."""
        found = re.split(r", | e ", text)
        if not all(is_name(name) and is_person(name) for name in found):
            return False
        self.authors = found
        return True

    def add(self, line: Line, more: bool) -> None:
        """Adds a line of the body; `more` follows."""
        add_line(self.blocks, line, may_head=more)

    def add_as(self, kind: BlockType, text: str) -> None:
        """Adds a block of that type (for a subhead of level 2, the platform's)."""
        self.blocks.append(Block(type=kind, text=text, level=2 if kind is BlockType.HEADING else None))


def is_boilerplate(text: str) -> bool:
    """Whether the line belongs to the page and not to the article."""
    return _BOILERPLATE.fullmatch(text) is not None or URL.fullmatch(text) is not None


def mark_lines(
    lines: Sequence[Line],
    end: int,
    above: Sequence[Line],
    visible: VisibleArticle,
    is_body: Callable[[str], bool] | None = None,
) -> list[MarkedLine]:
    """The lines before `end` without boilerplate, footnotes (counted) and related articles, captions marked.

    `is_body` knows the paragraphs and subheads; `above`: the lines above the article.
    """
    own = [line for line in lines[:end] if not is_footnote(line.text)]
    visible.footnotes += end - len(own)
    kept = body_lines(own, Surroundings.of([*above, *lines], len(above), len(above) + end), is_boilerplate, is_body)
    marked, visible.credits = mark_captions(kept, is_body or (lambda text: False))
    return marked


def with_items(marked: list[MarkedLine], visible: VisibleArticle) -> list[MarkedLine]:
    """The lines, a table's cells as list items."""
    lines, visible.uncertain = cells_as_items([entry.line for entry in marked])
    return [replace(entry, line=line) for entry, line in zip(marked, lines, strict=True)]


def read_by_shape(lines: list[Line], above: Sequence[Line], visible: VisibleArticle) -> None:
    """Reads the lines behind headline and date line where the dump has no articleBody: shape alone decides."""
    marked = mark_lines(lines, _end(lines, visible), above, visible)
    tagged = _pop_tags(marked, visible)
    body = [number for number, entry in enumerate(marked) if not entry.caption and _is_text(entry.line.text)]
    if len(body) > 1:
        visible.lede = marked[body[0]].line.text
    last = len(marked) - 1 if tagged else max(body, default=0)
    for number, entry in enumerate(with_items(marked, visible)):
        text = entry.line.text
        if entry.caption:
            visible.add_as(BlockType.CAPTION, text)
        elif (
            not body
            or number < body[0]
            or text == visible.lede
            or (visible.lede and number == body[0] + 1 and visible.takes_authors(text))
        ):
            continue
        elif _is_quotation(text):
            visible.add_as(BlockType.QUOTE, text)
        else:
            visible.add(entry.line, number < last)
    titles = is_filtered(lines) and any(block.type is BlockType.HEADING for block in visible.blocks)
    last_open = tagged and bool(marked) and not marked[-1].caption and may_be_title(marked[-1].line)
    visible.uncertain |= is_uncertain(visible.blocks) or titles or last_open


def _is_text(text: str) -> bool:
    return ends_sentence(text) or is_quote(text) or text.endswith(":")


def _pop_tags(marked: list[MarkedLine], visible: VisibleArticle) -> bool:
    """Removes the row of tags, lines of a few words, from the end; returns whether there was one."""
    before = len(marked)
    while marked and not marked[-1].caption and not _is_text(last := marked[-1].line.text):
        if len(last.split()) > TAG_WORDS:
            break
        if last == last.lower() and not last.isdigit():
            visible.keywords.insert(0, last)
        marked.pop()
    return len(marked) < before


def _is_quotation(text: str) -> bool:
    """Whether the line is one quotation, perhaps with its speaker behind it."""
    one = sum(text.count(mark) for mark in QUOTE_MARKS + "»") == 2
    return one and is_quote(text) and re.search(r"[\"”»](?:,? [^\"“«”»]{3,80})?[.!?]?$", text) is not None


def ends_article(text: str) -> bool:
    """Whether comments, footer, tags or lists of other articles begin with this line."""
    return _END.match(text) is not None


def _end(lines: list[Line], visible: VisibleArticle) -> int:
    """The number of the first line behind the article: of comments, footer, tags or the next article."""
    for number, line in enumerate(lines):
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        nickname = number > 1 and not line.bullet and _NICKNAME.fullmatch(line.text) and ends_sentence(following)
        if ends_article(line.text) or nickname or (number > 1 and is_clock(following)):
            visible.comments += bool(nickname) or line.text.casefold().startswith("comment")
            return number
    return len(lines)
