"""From a container element to its blocks, in document order, each text node once, without changing the tree.

Tags of HTML have fixed meanings, classes those that `Rules` give them. Text of other elements becomes part of the
paragraph or block around it. Page objects call `read_blocks` and `read_figure`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from lxml.html import HtmlElement

from crawler.extraction.html.embeds import PLAYERS, embedded_url
from crawler.extraction.html.figures import FigureWords
from crawler.extraction.html.images import absolute, address, caption_and_credit
from crawler.extraction.html.rules import Role, Rules, kind_of
from crawler.extraction.html.text import fold, text_of
from storage.article import Block, BlockType, Image

_INLINE_TAGS = """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby
    s samp small span strike strong sub sup time tt u var wbr picture amp-fit-text"""
_SILENT_TAGS = """script style noscript template svg form button input select textarea option nav head link meta map
    math base dialog canvas"""
_INLINE = frozenset(_INLINE_TAGS.split())
_SILENT = frozenset(_SILENT_TAGS.split())
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
#: Roles of tags in elements whose classes give them no other.
_ROLE_OF_TAG = {
    **dict.fromkeys(PLAYERS, Role.EMBED),
    **dict.fromkeys(_HEADINGS, Role.HEADING),
    **{"blockquote": Role.QUOTE, "figure": Role.FIGURE, "figcaption": Role.CAPTION},
}
_NO_TEXT_ROLES = frozenset({Role.DROP, Role.CREDIT, Role.NOTE, Role.RELATED})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: Why an element is dropped whose class has no role: its style or attribute hides it; the page object excludes it.
HIDDEN, EXCLUDED = "hidden", "excluded by the page object"
_BREAK = "\x1e"
_TWO_BREAKS = re.compile(rf"{_BREAK}\s*(?:{_BREAK}\s*)+")
#: Nesting beyond which the text is taken as it is: no editor writes so deep, and Python's stack is finite.
_DEEP = 120
#: Paragraphs of so many characters in one cell of a table make it a column of the page.
_COLUMN, _RUNNING = 3, 80
#: A reader inside a reader takes as much of the stack as so many levels.
_INNER_READER = 4


@dataclass(slots=True)
class BodyContent:
    """Blocks, images and links of a container, in order.

    `unknown`: names of the kinds of blocks without a rule, one for each occurrence. `left_out`: texts of the author or
    the publisher that are no part of the article, by kind: `footnote`, `disclaimer`. `dropped`: elements that were not
    read, each with the role that its class has, or what else spoke against it (HIDDEN, EXCLUDED).
    """

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    dropped: list[tuple[HtmlElement, Role | str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of a container are read: all but the elements `without`.

    `textless`: elements of which only the elements inside are read, not their own text. `shown`: elements that are read
    although their tag, style or class says that they are no text.
    """

    without: Collection[HtmlElement] = frozenset()
    textless: Collection[HtmlElement] = frozenset()
    shown: Collection[HtmlElement] = frozenset()


_ALL = Parts()


def read_blocks(container: HtmlElement, rules: Rules, base: str, parts: Parts = _ALL) -> BodyContent:
    """Read these parts of the container by the rules; `base` is the base of its relative URLs."""
    reader = _BlockReader(rules, base, parts)
    reader.children(container, 0)
    reader.flush()
    return reader.content


def read_figure(element: HtmlElement, rules: Rules, base: str) -> BodyContent:
    """Read an element that is a picture (or several, or a player) with its words, whatever its tag and class."""
    reader = _BlockReader(rules, base)
    reader.figure(element, 0)
    reader.flush()
    return reader.content


class _BlockReader:
    def __init__(self, rules: Rules, base: str, parts: Parts = _ALL, depth: int = 0) -> None:
        self.content = BodyContent()
        self._depth = depth
        self._rules = rules
        self._base = base
        self._parts = parts
        self._buffer: list[str] = []

    # Text gathers in the buffer until a block begins or ends; then it becomes a paragraph.

    def flush(self) -> None:
        text = "".join(self._buffer)
        self._buffer.clear()
        if text and not text.isspace():
            for piece in _TWO_BREAKS.split(text) if _BREAK in text else (text,):
                self._add(BlockType.PARAGRAPH, fold(piece))  # a single break is a space among others

    def children(self, element: HtmlElement, depth: int) -> None:
        if depth > _DEEP:
            self._buffer.append(text_of(element))
            return
        has_text = element not in self._parts.textless
        if has_text:
            self._buffer.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, depth + 1)
            if has_text:
                self._buffer.append(child.tail or "")

    def _element(self, element: HtmlElement, depth: int) -> None:
        self._depth = depth
        tag = element.tag
        is_shown = element in self._parts.shown
        if not is_shown and tag in _SILENT:
            return
        if element in self._parts.without or (not is_shown and _is_hidden(element)):
            self.content.dropped.append((element, EXCLUDED if element in self._parts.without else HIDDEN))
            return
        role = self._role(element)
        if is_shown and role in _NO_TEXT_ROLES:
            role = None
        if role in _NO_TEXT_ROLES:
            self._drop(element, role)
            return
        read = self._READERS.get(_ROLE_OF_TAG.get(tag) if role is None or role is Role.TEXT else role)
        read = read or self._READERS.get(tag)
        if read is None:
            self._plain(element, role, depth)
            return
        self.flush()
        if tag == "figure" and role is None:
            self._count_unknown(element)
        read(self, element)

    def _drop(self, element: HtmlElement, role: Role) -> None:
        self.content.dropped.append((element, role))
        if role is Role.NOTE:
            self.content.left_out.append("disclaimer")
        elif role is Role.RELATED:
            self._take_links(element)

    def _plain(self, element: HtmlElement, role: Role | None, depth: int) -> None:
        tag = element.tag
        if tag == "br":
            self._buffer.append(_BREAK)
        elif tag in ("img", "amp-img"):
            self._image(element)
        elif tag in _INLINE and role is None:
            if tag == "a":
                self._link(element)
            self.children(element, depth)
        else:
            if role is None:
                self._count_unknown(element)
            self._text_blocks(element, depth)

    def _count_unknown(self, element: HtmlElement) -> None:
        """An element with something in it and with classes that mean nothing to us."""
        tokens = (element.get("class") or "").split()
        if not tokens or element.tag not in self._rules.counted_tags:
            return
        if any(text.strip() for text in element.itertext()) or element.find(".//img") is not None:
            self.content.unknown.append(kind_of(tokens))

    def _role(self, element: HtmlElement) -> Role | None:
        tokens = (element.get("class") or "").split()
        if not self._rules.block_classes.isdisjoint(tokens):
            kind = element.get(self._rules.kind_attribute) or ""
            if kind not in self._rules.kinds:
                self.content.unknown.append(kind or "unnamed")
                return Role.TEXT
            return self._rules.kinds[kind]
        return self._rules.role_of(element)

    def _add(self, kind: BlockType, text: str, **more: Any) -> None:
        if kind is BlockType.CAPTION and any(b.type is kind and b.text == text for b in self.content.blocks[-2:]):
            return  # shown beside the picture and again below it
        if text or kind is BlockType.EMBED:
            self.content.blocks.append(Block(type=kind, text=text, **more))

    def _text_blocks(self, element: HtmlElement, depth: int) -> None:
        self.flush()
        self.children(element, depth)
        self.flush()

    def _heading(self, element: HtmlElement) -> None:
        inner = self._inside(element)
        level = _HEADINGS.get(element.tag) or next((_HEADINGS[e.tag] for e in element.iter(*_HEADINGS)), 2)
        self._add(BlockType.HEADING, " ".join(block.text for block in inner.blocks), level=level)

    def _quote(self, element: HtmlElement) -> None:
        named = Role.CITE in self._rules.roles.values()
        candidates = element.iter() if named else element.iter("cite", "footer")
        cites = [e for e in candidates if isinstance(e.tag, str) and self._is_cite(e)]
        inner = self._inside(element, without=cites)
        cite = fold(" ".join(text_of(e) for e in cites)).lstrip("-–— ") or None
        text = " ".join(block.text for block in inner.blocks if block.type is not BlockType.CAPTION)
        self._add(BlockType.QUOTE, text, cite=cite)

    def _is_cite(self, element: HtmlElement) -> bool:
        """A `cite` behind the quoted words, or an element with the role CITE; no title inside a sentence."""
        if element.tag == "footer" or self._role_quietly(element) is Role.CITE:
            return all(ancestor.tag != "footer" for ancestor in element.iterancestors())
        return (
            element.tag == "cite"
            and not fold(element.tail)
            and element.getnext() is None
            and (element.getparent().tag in ("blockquote", "figure", "div") or not fold(_text_before(element)))
        )

    def _role_quietly(self, element: HtmlElement) -> Role | None:
        tokens = (element.get("class") or "").split()
        return next((self._rules.roles[token] for token in tokens if token in self._rules.roles), None)

    def _list(self, element: HtmlElement) -> None:
        items = []
        found = list(_items(element, self._parts.without))
        if _is_gallery(found):
            for item in found:
                self.figure(item, self._depth)
            return
        captions: list[Block] = []
        for item in found:
            inner = self._inside(item)
            items.append(" ".join(b.text for b in inner.blocks if b.text and b.type is not BlockType.CAPTION))
            captions += [block for block in inner.blocks if block.type is BlockType.CAPTION]
        kept = tuple(item for item in items if item)
        self._add(BlockType.LIST, "\n".join(kept), items=kept)
        self.content.blocks.extend(captions)

    def _table(self, element: HtmlElement) -> None:
        without = self._parts.without
        rows = [row for row in element.iter("tr") if _nearest_table(row) is element]
        rows = [row for row in rows if row not in without and row.getparent() not in without]
        cells = [[cell for cell in row if cell.tag in ("td", "th") and cell not in without] for row in rows]
        if max((len(row) for row in cells), default=0) < 2 or any(_is_column(cell) for row in cells for cell in row):
            # a frame around text, no table
            self._text_blocks(element, self._depth)
            return
        for caption in element.findall("caption"):
            self._add(BlockType.CAPTION, text_of(caption))
        lines = ["\t".join(" ".join(b.text for b in self._inside(cell).blocks) for cell in row) for row in cells]
        self._add(BlockType.TABLE, "\n".join(line for line in lines if line.strip()))

    def _embed(self, element: HtmlElement) -> None:
        url = embedded_url(element, self._base)
        titled = (element, *element.iter(*PLAYERS))
        title = next((text for e in titled if (text := fold(e.get("data-title") or e.get("title")))), "")
        if url or title:
            self._add(BlockType.EMBED, title, url=url)

    def figure(self, element: HtmlElement, depth: int) -> None:
        """A picture with its caption; the content of a figure that holds anything else is read by its tags."""
        nested = [e for e in element.iter() if e is not element and self._is_figure(e)]
        holds_other = next(element.iter("table", "blockquote", "ul", "ol", *PLAYERS), None) is not None
        pictures = list(element.iter("img", "amp-img"))
        if holds_other or not pictures or (nested and len(pictures) > 1):
            self.children(element, depth)
            return
        words = FigureWords(element, self._rules)
        self.content.unknown.extend(words.unknown)
        for picture in pictures:
            if url := address(picture, self._base):
                caption = words.caption or self._caption_attribute(picture)
                self.content.images.append(Image(url=url, caption=caption, credit=words.credit))
        self._add(BlockType.CAPTION, words.caption or "")

    def _caption_attribute(self, picture: HtmlElement) -> str | None:
        name = self._rules.caption_attribute
        return fold(picture.get(name)) or None if name else None

    def _is_figure(self, element: HtmlElement) -> bool:
        if not isinstance(element.tag, str):
            return False
        return element.tag == "figure" or self._role_quietly(element) is Role.FIGURE

    def _caption(self, element: HtmlElement) -> None:
        caption, _ = caption_and_credit(text_of(element))
        self._add(BlockType.CAPTION, caption or "")

    def _image(self, element: HtmlElement) -> None:
        if (url := address(element, self._base)) and not _is_tiny(element):
            self.content.images.append(Image(url=url))

    def _link(self, element: HtmlElement) -> None:
        """A link with words; one around a picture leads to the picture."""
        if (url := absolute(element.get("href"), self._base)) and text_of(element):
            self.content.links.append(url)

    def _take_links(self, element: HtmlElement) -> None:
        found = (absolute(anchor.get("href"), self._base) for anchor in element.iter("a"))
        self.content.links.extend(url for url in found if url)

    def _inside(self, element: HtmlElement, without: Collection[HtmlElement] = ()) -> BodyContent:
        """Read an element's inside by the same rules; its links and images are added, its blocks are not."""
        depth = self._depth + _INNER_READER
        parts = replace(self._parts, without={*without, *self._parts.without}) if without else self._parts
        reader = _BlockReader(self._rules, self._base, parts, depth)
        reader.children(element, depth)
        reader.flush()
        inner = reader.content
        self.content.images.extend(inner.images)
        self.content.links.extend(inner.links)
        self.content.unknown.extend(inner.unknown)
        self.content.left_out.extend(inner.left_out)
        self.content.dropped.extend(inner.dropped)
        return inner

    def _figure(self, element: HtmlElement) -> None:
        self.figure(element, self._depth)
        self.flush()

    _READERS: ClassVar[Mapping[Role | str | None, Callable[["_BlockReader", HtmlElement], None]]] = {
        Role.EMBED: _embed,
        Role.QUOTE: _quote,
        Role.FIGURE: _figure,
        Role.CAPTION: _caption,
        Role.HEADING: _heading,
        "ul": _list,
        "ol": _list,
        "table": _table,
    }


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _is_tiny(element: HtmlElement) -> bool:
    """A counting pixel or an icon."""
    sizes = [element.get(name) or "" for name in ("width", "height")]
    return any(size.isdigit() and int(size) < 48 for size in sizes)


def _is_gallery(items: Sequence[HtmlElement]) -> bool:
    """Whether every item of the list shows one picture: then its words are that picture's."""
    pictures = [[e for e in item.iter("img", "amp-img") if not _is_tiny(e)] for item in items]
    return bool(pictures) and all(len(found) == 1 for found in pictures)


def _items(element: HtmlElement, without: Collection[HtmlElement]) -> Iterator[HtmlElement]:
    """A list's items but those `without`; the items of a list inside an item belong to that item.

    Many pages have a list or a box between a list and its items, and some lists hold text without items.
    """
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SILENT or child in without:
            continue
        if child.tag == "li" or child.find(".//li") is None:
            yield child
        else:
            yield from _items(child, without)


def _is_column(cell: HtmlElement) -> bool:
    """Whether a cell holds paragraphs of running text: then the table lays out a page."""
    return sum(len(text_of(paragraph)) >= _RUNNING for paragraph in cell.iter("p")) >= _COLUMN


def _nearest_table(row: HtmlElement) -> HtmlElement | None:
    return next(row.iterancestors("table"), None)


def _text_before(element: HtmlElement) -> str:
    siblings = "".join(f"{text_of(e)}{e.tail or ''}" for e in element.itersiblings(preceding=True))
    return (element.getparent().text or "") + siblings
