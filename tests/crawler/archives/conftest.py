"""A newsstand with web archives of few limits, and what a user has in the environment."""

from collections.abc import Iterator

import pytest

from newsstand.stand import Newsstand

#: Rates at which a test ends.
QUICK = {"EMEROTECA_ARCHIVE_CDX_RATE": "6000", "EMEROTECA_ARCHIVE_MEMENTO_RATE": "30000"}


@pytest.fixture(scope="module")
def archives() -> Iterator[Newsstand]:
    """A newsstand of forty articles a site, whose archives answer as much as they are asked."""
    with Newsstand(articles=40, seed=5) as newsstand:
        newsstand.archive_limits(100_000, 100_000)
        yield newsstand
