"""Captions, credits and galleries in the lines of a flattened Sputnik page."""

import pytest

from crawler.extraction.flattened.lines import Line
from crawler.extraction.templates.sputnik.flattened_media import is_counter, is_credit, mark_captions

TEXT = "Tutto comincia in una mattina di marzo, sotto i portici."
EIGHT = "La banda del quartiere suona sotto i portici"
LONG = "La banda del quartiere suona sotto i portici di Rocca"


@pytest.mark.parametrize(
    ("lines", "shown", "credit_lines"),
    [
        # a line above a credit is the picture's words, unless it is a sentence
        (["Il molo", "© Sputnik", TEXT], [("Il molo", True), (TEXT, False)], ["© Sputnik"]),
        (["Il molo è qui.", "© Sputnik", TEXT], [("Il molo è qui.", False), (TEXT, False)], ["© Sputnik"]),
        # words that begin with those behind the credit are the alternative text, shown once
        (["Il molo - Sputnik Italia", "© Sputnik", "Il molo"], [("Il molo", True)], ["© Sputnik"]),
        (["Il molo vecchio", "© Sputnik", "Il molo"], [("Il molo", True)], ["© Sputnik"]),
        # behind a credit: a caption of eight words or more; fewer are a line of the text
        (["© Sputnik", LONG, TEXT], [(LONG, True), (TEXT, False)], ["© Sputnik"]),
        (["© Sputnik", "Il molo", TEXT], [("Il molo", False), (TEXT, False)], ["© Sputnik"]),
        (["© Sputnik", f"{LONG}.", TEXT], [(f"{LONG}.", False), (TEXT, False)], ["© Sputnik"]),
        # a gallery: each caption beside its counter; the credits of its pictures are none of the article's
        (
            ["La torre", "1/2", "La torre", "Il ponte", "2/2"],
            [("La torre", True), ("La torre", True), ("Il ponte", True)],
            [],
        ),
        (["© Sputnik", "1 / 2", "La torre"], [("La torre", True)], []),
        (["1/2", "© Sputnik", "La torre"], [("La torre", True)], ["© Sputnik"]),
        ([TEXT], [(TEXT, False)], []),
        (["© Sputnik", EIGHT, TEXT], [(EIGHT, True), (TEXT, False)], ["© Sputnik"]),
        (["© Sputnik", EIGHT[3:], TEXT], [(EIGHT[3:], False), (TEXT, False)], ["© Sputnik"]),
        # the same, amid a text
        (
            [TEXT, TEXT, "1/2", "© Sputnik", "La torre"],
            [(TEXT, False), (TEXT, False), ("La torre", True)],
            ["© Sputnik"],
        ),
        (["Il molo.", "© Sputnik", "Il molo."], [("Il molo.", False), ("Il molo.", True)], ["© Sputnik"]),
        (["Il molo", "© Sputnik"], [("Il molo", True)], ["© Sputnik"]),
        # the last lines are not before the first
        ([EIGHT, TEXT, "Il molo", "© Sputnik"], [(EIGHT, False), (TEXT, False), ("Il molo", True)], ["© Sputnik"]),
        (["© Sputnik", "Il molo", TEXT, "1/2"], [("Il molo", False), (TEXT, False)], ["© Sputnik"]),
        # the site's name is cut off a picture's words alone
        (
            [TEXT, "Il molo - Sputnik Italia", TEXT],
            [(TEXT, False), ("Il molo - Sputnik Italia", False), (TEXT, False)],
            [],
        ),
    ],
)
def test_captions_and_credits(lines: list[str], shown: list[tuple[str, bool]], credit_lines: list[str]) -> None:
    marked, found = mark_captions([Line(text) for text in lines], lambda text: text == TEXT)
    assert [(entry.line.text, entry.caption) for entry in marked] == shown
    assert found == credit_lines


def test_a_list_item_and_a_line_of_the_body_are_no_captions() -> None:
    marked, _ = mark_captions([Line("Il molo", True), Line("© Sputnik"), Line(LONG)], lambda text: text == LONG)
    assert [(entry.line.text, entry.caption) for entry in marked] == [("Il molo", False), (LONG, False)]


def test_shapes() -> None:
    assert is_credit("© Sputnik / Ada Neri") and is_credit("(c) AFP") and not is_credit("Foto di Ada")
    assert is_counter("3/19") and is_counter("3 / 19") and not is_counter("3/2022") and not is_counter("3/19 km")
