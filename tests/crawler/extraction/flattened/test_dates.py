"""Lines of a dump that are dates."""

import pytest

from crawler.extraction.flattened.dates import (
    day_at_end,
    is_dated,
    is_day,
    is_instant,
    is_weekday_date,
)


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
