"""The grammar of a JNews page (WordPress) in a flattened dump; also of any plain dump with headline and text."""

import re
from dataclasses import replace
from datetime import tzinfo
from itertools import takewhile
from urllib.parse import urlsplit

from crawler.extraction.fields import dates
from crawler.extraction.flattened.blocks import add_line
from crawler.extraction.flattened.body import (
    Surroundings,
    body_lines,
    cells_as_items,
    is_filtered,
    is_uncertain,
    may_be_title,
)
from crawler.extraction.flattened.dates import is_dated
from crawler.extraction.flattened.draft import Draft
from crawler.extraction.flattened.lines import (
    QUOTE_MARKS,
    Line,
    ends_sentence,
    is_address,
    is_name,
    squeeze,
    table_row,
)
from crawler.extraction.flattened.tags import split_tags
from crawler.extraction.html.images import caption_and_credit
from crawler.extraction.templates.jnews.flattened_header import Header, byline_names, is_alt, is_caption, read_header
from crawler.extraction.templates.jnews.flattened_phrases import (
    behind_tags,
    breadcrumb_trail,
    ends_page,
    is_author_box,
    is_boilerplate,
    is_end,
)
from storage.article import Block, BlockType

#: Text that a page must have to be one without byline, day or tags.
_ENOUGH = 200
#: Lower-case tags leave no seam; a tag of this length is several.
_LONG_TAG = 45
#: A quotation without full stop and of at most so many words is a subhead.
_TITLE_WORDS = 12
_SPEAKER = 80
#: A sentence longer than this is text of an article.
_LONG = 80


def read(lines: list[Line], zone: tzinfo | None, url: str | None) -> Draft:
    """The first article of the dump; an empty draft where there is none."""
    header = read_header(lines, urlsplit(url).path.strip("/").rsplit("/", 1)[-1] if url else "")
    if header is None:
        return Draft()
    end, cut = _end(lines, header)
    tagged = end < len(lines) and behind_tags(lines[end].text) is not None
    kept = body_lines(lines[header.end : end], Surroundings.of(lines, header.end, end), is_boilerplate)
    filtered = is_filtered(lines)
    while kept and not tagged and not _ends_text(kept[-1], filtered):
        kept.pop()
    kept, cells = cells_as_items(kept)
    blocks = _blocks(kept, header)
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
    titles = [block for block in blocks if block.type is BlockType.HEADING]
    draft.warn(
        {
            "headline-guessed": header.guessed,
            "keywords-glued": glued,
            "lede-unknown": header.subtitle is None,
            "lines-left-out": cut,
            "lines-uncertain": cells or is_uncertain(blocks) or (filtered and titles) or (tagged and _is_open(kept)),
            "image-urls-unknown": True,
            "comments-cut": _has_comments(lines[end:]),
        }
    )
    return draft


def _is_enough(blocks: list[Block]) -> bool:
    text = [block.text for block in blocks if block.type is BlockType.PARAGRAPH and ends_sentence(block.text)]
    return len(text) > 1 and sum(map(len, text)) > _ENOUGH


def _is_open(lines: list[Line]) -> bool:
    """Whether the last line could be the title of another post."""
    return bool(lines) and may_be_title(lines[-1]) and not is_caption(lines[-1].text)


def _has_comments(lines: list[Line]) -> bool:
    return any(re.match(r"(?:\d+ )?comment[is]\b", line.text, re.I) for line in lines)


def _end(lines: list[Line], header: Header) -> tuple[int, bool]:
    """The number of the line of tags, else of the first line behind the article; and whether text stands behind it.

    Without tags the article ends before a box, else before its author, comments, footer or the next article.
    """
    box, text_behind, filtered = None, False, is_filtered(lines)
    for number in range(header.end, len(lines)):
        text = lines[number].text
        if behind_tags(text) is not None and (box is None or text_behind):
            return number, False
        after = _is_next_header(lines, number, header)
        listed = filtered and all(map(may_be_title, lines[number : number + 3])) and number + 3 < len(lines)
        if after or listed or ends_page(text) or (number > header.end and _is_author(lines, number, header)):
            last = _back_to_text(lines, number, header.end) if after else number
            return (last, False) if box is None else (box, text_behind)
        if box is not None:
            text_behind |= len(text) > _LONG and ends_sentence(text)
        elif number > header.end and is_end(text):
            box = number
    return (len(lines), False) if box is None else (box, text_behind)


def _is_author(lines: list[Line], number: int, header: Header) -> bool:
    """Whether the line names or presents the author, and no text follows."""
    text, known = lines[number].text, header.bylines + header.authors
    below = [line for line in lines[number + 1 : number + 3] if not is_author_box(line.text)]
    presented = is_author_box(text) and (not known or text.startswith(tuple(known)))
    return (text in known or presented) and not any(map(_is_text, below))


def _is_next_header(lines: list[Line], number: int, header: Header) -> bool:
    """Whether the next article begins: a breadcrumb with a byline below, or a byline with a date."""
    line, near = lines[number], lines[number : number + 5]
    crumb = breadcrumb_trail(line.text) and not line.bullet and any(byline_names(other.text) for other in near)
    byline = header.anchored and byline_names(line.text) and any(is_dated(other.text) for other in near[1:4])
    return bool(crumb or byline)


def _back_to_text(lines: list[Line], number: int, start: int) -> int:
    while number > start and not ends_sentence(lines[number - 1].text):
        number -= 1
    return number


def _blocks(kept: list[Line], header: Header) -> list[Block]:
    blocks: list[Block] = [_caption(text) for text in header.captions]
    first = next((n for n, line in enumerate(kept) if _is_text(line)), len(kept))
    captions = [line.text for line in kept[:first] if not line.bullet]
    leading = _picture(captions, header)
    blocks += [_caption(text) for text in leading]
    rest = [line for line in kept[:first] if line.text == (captions[-1] if captions else None)]
    if not captions or captions[-1] in leading or captions[-1] == header.headline or is_alt(captions[-1], leading):
        rest = []
    for number, line in enumerate([*rest, *kept[first:]], first - len(rest)):
        _add(blocks, line, number < len(kept) - 1)
    return blocks


def _picture(lines: list[str], header: Header) -> list[str]:
    """The captions among the lines between byline and text: alts that the caption repeats are not two."""
    named = [text for text in lines if is_caption(text)]
    if named or not lines:
        return named
    distinct = [text for text in dict.fromkeys(lines) if squeeze(text) != squeeze(header.headline)]
    return distinct[-1:]


def _is_text(line: Line) -> bool:
    return (ends_sentence(line.text) or line.text.endswith((":", ";"))) and not is_caption(line.text)


def _ends_text(line: Line, filtered: bool) -> bool:
    """Whether an article without tags can end here; a question in a filtered dump is rather another's headline."""
    text = line.text
    if is_caption(text) or is_author_box(text):
        return False
    if line.bullet:
        return text[-1] in ".;" or len(text) < 40
    if text[0].islower():
        return True
    return ends_sentence(text) and (not filtered or text.rstrip('”"»’)')[-1:] in ".…" or len(text) > 130)


def _caption(text: str) -> Block:
    """A picture's caption without the credit, which would belong to an image; the dump lacks its URL."""
    return Block(type=BlockType.CAPTION, text=caption_and_credit(text)[0] or text)


def _add(blocks: list[Block], line: Line, may_head: bool) -> None:
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
        add_line(blocks, line, may_head=may_head)


def _names_speaker(text: str) -> bool:
    """Whether the line is a name, perhaps with an office behind it: under a quotation, its speaker."""
    return len(text) < _SPEAKER and not ends_sentence(text) and is_name(text.split(",")[0])


def _is_quotation(text: str) -> bool:
    """Whether the line is one quotation from its first to its last character."""
    one = sum(text.count(mark) for mark in QUOTE_MARKS + "»") == 2
    return one and text[0] in QUOTE_MARKS and text.rstrip(".")[-1] in '"”»'


def _tags(lines: list[Line], known_text: str) -> tuple[list[str], bool]:
    """The tags behind "Tags:", on its line or on lines of their own; and whether they were glued."""
    inline = behind_tags(lines[0].text) if lines else None
    if inline:
        tags, glued = split_tags(inline, known_text)
        return list(tags), glued or any(len(tag) > _LONG_TAG for tag in tags)
    if inline is None:
        return [], False
    below = takewhile(
        lambda line: not (is_end(line.text) or is_dated(line.text) or ends_sentence(line.text) or len(line.text) > 40),
        lines[1:],
    )
    return [line.text for line in below], False
