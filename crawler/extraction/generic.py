"""Any other news page: trafilatura finds the body in the tree that is already there, the fields come from what the
page says of itself for machines, trafilatura's own metadata fill what is left."""

import copy
import logging
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import trafilatura
from lxml import etree
from trafilatura.settings import DEFAULT_CONFIG, Document

from crawler.extraction.article_page import ArticlePage
from crawler.extraction.blocks import Reading
from crawler.extraction.images import absolute
from crawler.extraction.page import Page
from crawler.extraction.refusal import Reason, Refused
from crawler.extraction.text import fold
from storage.article import Block, BlockType, Image

# Trafilatura logs as errors what we name as refusals.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

#: Below its minimum trafilatura takes the whole page's text in one piece.
_SHORT_TEXTS = copy.deepcopy(DEFAULT_CONFIG)
_SHORT_TEXTS["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "20"
#: Blocks shorter than this may stand twice in a text (a refrain, a name over each answer).
_WORTH_COMPARING = 40
_PARTS = {"p", "head", "quote", "list", "table", "graphic", "code"}


class GenericPage(ArticlePage):
    """A page that no template fits. `noise` are classes to cut before trafilatura sees the tree."""

    def __init__(self, page: Page, *, noise: Iterable[str] = (), sure: bool = False) -> None:
        """`sure`: the page is known to hold an article, so that a short text is one too."""
        super().__init__(page)
        self._noise = frozenset(noise)
        self._config = _SHORT_TEXTS if sure else DEFAULT_CONFIG

    @cached_property
    def _document(self) -> Document:
        """Trafilatura's reading; it copies the tree that it is given. Raises Refused(NO_TEXT)."""
        prune = [f"//*[contains(concat(' ', @class, ' '), ' {token} ')]" for token in sorted(self._noise)]
        try:
            found = trafilatura.bare_extraction(
                self.page.tree,
                url=self.page.url,
                include_comments=False,
                include_links=True,
                include_images=True,
                include_formatting=True,
                with_metadata=False,
                prune_xpath=prune or None,
                config=self._config,
            )
        except RecursionError as error:
            raise Refused(Reason.NO_TEXT, "nested too deep") from error
        if found is None or not isinstance(found, Document):
            raise Refused(Reason.NO_TEXT)
        return found

    @cached_property
    def reading(self) -> Reading:
        reading = read_body(self._document.body, self.page.base_url)
        reading.blocks[:] = _once(
            [b for b in reading.blocks if b.text != self.headline or b.type is not BlockType.HEADING]
        )
        return reading

    @property
    def linked_share(self) -> float:
        """How much of the body's text is the text of links: near 1 on a page that lists articles."""
        body = self._document.body
        linked = sum(len(_flat(ref)) for ref in body.iter("ref"))
        return linked / max(1, len(_flat(body)))


def read_body(body: etree._Element, base: str) -> Reading:
    """Trafilatura's body as blocks; its vocabulary: p, head, quote, list/item, table/row/cell, graphic, ref."""
    reading = Reading()
    for element in body.iter("ref"):
        if url := absolute(element.get("target"), base):
            reading.links.append(url)
    for element in body.iter("graphic"):
        if url := absolute(element.get("src"), base):
            reading.images.append(Image(url=url, caption=fold(element.get("alt")) or None))
    for element in body:
        reading.blocks.extend(_blocks(element))
    return reading


def _blocks(element: etree._Element) -> Iterator[Block]:
    text = _flat(element)
    if element.tag == "head":
        level = (element.get("rend") or "h2")[1:]
        yield from _some(BlockType.HEADING, text, level=max(2, int(level)) if level.isdigit() else 2)
    elif element.tag == "quote":
        yield from _some(BlockType.QUOTE, text)
    elif element.tag == "list":
        items = tuple(item for e in element.iter("item") if (item := _flat(e)))
        yield from _some(BlockType.LIST, "\n".join(items), items=items)
    elif element.tag == "table":
        rows = ["\t".join(_flat(cell) for cell in row.iter("cell")) for row in element.iter("row")]
        yield from _some(BlockType.TABLE, "\n".join(row for row in rows if row.strip()))
    elif any(child.tag in _PARTS - {"graphic"} for child in element):
        yield from _mixed(element)
    else:
        yield from _some(BlockType.PARAGRAPH, text)


def _mixed(element: etree._Element) -> Iterator[Block]:
    """A paragraph that holds blocks: the text between them becomes paragraphs."""
    between = [element.text or ""]
    for child in element:
        if child.tag in _PARTS:
            yield from _some(BlockType.PARAGRAPH, fold("".join(between)))
            between = [child.tail or ""]
            yield from _blocks(child)
        else:
            between += [*child.itertext(), child.tail or ""]
    yield from _some(BlockType.PARAGRAPH, fold("".join(between)))


def _some(kind: BlockType, text: str, **more: Any) -> Iterator[Block]:
    if text:
        yield Block(type=kind, text=text, **more)


def _flat(element: etree._Element) -> str:
    for line_break in element.iter("lb"):
        line_break.tail = f" {line_break.tail or ''}"
    return fold("".join(element.itertext()))


def _once(blocks: list[Block]) -> list[Block]:
    """Without blocks that repeat an earlier one, and without one that is several others glued together."""
    kept: dict[str, Block] = {}
    for number, block in enumerate(blocks):
        key = block.text if len(block.text) >= _WORTH_COMPARING else f"{number} {block.text}"
        kept.setdefault(key, block)
    texts = [text for text in kept if len(text) >= _WORTH_COMPARING]
    glued = {long for long in texts if _is_glued(long, texts)}
    return [block for key, block in kept.items() if key not in glued]


def _is_glued(long: str, texts: list[str]) -> bool:
    if len(long) < 4 * _WORTH_COMPARING:
        return False
    inside = [text for text in texts if len(text) < len(long) and text in long]
    return len(inside) > 1 and sum(map(len, inside)) > 0.8 * len(long)
