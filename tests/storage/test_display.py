"""Text for people obeys no control character of a page or a server."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from storage.display import displayed

EMBEDDINGS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
SIGN = "\N{REPLACEMENT CHARACTER}"


def test_controls_of_terminals_and_of_direction_become_a_sign() -> None:
    assert displayed("\x1b[2J\x9b31m\x07\x08\x7f") == f"{SIGN}[2J{SIGN}31m{SIGN * 3}"
    assert displayed("conto \u202egpj.exe\u2066") == f"conto {SIGN}gpj.exe{SIGN}"
    assert displayed("bene\rmale\r\ntab\tfine") == f"bene{SIGN}male\r\ntab\tfine"
    assert displayed("\ud800") == SIGN
    assert displayed("Il «caffè» è 東京, שלום") == "Il «caffè» è 東京, שלום"
    assert displayed(ValueError("\x1b")) == SIGN


@given(st.text(st.characters()))
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    shown = displayed(text)
    assert len(shown) == len(text)
    assert displayed(shown) == shown
    for character in shown:
        assert character in "\t\n\r" or unicodedata.category(character) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
