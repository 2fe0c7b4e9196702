"""Which markup Sputnik served on a day."""

from datetime import UTC, datetime

import pytest

from crawler.extraction.templates.sputnik.markup import G1, G2


@pytest.mark.parametrize(("day", "holds"), [(datetime(2021, 4, 10, 23, tzinfo=UTC), False), (None, True)])
def test_the_later_markup_begins_with_its_first_day(day: datetime | None, holds: bool) -> None:
    assert G2.holds(day) is holds
    assert G2.holds(datetime(2021, 4, 11, tzinfo=UTC))
    assert G1.holds(datetime(2021, 4, 10, 23, tzinfo=UTC))
