"""The visible article of a Sputnik page in a flattened dump: lede, body blocks, boilerplate between them."""

import re
from dataclasses import dataclass, field

from crawler.extraction.fields.people import is_person
from crawler.extraction.flattened.blocks import add_line
from crawler.extraction.flattened.dates import day_at_end, is_clock
from crawler.extraction.flattened.lines import (
    QUOTE_MARKS,
    URL,
    Line,
    ends_sentence,
    is_footnote,
    is_name,
    is_quote,
    without_cells,
)
from crawler.extraction.templates.sputnik.flattened_media import MarkedLine, is_counter, is_credit, mark_captions
from storage.article import Block, BlockType

#: Whole lines of boilerplate.
_BOILERPLATE = re.compile(
    r"seguici su|subscribe|vai alla fototeca|go to the mediabank|url abbreviato|get short url|condividi|share|facebook|"
    r"twitter|telegram|whatsapp|vkontakte|odnoklassniki|reddit|pinterest|stampa|print|ascolta|foto|video|commenta|pubblicità|advertisement",
    re.I,
)
_RELATED = re.compile(r"(?:leggi anche|vedi anche|guarda anche|per approfondire|read also|read more):?", re.I)
_END = re.compile(
    r"(?:\d+ )?comment[io]s?(?: \(?\d+\)?)?$|"
    r"(?:discussione|ultime notizie|chi siamo|recommended|da non perdere|notizie)$|"
    r"regole della comunità|notizie del giorno|le più lette|trending|tags?:|©.*(?:tutti i diritti|all rights)|"
    r"registrazione|accedi|per partecipare alla discussione|"
    r"i punti di vista e le opinioni espress|the views and opinions expressed|thank you! your comment|all comments",
    re.I,
)
#: A tag has at most so many words; a longer list item is the article's.
TAG_WORDS = 4
_MACHINE = re.compile(r"[\d\s.,:%]+|/html/.*|\S+@\S+\.\w+|\+?\d[\d\s()-]{6,}")
_ITEM_DATE = re.compile(r"\d{1,2}:\d{2}(?: \d{2}\.\d{2}\.\d{4})?|\d{1,2} \w+(?: \d{4})?, \d{1,2}:\d{2}")
_NICKNAME = re.compile(r"(?=.*[^\W\d_])[\w.@-]*[\d_@][\w.@-]*|[a-z][\w.-]*")


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
    return (
        _BOILERPLATE.fullmatch(text) is not None
        or _MACHINE.fullmatch(text) is not None
        or _ITEM_DATE.fullmatch(text) is not None
        or URL.fullmatch(text) is not None
    )


def clean(lines: list[Line], visible: VisibleArticle) -> list[Line]:
    """The lines without boilerplate, footnotes (counted) and boxes of related articles."""
    kept: list[Line] = []
    boxed = False
    for line in lines:
        related = _RELATED.match(line.text)
        if is_footnote(line.text):
            visible.footnotes += 1
        elif related:
            boxed = len(line.text) - related.end() < 3
            if line.text[related.end() :].startswith(" su ") and kept and not ends_sentence(kept[-1].text):
                kept.pop()
        elif is_boilerplate(line.text) and not is_counter(line.text):
            continue
        elif boxed and not ends_sentence(line.text) and not is_credit(line.text):
            boxed = line.bullet or bool(day_at_end(line.text)[1])
        else:
            boxed = False
            kept.append(line)
    return kept


def read_by_shape(lines: list[Line], visible: VisibleArticle) -> None:
    """Reads the lines behind headline and date line where the dump has no articleBody: shape alone decides."""
    article, visible.left_out = without_cells(clean(_until_end(lines, visible), visible))
    marked, visible.credits = mark_captions(article, lambda text: False)
    _pop_tags(marked, visible)
    body = [number for number, entry in enumerate(marked) if not entry.caption and _is_text(entry.line.text)]
    if len(body) > 1:
        visible.lede = marked[body[0]].line.text
    for number, entry in enumerate(marked):
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
            visible.add(entry.line, number < body[-1])


def _is_text(text: str) -> bool:
    return ends_sentence(text) or is_quote(text) or text.endswith(":")


def _pop_tags(marked: list[MarkedLine], visible: VisibleArticle) -> None:
    """Removes the row of tags and other lines that are no text from the end; a list of longer items stays."""
    while marked and not marked[-1].caption and not _is_text(marked[-1].line.text):
        last = marked[-1].line
        if last.bullet and len(last.text.split()) > TAG_WORDS:
            break
        if last.text == last.text.lower() and len(last.text.split()) <= TAG_WORDS:
            visible.keywords.insert(0, last.text)
        marked.pop()


def _is_quotation(text: str) -> bool:
    """Whether the line is one quotation, perhaps with its speaker behind it."""
    one = sum(text.count(mark) for mark in QUOTE_MARKS + "»") == 2
    return one and is_quote(text) and re.search(r"[\"”»](?:,? [^\"“«”»]{3,80})?[.!?]?$", text) is not None


def _until_end(lines: list[Line], visible: VisibleArticle) -> list[Line]:
    """The lines before comments, footer, tags or the next article."""
    for number, line in enumerate(lines):
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        nickname = number > 1 and not line.bullet and _NICKNAME.fullmatch(line.text) and ends_sentence(following)
        visible.comments += bool(nickname) or line.text.casefold().startswith("comment")
        if _END.match(line.text) or nickname or (number > 1 and is_clock(following)):
            return lines[:number]
    return lines
