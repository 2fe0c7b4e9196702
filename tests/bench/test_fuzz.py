"""A short fuzz run: 200 mutated pages give articles or named refusals, within bounds of time and memory."""

import pytest

from bench.fuzz import LIMIT, MEMORY, fuzz
from bench.mutations import mutated


def test_the_same_number_is_the_same_page() -> None:
    assert mutated(7) == mutated(7) != mutated(8)


@pytest.mark.slow
def test_two_hundred_mutated_pages() -> None:
    report = fuzz(list(range(200)), 1)
    assert report.faults == []
    assert report.outcomes.total() == 200
    assert report.memory < 2 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("100,000 levels of div", "article"),
        ("JSON of 100,000 levels", "article"),
        ("100,000 attributes", "article"),
        ("2,000 headlines in each other", "article"),
        # pages that took longer, or more memory, than a page may
        ("a headline of 10 MB", "too-large"),
        ("a headline of 900 KB", "article"),
        ("90,000 meta tags", "too-large"),
        ("49,000 tags in the head", "article"),
        ("90,000 authors", "too-large"),
        ("49,000 authors in the head", "article"),
        ("a paragraph of 50 MB", "too-large"),
        ("a paragraph of 990,000 characters, Latin", "article"),
        ("30,000 figures", "too-large"),
        ("16,000 figures", "article"),
        ("49,000 captions of a figure", "article"),
        ("49,000 open buttons", "article"),
        ("1,000 hidden boxes in each other", "article"),
        ("40 texts on each of 1,100 levels", "too-large"),
        ("a paragraph of 990,000 characters, accents in a row", "article"),
        ("accents in a row, as references", "article"),
        ("2 MB of JSON-LD: author references", "article"),
        ("20,000 paragraphs beside another articleBody", "article"),
        ("4 MB of authors", "article"),
        ("17 MB of class", "too-large"),
        ("a base of 180 KB for 30,000 pictures", "article"),
        ("10 million attributes", "too-large"),
        ("the charset punycode", "article"),
        ("the charset zlib", "article"),
    ],
)
def test_extreme_page(name: str, outcome: str) -> None:
    report = fuzz([name], 1)
    assert report.faults == []
    assert dict(report.outcomes) == {outcome: 1}
    assert LIMIT == 5.0
    assert MEMORY == 600 * 1024
