"""The evidence for and against each text block of an unknown page: who took it for the text, where and what it is.

`generic.selection` has the weight of each kind of evidence; `bench.fit_selection` finds the weights.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from crawler.extraction.generic.boilerplate_lines import asks_reader, opens_tail, points_elsewhere
from crawler.extraction.generic.boilerplate_names import ADVERT, CAPTION, LEDE, Boilerplate
from crawler.extraction.generic.container import in_container
from crawler.extraction.generic.text_blocks import Node, TextBlock

Evidence = Mapping[str, float]

_SENTENCE_END = re.compile(r"[.!?…:;,”\"»]\W*$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Tags around a block that are evidence by themselves.
_TAGS = ("main", "header", "footer", "nav", "figcaption")
#: In place of a tag: an element that is surely boilerplate.
_LEFT_OUT = "named like boilerplate"
_NONE: frozenset[str] = frozenset()
#: Letters from which a block counts as running text.
RUNNING = 60
#: Letters from which a block that trafilatura took shows where the text begins and ends.
_EDGE = 40
#: Share of the taken text above which a line like "Related" opens what stands behind the text.
_TAIL = 0.6
#: Share of the taken text that an element holds which is named like a body and is believed.
_BODY = 0.5
#: Share of the taken text that an element holds at most whose name means one piece of the page.
_PIECE = 0.4
#: Share of the taken text behind which what stands is late.
_LATE = 0.8
#: Letters from which a line above the text may be its lede.
_LEDE = 40


@dataclass(frozen=True, slots=True)
class Readings:
    """What is known of the text blocks of a page, by their numbers.

    `taken`: the share of each that trafilatura took. `headline`: its key. `in_article_body`: the
    share that the page's own `articleBody` has, None where the page has none.
    """

    taken: Sequence[float]
    headline: str = ""
    in_article_body: Sequence[float] | None = None


def block_evidence(nodes: Sequence[Node], blocks: Sequence[TextBlock], readings: Readings) -> list[Evidence]:
    """The evidence of each block by name, a number from 0 to 1 for each; what is not named is 0."""
    page = _Page(nodes, blocks, readings)
    return [
        {
            name: float(value)
            for found in (page.of_readers(number), page.of_place(number), page.of_markup(number), page.of_words(number))
            for name, value in found
            if value
        }
        for number in range(len(blocks))
    ]


class _Page:
    def __init__(self, nodes: Sequence[Node], blocks: Sequence[TextBlock], readings: Readings) -> None:
        self._blocks = blocks
        self._readings = readings
        self._letters = [len(block.key) for block in blocks]
        self._taken = [share * size for share, size in zip(readings.taken, self._letters, strict=True)]
        self._letters_below, self._taken_below = (_sums(nodes, blocks, v) for v in (self._letters, self._taken))
        self._own = in_container(nodes, blocks)
        own = sum(size for size, found in zip(self._letters, self._own, strict=True) if found)
        both = sum(size for size, found in zip(self._taken, self._own, strict=True) if found)
        self._agreement = 2 * both / (own + sum(self._taken)) if own else 0.0
        self._before = list(accumulate(self._taken, initial=0.0))
        self._whole = self._before[-1]
        self._letters_of, self._taken_of = Counter[object](), Counter[object]()
        self._kinds = [_kind(block.node) for block in blocks]
        for kind, size, taken in zip(self._kinds, self._letters, self._taken, strict=True):
            self._letters_of[kind] += size
            self._taken_of[kind] += taken  # type: ignore[assignment]  # a sum of shares
        edges = [n for n, size in enumerate(self._letters) if size >= _EDGE and readings.taken[n] > 0.5]
        self._first, self._last = (edges[0], edges[-1]) if edges else (len(blocks), -1)
        self._running = _neighbours([size >= RUNNING for size in self._letters])
        self._headline = next(self._headlines(), None)
        self._tails = list(self._tail_open())
        believed = [self._is_believed_body(node) for node in nodes]
        self._named = any(believed)
        self._in_named = [
            bool(found) for found in _with_above(nodes, [{"body"} if flag else _NONE for flag in believed])
        ]
        self._tags_around = _with_above(nodes, [_tag_and_names(node, self._is_left_out(node)) for node in nodes])
        self._meanings = _with_above(nodes, [self._meanings_of(node) for node in nodes])
        self._of_markup: dict[tuple[object, ...], list[tuple[str, float]]] = {}

    def _headlines(self) -> Iterator[int]:
        key = self._readings.headline
        yield from (number for number, block in enumerate(self._blocks) if key and block.key == key)
        yield from (number for number, block in enumerate(self._blocks) if block.node.element.tag == "h1")

    def _is_believed_body(self, node: Node) -> bool:
        return node.is_body and self._taken_below[node.number] >= _BODY * self._whole > 0

    def _is_left_out(self, node: Node) -> bool:
        """Whether its names say that it is boilerplate, and it holds little of what was taken."""
        return node.kind is Boilerplate.SURE and self._taken_below[node.number] < 0.3 * self._whole

    def _meanings_of(self, node: Node) -> frozenset[str]:
        """What the element's names mean, unless it holds so much of the text that they mean something else."""
        return node.meanings if node.meanings and self._taken_below[node.number] <= _PIECE * self._whole else _NONE

    def _tail_open(self) -> Iterator[bool]:
        """Whether each block stands behind a line like "Related", before the next heading."""
        is_open = False
        for block, before in zip(self._blocks, self._before, strict=False):
            yield is_open
            if opens_tail(block.text) and before > _TAIL * self._whole:
                is_open = True
            elif block.node.element.tag in _HEADINGS:
                is_open = False

    def of_readers(self, number: int) -> Iterator[tuple[str, float]]:
        """What trafilatura made of the blocks like this one and around it, and the page's own `articleBody` of it."""
        yield "always", 1.0
        yield "agreement", self._agreement
        yield "in our container", self._own[number]
        yield "in the agreed container", self._own[number] * self._agreement
        node, letters = self._blocks[number].node, self._letters[number]
        yield "siblings taken", self._taken_beside(number)
        kind = self._kinds[number]
        others = self._letters_of[kind] - letters
        alike = (self._taken_of[kind] - self._taken[number]) / others if others > 0 else None
        yield "no block alike", alike is None
        yield "alike not taken", alike is not None and alike < 0.05
        for parent in islice(node.ancestors, 3, 4):
            rest = self._letters_below[parent.number] - letters
            if rest > 0:
                share = (self._taken_below[parent.number] - self._taken[number]) / rest
                yield "great-grandparent taken", share
                yield "great-grandparent not taken", share < 0.05
        if self._readings.in_article_body is not None:
            yield "in articleBody", self._readings.in_article_body[number] > 0.5
            yield "not in articleBody", self._readings.in_article_body[number] <= 0.5

    def _taken_beside(self, number: int) -> float:
        """The share of the text beside the block, in the same element, that trafilatura took."""
        parent, letters = self._blocks[number].node.parent, self._letters[number]
        rest = self._letters_below[parent.number] - letters if parent is not None else 0
        return (self._taken_below[parent.number] - self._taken[number]) / rest if parent and rest > 0 else 0.0

    def of_place(self, number: int) -> Iterator[tuple[str, float]]:
        """Where the block stands among those that trafilatura took."""
        taken, block = self._readings.taken, self._blocks[number]
        before, behind = (taken[n] if n is not None else 0.0 for n in self._running[number])
        previous = taken[number - 1] if number else 0.0
        done = self._before[number] / self._whole if self._whole else 0.0
        yield "before the text", number < self._first
        yield "behind the text", number > self._last
        yield "amid the text", before * behind
        yield "previous taken", previous
        yield "next taken", taken[number + 1] if number + 1 < len(taken) else 0.0
        yield "at the beginning", done < 0.05
        yield "at the end", done > 0.95
        yield "before the headline", self._headline is not None and number < self._headline
        yield "behind a tail heading", self._tails[number]
        if self._named:
            yield "outside the named body", not self._in_named[block.node.number]
        if self._headline is not None and self._headline < number < self._first:
            yield "sentence above the text", len(block.key) >= _LEDE and bool(_SENTENCE_END.search(block.text))
            yield "named like a lede", LEDE in self._meanings[block.node.number]

    def of_markup(self, number: int) -> Sequence[tuple[str, float]]:
        """The block's tag, the tags and names around it, its links: of most blocks the same as of others."""
        node = self._blocks[number].node
        tags, meanings = self._tags_around[node.number], self._meanings[node.number]
        key = (node.element.tag, tags, meanings, self._own[number], self._blocks[number].links)
        if key not in self._of_markup:
            self._of_markup[key] = [(name, value) for name, value in _markup_evidence(*key) if value]
        return self._of_markup[key]

    def of_words(self, number: int) -> Iterator[tuple[str, float]]:
        """The block's words and length."""
        block, size = self._blocks[number], self._letters[number]
        text = block.text
        sentence = bool(_SENTENCE_END.search(text))
        yield "headline", block.key == self._readings.headline
        yield "sentence", sentence
        yield "short line", size < 80 and not sentence
        yield "tiny", size < 15
        yield "short", size < 80
        yield "pointer", points_elsewhere(text) and (block.links > 0.25 or size < 40)
        is_late = self._before[number] > _LATE * self._whole
        yield "asks the reader", (block.linked > 0 or is_late) and asks_reader(text)


def _markup_evidence(
    own_tag: object, tags: frozenset[str], meanings: frozenset[str], own: bool, links: float
) -> Iterator[tuple[str, float]]:
    for tag in _TAGS:
        yield tag, tag in tags
    yield "item in our container", "li" in tags and own
    yield "div", own_tag == "div"
    yield "named like boilerplate", _LEFT_OUT in tags
    yield "named like an advert", ADVERT in meanings
    yield "named like a caption", CAPTION in meanings
    yield "links", links
    yield "some links", links > 0.25
    yield "all links", links > 0.8


def _sums(nodes: Sequence[Node], blocks: Sequence[TextBlock], values: Sequence[float]) -> list[float]:
    """By number of the node: the values of all blocks at and below it."""
    sums = [0.0] * len(nodes)
    for block, value in zip(blocks, values, strict=True):
        sums[block.node.number] += value
    for node in reversed(nodes):
        if node.parent is not None:
            sums[node.parent.number] += sums[node.number]
    return sums


def _tag_and_names(node: Node, left_out: bool) -> frozenset[str]:
    """What the element is to the blocks in it; the page's body is nothing to them."""
    tag = node.element.tag
    if node.parent is None or not (left_out or tag == "li" or tag in _TAGS):
        return _NONE
    return frozenset({tag, _LEFT_OUT} if left_out else {tag})


def _with_above(nodes: Sequence[Node], own: Sequence[Collection[str]]) -> list[frozenset[str]]:
    """By number of the node: what is its own and that of the nodes above it."""
    found: list[frozenset[str]] = []
    for node, mine in zip(nodes, own, strict=True):
        above = found[node.parent.number] if node.parent is not None else _NONE
        found.append(above.union(mine) if mine else above)
    return found


def _kind(node: Node) -> tuple[str | None, ...]:
    element, parent = node.element, node.parent.element if node.parent is not None else None
    around = (None, None) if parent is None else (parent.tag, parent.get("class"))
    return element.tag, element.get("class"), *around


def _neighbours(flags: Sequence[bool]) -> list[tuple[int | None, int | None]]:
    """For each number the next flagged one before and behind it."""
    before = _last_flagged(flags)
    behind = [len(flags) - 1 - n if n is not None else None for n in _last_flagged(flags[::-1])]
    return list(zip(before, reversed(behind), strict=True))


def _last_flagged(flags: Sequence[bool]) -> list[int | None]:
    found: list[int | None] = []
    last: int | None = None
    for number, flag in enumerate(flags):
        found.append(last)
        last = number if flag else last
    return found
