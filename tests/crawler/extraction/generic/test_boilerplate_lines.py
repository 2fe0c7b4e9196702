"""What a line in or around a text says of itself by its words and its length."""

from collections.abc import Callable

import pytest

from crawler.extraction.generic import boilerplate_lines


@pytest.mark.parametrize(
    ("says", "line", "expected"),
    [
        (boilerplate_lines.points_elsewhere, "Leggi anche: la regata di carta", True),
        (boilerplate_lines.points_elsewhere, "— READ MORE about the harbour", True),
        (boilerplate_lines.points_elsewhere, "Chi vuole, leggi anche questo", False),
        (boilerplate_lines.is_label, "« Pubblicità »", True),
        (boilerplate_lines.is_label, "12 comments", True),
        (boilerplate_lines.is_label, "La pubblicità costa", False),
        (boilerplate_lines.opens_tail, "Articoli correlati", True),
        (boilerplate_lines.opens_tail, "Degli articoli correlati", False),
        (boilerplate_lines.is_credit, "© Il Faro", True),
        (boilerplate_lines.is_credit, "Il Faro © 2024", False),
        (boilerplate_lines.tells_making, "Di Ada Neri", True),
        (boilerplate_lines.tells_making, "Ada Neri di Castel Verde", False),
        (boilerplate_lines.asks_reader, "Ogni sabato la nostra NEWSLETTER", True),
        (boilerplate_lines.asks_reader, "Ogni sabato la nostra regata", False),
    ],
)
def test_a_line_by_its_words(says: Callable[[str], bool], line: str, expected: bool) -> None:
    assert says(line) is expected


@pytest.mark.parametrize(
    ("says", "begins", "letters"),
    [(boilerplate_lines.opens_tail, "Leggi anche ", 79), (boilerplate_lines.is_credit, "Copyright ", 349)],
)
def test_a_longer_line_is_a_sentence_of_the_text(says: Callable[[str], bool], begins: str, letters: int) -> None:
    assert says(begins.ljust(letters, "x"))
    assert not says(begins.ljust(letters + 1, "x"))
