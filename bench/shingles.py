"""The public article-extraction-benchmark's own measure of a body, written again from its description.

Texts are compared as bags of shingles (four tokens in a row; tokens are runs of word characters). A page's counts are
divided by their sum, so that a long page weighs no more than a short one; precision and recall are means over the
pages, F1 is made of these two means. Accuracy is the share of pages whose tokens are exactly the true ones.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import mean

_TOKEN = re.compile(r"\w+")
_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Overlap:
    """How two texts' shingles overlap: shares that sum to 1, or all 0 where neither text has a token."""

    both: float
    only_found: float
    only_true: float
    exact: bool

    @property
    def precision(self) -> float | None:
        """None where nothing was found: such a page does not count."""
        return self.both / (self.both + self.only_found) if self.both + self.only_found else None

    @property
    def recall(self) -> float | None:
        """None where nothing was to be found."""
        return self.both / (self.both + self.only_true) if self.both + self.only_true else None


@dataclass(frozen=True, slots=True)
class Score:
    """Means over pages, 0 to 1."""

    f1: float
    precision: float
    recall: float
    accuracy: float

    def __str__(self) -> str:
        return f"{self.f1:.3f}  {self.precision:.3f}  {self.recall:.3f}  {self.accuracy:.3f}"


def overlap(true: str, found: str) -> Overlap:
    """Compare what was found with the truth."""
    true_tokens, found_tokens = _TOKEN.findall(true), _TOKEN.findall(found)
    wanted, given = _shingles(true_tokens), _shingles(found_tokens)
    both = (wanted & given).total()
    parts = (both, given.total() - both, wanted.total() - both)
    whole = sum(parts) or 1
    return Overlap(*(part / whole for part in parts), exact=true_tokens == found_tokens)


def score(overlaps: Iterable[Overlap]) -> Score:
    """The benchmark's four numbers over these pages."""
    pages = list(overlaps)
    precision = mean(value for page in pages if (value := page.precision) is not None)
    recall = mean(value for page in pages if (value := page.recall) is not None)
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return Score(f1, precision, recall, mean(page.exact for page in pages))


def scored(truth: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """The score of these bodies; a page without a found body has an empty one."""
    return score(overlap(body, found.get(name, "")) for name, body in truth.items())


def _shingles(tokens: list[str]) -> Counter[tuple[str, ...]]:
    """A text shorter than a shingle is one shingle."""
    starts = range(max(1, len(tokens) - _LENGTH + 1))
    return Counter(shingle for start in starts if (shingle := tuple(tokens[start : start + _LENGTH])))
