"""A short fuzz run: 200 spoilt pages give articles or named refusals, soon and in bounded memory."""

import pytest

from bench.fuzz import LIMIT, fuzz
from bench.spoil import spoilt


def test_the_same_number_is_the_same_page() -> None:
    assert spoilt(7) == spoilt(7) != spoilt(8)


@pytest.mark.slow
def test_two_hundred_spoilt_pages() -> None:
    report = fuzz(list(range(200)), 1)
    assert report.faults == []
    assert report.outcomes.total() == 200
    assert report.memory < 2 * 1024 * 1024


@pytest.mark.parametrize(
    "monster",
    ["100,000 levels of div", "JSON of 100,000 levels", "100,000 attributes", "2,000 headlines in each other"],
)
def test_monster(monster: str) -> None:
    report = fuzz([monster], 1)
    assert report.outcomes.total() == 1
    assert report.faults == []
    assert LIMIT == 5.0
