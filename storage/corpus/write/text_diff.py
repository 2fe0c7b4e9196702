"""The difference between two revisions of an article; called by storage.corpus.write.revisions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.article import OUTSIDE_BODY
from storage.corpus.write.identity import normalise


@dataclass(frozen=True, slots=True)
class RevisionText:
    """The normalised text of a revision: what its content hash digests."""

    headline: str
    lede: str
    blocks: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, headline: str, description: str | None, blocks: Sequence[Mapping[str, Any]]) -> "RevisionText":
        """From the article's JSON; each block with its type."""
        texts = ((block["type"], normalise(block["text"])) for block in blocks if block["type"] not in OUTSIDE_BODY)
        return cls(normalise(headline), normalise(description or ""), tuple(block for block in texts if block[1]))

    def words(self) -> Counter[str]:
        """Each word with how often it is there."""
        return Counter(f"{self.headline} {self.lede} {' '.join(text for _, text in self.blocks)}".split())


@dataclass(frozen=True, slots=True)
class TextChange:
    """`parts` among `headline`, `lede`, `body`; words that came and words that went, each counted as often as it did.

    Words that only moved count as neither. A body whose words are the same can still have changed: their order, or the
    types of its blocks.
    """

    parts: tuple[str, ...] = ()
    words_added: int = 0
    words_removed: int = 0


UNCHANGED = TextChange()


def change(before: RevisionText, after: RevisionText) -> TextChange:
    """What makes `after` another text than `before`."""
    differ = {
        "headline": before.headline != after.headline,
        "lede": before.lede != after.lede,
        "body": before.blocks != after.blocks,
    }
    old, new = before.words(), after.words()
    both = sum(min(old[word], new[word]) for word in old.keys() & new.keys())
    parts = tuple(part for part, differs in differ.items() if differs)
    return TextChange(parts, new.total() - both, old.total() - both)
