"""Bylines of the platform become names of people."""

import pytest

from crawler.extraction.templates.sputnik.bylines import is_person, names


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Ada Neri. Sputnik Italia"], ("Ada Neri",)),
        (["di Ada Neri e Ugo Bassi"], ("Ada Neri", "Ugo Bassi")),
        (["Sputnik Italia"], ()),
        (["RIA Novosti", "Ada Neri"], ("Ada Neri",)),
    ],
)
def test_names(lines: list[str], found: tuple[str, ...]) -> None:
    assert names(lines) == found
    assert all(map(is_person, found))


@pytest.mark.parametrize("name", ["Sputnik Italia", "RIA Novosti", "ada@posta.example"])
def test_an_agency_is_no_person(name: str) -> None:
    assert not is_person(name)
