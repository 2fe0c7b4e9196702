"""Lines of a dump that are dates."""

import pytest

from crawler.extraction.flattened.dates import (
    day_at_end,
    is_ago,
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


def test_instants() -> None:
    assert is_instant("2022-03-01T09:05+0100")
    assert not is_instant("pubblicato 2022-03-01T09:05+0100")
    assert not is_instant("2022-03-01T09:05+0100 circa")


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        *(("Martedì, 1 Marzo 2022", True), ("martes 1 de marzo de 2022", True), ("Tuesday", False)),
        *(("Martedì prossimo", False), ("Martedìdì 2022", False), ("Il martedì, 1 Marzo 2022", False)),
        *((f"Martedì, 1 Marzo 2022 {'x' * 22}", True), (f"Martedì, 1 Marzo 2022 {'x' * 23}", False)),
    ],
)
def test_a_weekday_with_a_year(text: str, is_date: bool) -> None:
    assert is_weekday_date(text) is is_date


@pytest.mark.parametrize(
    ("text", "is_a_time"),
    [
        *(("3 ore fa", True), ("2 hours ago", True), ("ieri, 10:30", True), ("8 marzo, 10:30", True), ("10:30", True)),
        *(("10:30 05.01.2026", True), ("3 ore fa a Roma", False), ("Da 3 ore fa", False), ("1 Marzo 2022", False)),
    ],
)
def test_times_of_lists_of_posts(text: str, is_a_time: bool) -> None:
    assert is_ago(text) is is_a_time


def test_a_day_behind_other_text() -> None:
    assert day_at_end("Regata del 31 Foglie 2022") == ("Regata del 31 Foglie 2022", "")
    assert day_at_end("Ada Neri il 5 Gennaio 2026, 10:30") == ("Ada Neri il ", "5 Gennaio 2026, 10:30")
    assert is_day(" 5 Gennaio 2026") and not is_day("il 5 Gennaio 2026")
    assert is_dated("5 Gennaio 2026") and not is_dated("il 5 Gennaio 2026")
