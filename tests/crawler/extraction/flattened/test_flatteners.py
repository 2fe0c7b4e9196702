"""Newsstand pages flattened in several ways give the truth, or are refused for want of a headline."""

import pytest

from bench.flat import faults, pages
from bench.flatteners import FLATTENERS

#: trafilatura leaves out the headlines of these sites' older and WordPress pages.
HEADLESS = frozenset({"trafilatura", "trafilatura recall", "long lines"})


@pytest.fixture(scope="module", params=["sputniknews", "alanews"])
def sample(request: pytest.FixtureRequest) -> list[tuple[dict[str, object], str]]:
    return list(pages(request.param, 10, 23))


@pytest.mark.parametrize("name", FLATTENERS)
def test_what_a_dump_gives_is_true(sample: list[tuple[dict[str, object], str]], name: str) -> None:
    dumps = [(truth, text) for truth, html in sample if (text := FLATTENERS[name](html)).strip()]
    found = [(fault, detail, truth["url"]) for truth, text in dumps for fault, detail in faults(truth, text)]
    if name in HEADLESS:
        found = [fault for fault in found if "no headline" not in fault[1]]
    assert not found


def test_nothing_is_read_twice_from_a_dump_that_says_everything_twice(
    sample: list[tuple[dict[str, object], str]],
) -> None:
    truth, html = sample[0]
    dump = FLATTENERS["wet"](html)
    assert not [fault for fault, _ in faults(truth, f"{dump}\n{dump}") if fault == "twice"]
