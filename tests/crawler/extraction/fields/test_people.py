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
        (["Ada Neri. Sputnik Italia"], ("Ada Neri",)),
        (["redazione@faro.example", "12"], ()),
        (["Sputnik Italia"], ()),
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
