"""Which text blocks of an unknown page are its article's, by a written table of weights.

A logistic rule: the evidence for a block, times its weights, is summed; the block is of the text where the sum is
above 0. trafilatura's separation is the starting point, so each kind of evidence has two weights: for a block that
trafilatura took, and for one that it left. `bench.fit_selection` fits the table on the halves of the open benchmarks
that rules may be learned from, and prints it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from lxml.html import HtmlElement

from crawler.extraction.generic.evidence import Evidence
from crawler.extraction.generic.text_blocks import INLINE, Node, TextBlock
from crawler.extraction.html.blocks import Parts
from crawler.extraction.html.embeds import PLAYERS

#: Share of a block's text above which trafilatura took it.
TAKEN = 0.5
#: Kind of evidence to weights: for a block that trafilatura took, for one that it left.
WEIGHTS: Mapping[str, tuple[float, float]] = {
    "always": (0.0, 1.2),
    "agreement": (-0.6, -2.3),
    "in our container": (0.6, 1.2),
    "in the agreed container": (1.4, 0.3),
    "item in our container": (0.5, 0.8),
    "alike not taken": (0.2, -0.6),
    "no block alike": (-0.8, -1.1),
    "great-grandparent not taken": (0.4, -0.6),
    "great-grandparent taken": (-0.7, 0.3),
    "siblings taken": (0.4, 0.0),
    "amid the text": (0.4, 0.3),
    "previous taken": (0.3, 0.5),
    "next taken": (0.4, -0.1),
    "before the text": (1.2, -0.2),
    "behind the text": (1.5, -0.2),
    "at the beginning": (0.8, 0.2),
    "at the end": (-0.8, -1.4),
    "before the headline": (-0.4, -1.3),
    "behind a tail heading": (-1.2, -0.9),
    "outside the named body": (1.6, -0.5),
    "sentence above the text": (0.0, 1.5),
    "named like a lede": (-0.2, 1.1),
    "main": (0.2, 0.7),
    "header": (-1.0, -0.2),
    "footer": (-0.4, -0.9),
    "nav": (0.1, -0.9),
    "div": (-0.1, -0.7),
    "named like boilerplate": (-0.2, -1.0),
    "named like an advert": (-2.1, 0.1),
    "named like a caption": (-0.6, -0.8),
    "links": (-1.0, -0.4),
    "some links": (-0.8, -0.1),
    "all links": (1.0, -0.2),
    "headline": (-1.8, -0.4),
    "sentence": (1.4, 0.6),
    "short line": (0.7, 0.7),
    "short": (-0.7, -1.4),
    "tiny": (-1.5, -0.1),
    "pointer": (-1.5, -0.6),
    "asks the reader": (-1.4, -0.9),
    "in articleBody": (0.7, 1.5),
    "not in articleBody": (-0.9, -0.3),
}
#: Tags that hold one piece of a text: the container is around them.
_PIECES = INLINE | frozenset("p ul ol li dl dt dd blockquote h1 h2 h3 h4 h5 h6 table tr tbody thead td th pre".split())  # noqa: SIM905
#: Rows that a table of values has at least, letters of its longest cell, and the share of them by which it is chosen.
_ROWS, _LONGEST_CELL, _MOST_OF_TABLE = 3, 100, 0.5
#: Share of the chosen text that stands in the core of the container.
_CORE = 0.9


def is_chosen(evidence: Evidence, taken: float) -> bool:
    """Whether the weighted evidence speaks for a block; `taken` is the share of it that trafilatura took."""
    return sum(weighted(evidence, taken).values()) > 0


def weighted(evidence: Evidence, taken: float) -> dict[str, float]:
    """The evidence for a block times its weights, whose sum `is_chosen` looks at."""
    column = 0 if taken >= TAKEN else 1
    return {name: value * WEIGHTS[name][column] for name, value in evidence.items() if name in WEIGHTS}


def with_whole_tables(nodes: Iterable[Node], blocks: Sequence[TextBlock], chosen: Sequence[bool]) -> list[bool]:
    """Which blocks are chosen, where a table of values is chosen whole: most cells are too short for evidence of their
    own. A table counts as one of values by the length of its cells, and is chosen by most of its letters."""
    if not any(node.element.tag == "tr" for node in nodes):
        return list(chosen)
    rows: dict[Node, set[Node]] = {}
    cells: dict[Node, list[int]] = {}
    for number, block in enumerate(blocks):
        row = next((node for node in block.node.ancestors if node.element.tag == "tr"), None)
        table = next((node for node in row.ancestors if node.element.tag == "table"), None) if row else None
        if row and table:
            rows.setdefault(table, set()).add(row)
            cells.setdefault(table, []).append(number)
    whole = list(chosen)
    for table, numbers in cells.items():
        sizes = [len(blocks[number].key) for number in numbers]
        has_values = len(rows[table]) >= _ROWS and len(numbers) >= 2 * len(rows[table]) and max(sizes) <= _LONGEST_CELL
        taken = sum(size for number, size in zip(numbers, sizes, strict=True) if chosen[number])
        if has_values and taken >= _MOST_OF_TABLE * sum(sizes):
            for number in numbers:
                whole[number] = True
    return whole


def select(
    nodes: Sequence[Node], chosen: Collection[TextBlock], blocks: Iterable[TextBlock]
) -> tuple[HtmlElement, Parts]:
    """The smallest container of the chosen blocks, and the parts of it that the walker is to read.

    Pictures and players stay where they stand inside the text.
    """
    letters, other = [0] * len(nodes), [False] * len(nodes)
    for block in blocks:
        other[block.node.number] = True
    for block in chosen:
        letters[block.node.number] += len(block.key)
    texts = {block.node for block in chosen}
    for node in reversed(nodes):
        if node.parent is not None:
            letters[node.parent.number] += letters[node.number]
            other[node.parent.number] |= other[node.number]
    container = _deepest(nodes, [size >= letters[0] for size in letters])
    core = _deepest(nodes, [size >= _CORE * letters[0] for size in letters])
    without, textless = set(), set() if container in texts else {container.element}
    shown, end = set(), 0
    for node in nodes[container.number + 1 : container.end]:
        if node.number < end:
            continue
        if letters[node.number]:
            shown.add(node.element)
            if node.block not in texts:
                textless.add(node.element)
        elif node.block is node or node.block not in texts:
            inside = core.number < node.number < core.end
            if inside and other[node.number] and not node.out and _holds_captions(node.element):
                textless.add(node.element)
                continue
            end = node.end
            if not inside or _is_left_out(node, has_text=other[node.number]):
                without.add(node.element)
    return container.element, Parts(without, textless, shown)


def _deepest(nodes: Sequence[Node], holds: Sequence[bool]) -> Node:
    """The deepest element that holds the text and is more than a piece of it."""
    found = nodes[0]
    for node in nodes[1:]:
        if holds[node.number] and node.parent is found:
            found = node
    while found.parent is not None and found.element.tag in _PIECES:
        found = found.parent
    return found


def _is_left_out(node: Node, *, has_text: bool) -> bool:
    """Whether an element without chosen text is none of the article's; a figure is, whose caption the walker knows."""
    element = node.element
    if node.out:
        return element.tag not in PLAYERS
    return has_text and element.tag not in ("figure", "figcaption")


def _holds_captions(element: HtmlElement) -> bool:
    """Whether captions of pictures are among what an element without chosen text holds."""
    return element.tag not in ("figure", "figcaption") and next(element.iter("figcaption"), None) is not None
