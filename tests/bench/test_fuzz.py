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
    ("name", "is_taken"),
    [
        ("100,000 levels of div", True),
        ("JSON of 100,000 levels", True),
        ("100,000 attributes", True),
        ("2,000 headlines in each other", True),
        # pages that took longer, or more memory, than a page may
        ("a headline of 10 MB", False),
        ("a headline of 900 KB", True),
        ("90,000 meta tags", False),
        ("49,000 tags in the head", True),
        ("90,000 authors", False),
        ("49,000 authors in the head", True),
        ("a paragraph of 50 MB", False),
        ("a paragraph of 990,000 characters, Latin", True),
        ("30,000 figures", False),
        ("16,000 figures", True),
        ("49,000 captions of a figure", True),
        ("49,000 open buttons", True),
        ("1,000 hidden boxes in each other", True),
        ("40 texts on each of 1,100 levels", False),
        ("a paragraph of 990,000 characters, accents in a row", True),
        ("accents in a row, as references", True),
        ("2 MB of JSON-LD: author references", True),
        ("20,000 paragraphs beside another articleBody", True),
        ("4 MB of authors", True),
        ("4 MB of rel", True),
        ("49,000 classes", True),
        ("49,000 paragraphs", True),
        ("17 MB of class", True),
        ("a base of 180 KB for 30,000 pictures", True),
        ("10 million attributes", False),
        ("the charset punycode", True),
        ("the charset zlib", True),
    ],
)
def test_extreme_page(name: str, is_taken: bool) -> None:
    report = fuzz([name], 1)
    assert report.faults == []
    assert report.outcomes.total() == 1
    assert ("too-large" not in report.outcomes) == is_taken
    assert LIMIT == 5.0
    assert MEMORY == 500 * 1024
