"""The hidden microdata block of a Sputnik page (2021 on) in a flattened dump.

In page order: URL, headline, name, description, three instants, tags, two XPaths, image, articleBody, then places,
organisation (five times), year, genre, language, more crops of the image, and the comma list of keywords.
Reader comments and URLs of related articles stand between them.
"""

import re
from dataclasses import dataclass, field

from crawler.extraction.flattened.dates import is_instant
from crawler.extraction.flattened.lines import URL, Line, ends_sentence, is_address, is_name, squeeze
from crawler.extraction.templates.sputnik.bylines import is_person
from crawler.extraction.templates.sputnik.urls import parse_article_url
from crawler.extraction.templates.sputnik.visible_date import is_clock

#: The description: the lede, cut with "..." where it is long, then a day and the site's name.
_DESCRIPTION = re.compile(r"(?:(?P<lede>.*\S) )?(?P<day>\d{2}\.\d{2}\.\d{4}), (?P<brand>[^\d,]{3,40})")
_XPATH = re.compile(r"/html/\S+")
_IMAGE = re.compile(r"https?://\S+?\.(?:jpe?g|png|webp|gif)", re.I)
_AVATAR = re.compile(r"_100x100_|_\d{2}x\d{2}_")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
#: The same anywhere in a line; it begins at the sign, since a search from each letter would take the square of a line.
_HAS_EMAIL = re.compile(r"[^\s@]@[^\s@]{1,255}\.\w")
_LOCALE = re.compile(r"(?P<language>[a-z]{2})_[A-Z]{2}")
_MACHINE = re.compile(r"(?:[\d\s.,+()-]|true|false)+|\+?\d[\d\s()-]{6,}")
#: A lede shorter than this was not cut: "..." at its end is its author's.
_CUT_LENGTH = 125
_LOOKAHEAD = 8


@dataclass(kw_only=True)
class MicrodataBlock:
    """The fields of the block; `end` is the number of the first line behind it, `glued` the articleBody."""

    end: int = 0
    url: str | None = None
    titles: list[str] = field(default_factory=list)
    lede: str | None = None
    lede_cut: bool = False
    day: str | None = None
    brand: str | None = None
    instants: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    glued: str = ""
    language: str | None = None
    comments: int = 0


def is_description(text: str) -> bool:
    """Whether the line is a description with day and site name behind it."""
    return _DESCRIPTION.fullmatch(text) is not None


def article_url_in(text: str) -> str | None:
    """The line, where it is an article's URL and nothing else."""
    return text if is_address(text) and parse_article_url(text) else None


def begins_block(lines: list[Line], at: int) -> bool:
    """Whether an article's URL stands here with that article's microdata behind it."""
    if article_url_in(lines[at].text) is None:
        return False
    for line in lines[at + 1 : at + _LOOKAHEAD]:
        if URL.match(line.text) and not _IMAGE.match(line.text):
            return False
        if is_description(line.text) or is_instant(line.text) or _XPATH.match(line.text):
            return True
    return False


def block_start(lines: list[Line]) -> int | None:
    """Where the first block begins: at its URL, else at the headline before the description; None without one."""
    for at in range(len(lines)):
        if begins_block(lines, at):
            return at
    described = next((at for at, line in enumerate(lines) if is_description(line.text)), None)
    if described is None or described == 0:
        return None
    above = range(max(0, described - 3), described - 1)
    return next((at for at in above if lines[at].text == lines[at + 1].text), described - 1)


def read_block(lines: list[Line], start: int) -> MicrodataBlock:
    """Reads the block that begins at `start`."""
    block = MicrodataBlock(url=article_url_in(lines[start].text))
    at = _read_head(lines, start + (block.url is not None), block)
    if at < len(lines):
        block.glued, at = lines[at].text, at + 1
    block.end = _visible_start(lines, at, block)
    _read_rest(lines[at : block.end], block)
    if not block.keywords:
        block.keywords = [*block.tags, *block.places]
    block.images = [image for image in block.images if not _AVATAR.search(image)]
    return block


def _read_head(lines: list[Line], at: int, block: MicrodataBlock) -> int:
    while at < len(lines):
        text = lines[at].text
        described = _DESCRIPTION.fullmatch(text)
        if described:
            _read_description(block, described)
        elif is_instant(text):
            block.instants.append(text)
        elif _IMAGE.match(text):
            block.images.extend(_IMAGE.findall(text))
        elif not _XPATH.match(text):
            if _is_body(text, block, lines[at - 1].text):
                return at
            (block.tags if block.instants or block.day else block.titles).append(text)
        at += 1
    return at


def _read_description(block: MicrodataBlock, described: re.Match[str]) -> None:
    lede = described["lede"] or ""
    block.day, block.brand = described["day"], described["brand"]
    block.lede_cut = len(lede) >= _CUT_LENGTH and lede.endswith(("...", "…"))
    block.lede = (lede.rstrip(".… ") if block.lede_cut else lede) or None


def _is_body(text: str, block: MicrodataBlock, before: str) -> bool:
    """The articleBody is the first long or sentence-like text behind the description, dates and image."""
    if not (block.day or block.instants):
        return len(text) > 250
    if _HAS_EMAIL.search(text) or _MACHINE.fullmatch(text) or URL.match(text):
        return False
    return ends_sentence(text) or len(text) > 90 or (bool(_IMAGE.match(before)) and len(text) > 25)


def _visible_start(lines: list[Line], start: int, block: MicrodataBlock) -> int:
    """The first line of the visible article: its headline, its date line, its lede, or a line of its body."""
    title = squeeze(block.titles[0]).casefold() if block.titles else ""
    body, lede = squeeze(block.glued), squeeze(block.lede or "")
    for at in range(start, len(lines)):
        if begins_block(lines, at):
            return at
        text = lines[at].text
        key = squeeze(text)
        if key.casefold() == title or is_clock(text):
            return at
        if len(key) > 40 and (key in body or (lede and key.startswith(lede))):
            return at
    return len(lines)


def _read_rest(lines: list[Line], block: MicrodataBlock) -> None:
    """Places, keywords, authors, crops; any other line that is not of the organisation is a reader's comment."""
    organisation = False
    for number, line in enumerate(lines):
        text = line.text
        before = lines[number - 1].text if number else ""
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        local = _LOCALE.fullmatch(text)
        if local:
            block.language = local["language"]
        elif _HAS_EMAIL.search(text) or _EMAIL.fullmatch(following):
            organisation = True
        elif _MACHINE.fullmatch(text) or _XPATH.match(text) or is_instant(text):
            continue
        elif URL.match(text):
            block.images.extend(_IMAGE.findall(text))
        elif organisation and _is_author(text, before, following, block.brand):
            block.authors.append(text.split(" http")[0])
        elif _is_keyword_list(text, block):
            block.keywords = [word for part in text.split(",") if (word := part.strip())]
        elif not organisation and _is_place(text, block):
            block.places.append(text)
        elif not organisation or ends_sentence(text):
            block.comments += 1
    if block.comments:
        tags = {tag.casefold() for tag in block.tags}
        block.places = [place for place in block.places if place.casefold() in tags]


def _is_author(text: str, before: str, following: str, brand: str | None) -> bool:
    """A person's name among the organisation's lines: alone, or in front of the small picture of that person."""
    name = text.split(" http")[0]
    alone = not ends_sentence(before) and not ends_sentence(following) and not _EMAIL.match(following)
    return alone and name != brand and is_name(name) and is_person(name, brand)


def _is_keyword_list(text: str, block: MicrodataBlock) -> bool:
    words = [part.strip() for part in text.split(",")]
    if ends_sentence(text) or not all(0 < len(word) <= 60 and len(word.split()) <= 7 for word in words):
        return False
    if block.tags:
        return {tag.casefold() for tag in block.tags} <= {word.casefold() for word in words}
    return len(words) > 1 and text == text.lower()


def _is_place(text: str, block: MicrodataBlock) -> bool:
    if text.casefold() in {tag.casefold() for tag in block.tags}:
        return True
    plain = text == text.lower() and not any(char.isdigit() or char == "_" for char in text)
    return plain and len(text.split()) <= 4 and not ends_sentence(text)
