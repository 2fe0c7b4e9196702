"""A short fuzz run: 200 mutated pages give articles or named refusals, within bounds of time and memory."""

import pytest

from bench.fuzz import LIMIT, fuzz
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
    "name",
    ["100,000 levels of div", "JSON of 100,000 levels", "100,000 attributes", "2,000 headlines in each other"],
)
def test_extreme_page(name: str) -> None:
    report = fuzz([name], 1)
    assert report.outcomes.total() == 1
    assert report.faults == []
    assert LIMIT == 5.0
