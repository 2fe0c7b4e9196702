"""Paragraphs out of a text in which they were joined without a separator (Sputnik's `articleBody`).

Two kinds of seam. A *hard* seam: a sentence ends and the next begins without a space between them
("negativa.Secondo"). A *soft* seam: a piece without final punctuation, mostly a subhead, is followed by a capital
("sicurezzaA seguito"). Names spelled in camel case look like soft seams, so one is only taken where both sides
speak for it: see `_is_seam`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extraction.flattened.lines import QUOTE_MARKS, is_heading
from crawler.extraction.flattened.openers import ALSO_ENGLISH, JOINED_TO_NOUN, OPENERS

_OPEN, _CLOSE = "«“‘„", "»”"
_ABBREVIATIONS_LIST = """sig sigg sigra dott dottssa dr prof profssa on sen gen col cap avv ing arch mons
    rev st mr mrs ms ss art n nr pag cfr vs jr gov rep lt sgt"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_LIST.split())
_INITIALS = re.compile(r"(?:^|[\W_])[^\W\d_](?:\.[^\W\d_])*\.$")
_WORD = re.compile(r"[^\W_]+")
_FIRST_WORD = re.compile(r"[^\W\d_]+['’]?")
_LAST_WORD = re.compile(r"[^\W_]+$")
_SOFT = re.compile(
    r"(?<=[a-zß-ÿ0-9%°)])(?=[A-ZÀ-Þ])"  # sicurezza|A, 2022|Il
    r"|(?<=[A-ZÀ-Þ0-9]{2})(?=[A-ZÀ-Þ](?:[a-zß-ÿ]|['’]))"  # NATO|Il, USA|L'incontro
    r"|(?<=[A-ZÀ-Þ]{2})(?=[AEIOÈ] )"  # NATO|A seguito
    r"|(?<=[^\W_])(?=[«“\"][A-ZÀ-Þ])"  # sicurezza|"Abbiamo
)
_VOWELS = tuple("aeiouàèéìòù")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or a subhead of the glued text."""

    text: str
    heading: bool = False


def split_glued(text: str, evidence: str = "") -> list[Piece]:
    """The pieces of a glued text, in order; joined again they are the text, but for white space at the seams.

    `evidence` is other text about the same matter (headline, lede, keywords): words known from it are not cut.
    """
    words = Counter(_WORD.findall(text)) + Counter(_WORD.findall(evidence))
    joined = frozenset(word.casefold() for word in _WORD.findall(evidence))
    pieces: list[Piece] = []
    for sentence_group in _hard_pieces(text):
        pieces.extend(_soft_pieces(sentence_group, words, joined))
    if pieces and pieces[-1].heading:
        pieces[-1] = Piece(pieces[-1].text)
    return pieces


def _hard_pieces(text: str) -> Iterator[str]:
    start, depth = 0, 0
    for at in range(1, len(text)):
        depth = _depth_after(text, at - 1, depth)
        if _is_hard(text[max(start, at - 40) : at], text[at : at + 40], depth):
            yield text[start:at].strip()
            start, depth = at, 0
    if text[start:].strip():
        yield text[start:].strip()


def _depth_after(text: str, at: int, depth: int) -> int:
    """How many quotations are open behind the character at `at`, which is not the last one."""
    char = text[at]
    if char in _OPEN:
        return depth + 1
    if char in _CLOSE:
        return max(0, depth - 1)
    if char != '"':
        return depth
    before, after = text[at - 1 : at] or " ", text[at + 1]
    opens, closes = before.isspace() or before in "(['’", after.isspace() or after in ".,;:!?)]"
    if opens == closes:
        opens = depth == 0
    return depth + 1 if opens else max(0, depth - 1)


def _is_hard(before: str, after: str, depth: int) -> bool:
    closed = re.search(r"([.!?…])([”\"»’')\]*]*)$", before)
    if closed:
        quotation_opens = after[0] in '"”»' and not depth and _begins(after[1:])
        if after[0] in "”»\"’')]*," and not quotation_opens and not _is_note(after):
            return False
        if not closed[2] and closed[1] == "." and _is_abbreviation(before, after):
            return False
        return quotation_opens or _is_note(after) or _begins(after, before)
    if before[-1] in '”»"' and not depth and len(before) > 1 and not before[-2].isspace():
        return _begins(after)
    if before[-1] in ":;)":
        return len(before) > 1 and before[-2].isalpha() and re.match(r"[\"“«]?[A-ZÀ-Þ][a-zß-ÿ'’ ]", after) is not None
    return False


def _is_note(after: str) -> bool:
    return re.match(r"\*+[A-ZÀ-Þ]", after) is not None


def _begins(after: str, before: str = "") -> bool:
    """Whether a sentence can begin here; with a number only behind a word of some length."""
    if re.match(r"\d+[°ª]?\s\w", after):
        return re.search(r"[^\W\d_]{4,}[.!?…]+$", before) is not None
    return re.match(r"[«“\"‘'(\[]*[A-ZÀ-Þ]|[«“][\wÀ-ÿ]|[-–—] ?[A-ZÀ-Þ]", after) is not None


def _is_abbreviation(before: str, after: str) -> bool:
    """Whether the full stop belongs to initials, an abbreviation or a domain name rather than to a sentence."""
    first = _FIRST_WORD.search(after)
    opener = first is not None and first.group() in OPENERS and len(first.group()) > 1
    token = before.split()[-1].rstrip(".")
    if _INITIALS.search(before) or token.casefold() in _ABBREVIATIONS:
        return not opener
    if re.match(r"[A-ZÀ-Þ]\.", after):
        return not re.search(r"[a-zß-ÿ]{4}$", token)
    if "/" in token or "@" in token or token.startswith("www."):
        return re.match(r"[«“\"‘'(\[]*[A-ZÀ-Þ][\w]*[ '’,]", after) is None
    return False


def _soft_pieces(text: str, words: Counter[str], known: frozenset[str]) -> Iterator[Piece]:
    start = 0
    for seam in _SOFT.finditer(text):
        left, right = text[start : seam.start()], text[seam.start() :]
        if _is_seam(left, right, words, known):
            yield Piece(left.strip(), is_heading(left.strip()))
            start = seam.start()
    rest = text[start:].strip()
    yield Piece(rest, rest.endswith("?") and len(rest.split()) > 1 and is_heading(rest))


def _is_seam(left: str, right: str, words: Counter[str], known: frozenset[str]) -> bool:
    """Whether the text breaks here, between two characters without a space.

    Speaks against it: the joined word occurs elsewhere (a name), too little follows, an article or preposition
    would end the left side. Speaks for it: a word that opens sentences follows; the left word is an ordinary
    Italian word in lower case; the words on both sides occur elsewhere by themselves; the left side reads like a
    subhead. One alone is not enough where the left word is capitalised as a name is.
    """
    if len(right.split()) < 3 or _opens_quotation(right):
        return _opens_quotation(right) and _quote_follows(left, words)
    last, first = _LAST_WORD.search(left), _FIRST_WORD.match(right)
    if first is None:
        return False
    tail, head = (last.group() if last else ""), first.group()
    run = _WORD.match(right)
    joined = tail + (run.group() if run else "")
    if tail and (words[joined] > 1 or joined.casefold() in known or tail.lower() in JOINED_TO_NOUN):
        return False
    opener = head in OPENERS
    subhead = is_heading(left.strip())
    tail_known, head_known = not tail or words[tail] > 0, words[head] > 0
    if not tail or tail[-1].isdigit():
        return opener or (head_known and subhead)
    if tail[0].islower() and len(tail) > 2 and (tail.endswith(_VOWELS) or tail_known):
        return opener or head_known or tail_known or (subhead and len(left.split()) > 2)
    if opener and head in ALSO_ENGLISH:
        return subhead and (tail_known or tail.endswith(_VOWELS) or tail.isupper())
    if opener:
        return subhead or tail_known
    return subhead and len(left.split()) > 1 and ((tail_known and head_known) or tail.casefold() in known)


def _opens_quotation(right: str) -> bool:
    """Whether the right side of a seam opens a quotation."""
    return right[0] in QUOTE_MARKS


def _quote_follows(left: str, words: Counter[str]) -> bool:
    """A quotation right behind a letter: a seam where the left side reads like a subhead or a paragraph's end."""
    last = _LAST_WORD.search(left)
    if last is None or last.group().lower() in JOINED_TO_NOUN:
        return False
    balanced = left.count('"') % 2 == 0 and left.count("“") == left.count("”")
    return balanced and len(left.split()) > 1 and is_heading(left.strip())
