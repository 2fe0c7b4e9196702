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


@pytest.mark.parametrize("text", ["Le prossime tappe", "Che cosa cambia?", "2026, un anno di lavori"])
def test_heading(text: str) -> None:
    assert is_heading(text)


@pytest.mark.parametrize("text", ["le tappe", "Finisce qui.", '"Non è così"', "Uno:", "Ha detto no. Poi sì", "x" * 140])
def test_no_heading(text: str) -> None:
    assert not is_heading(text)


def test_tables() -> None:
    assert table_row("| a | b |") == "a\tb"
    assert table_row("a | b") is None
    assert is_table_rule("|---|:---:|")
    assert not is_table_rule("| a |")


@pytest.mark.parametrize(
    ("predicate", "yes", "no"),
    [
        (is_address, "https://faro.example/a", "https://["),
        (is_footnote, "*organizzazione vietata", "* un elenco"),
        (is_name, "Ada de Neri", "Ada Neri 2"),
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
