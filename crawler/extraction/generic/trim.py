"""The edges of a text found on an unknown page: headline and byline before it, credits and pointers behind it."""

import re
from collections.abc import Iterable, Iterator

from crawler.extraction.generic.boilerplate_lines import is_credit, is_label, opens_tail, tells_making
from storage.article import OUTSIDE_BODY, Block, BlockType

_NO_WORD = re.compile(r"\W+")
_SENTENCE_END = re.compile(r"[.!?:…”\"]$")
#: Letters from which a paragraph is running text, a heading says something.
_RUNNING = 60
_SPEAKING = 12
#: Blocks shorter than this may stand twice in a text (a refrain, a name over each answer).
_WORTH_COMPARING = 40
#: Each block is compared with each up to so many.
_MOST_COMPARED = 400
#: The headline stands before this share of the text.
_BEGINNING = 0.3
#: A text's tail begins behind this share of its running text.
_MOST = 0.8


def trimmed(blocks: list[Block], headlines: Iterable[str | None]) -> list[Block]:
    """The blocks without what only surrounds them; `headlines` are the spellings of the page's headline."""
    *_, (_, found) = _steps(blocks, headlines)
    return found


def trim_rules(blocks: list[Block], headlines: Iterable[str | None]) -> Iterator[tuple[Block, str]]:
    """The blocks that `trimmed` leaves out, each with the rule that does."""
    before = blocks
    for rule, after in _steps(blocks, headlines):
        rest = set(map(id, after))
        yield from ((block, rule) for block in before if id(block) not in rest)
        before = after


def _steps(blocks: list[Block], headlines: Iterable[str | None]) -> Iterator[tuple[str, list[Block]]]:
    """Each rule, and the blocks that it leaves."""
    found = [block for block in blocks if not is_label(block.text)]
    yield "a label", found
    found = _once(found)
    yield "a repetition of another block", found
    found = _without_headline(found, {key for text in headlines if text and (key := _key(text))})
    yield "the headline", found
    found = _without_opening(found)
    yield "a short line before the text begins", found
    found = _before_tail(found)
    yield "the tail of the text, which a line like 'read also' opens", found
    yield "a credit or heading behind the text", _without_credits(found)


def _key(text: str) -> str:
    return _NO_WORD.sub("", text.casefold())


def _is_running(block: Block) -> bool:
    if block.type is BlockType.TABLE:
        return True
    words = block.type in (BlockType.PARAGRAPH, BlockType.QUOTE)
    return words and len(block.text) >= _RUNNING and not tells_making(block.text)


def _without_headline(blocks: list[Block], headlines: set[str]) -> list[Block]:
    limit = _BEGINNING * sum(len(block.text) for block in blocks)
    before, kept = 0, []
    for block in blocks:
        is_line = block.type in (BlockType.HEADING, BlockType.PARAGRAPH)
        if before >= limit or not (is_line and _key(block.text) in headlines):
            kept.append(block)
        before += len(block.text)
    return kept


def _without_opening(blocks: list[Block]) -> list[Block]:
    """Without the short lines before the text begins, unless they are half of it."""
    start = next((number for number, block in enumerate(blocks) if _begins(block)), len(blocks))
    if start >= len(blocks) / 2:
        return blocks
    return [block for block in blocks[:start] if block.type in OUTSIDE_BODY] + blocks[start:]


def _begins(block: Block) -> bool:
    if block.type is BlockType.HEADING:
        return len(block.text) > _SPEAKING
    return block.type is BlockType.LIST or _is_running(block) or bool(_SENTENCE_END.search(block.text))


def _before_tail(blocks: list[Block]) -> list[Block]:
    whole = sum(len(block.text) for block in blocks if _is_running(block))
    seen = 0
    for number, block in enumerate(blocks):
        seen += len(block.text) if _is_running(block) else 0
        is_line = block.type in (BlockType.HEADING, BlockType.PARAGRAPH)
        if is_line and seen > _MOST * whole and opens_tail(block.text):
            return blocks[:number]
    return blocks


def _without_credits(blocks: list[Block]) -> list[Block]:
    end = len(blocks)
    while end and _is_no_end(blocks[end - 1]):
        end -= 1
    return blocks[:end] + [block for block in blocks[end:] if block.type in OUTSIDE_BODY]


def _is_no_end(block: Block) -> bool:
    return block.type in OUTSIDE_BODY or block.type is BlockType.HEADING or is_credit(block.text)


def _once(blocks: list[Block]) -> list[Block]:
    """Without blocks that repeat an earlier one, and without one that is several others glued together."""
    kept: dict[str, Block] = {}
    for number, block in enumerate(blocks):
        key = block.text if len(block.text) >= _WORTH_COMPARING else f"{number} {block.text}"
        kept.setdefault(key, block)
    texts = [text for text in kept if len(text) >= _WORTH_COMPARING]
    glued = {long for long in texts if _is_glued(long, texts)} if len(texts) <= _MOST_COMPARED else set()
    return [block for key, block in kept.items() if key not in glued]


def _is_glued(long: str, texts: list[str]) -> bool:
    if len(long) < 4 * _WORTH_COMPARING:
        return False
    inside = [text for text in texts if len(text) < len(long) and text in long]
    return len(inside) > 1 and sum(map(len, inside)) > 0.8 * len(long)
