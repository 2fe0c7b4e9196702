"""The element that most likely holds an unknown page's text by our own finding: much running text close below it.

A second opinion beside trafilatura's: `generic.evidence` weighs it.
"""

from collections.abc import Sequence

from crawler.extraction.generic.boilerplate_names import Boilerplate
from crawler.extraction.generic.text_blocks import INLINE, Node, TextBlock

#: Tags that hold one piece of a text, never the whole.
_PIECES = INLINE | frozenset("p ul ol li blockquote h1 h2 h3 h4 h5 h6 tr tbody thead pre figcaption".split())  # noqa: SIM905
#: A block with fewer letters is no running text, whatever it is.
_SHORTEST = 40
#: How much of a text's weight reaches the parent element, and the parent of one that only groups lines.
_FADE, _FADE_THROUGH = 0.7, 0.95
_THROUGH = frozenset("ul ol li p blockquote td tr tbody".split())  # noqa: SIM905
#: How much less what is named like boilerplate weighs, and more what is named like a body.
_BOILERPLATE, _BODY = 0.4, 1.5
#: Share of the text below which an element in the container that is named like boilerplate is none of it.
_SMALL = 0.3
#: Levels that are looked at for an ancestor with more of the text almost as close.
_FAR = 5


def in_container(nodes: Sequence[Node], blocks: Sequence[TextBlock]) -> list[bool]:
    """Of each block whether it stands in the container and is not named like boilerplate there."""
    mass, weight = [0.0] * len(nodes), [0.0] * len(nodes)
    for block in blocks:
        mass[block.node.number] = weight[block.node.number] = _running(block)
    whole = sum(mass)
    for node in reversed(nodes):
        if node.parent is not None:
            if node.kind is Boilerplate.SURE and mass[node.number] < 0.7 * whole:
                mass[node.number] = weight[node.number] = 0.0
            fade = _FADE_THROUGH if node.element.tag in _THROUGH else _FADE
            mass[node.parent.number] += mass[node.number]
            weight[node.parent.number] += weight[node.number] * fade
    named = [False] * len(nodes)
    for node in nodes:
        named[node.number] = bool(node.kind) or (node.parent is not None and named[node.parent.number])
    candidates = [node for node in nodes if not node.out and node.element.tag not in _PIECES] or nodes[:1]
    chosen = max(
        candidates,
        key=lambda node: (
            weight[node.number]
            * (_BOILERPLATE if named[node.number] else 1.0)
            * (_BODY if node.is_body else 1.2 if node.element.tag in ("article", "main") else 1.0)
        ),
    )
    for ancestor in [*chosen.ancestors][1 : _FAR + 1]:
        more = mass[ancestor.number] > 1.05 * mass[chosen.number]
        if ancestor.parent is not None and more and weight[ancestor.number] > 0.8 * weight[chosen.number]:
            chosen = ancestor
    outside = [False] * len(nodes)
    for node in nodes[chosen.number + 1 : chosen.end]:
        small = bool(node.kind) and mass[node.number] < _SMALL * mass[chosen.number]
        outside[node.number] = small or (node.parent is not None and outside[node.parent.number])
    return [chosen.number <= b.node.number < chosen.end and not outside[b.node.number] for b in blocks]


def _running(block: TextBlock) -> float:
    """The letters of running text: none in a short line, a heading or a list of links."""
    size = len(block.key)
    if size < _SHORTEST or block.linked * 2 > size or block.node.element.tag in ("h1", "h2", "h3", "figcaption"):
        return 0.0
    return float(size - block.linked)
