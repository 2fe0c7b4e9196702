"""The grammar of a JNews page (WordPress) in a flattened dump; also of any plain dump with headline and text."""

import re
from dataclasses import replace
from datetime import tzinfo
from itertools import takewhile
from urllib.parse import urlsplit

from crawler.extraction.fields import dates
from crawler.extraction.flattened.blocks import add_line
from crawler.extraction.flattened.dates import is_dated
from crawler.extraction.flattened.draft import Draft
from crawler.extraction.flattened.lines import (
    QUOTE_MARKS,
    Line,
    ends_sentence,
    is_address,
    is_footnote,
    is_name,
    squeeze,
    table_row,
    without_cells,
)
from crawler.extraction.flattened.tags import split_tags
from crawler.extraction.html.images import caption_and_credit
from crawler.extraction.templates.jnews.flattened_header import Header, byline_names, is_alt, is_caption, read_header
from crawler.extraction.templates.jnews.flattened_phrases import (
    breadcrumb_trail,
    is_author_box,
    is_boilerplate,
    is_end,
    is_menu,
    related_heading,
)
from storage.article import Block, BlockType

_TAGS = re.compile(r"(?:tags?|argomenti):?\s*", re.I)
#: Text that a page must have to be one without byline, day or tags.
_ENOUGH = 200
#: Lower-case tags leave no seam; a tag of this length is several.
_LONG_TAG = 45
#: A quotation without full stop and of at most so many words is a subhead.
_TITLE_WORDS = 12
_SPEAKER = 80
#: In a dump without lines shorter than this, a title of that length is rather another post's than a subhead.
_FILTERED, _TITLE = 32, 45


def read(lines: list[Line], zone: tzinfo | None, url: str | None) -> Draft:
    """The first article of the dump; an empty draft where there is none."""
    header = read_header(lines, urlsplit(url).path.strip("/").rsplit("/", 1)[-1] if url else "")
    if header is None:
        return Draft()
    end = _end(lines, header)
    region = lines[header.end : end]
    blocks = _blocks(region, header)
    draft = Draft(
        headline=header.headline,
        description=header.subtitle,
        section=header.section,
        authors=header.authors,
        blocks=blocks,
        url=next((line.text for line in lines[:2] if is_address(line.text)), None),
    )
    draft.claims = list(dates.claim(dates.PUBLISHED, header.day, "visible", zone, visible=True))
    draft.keywords, glued = _tags(lines[end:], " ".join([header.headline, *(block.text for block in blocks)]))
    if not (header.anchored or draft.keywords or header.section) and not _is_enough(blocks):
        return Draft()
    draft.warn(
        {
            "headline-guessed": header.guessed,
            "keywords-glued": glued,
            "lede-unknown": header.subtitle is None,
            "lines-left-out": without_cells(region)[1] > 0 or _is_filtered(region),
            "image-urls-unknown": True,
            "comments-cut": _has_comments(lines[end:]),
            "footnote-left-out": any(is_footnote(line.text) for line in region),
        }
    )
    return draft


def _is_enough(blocks: list[Block]) -> bool:
    text = [block.text for block in blocks if block.type is BlockType.PARAGRAPH and ends_sentence(block.text)]
    return len(text) > 1 and sum(map(len, text)) > _ENOUGH


def _has_comments(lines: list[Line]) -> bool:
    return any(re.match(r"(?:\d+ )?comment[is]\b", line.text, re.I) for line in lines)


def _end(lines: list[Line], header: Header) -> int:
    """The first line behind the article: an end mark, its author's box, or the next article's header."""
    for number in range(header.end, len(lines)):
        line = lines[number]
        if is_end(line.text) and not (related_heading(line.text) and _text_follows(lines[number + 1 :])):
            return number
        following = lines[number + 1 : number + 4]
        if is_author_box(line.text) and number > header.end and not any(_is_text(other) for other in following[:1]):
            return number
        if (
            breadcrumb_trail(line.text)
            and not line.bullet
            and any(byline_names(other.text) for other in lines[number : number + 5])
        ):
            return number
        if header.anchored and byline_names(line.text) and any(is_dated(other.text) for other in following):
            return _back_to_text(lines, number, header.end)
        if line.text in header.bylines + header.authors and number > header.end:
            return number
    return len(lines)


def _text_follows(lines: list[Line]) -> bool:
    """Whether the article goes on behind a box of related posts: long sentences before the tags."""
    texts = (line.text.casefold() for line in lines)
    return next((text.startswith("tag") for text in texts if text.startswith("tag") or is_end(text)), False)


def _back_to_text(lines: list[Line], number: int, start: int) -> int:
    while number > start and not ends_sentence(lines[number - 1].text):
        number -= 1
    return number


def _blocks(region: list[Line], header: Header) -> list[Block]:
    kept, _ = without_cells(_without_related([line for line in region if not is_footnote(line.text)]))
    while kept and (not _ends_text(kept[-1]) or is_author_box(kept[-1].text)):
        kept.pop()
    if _is_filtered(region):
        kept = [line for line in kept if not _may_be_title(line) or len(line.text) < _TITLE]
    blocks: list[Block] = [_caption(text) for text in header.captions]
    first = next((n for n, line in enumerate(kept) if _is_text(line)), len(kept))
    captions = [line.text for line in kept[:first] if not line.bullet]
    leading = _picture(captions, header)
    blocks += [_caption(text) for text in leading]
    rest = [line for line in kept[:first] if line.text == (captions[-1] if captions else None)]
    if not captions or captions[-1] in leading or captions[-1] == header.headline or is_alt(captions[-1], leading):
        rest = []
    for line in [*rest, *kept[first:]]:
        _add(blocks, line)
    return blocks


def _is_filtered(region: list[Line]) -> bool:
    """Whether a filter dropped the short lines: of a box of related posts only the titles are left then."""
    return len(region) > 1 and all(len(line.text) >= _FILTERED for line in region)


def _picture(lines: list[str], header: Header) -> list[str]:
    """The captions among the lines between byline and text: alts that the caption repeats are not two."""
    named = [text for text in lines if is_caption(text)]
    if named or not lines:
        return named
    distinct = [text for text in dict.fromkeys(lines) if squeeze(text) != squeeze(header.headline)]
    return distinct[-1:]


def _is_text(line: Line) -> bool:
    return (ends_sentence(line.text) or line.text.endswith((":", ";"))) and not is_caption(line.text)


def _ends_text(line: Line) -> bool:
    """Whether the article can end here: a full stop; a short question is rather another article's headline."""
    if is_caption(line.text) or is_boilerplate(line.text):
        return False
    if line.bullet:
        return line.text[-1] in ".;" or len(line.text) < 40
    return ends_sentence(line.text) and (line.text.rstrip('”"»’)')[-1:] in ".…" or len(line.text) > 130)


def _without_related(lines: list[Line]) -> list[Line]:
    """The lines without boilerplate and without boxes of related posts: announced by words, or known by their dates."""
    kept: list[Line] = []
    boxed = announced = False
    for number, line in enumerate(lines):
        mark = related_heading(line.text)
        if is_dated(line.text):
            while (
                not announced
                and kept
                and not _is_text(kept[-1])
                and not is_caption(kept[-1].text)
                and not kept[-1].bullet
            ):
                kept.pop()
            boxed = boxed and _dated_soon(lines[number + 1 : number + 4])
        elif mark and not ends_sentence(line.text):
            boxed = announced = len(line.text) - mark.end() < 8
        elif is_boilerplate(line.text) or is_menu(line.text, False):
            continue
        elif boxed and not _is_text(line):
            again = number + 1 < len(lines) and lines[number + 1].text == line.text
            boxed = line.bullet or again or _dated_soon(lines[number + 1 : number + 4])
        else:
            boxed = announced = False
            kept.append(line)
    return kept


def _may_be_title(line: Line) -> bool:
    return not (_is_text(line) or is_caption(line.text) or line.bullet or table_row(line.text))


def _dated_soon(lines: list[Line]) -> bool:
    return any(is_dated(line.text) for line in takewhile(lambda line: is_dated(line.text) or not _is_text(line), lines))


def _caption(text: str) -> Block:
    """A picture's caption without the credit, which would belong to an image; the dump lacks its URL."""
    return Block(type=BlockType.CAPTION, text=caption_and_credit(text)[0] or text)


def _add(blocks: list[Block], line: Line) -> None:
    text = line.text
    if is_caption(text) and not ends_sentence(text) and not line.bullet and not table_row(text):
        if blocks and blocks[-1].type is BlockType.HEADING and squeeze(text).startswith(squeeze(blocks[-1].text)):
            blocks.pop()
        blocks.append(_caption(text))
    elif _names_speaker(text) and blocks and blocks[-1].type is BlockType.QUOTE and not blocks[-1].cite:
        blocks[-1] = replace(blocks[-1], cite=text)
    elif blocks and blocks[-1].text == text and not ends_sentence(text):
        blocks[-1] = _caption(text)
    elif _is_quotation(text):
        titled = not ends_sentence(text) and len(text.split()) <= _TITLE_WORDS
        kind = BlockType.HEADING if titled else BlockType.QUOTE
        blocks.append(Block(type=kind, text=text, level=2 if titled else None))
    else:
        add_line(blocks, line, may_head=True)


def _names_speaker(text: str) -> bool:
    """Whether the line is a name, perhaps with an office behind it: under a quotation, its speaker."""
    return len(text) < _SPEAKER and not ends_sentence(text) and is_name(text.split(",")[0])


def _is_quotation(text: str) -> bool:
    """Whether the line is one quotation from its first to its last character."""
    one = sum(text.count(mark) for mark in QUOTE_MARKS + "»") == 2
    return one and text[0] in QUOTE_MARKS and text.rstrip(".")[-1] in '"”»'


def _tags(lines: list[Line], known_text: str) -> tuple[list[str], bool]:
    """The tags behind "Tags:", on its line or on lines of their own; and whether they were glued."""
    if not lines or not _TAGS.match(lines[0].text):
        return [], False
    inline = _TAGS.sub("", lines[0].text, count=1)
    if inline:
        tags, glued = split_tags(inline, known_text)
        return list(tags), glued or any(len(tag) > _LONG_TAG for tag in tags)
    tags_below: list[str] = []
    for line in lines[1:]:
        if is_end(line.text) or is_dated(line.text) or ends_sentence(line.text) or len(line.text) > 40:
            break
        tags_below.append(line.text)
    return tags_below, False
