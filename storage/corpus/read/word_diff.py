"""The words that differ between two texts, in reading order."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal["same", "removed", "added"]

#: Words beyond which a paragraph is compared as a whole: difflib's time grows with the square.
_LONG = 4000


def compared_text(revision: Mapping[str, Any]) -> str:
    """The text of a revision, as `storage.corpus.read.queries.show` has it: headline, lede and body."""
    return "\n\n".join(filter(None, (revision["headline"], revision["description"], revision["body"])))


def word_diff(before: str, after: str) -> Iterator[tuple[Kind, str]]:
    """Runs of words: first paragraph by paragraph, then word by word inside those that differ.

    A paragraph's end is the run `("same", "\\n")`.
    """
    old, new = before.split("\n"), after.split("\n")
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for line in old[start:end]:
                yield "same", line
                yield "same", "\n"
            continue
        shared = min(end - start, new_end - new_start)
        for at in range(max(end - start, new_end - new_start)):
            left = old[start + at] if at < end - start else ""
            right = new[new_start + at] if at < new_end - new_start else ""
            yield from _words(left, right) if at < shared else _whole(left, right)
            yield "same", "\n"


def _whole(left: str, right: str) -> Iterator[tuple[Kind, str]]:
    if left:
        yield "removed", left
    if right:
        yield "added", right


def _words(left: str, right: str) -> Iterator[tuple[Kind, str]]:
    old, new = left.split(), right.split()
    if len(old) + len(new) > _LONG:
        yield from _whole(left, right)
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(old[start:end])
        else:
            yield from _whole(" ".join(old[start:end]), " ".join(new[new_start:new_end]))
