"""The header of a JNews article in a flattened dump: breadcrumb, headline, subtitle, byline, day, picture's caption.

Since the end of 2025 alanews has breadcrumb, headline, subtitle, byline, picture; before, the picture and its
caption come first and there is no breadcrumb.
"""

import re
from dataclasses import dataclass, field

from crawler.extraction.flattened.dates import day_at_end, is_dated, is_day
from crawler.extraction.flattened.lines import Line, ends_sentence, is_name, squeeze
from crawler.extraction.flattened.tags import split_tags
from crawler.extraction.templates.jnews.flattened_phrases import (
    breadcrumb_trail,
    is_about_cookies,
    is_boilerplate,
    is_end,
    is_menu,
)

_BYLINE = re.compile(r"(?:by|di|por|a cura di)\s+(?P<names>[A-ZÀ-Þ].{1,100})")
_TWICE = re.compile(r"(?P<names>\S.{1,40}?)\s*(?:by|di|por)\s*(?P=names)")
_CATEGORY = re.compile(r"\s*\b(?:in|en)\s+(?P<section>[A-ZÀ-Þ][\w ,&'’-]{1,60})$")
_AND = re.compile(r",\s*|\s+(?:and|e|y|&)\s+")
_ORGANISATION = re.compile(
    r"\b(?:redazione|redaccion|redacción|staff|agenzia|agency|news|team|admin|editor|editors|ansa|adnkronos|afp|reuters)\b",
    re.I,
)
_CAPTION = re.compile(r".*\S \| \S|©|(?:foto|photo|credits?|ph\.?|fonte|immagine)\s*[:/©]|.* - \S+news$", re.I)
#: What stands between the parts of a line.
_MARKS = " -—–|•·,"
_LONG = 80
_HEADER_LINES = 8
#: Words before a day beside a category: "Pubblicato il 5 Gennaio 2026 in Sport".
_LABEL_WORDS = 2


@dataclass(kw_only=True)
class Header:
    """The fields of the header; `end` is the number of the first line behind byline and day."""

    end: int
    headline: str = ""
    subtitle: str | None = None
    section: str | None = None
    authors: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    day: str = ""
    captions: list[str] = field(default_factory=list)
    guessed: bool = False
    anchored: bool = False


def is_caption(text: str) -> bool:
    """Whether the line is a picture's caption with its credit."""
    return _CAPTION.match(text) is not None


def byline_names(text: str) -> str | None:
    """The characters behind "by"; None where the line is no byline."""
    text = _parts(text)[0]
    found = _TWICE.fullmatch(text) or _BYLINE.fullmatch(text)
    if found is None or ends_sentence(text) or len(text.split()) > 12:
        return None
    return found["names"].strip()


def _parts(text: str) -> tuple[str, str | None, str]:
    """The text before category and day, which stand in any order at its end; the category; the day."""
    before, day = day_at_end(text)
    category = _CATEGORY.search(before.rstrip(_MARKS))
    if category:
        before = before[: category.start()]
        before, day = (before, day) if day else day_at_end(before)
    return before.rstrip(_MARKS), category and category["section"].split(",")[0].strip(), day


def people(names: str) -> list[str]:
    """The persons among the names of a byline; an organisation is no author."""
    return [
        name.strip()
        for name in _AND.split(names)
        if name.strip() and not _ORGANISATION.search(name) and not re.search(r"\d|@|\.\w{2,3}$", name)
    ]


def read_header(lines: list[Line], slug: str) -> Header | None:
    """The header of the dump's first article; `slug`: the words of its URL, "" where not known."""
    anchor = _anchor(lines)
    if anchor is None:
        return _header_without_byline(lines, slug)
    header = Header(end=anchor, anchored=True)
    _read_above(lines, anchor, slug, header)
    _read_anchor(lines, header)
    return header if header.headline else None


def _anchor(lines: list[Line]) -> int | None:
    """The byline with a day near it, else the first day alone below a breadcrumb or headline."""
    for number, line in enumerate(lines):
        near = lines[number : number + 4]
        if not line.bullet and byline_names(line.text) and any(_parts(other.text)[2] for other in near):
            return number
    days = [number for number, line in enumerate(lines) if number and is_day(line.text) and not line.bullet]
    best = max(days, key=lambda number: _text_behind(lines, number), default=None)
    if best is not None and _text_behind(lines, best):
        return next(number for number in days if lines[number].text == lines[best].text)
    bylines = (n for n, line in enumerate(lines) if line.text.startswith("by ") and byline_names(line.text))
    # A byline without a day below a whole text is the next article's, whose day a flattener dropped.
    return next((n for n in bylines if sum(_is_long_sentence(line) for line in lines[:n]) < 3), None)


def _text_behind(lines: list[Line], number: int) -> int:
    """How many long sentences follow the line before another day."""
    found = 0
    for line in lines[number + 1 : number + 14]:
        if is_dated(line.text) and line.text != lines[number].text:
            break
        found += _is_long_sentence(line)
    return found


def _is_long_sentence(line: Line) -> bool:
    return len(line.text) > _LONG and ends_sentence(line.text)


def _header_without_byline(lines: list[Line], slug: str) -> Header | None:
    """Where a flattener dropped short lines, the header is what stands before the first long sentence."""
    first = next(
        (
            number
            for number, line in enumerate(lines)
            if len(line.text) > _LONG
            and ends_sentence(line.text)
            and not line.bullet
            and not is_end(line.text)
            and not is_caption(line.text)
            and not is_about_cookies(line.text)
        ),
        None,
    )
    if first is None:
        return None
    header = Header(end=first)
    _read_above(lines, first, slug, header)
    own = (number for number in range(first) if lines[number].text in (header.headline, header.subtitle))
    header.end = max(own, default=first - 1) + 1
    below = lines[first + 1].text if first + 1 < len(lines) else ""
    if header.subtitle is None and not header.captions and is_caption(below):
        header.subtitle, header.end = lines[first].text, first + 1  # the picture's caption parts it from the text
    return header if header.headline and header.headline[-1] not in ".;," else None


def _read_above(lines: list[Line], anchor: int, slug: str, header: Header) -> None:
    above: list[str] = []
    crumbed = False
    for line in reversed(lines[max(0, anchor - _HEADER_LINES) : anchor]):
        trail = None if line.bullet else breadcrumb_trail(line.text)
        if trail and above:
            header.section, crumbed = _section(trail, lines), True
            break
        if line.text.casefold() == "home" and len(above) > 1 and not line.bullet:
            header.section, crumbed = above.pop(0), True
            break
        if is_menu(line.text, line.bullet) or is_end(line.text) or is_dated(line.text):
            break
        if not is_boilerplate(line.text) and not is_about_cookies(line.text):
            above.insert(0, line.text)
    if not crumbed:
        while len(above) > 1 and len(above[0].split()) < 3:
            above.pop(0)
    _choose(above, crumbed, slug, header)


def _section(trail: str, lines: list[Line]) -> str:
    """The first crumb: crumbs are told apart by marks, by the menu's words, or by the seam where they were glued."""
    first = next(part.strip() for part in re.split(r"[>»/›|]", trail) if part.strip())
    words = first.split()
    menu = _menu(lines)
    beginnings = (" ".join(words[:end]) for end in range(len(words), 0, -1))
    return next((text for text in beginnings if text.casefold() in menu), split_tags(first)[0][0])


def _choose(above: list[str], crumbed: bool, slug: str, header: Header) -> None:
    """Headline and subtitle from the lines above the byline; captions and alternative texts of images go."""
    captions = [text for text in above if is_caption(text)]
    rest = [text for text in above if text not in captions and not is_alt(text, captions)]
    bylines = [names for text in rest if (names := byline_names(text))]
    header.authors += [name for names in bylines for name in people(names)]
    distinct = list(dict.fromkeys(text for text in rest if not byline_names(text)))
    repeated = [text for text in distinct if rest.count(text) > 1]
    if repeated and len(distinct) > 1 and not crumbed and len(distinct[-1]) <= 1.2 * len(repeated[0]):
        header.captions.extend(repeated)
        distinct = [text for text in distinct if text not in repeated]
    header.captions = captions + header.captions
    if not distinct:
        return
    titles = [text for text in distinct if text[-1] not in ".;,"] or distinct
    header.headline = titles[_headline_at(titles, crumbed, slug)]
    at = distinct.index(header.headline)
    header.subtitle = next((text for text in distinct[at + 1 : at + 2] if len(text.split()) > 2), None)
    header.guessed = not crumbed and not slug and len(distinct) > 2


def _headline_at(texts: list[str], crumbed: bool, slug: str) -> int:
    slug_words = set(re.findall(r"\w{3,}", slug.casefold()))
    shares = [len(slug_words & set(re.findall(r"\w{3,}", text.casefold()))) / max(1, len(slug_words)) for text in texts]
    if slug_words and max(shares) >= 0.5:
        return shares.index(max(shares))
    if crumbed or len(texts) == 1:
        return 0
    if len(texts) == 2:
        return int(len(texts[0]) < 40 < len(texts[1]) < 110)
    return len(texts) - (2 if len(texts[-1]) > len(texts[-2]) else 1)


def is_alt(text: str, captions: list[str]) -> bool:
    """Whether the line is an image's alternative text: the beginning of a caption."""
    return any(squeeze(caption).startswith(squeeze(text)) for caption in captions)


def _read_anchor(lines: list[Line], header: Header) -> None:
    """Byline, coauthors, day, category, reading time: the lines from the anchor on."""
    at = header.end
    while at < len(lines) and at < header.end + 8:
        text = lines[at].text
        names = byline_names(text)
        before, section, day = _parts(text)
        labelled = section is not None and len(before.split()) <= (_LABEL_WORDS if day else 0)
        if names or labelled:
            header.section = header.section or section
        if names:
            header.bylines.append(names)
            header.authors += people(names)
        elif header.authors and not header.day and text.casefold() in ("and", "e", "&", "y"):
            pass
        elif header.authors and not header.day and is_name(text):
            header.authors += people(text)
        elif header.day and not header.section and text.casefold() in _menu(lines):
            header.section = text
        elif not (is_dated(text) or is_boilerplate(text) or labelled):
            break
        header.day = header.day or day
        at += 1
    header.end = at


def _menu(lines: list[Line]) -> set[str]:
    """The words of the menu."""
    return {line.text.casefold() for line in lines if line.bullet}
