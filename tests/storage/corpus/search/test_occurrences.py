"""A phrase is found wherever the stems of a whole text have it, though most words of the text are not stemmed."""

import unicodedata
from itertools import pairwise
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.corpus.search.occurrences import Sought
from storage.corpus.search.stemming import languages, stems

#: Beginnings and ends that stemmers of some language take off or change.
_BEGINNINGS: Final = [
    "", "ge", "be", "ver", "ont", "di", "me", "ber", "ter", "ke", "pe", "mem", "meng", "bhf", "ts", "mb", "gc",
    "an", "n-", "h", "al", "dj", "ß", "æ", "È", "Ó", "ü", "ёл", "под", "И", "العا", "τα", "К",
]  # fmt: skip
_ENDS: Final = [
    "", "o", "a", "i", "e", "are", "zione", "ando", "ation", "ing", "ied", "ies", "y", "ly", "ness", "ement",
    "eux", "heit", "lich", "en", "et", "ene", "nya", "kan", "lah", "os", "ões", "ación", "mmai", "bı", "ция",
    "ами",
]  # fmt: skip
#: Words of which a stemmer changes the second letter.
_SECOND: Final = ["dying", "tying", "ocda", "ibe", "hhe", "uens"]
_LETTERS: Final = "aàAáeèéiíoòuüyYbcdfghjklmnpqrstvwxzñçßøåıİſK"


@pytest.mark.parametrize("code", languages())
def test_no_word_is_passed_over(code: str) -> None:
    chance = Random(code)
    for _ in range(150):
        middles = ["".join(chance.choices(_LETTERS, k=chance.randint(0, 6))) for _ in range(40)]
        words = [chance.choice(_BEGINNINGS) + middle + chance.choice(_ENDS) for middle in middles] + _SECOND
        words += [word.upper() for word in chance.sample(words, 5)]
        text = unicodedata.normalize("NFC", chance.choice((" ", "\n", "'", ", ", "_")).join(words))
        whole = stems(text, code)
        for at in range(0, len(whole) - 2, 3):
            assert Sought((whole[at],), code).times(text) == whole.count(whole[at]), (whole[at], text)
            pair = (whole[at], whole[at + 1])
            assert Sought(pair, code).times(text) == sum(pair == both for both in pairwise(whole))


@given(st.text(), st.sampled_from(["it", "en", "tr", "ru", "nl", "ar"]))
def test_no_letter_hides_a_word(text: str, code: str) -> None:
    shown = unicodedata.normalize("NFC", text)
    whole = stems(shown, code)
    for stem in whole:
        assert Sought((stem,), code).times(shown) == whole.count(stem)


def test_a_place_is_that_of_the_whole_phrase() -> None:
    text = "Le Città, (l'antica) città antica: CITTA ANTICHE"
    places = [text[start:end] for start, end in Sought(("citt", "antic"), "it").places(text)]
    assert places == ["città antica", "CITTA ANTICHE"]
