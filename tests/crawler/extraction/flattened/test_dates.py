"""Lines of a dump that are dates."""

from datetime import timedelta, timezone

import pytest

from crawler.extraction.flattened.dates import (
    clock_claims,
    day_at_end,
    is_clock,
    is_dated,
    is_day,
    is_instant,
    is_weekday_date,
)

ROME = timezone(timedelta(hours=1))


@pytest.mark.parametrize("text", ["1 Marzo 2022", "March 1, 2022", "01/03/2022 - 8:10 pm", "3 de mayo de 2022"])
def test_days(text: str) -> None:
    assert is_day(text)
    assert day_at_end(f"Ada Neri, {text}") == ("Ada Neri, ", text)


@pytest.mark.parametrize("text", ["31 Foglie 2022", "nel 2022", "1 Marzo 2022 a Roma", ""])
def test_no_days(text: str) -> None:
    assert not is_day(text)


def test_ago_is_dated_and_no_day() -> None:
    assert is_dated("3 ore fa")
    assert not is_day("3 ore fa")


def test_instants_and_weekdays() -> None:
    assert is_instant("2022-03-01T09:05+0100")
    assert not is_instant("pubblicato 2022-03-01T09:05+0100")
    assert is_weekday_date("Martedì, 1 Marzo 2022")
    assert not is_weekday_date("Martedì prossimo")


def test_the_platform_s_date_line_claims_both_dates() -> None:
    line = "14:21 14.02.2022 (aggiornato: 14:37 14.02.2022)"
    assert is_clock(line)
    assert [(claim.field, claim.value) for claim in clock_claims(line, ROME)] == [
        ("published_at", "2022-02-14T14:21:00+01:00"),
        ("modified_at", "2022-02-14T14:37:00+01:00"),
    ]
    assert list(clock_claims("14:21 di ieri", ROME)) == []
