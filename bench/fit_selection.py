"""Fit the weights by which text blocks of unknown pages are chosen (crawler/extraction/generic/selection.py).

python -m bench.fit_selection [--penalty 3]

A logistic regression with ridge penalty on the text blocks of the pages in the open sets' learned halves, one for the
blocks that trafilatura took and one for those it left. A block is right where most of it is in the true text (or, in
the set of segments, where a wanted segment shares its text). Pages of a set weigh the same, a page's blocks by length.
Prints the scores of a cross-validation in four parts (all pages of a host in the same part), those of perfect labels
for all blocks, which no choice of blocks can pass, and the table. The kinds
were left when, of about 90, those whose weight times spread was least had been dropped, a few at a time.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np

from bench.open_sets import LEARNED, SEGMENTS, SHINGLES, WORDS, Case, load, report
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.generic.selection import TAKEN
from crawler.extraction.generic.text_blocks import Excerpt, text_key
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused

_FOLDS = 4
#: How much a page of each set weighs: the first is small and all news, the second gives a few segments of each page.
_SET_WEIGHTS = {SHINGLES: 2.5, SEGMENTS: 1.5, WORDS: 1.0}
Table = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sample:
    """The blocks of a page: texts, evidence (a row each, a column a kind), whether taken, whether right, weights."""

    case: Case
    texts: list[str]
    evidence: list[dict[str, float]]
    taken: np.ndarray
    right: np.ndarray
    weight: np.ndarray

    @property
    def fold(self) -> int:
        return (
            int(
                hashlib.sha256(
                    (urlsplit(self.case.url).hostname or self.case.name).removeprefix("www.").encode()
                ).hexdigest(),
                16,
            )
            % _FOLDS
        )

    def matrix(self, kinds: Sequence[str]) -> np.ndarray:
        return np.array([[found.get(kind, 0.0) for kind in kinds] for found in self.evidence]).reshape(-1, len(kinds))


def samples(pages: Sequence[Case]) -> Iterator[Sample]:
    """The pages that have text blocks."""
    for case in pages:
        try:
            found = GenericPage(Page.from_bytes(case.html, case.url or None)).evidence
        except PageRefused:
            continue
        if found:
            blocks, evidence, taken = (list(column) for column in zip(*found, strict=True))
            keys, shares = [block.key for block in blocks], np.array(taken)
            if case.body is not None:
                right, weight = _by_body(case.body, blocks, shares)
            else:
                right, weight = _by_segments(case, keys)
            captions = np.array(["figcaption" in each for each in evidence])
            yield Sample(
                case,
                [b.text for b in blocks],
                evidence,
                shares >= TAKEN,
                right,
                weight * ~captions * _SET_WEIGHTS[case.set],
            )


def _by_body(body: str, blocks: list, taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lines = [cell for line in body.split("\n") for part in line.split("|") for cell in part.split("\t")]
    share = np.array(Excerpt(lines).shares(blocks))
    letters = np.array([len(block.key) for block in blocks])
    whole = max(1.0, (letters * np.maximum(share, taken)).sum())
    return share >= TAKEN, 20 * np.clip((letters + 15) / whole, 0, 0.3)


def _by_segments(case: Case, keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    wanted, unwanted = ([key for text in texts if (key := text_key(text))] for texts in (case.present, case.absent))
    right = np.array([any(w in key or (len(key) > 12 and key in w) for w in wanted) for key in keys])
    wrong = np.array([any(u in key or (len(key) > 8 and key in u) for u in unwanted) for key in keys])
    known = right | wrong
    return right, 10 * known / max(1, known.sum())


def logistic(x: np.ndarray, y: np.ndarray, weight: np.ndarray, penalty: float) -> np.ndarray:
    """The coefficients of the penalised logistic regression, by Newton's method."""
    found = np.zeros(x.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        slope = x.T @ (weight * (chance - y)) + penalty * found
        curve = (x * (weight * np.maximum(chance * (1 - chance), 1e-5))[:, None]).T @ x
        step = np.linalg.solve(curve + penalty * np.eye(len(found)), slope)
        found -= step
        if abs(step).max() < 1e-3:
            break
    return found


def fitted(learned: Sequence[Sample], kinds: Sequence[str], penalty: float) -> Table:
    """The weights of these kinds of evidence: of blocks that trafilatura took, of those it left."""
    columns = []
    for side in (True, False):
        chosen = [(sample.taken == side) & (sample.weight > 0) for sample in learned]
        x, y, weight = (
            np.concatenate([values[mask] for values, mask in zip(parts, chosen, strict=True)])
            for parts in (
                [sample.matrix(kinds) for sample in learned],
                [sample.right.astype(float) for sample in learned],
                [sample.weight for sample in learned],
            )
        )
        columns.append(logistic(x, y, weight, penalty))
    return {kind: (float(a), float(b)) for kind, a, b in zip(kinds, *columns, strict=True)}


def chosen_text(sample: Sample, table: Table) -> str:
    """The text of the blocks that the table chooses."""
    kinds = list(table)
    sums = sample.matrix(kinds) @ np.array([table[kind] for kind in kinds])
    keep = np.where(sample.taken, sums[:, 0], sums[:, 1]) > 0
    captions = ["figcaption" in found for found in sample.evidence]
    return "\n".join(
        text for text, kept, caption in zip(sample.texts, keep, captions, strict=True) if kept and not caption
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--penalty", type=float, default=3.0)
    options = parser.parse_args()
    learned = list(samples([case for case in load() if case.half == LEARNED]))
    if not learned:
        print("no ../shared/benchmarks beside the checkout: nothing to learn from")
        return 1
    kinds = sorted({kind for sample in learned for found in sample.evidence for kind in found} - {"figcaption"})
    texts = {}
    for fold in range(_FOLDS):
        table = fitted([sample for sample in learned if sample.fold != fold], kinds, options.penalty)
        texts |= {s.case.key: chosen_text(s, table) for s in learned if s.fold == fold}
    print("cross-validation:", *report([sample.case for sample in learned], texts), sep="\n")
    perfect = {s.case.key: "\n".join(t for t, right in zip(s.texts, s.right, strict=True) if right) for s in learned}
    print("with perfect labels of all blocks:", *report([sample.case for sample in learned], perfect), sep="\n")
    for kind, (took, left) in fitted(learned, kinds, options.penalty).items():
        print(f'    "{kind}": ({took:.1f}, {left:.1f}),')
    return 0


if __name__ == "__main__":
    sys.exit(main())
