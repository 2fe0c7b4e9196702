"""Bylines become names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.fields.people import is_person, names
from crawler.extraction.html.limits import MOST_OF_BYLINES


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("di Ada Neri", ("Ada Neri",)),
        ("by Ada Neri and Ugo Bassi", ("Ada Neri", "Ugo Bassi")),
        ("redazione@faro.example", ()),
        ("12", ()),
        ("Il Faro", ()),
        # what stands before the names
        ("BY: Ada Neri", ("Ada Neri",)),
        ("This guide was written by Ada Neri, Head of Harbours", ("Ada Neri",)),
        ("View all posts by Ada Neri", ("Ada Neri",)),
        ("Author Ada Neri", ("Ada Neri",)),
        ("Von Greta Moor", ("Greta Moor",)),
        ("Ein Beitrag von Greta Moor", ("Greta Moor",)),
        ("Text: Greta Moor, Fotos: Jan Hain", ("Greta Moor",)),
        ("a cura di Ada Neri", ("Ada Neri",)),
        ("Publié par Luc Roche", ("Luc Roche",)),
        ("Por Inés Vega y Juan Soto", ("Inés Vega", "Juan Soto")),
        ("Door Piet Dam", ("Piet Dam",)),
        ("Av Kari Fjell", ("Kari Fjell",)),
        ("Автор: Анна Морева, корреспондент", ("Анна Морева",)),
        ("作者：林海、陈舟", ("林海", "陈舟")),
        ("بقلم: سمير بحري، ليلى نهر", ("سمير بحري", "ليلى نهر")),
        # particles that belong to the name
        ("Di Maio", ("Di Maio",)),
        ("Ursula von der Heide", ("Ursula von der Heide",)),
        # between the names
        ("Ada Neri; Ugo Bassi | Eva Conti", ("Ada Neri", "Ugo Bassi", "Eva Conti")),
        ("Ada Neri, Ugo Bassi, and Eva Conti", ("Ada Neri", "Ugo Bassi", "Eva Conti")),
        ("Greta Moor und Jan Hain", ("Greta Moor", "Jan Hain")),
        ("Kari Fjell og Nils Vik", ("Kari Fjell", "Nils Vik")),
        ("Anna Nowa i Jan Bór", ("Anna Nowa", "Jan Bór")),
        ("Анна Морева и Олег Рыбин", ("Анна Морева", "Олег Рыбин")),
        # what stands behind them
        ("Ada Neri, MD, FOMA", ("Ada Neri",)),
        ("Ada Neri, CEO of Harbour Works", ("Ada Neri",)),
        ("Ada Neri Senior Boats Reporter", ("Ada Neri",)),
        ("Ada Neri, inviata", ("Ada Neri",)),
        ("Ada Neri December 3, 2024", ("Ada Neri",)),
        ("Ada Neri Updated on Mar 3", ("Ada Neri",)),
        ("Ada N. (Milano)", ("Ada N.",)),
        ("Sam O&#39;Hara", ("Sam O'Hara",)),
        ("Ada May", ("Ada May",)),
        ("Harbourworks November", ("Harbourworks",)),
        ("Ada Neri Ada Neri Ada Neri", ("Ada Neri",)),
        ("x", ()),
        # addresses, accounts and placeholders
        ("https://www.facebook.com/ada.neri", ()),
        ("www.faro.example", ()),
        ("https://www.faro.example/profile/ada-neri", ()),
        ("Ada Neri - https://faro.example", ("Ada Neri",)),
        ("ada.neri", ()),
        ("faro.example/profile/ada", ()),
        ("Ada Neri (https://faro.example/ada), www.faro.example", ("Ada Neri",)),
        ("Por Ada Neri con Ugo Bassi", ("Ada Neri", "Ugo Bassi")),
        ("J.K. Fantini y Ugo O’Bassi", ("J.K. Fantini", "Ugo O’Bassi")),
        ("Staff Writer", ()),
        ("admin", ()),
        ("Written By", ()),
    ],
)
def test_names(line: str, found: tuple[str, ...]) -> None:
    assert names([line], organisation="Il Faro") == found


def test_a_name_stands_once() -> None:
    assert names(["Ada Neri; Ugo Bassi", "ADA NERI"]) == ("Ada Neri", "Ugo Bassi")


_PIECES = st.sampled_from(
    [
        "Ada",
        "Neri",
        "by",
        "von",
        "Di",
        "MD",
        "editor",
        "https://faro.example/x",
        "www.faro.example",
        ",",
        ";",
        " and ",
        " ",
    ]
)


@given(st.lists(st.text(max_size=70) | st.lists(_PIECES, max_size=8).map(" ".join), max_size=5))
def test_every_name_is_a_person_and_stands_once(lines: list[str]) -> None:
    found = names(lines)
    assert all(map(is_person, found))
    assert not any("://" in name or "www." in name for name in found)
    assert len({name.casefold() for name in found}) == len(found)
    assert names(found) == found


def test_bylines_beyond_a_limit_are_not_read() -> None:
    long = "Eva Conti " * (MOST_OF_BYLINES // 10)
    assert names(["Ada Neri", long, "Ugo Bassi"]) == ("Ada Neri",)
    assert names([f"Ada Neri{' ' * (MOST_OF_BYLINES - 8)}", "Ugo Bassi"]) == ("Ada Neri",)
    assert names([f"Ada Neri{' ' * (MOST_OF_BYLINES - 7)}", "Ugo Bassi"]) == ()


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Ada Neri", True),
        ("海", True),
        ("x", False),
        ("xy", True),
        ("A" * 60, True),
        ("A" * 61, False),
        (" ".join("abcdefg"), True),
        (" ".join("abcdefgh"), False),
        ("3 minuti", False),
        ("il faro", False),
        ("Chief Editor", False),
        ("Chief Neri", True),
        ("Staff", False),
        ("the author", False),
        ("", False),
    ],
)
def test_a_byline_that_can_be_a_person(name: str, is_one: bool) -> None:
    assert is_person(name, "Il Faro") is is_one


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Ada Neri Ugo Bassi", ("Ada Neri Ugo Bassi",)),
        ("Ada Ada", ("Ada Ada",)),
        ("Ada Neri Rossa Ada Neri Rossa", ("Ada Neri Rossa",)),
        ("Ada Editor", ("Ada Editor",)),  # no role behind one word
        ("Ada Senior Neri", ("Ada Senior Neri",)),  # a rank without a role
        ("Ada Neri Rossa Special", ("Ada Neri Rossa Special",)),
        ("The Harbour Reporter", ("The Harbour Reporter",)),
        ("Ada Neri Tuesday", ("Ada Neri",)),
        ("Ada June Neri", ("Ada June Neri",)),
    ],
)
def test_a_name_and_what_stands_behind_it(line: str, found: tuple[str, ...]) -> None:
    assert names([line]) == found
