"""The text blocks of an unknown page: runs of text between the edges of block elements, in document order."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.generic.boilerplate_names import Boilerplate, Said, is_hidden, is_property_list, said_by
from crawler.extraction.html.text import fold

INLINE = frozenset(
    """a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr""".split()  # noqa: SIM905
)
_NO_TEXT = frozenset({"script", "style", "noscript", "template", "svg", "head", "textarea", "select", "option"})
_SILENT = _NO_TEXT | frozenset("button input link meta map math iframe video audio embed object canvas dialog".split())  # noqa: SIM905
_UNSEEN = frozenset({"script", "style", "noscript", "svg"})
#: Letters from which an element that is not shown may still hold the page's text.
_MUCH = 500
_NOTHING = Said(Boilerplate.NO, False, frozenset())
_NO_LETTERS = re.compile(r"[\W_]+")
#: Letters from which a text is found wherever it stands; a shorter one must be a line of its own, or have a neighbour.
_LONG = 20
#: Letters from which a piece of a block is looked for by itself.
_PIECE = 15
#: Letters of a neighbour that are compared, and letters that a neighbour has at least.
_NEIGHBOUR = 60
_SHORTEST_NEIGHBOUR = 10
#: Letters of an excerpt times pieces of text that are looked for in it.
_MOST_COMPARED = 2_000_000_000


@dataclass(slots=True, eq=False)
class Node:
    """An element of the page. `end` is the number behind the last node below; `out`: its text is not shown.

    `block` is the nearest block element, itself or above; `kind`, `is_body` and `meanings` are what its names say;
    `in_boilerplate`: it or an element above it is surely boilerplate by its names.
    """

    element: HtmlElement
    number: int
    parent: "Node | None"
    block: "Node"
    kind: Boilerplate
    is_body: bool
    is_link: bool
    out: bool
    depth: int
    in_boilerplate: bool
    meanings: frozenset[str]
    end: int = 0

    @property
    def ancestors(self) -> "Iterator[Node]":
        """The node, its parent and so on."""
        found: Node | None = self
        while found is not None:
            yield found
            found = found.parent


@dataclass(slots=True, eq=False)
class TextBlock:
    """The text of a block element outside of the blocks in it.

    `pieces` are its text nodes in order, `text` the folded text, `key` its letters and digits in one case, `links` the
    share of letters in links.
    """

    node: Node
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    text: str = ""
    key: str = ""

    @property
    def links(self) -> float:
        return min(1.0, self.linked / max(1, len(self.key)))


def text_key(text: str) -> str:
    """The letters and digits of a text in one case, by which texts are compared."""
    return _NO_LETTERS.sub("", text.casefold())


def page_blocks(body: HtmlElement, noise: frozenset[str] = frozenset()) -> tuple[list[Node], list[TextBlock]]:
    """The elements of a page's body, itself first, and the blocks with text among them.

    `noise` are classes whose elements are known not to be of the text.
    """
    nodes: list[Node] = []
    found: dict[Node, TextBlock] = {}
    open_nodes: list[Node] = []
    letters: dict[HtmlElement, int] = {}
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            attributes = dict(element.items())
            node = _node(element, attributes, len(nodes), open_nodes[-1] if open_nodes else None, noise)
            if not node.out and (element.tag in _SILENT or is_hidden(attributes)):
                if letters or _may_hold_most(element):
                    letters = letters or _letters_below(body)
                    node.out = not _holds_most(element, letters[element], letters[body])
                else:
                    node.out = True
            nodes.append(node)
            open_nodes.append(node)
            _add(found, node, element.text if element.tag != "br" else f"\n{element.text or ''}")
        else:
            node = open_nodes.pop()
            node.end = len(nodes)
            if open_nodes:
                _add(found, open_nodes[-1], element.tail if node.block is not node else f"\n{element.tail or ''}")
    for block in found.values():
        block.text = fold("".join(block.pieces))
        block.key = text_key(block.text)
    return nodes, [block for block in found.values() if block.key]


def _node(
    element: HtmlElement, attributes: Mapping[str, str], number: int, parent: Node | None, noise: frozenset[str]
) -> Node:
    tag = element.tag
    out = (parent is not None and parent.out) or ("itemscope" in attributes and is_property_list(element))
    if noise and not out:
        out = not noise.isdisjoint(attributes.get("class", "").split())
    said = _NOTHING if out else said_by(tag, attributes)
    is_inline = parent is not None and tag in INLINE
    node = Node(
        element,
        number,
        parent,
        None,  # type: ignore[arg-type]  # itself, or its parent's
        said.kind,
        said.is_body,
        tag == "a" or (is_inline and parent is not None and parent.is_link),
        out,
        parent.depth + 1 if parent is not None else 0,
        said.kind is Boilerplate.SURE or (parent is not None and parent.in_boilerplate),
        said.meanings,
    )
    node.block = parent.block if is_inline and parent is not None else node
    return node


def _letters_below(body: HtmlElement) -> dict[HtmlElement, int]:
    """Of each element the characters of text in it, without those of scripts and the like; none of those in such."""
    found: dict[HtmlElement, int] = {}
    for element in reversed(list(body.iter(etree.Element))):  # those in an element come before it
        inside = sum(found[child] + len(child.tail or "") for child in element if child in found)
        found[element] = 0 if element.tag in _UNSEEN else inside + len(element.text or "")
    return found


def _may_hold_most(element: HtmlElement) -> bool:
    """Whether it is worth while to count the letters of the whole page for an element that is not shown."""
    return len(element) > 0 and element.tag not in _NO_TEXT and len("".join(element.itertext())) >= _MUCH


def _holds_most(element: HtmlElement, letters: int, whole: int) -> bool:
    """Whether an element that is not shown holds most of the page's text.

    Pages that a script completes may keep all their text hidden until then, and a button that is never closed holds
    all that follows.
    """
    if element.tag in _NO_TEXT or not len(element):
        return False
    return letters >= _MUCH and letters >= 0.5 * whole


def _add(found: dict[Node, TextBlock], node: Node, text: str | None) -> None:
    if not text or node.out:
        return
    block = found.get(node.block)
    if block is None:
        if text.isspace():
            return
        block = found[node.block] = TextBlock(node.block)
    block.pieces.append(text)
    if node.is_link:
        block.linked += len(text_key(text))


class Excerpt:
    """A text taken from a page, compared by the letters and digits of its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        keys = [text_key(line) for line in lines]
        self._whole = "".join(keys)
        self._lines = frozenset(keys)

    def shares(self, blocks: Sequence[TextBlock]) -> list[float]:
        """Of each block the share that is in the excerpt, 0 to 1. Of very many blocks and a very long excerpt only
        the blocks that are lines of it are found."""
        if len(self._whole) * sum(len(block.pieces) + 1 for block in blocks) > _MOST_COMPARED:
            return [float(block.key in self._lines) for block in blocks]
        keys = ["", *(block.key for block in blocks), ""]
        return [self._share(block, *keys[number : number + 3 : 2]) for number, block in enumerate(blocks)]

    def _share(self, block: TextBlock, before: str, after: str) -> float:
        key = block.key
        if len(key) < _LONG:
            return float(key in self._lines or self._has_beside(key, before, after))
        if key in self._whole:
            return 1.0
        pieces = [piece for text in block.pieces if len(piece := text_key(text)) >= _PIECE]
        return min(1.0, sum(len(piece) for piece in pieces if piece in self._whole) / len(key))

    def _has_beside(self, key: str, before: str, after: str) -> bool:
        return (len(before) >= _SHORTEST_NEIGHBOUR and before[-_NEIGHBOUR:] + key in self._whole) or (
            len(after) >= _SHORTEST_NEIGHBOUR and key + after[:_NEIGHBOUR] in self._whole
        )
