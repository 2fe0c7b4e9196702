"""Bylines become names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.fields.people import is_person, names


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["di Ada Neri"], ("Ada Neri",)),
        (["by Ada Neri and Ugo Bassi"], ("Ada Neri", "Ugo Bassi")),
        (["Ada Neri; Ugo Bassi", "ADA NERI"], ("Ada Neri", "Ugo Bassi")),
        (["https://www.facebook.com/ada.neri"], ()),
        (["https://faro.example/profile/ada-neri", "By: Ada Neri"], ("Ada Neri",)),
        (["Ada Neri (https://faro.example/ada), www.faro.example"], ("Ada Neri",)),
        (["faro.example/profile/ada"], ()),
        (["www.faro.example", "faro.it"], ()),
        (["Ada Neri, Staff Writer", "Ugo Bassi, direttore"], ("Ada Neri", "Ugo Bassi")),
        (["Por Ada Neri con Ugo Bassi"], ("Ada Neri", "Ugo Bassi")),
        (["J.K. Fantini y Ugo O’Bassi"], ("J.K. Fantini", "Ugo O’Bassi")),
        (["redazione@faro.example", "12"], ()),
        (["Il Faro"], ()),
    ],
)
def test_names(lines: list[str], found: tuple[str, ...]) -> None:
    assert names(lines, organisation="Il Faro") == found


@given(st.lists(st.text(max_size=70), max_size=5))
def test_every_name_is_a_person_and_stands_once(lines: list[str]) -> None:
    found = names(lines)
    assert all(map(is_person, found))
    assert len({name.casefold() for name in found}) == len(found)
