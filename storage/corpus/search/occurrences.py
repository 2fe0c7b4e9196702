"""Where the words of a query stand in a text, without stemming the whole text.

A stemmer changes the end of a word: most words with other first letters than a stem are passed over by a regular
expression, and only the others are stemmed.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from storage.corpus.search.query import Phrase, QueryPart
from storage.corpus.search.stemming import GAP, WORD, stems_of_chunks

#: First letters of a word that its stem has, by language; those not named here keep two.
KEPT: Final = {"de": 1, "en": 1, "fi": 1, "tr": 1, "ga": 0, "id": 0, "nl": 0, "sr": 0}
_MOST_KEPT: Final = 2
_ASCII: Final = tuple(map(chr, range(128)))


def places(text: str, code: str, phrase: Phrase) -> Iterator[tuple[int, int]]:
    """Start and end of each place of a phrase in a text (NFC), in their order; code: the text's language as
    `storage.corpus.search.stemming` has it."""
    stems_of = stems_of_chunks(code)
    first, rest = phrase[:1], phrase[1:]
    for word in _words_like(first[0].partition(GAP)[0][: KEPT.get(code, _MOST_KEPT)]).finditer(text):
        if stems_of(word[0]) == first:
            end = word.end()
            for stem in rest:
                following = WORD.search(text, end)
                if following is None or stems_of(following[0]) != (stem,):
                    break
                end = following.end()
            else:
                yield word.start(), end


def occurrences(text: str, code: str, parts: Iterable[QueryPart]) -> list[tuple[int, int]]:
    """The same of each word and phrase of the parts; of those with one start the longest."""
    phrases = {phrase for part in parts for phrase in part.in_language(code)}
    ends: dict[int, int] = {}
    for phrase in sorted(phrases, key=len):
        ends.update(places(text, code, phrase))
    return sorted(ends.items())


@lru_cache(maxsize=1024)
def _words_like(first: str) -> re.Pattern[str]:
    """Finds all words that can have a stem with these first letters. Letters beyond ASCII may stand for any others."""
    letters = [f"[^{re.escape(''.join(one for one in _ASCII if one.lower() != letter))}]" for letter in first]
    if not first or not first.isascii():
        return WORD
    next_letter = "".join(f"(?:(?<=[^\x00-\x7f])|{letter})" for letter in letters[1:])
    return re.compile(rf"{letters[0]}(?<![^\W_][\s\S]){next_letter}[^\W_]*")
