"""Text of the page as text for people."""

from crawler.extraction.html.text import fold


def test_lone_surrogates_are_no_characters() -> None:
    assert fold("citt\ud800\u00e0 \udfff nebbia") == "citt\u00e0 nebbia"


def test_commands_to_a_terminal_are_no_characters() -> None:
    assert fold("\x1b]0;titolo\x07 La \x9b31mregata\x7f") == "]0;titolo La 31mregata"
    assert fold("\x1b[2J Il porto è aperto") == "[2J Il porto è aperto"
    assert fold("uno\x85due\x0btre\x1cquattro\n cinque") == "uno due tre quattro cinque"
