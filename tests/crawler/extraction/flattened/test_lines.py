"""The shape of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.flattened.lines import (
    Line,
    is_address,
    is_footnote,
    is_heading,
    is_name,
    is_table_rule,
    read_lines,
    squeeze,
    table_row,
)


def test_bullets_and_the_collection_s_header_go() -> None:
    assert read_lines("date 2022-03 Uno\n\n  • due\n- tre\n*Nota\n") == [
        *(Line("Uno"), Line("due", True), Line("tre", True), Line("*Nota"))
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("Le prossime tappe", "Che cosa cambia?", "2026, un anno di lavori", "“Torniamo” dice il sindaco", "Sì"),
        *(f"U{'x' * 129}", f"U{'x' * 78}?", f"Uno{' x' * 19}"),
    ],
)
def test_heading(text: str) -> None:
    assert is_heading(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "le tappe",
            "Finisce qui.",
            '"Non è così"',
            "Uno:",
            "Ha detto no. Poi sì",
            "X",
            "",
            "Finisce qui!”",
            "(tappe",
        ),
        *(f"U{'x' * 130}", f"U{'x' * 79}?", f"Uno{' x' * 20}", '"Chi?', 'Chi dice "no"?', "Finisce…"),
    ],
)
def test_no_heading(text: str) -> None:
    assert not is_heading(text)


def test_tables() -> None:
    assert table_row("| a | b |") == "a\tb"
    assert table_row("a | b") is None
    assert is_table_rule("|---|:---:|")
    assert not is_table_rule("| a |")
    assert is_table_rule("--- | ---") and not is_table_rule("--")
    assert table_row("|a||b|") == "a\t\tb"


@pytest.mark.parametrize(
    ("predicate", "yes", "no"),
    [
        (is_address, "https://faro.example/a", "https://["),
        (is_footnote, "*organizzazione vietata", "* un elenco"),
        (is_address, "https://faro.example/", "https:///a"),
        (is_address, "http://faro.example", "vedi http://faro.example"),
        (is_footnote, "***Nota", "****Nota"),
        (is_footnote, "** un movimento estremista", "una nota vietata"),
        (is_name, "Ada de Neri", "Ada Neri 2"),
        (is_name, "Ada Maria Luisa Eva Neri", "Ada Maria Luisa Eva Bianca Neri"),
        (is_name, f"Ada {'N' * 56}", f"Ada {'N' * 57}"),
        (is_name, "Ada Neri", "Ada"),
    ],
)
def test_predicates(predicate, yes: str, no: str) -> None:
    assert predicate(yes)
    assert not predicate(no)


@given(st.text(max_size=200))
def test_no_line_is_empty_or_has_white_space_at_its_ends(text: str) -> None:
    assert all(line.text and line.text == line.text.strip() for line in read_lines(text))


@given(st.text(max_size=80))
def test_squeezing_again_changes_nothing(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
