"""Days in the search index: row ids keep their order, and terms cover the days that they stand for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.corpus.search.days import REVISION, first_row, row_of, terms_between, terms_of, terms_over

DAYS = st.dates(date(1995, 1, 1), date(2040, 12, 31))
SPANS = st.integers(0, 1500).map(timedelta)


@given(DAYS, DAYS, st.integers(1, REVISION), st.integers(1, REVISION))
def test_rows_are_in_the_order_of_days(one: date, other: date, first: int, second: int) -> None:
    assert (row_of(first, one) < row_of(second, other)) == ((one, first) < (other, second))
    assert row_of(first, None) < first_row(one) <= row_of(second, one) < first_row(one + timedelta(days=1))
    assert row_of(first, one) & REVISION == row_of(first, None) & REVISION == first


@given(DAYS, SPANS, DAYS)
def test_terms_between_days_are_those_of_their_entries(first: date, span: timedelta, other: date) -> None:
    terms = terms_between(first, first + span)
    for day in (
        first,
        first + span / 2,
        first + span,
        first - timedelta(days=1),
        first + span + timedelta(days=1),
        other,
    ):
        assert len(set(terms) & set(terms_of(day))) == (first <= day <= first + span)


def test_terms_between_days_are_few() -> None:
    assert terms_between(date(2024, 1, 1), date(2026, 2, 28)) == ["·2024", "·2025", "·2026-01", "·2026-02"]
    assert terms_between(date(2026, 2, 28), date(2026, 3, 1)) == ["·2026-02-28", "·2026-03-01"]
    assert terms_between(date(9999, 12, 31), date.max) == ["·9999-12-31"]
    assert terms_between(date(2026, 1, 2), date(2026, 1, 1)) == []


@given(DAYS, SPANS)
def test_terms_over_days_are_of_one_length(first: date, span: timedelta) -> None:
    last = first + span
    terms, earliest = terms_over(first, last)
    assert len({len(term) for term in terms}) == 1 and len(terms) <= 15
    assert earliest <= first
    for day in (earliest, first, first + span / 2, last):
        assert len(set(terms) & set(terms_of(day))) == 1
    assert not set(terms) & set(terms_of(earliest - timedelta(days=1)))
