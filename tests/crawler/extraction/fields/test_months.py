"""Days in words of many languages."""

from datetime import date

import pytest

from crawler.extraction.fields.months import day_in_words, months_of

DAY = date(2024, 2, 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Publié le jeudi 1er février 2024, par Odile"),
        ("it", "giovedì 1° febbraio 2024"),
        ("de", "Donnerstag, 1. Februar 2024"),
        ("es", "1 de febrero de 2024"),
        ("pt", "1º de fevereiro de 2024"),
        ("en", "Feb 1st, 2024"),
        ("nl", "1 februari 2024"),
        ("pl", "1 lutego 2024"),
        ("ru", "1 февраля 2024 г."),
        ("uk", "1 лютого 2024"),
        ("tr", "1 Şubat 2024 Perşembe"),
        ("el", "1 Φεβρουαρίου 2024"),
        ("ar", "الخميس ١ فبراير ٢٠٢٤"),
        ("he", "1 בפברואר 2024"),
        ("sv", "1 februari 2024"),
        ("cs", "1. února 2024"),
        ("vi", "1 tháng 2 2024"),
        ("hu", "2024. ii. 1"),
        ("ja", "2024年2月1日(木) 10時30分"),
        ("zh", "发布时间：2024年02月01日 10:30"),
        ("ko", "입력 2024년 2월 1일 오후 3:04"),
        ("ja", "２０２４年２月１日"),
        ("en", "2024年2月1日"),
    ],
)
def test_a_day(language: str, text: str) -> None:
    assert day_in_words(text, language) == DAY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "31 février 2024"),
        ("fr", "mai 2024"),
        ("ja", "2024年2月31日"),
        ("ja", "2024年2月"),
        ("zh", "12024年2月1日"),
        ("fr", "11 abris, 2024 pierres"),
        ("hu", "1 v 2024"),  # one letter is no month
        (None, "1er février 2024"),
        ("xx", "1er février 2024"),
        ("../os", "1er février 2024"),
    ],
)
def test_no_day(language: str | None, text: str) -> None:
    assert day_in_words(text, language) is None


def test_the_months_of_a_language_are_twelve() -> None:
    for language in ("fr", "de", "ar", "ru", "ja"):
        assert set(months_of(language).values()) <= set(range(1, 13))
    assert len(set(months_of("fr").values())) == 12


def test_behind_a_day_that_does_not_exist_the_next_one_is_read() -> None:
    assert day_in_words("Il 31 febbraio 2020, poi il 3 marzo 2020", "it") == date(2020, 3, 3)
    assert day_in_words("2020年2月31日 2020年3月3日", None) == date(2020, 3, 3)
    assert day_in_words("Il 31 febbraio 2020", "it") is None
