"""Where the text of an unknown page stands: the element that holds it, and what in there is not of it.

The element is the one that pulls most: much running text close below it, named like a body rather than like
furniture. Pages that cut their text into sibling containers get the element around these.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.generic.boilerplate_lines import is_label, is_shouted, points_elsewhere
from crawler.extraction.generic.boilerplate_names import Furniture, is_property_list
from crawler.extraction.generic.outline import INLINE, Node, outline, weigh
from crawler.extraction.html.text import fold

#: Elements that hold one piece of a text, never the whole.
_PIECES = frozenset("p ul ol li blockquote h1 h2 h3 h4 h5 h6 tr tbody thead span a strong em b i pre".split())  # noqa: SIM905
#: How much less what is named like furniture pulls.
_NAMED_FURNITURE = 0.4
#: Ancestors that are looked at for a text cut into pieces.
_FAR = 5
#: Letters of running text outside that let furniture be larger than all the rest, as long comments are.
_A_TEXT = 300
#: Letters up to which a block is looked at as a line that may point elsewhere.
_LINE = 250
#: Letters from which a line that is all link is a teaser.
_TEASER = 35


@dataclass(frozen=True, slots=True)
class Body:
    """`container` holds the text, `without` the elements in it that are not of it.

    `mass` counts the letters of its running text, `text` and `linked` all letters in the container and those in
    links, `paragraphs` its blocks of running text, `teasers` its headings that are links; `elements` and `depth` are
    the whole page's.
    """

    container: HtmlElement
    without: frozenset[HtmlElement]
    mass: int
    text: int
    linked: int
    paragraphs: int
    teasers: int
    elements: int
    depth: int


def find_body(tree: HtmlElement, noise: frozenset[str] = frozenset()) -> Body:
    """The best container of the page; one without any running text where the page has none.

    `noise` are classes whose elements are known not to be of the text.
    """
    body = tree.find(".//body")
    nodes = outline(body if body is not None else tree)
    for node in nodes if noise else ():
        if not noise.isdisjoint((node.element.get("class") or "").split()):
            node.kind = Furniture.SURE
    without = [node.element for node in (*_property_lists(nodes), *_sure_furniture(nodes))]
    weigh(nodes)
    chosen = _around_pieces(nodes, _strongest(nodes))
    inside = nodes[chosen.number + 1 : chosen.end]
    without += [node.element for node in _furniture_inside(chosen, inside)]
    weigh(nodes)
    paragraphs = sum(node.own > 0 for node in inside) or int(chosen.own > 0)
    teasers = sum(_is_teaser(node) for node in inside)
    without += [node.element for node in _asides(inside)]
    return Body(
        container=chosen.element,
        without=frozenset(without),
        mass=chosen.mass,
        text=chosen.all_text,
        linked=chosen.all_linked,
        paragraphs=paragraphs,
        teasers=teasers,
        elements=len(nodes),
        depth=max(node.depth for node in nodes),
    )


def _is_teaser(node: Node) -> bool:
    heading = node.element.tag in ("h2", "h3", "h4", "h5")
    return heading and not node.out and node.all_linked > 0.8 * node.all_text >= 15


def _property_lists(nodes: list[Node]) -> list[Node]:
    """Take out what only lists properties for machines."""
    found = [node for node in nodes if is_property_list(node.element)]
    for node in found:
        node.out = True
    if found:
        weigh(nodes)
    return found


def _sure_furniture(nodes: list[Node]) -> Iterator[Node]:
    """Take out what is named as furniture beyond doubt, unless most of the page or its headline is in there."""
    whole = nodes[0].mass
    for node in nodes:
        if node.parent is not None and node.parent.out:
            node.out = True
        elif not node.out and _is_sure(node, whole) and not (node.holds_headline and node.mass > 0.2 * whole):
            node.out = True
            yield node


def _is_sure(node: Node, whole: int) -> bool:
    if node.kind is Furniture.SURE:
        return node.mass < 0.7 * whole or whole - node.mass > _A_TEXT
    return node.element.tag in ("footer", "aside", "form") and node.mass < 0.5 * whole


def _strongest(nodes: list[Node]) -> Node:
    named: list[bool] = []
    best, most = nodes[0], -1.0
    for node in nodes:
        named.append(node.kind is not Furniture.NO or (node.parent is not None and named[node.parent.number]))
        if node.out or node.element.tag in _PIECES:
            continue
        hint = node.hint if node.has_blocks else min(node.hint, 1.5)
        pull = node.pull * hint * (_NAMED_FURNITURE if named[-1] else 1.0)
        if pull > most:
            best, most = node, pull
    return best


def _around_pieces(nodes: list[Node], chosen: Node) -> Node:
    """The ancestor that holds more of the same text: in containers of the same class, or almost as close."""
    piece, ancestor = chosen, chosen.parent
    for _ in range(_FAR):
        if ancestor is None or ancestor.element.tag in ("body", "html") or chosen.hint >= 3:
            break
        holds_more = ancestor.mass > 1.05 * chosen.mass
        if holds_more and (ancestor.pull > 0.8 * chosen.pull or _has_twin(nodes, ancestor, piece)):
            chosen = ancestor
        ancestor = ancestor.parent
    return chosen


def _has_twin(nodes: list[Node], ancestor: Node, piece: Node) -> bool:
    """Whether the ancestor holds another piece of the text under the same class, and no second headline."""
    names = piece.element.get("class")
    inside = nodes[ancestor.number + 1 : ancestor.end]
    if not names or sum(node.element.tag == "h1" for node in inside) > 1:
        return False
    return any(
        not other.out and other is not piece and other.mass > 0.1 * piece.mass and other.element.get("class") == names
        for other in inside
    )


def _furniture_inside(chosen: Node, inside: list[Node]) -> Iterator[Node]:
    """Take out what is named like furniture within the container, unless it holds much of the text."""
    whole = chosen.mass
    for node in inside:
        if node.parent is not None and node.parent.out:
            node.out = True
        elif not node.out and node.kind and node.mass < 0.3 * whole:
            node.out = True
            yield node


def _asides(inside: list[Node]) -> Iterator[Node]:
    """Take out lines and lists within the text that lead elsewhere."""
    for node in inside:
        if node.parent is not None and node.parent.out:
            node.out = True
        elif not node.out and _is_aside(node):
            node.out = True
            yield node


def _is_aside(node: Node) -> bool:
    tag = node.element.tag
    if tag in ("ul", "ol"):
        return node.all_linked > 0.8 * node.all_text > 0
    if tag == "a":
        return _stands_alone(node) and _leads_elsewhere(_text(node), all_link=True)
    if node.block is not node or node.has_blocks or not 0 < node.text <= _LINE or tag in ("td", "th", "blockquote"):
        return False
    line = _text(node)
    if is_label(line) or (points_elsewhere(line) and (node.linked > 0.25 * node.text or len(line) < 40)):
        return True
    return tag in ("p", "div") and node.linked >= 0.8 * node.text and _leads_elsewhere(line, all_link=False)


def _leads_elsewhere(line: str, *, all_link: bool) -> bool:
    """Whether a line that is a link is a teaser, not a sentence of the text."""
    if is_shouted(line) or (all_link and (is_label(line) or points_elsewhere(line))):
        return True
    return len(line) >= _TEASER and (all_link or line[-1] not in '.!?…”"')


def _stands_alone(link: Node) -> bool:
    """Whether a link between blocks is a line of its own."""
    element = link.element
    before, after = element.getprevious(), element.getnext()
    return (
        link.block.has_blocks
        and not fold(element.tail)
        and before is not None
        and before.tag not in INLINE
        and not fold(before.tail)
        and (after is None or after.tag not in INLINE or after.tag == "br")
    )


def _text(node: Node) -> str:
    return fold("".join(node.element.itertext()))
