"""WARC-Date in every precision, and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.warc.dates import format_warc_date, parse_warc_date

#: From the year 1000 to 9000.
TIMES = st.timedeltas(timedelta(0), timedelta(days=8000 * 365)).map(datetime(1000, 1, 2, tzinfo=UTC).__add__)


@given(TIMES, st.integers(-12 * 60, 14 * 60))
def test_a_formatted_date_is_parsed_to_the_same_time(time: datetime, minutes: int) -> None:
    local = time.astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_warc_date(format_warc_date(local)) == time


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2021", datetime(2021, 1, 1, tzinfo=UTC)),
        ("2021-12", datetime(2021, 12, 1, tzinfo=UTC)),
        ("2021-12-04", datetime(2021, 12, 4, tzinfo=UTC)),
        ("2021-12-04T18:30Z", datetime(2021, 12, 4, 18, 30, tzinfo=UTC)),
        ("2021-12-04T18:30:05.123456789Z", datetime(2021, 12, 4, 18, 30, 5, 123456, tzinfo=UTC)),
        ("2021-12-04T18:30:05+01:00", datetime(2021, 12, 4, 17, 30, 5, tzinfo=UTC)),
        ("2009-03-65T08:43:19-0800", datetime(2009, 3, 6, 16, 43, 19, tzinfo=UTC)),
        ("2008-12-366T00:00:00Z", datetime(2008, 12, 31, tzinfo=UTC)),
    ],
)
def test_every_precision_is_parsed(date: str, time: datetime) -> None:
    assert parse_warc_date(date) == time


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "yesterday",
        "2021-13-01",
        "2009-03-99T08:43:19Z",
        "2009-02-30T08:43:19Z",
        "2009-12-366T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_other_text_is_no_date(date: str | None) -> None:
    assert parse_warc_date(date) is None
