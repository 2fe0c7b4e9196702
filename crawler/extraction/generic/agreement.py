"""How far two readers of a page agree on its text."""

from collections import Counter

#: Words of a shingle: enough that two texts seldom share one by chance.
_SHINGLE = 4


def agreement(one: str, other: str) -> float:
    """The F1 score of the four-word shingles that two texts share, each as often as it occurs: 0 to 1, in hundredths.

    Texts of fewer words are one shingle. Two empty texts agree.
    """
    ours, theirs = _shingles(one), _shingles(other)
    both = ours.total() + theirs.total()
    shared = sum(min(ours[shingle], theirs[shingle]) for shingle in ours.keys() & theirs.keys())
    return round(2 * shared / both, 2) if both else 1.0


def _shingles(text: str) -> Counter[str]:
    words = text.casefold().split()
    if len(words) < _SHINGLE:
        return Counter([" ".join(words)] if words else [])
    return Counter(map(" ".join, zip(*(words[start:] for start in range(_SHINGLE)), strict=False)))
