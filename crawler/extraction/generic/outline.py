"""The outline of a page: which blocks hold running text, how much of it stands below each element.

One pass over the tree in document order, no recursion: a parent stands before its children, so sums are carried
backwards through the list and what holds for a parent forwards.
"""

from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.generic.boilerplate_names import Furniture, body_hint, furniture, is_hidden

INLINE = frozenset(
    """a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr""".split()  # noqa: SIM905
)
_SILENT = frozenset(
    """script style noscript template svg button input select textarea option head link meta map math iframe video
    audio embed object canvas dialog""".split()  # noqa: SIM905
)
_NO_RUNNING_TEXT = frozenset({"figcaption", "h1", "h2", "h3"})
#: A block with fewer letters is no running text, whatever it is.
_SHORTEST = 40
#: How much of the text's pull reaches the parent of the element that holds it: the container pulls most where
#: paragraphs are its own children.
_FADE = 0.7
#: Elements that only group a text's lines: the text's pull goes through them.
_THROUGH = frozenset({"ul", "ol", "li"})
_THROUGH_WITH_TEXT = frozenset({"p", "blockquote", "td", "tr", "tbody"})
_FADE_THROUGH = 0.95
#: Elements that are looked at; what stands behind so many is no article's text.
_MOST = 100_000


@dataclass(slots=True, eq=False)
class Node:
    """An element in the outline; lengths count letters.

    `text` and `linked` are the block's own, `own` its running text, `mass` that of everything below, `pull` the same
    faded with each level. `end` is the number behind the last node below. `out`: not part of the text.
    """

    element: HtmlElement
    number: int
    parent: "Node | None"
    kind: Furniture
    hint: float
    block: "Node"
    is_link: bool
    out: bool
    has_blocks: bool = False
    holds_headline: bool = False
    text: int = 0
    linked: int = 0
    own: int = 0
    mass: int = 0
    pull: float = 0.0
    all_text: int = 0
    all_linked: int = 0
    end: int = 0
    depth: int = 0


def outline(body: HtmlElement) -> list[Node]:
    """The elements of a page's body in document order, the body first, weighed."""
    nodes: list[Node] = []
    known: dict[HtmlElement, Node] = {}
    for element in islice(body.iter(), _MOST):
        if isinstance(element.tag, str):
            node = _node(element, len(nodes), known.get(element.getparent()) if nodes else None)
            known[element] = node
            nodes.append(node)
            _count(node)
    weigh(nodes)
    return nodes


def weigh(nodes: list[Node]) -> None:
    """Sum up anew, after some nodes have gone out."""
    for node in nodes:
        node.own = 0 if node.out else _running(node)
        node.mass = node.own
        node.pull = float(node.own)
        node.all_text, node.all_linked = (0, 0) if node.out else (node.text, node.linked)
        node.end = node.number + 1
    for node in reversed(nodes):
        parent = node.parent
        if parent is not None:
            parent.end = max(parent.end, node.end)
            parent.all_text += node.all_text
            parent.all_linked += node.all_linked
            if node.mass:
                parent.mass += node.mass
                parent.pull += node.pull * _fade(node)


def _fade(node: Node) -> float:
    tag = node.element.tag
    through = tag in _THROUGH or (tag in _THROUGH_WITH_TEXT and node.own == node.mass)
    return _FADE_THROUGH if through else _FADE


def _running(node: Node) -> int:
    if node.text < _SHORTEST or node.linked * 2 > node.text or node.element.tag in _NO_RUNNING_TEXT:
        return 0
    return node.text - node.linked


def _node(element: HtmlElement, number: int, parent: Node | None) -> Node:
    tag = element.tag
    out = (parent is not None and parent.out) or tag in _SILENT or is_hidden(element)
    inline = tag in INLINE and parent is not None
    node = Node(
        element=element,
        number=number,
        parent=parent,
        kind=Furniture.NO if out else furniture(element),
        hint=1.0 if out else body_hint(element),
        block=None,  # type: ignore[arg-type]  # itself, or its parent's
        is_link=tag == "a" or (inline and parent is not None and parent.is_link),
        out=out,
    )
    node.depth = parent.depth + 1 if parent is not None else 0
    node.block = parent.block if inline and parent is not None else node
    if node.block is node and parent is not None:
        parent.block.has_blocks = True
    return node


def _count(node: Node) -> None:
    """Add the element's text to its block, the text behind it to its parent's."""
    element, parent = node.element, node.parent
    if element.tag == "h1" or node.hint >= 3:
        _mark_headline(node)
    if not node.out and element.text:
        _add(node, len(element.text.strip()))
    if parent is not None and not parent.out and element.tail:
        _add(parent, len(element.tail.strip()))


def _add(node: Node, letters: int) -> None:
    node.block.text += letters
    if node.is_link:
        node.block.linked += letters


def _mark_headline(node: Node) -> None:
    found: Node | None = node
    while found is not None and not found.holds_headline:
        found.holds_headline = True
        found = found.parent
