"""Where the words of a query stand in a text, without stemming the whole text.

A stemmer changes the end of a word: most words with other first letters than a stem are passed over by a regular
expression, and only the others are stemmed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

from storage.corpus.search.query import Phrase, QueryPart
from storage.corpus.search.stemming import GAP, WORD, is_of, stems_of_chunks

#: First letters of a word that its stem has, by language; those not named here keep two.
KEPT: Final = {"de": 1, "en": 1, "fi": 1, "tr": 1, "ga": 0, "id": 0, "nl": 0, "sr": 0}
_MOST_KEPT: Final = 2
_ASCII: Final = tuple(map(chr, range(128)))


class Sought:
    """A phrase that is sought in texts (NFC) of a language; code: as `storage.corpus.search.stemming` has it."""

    __slots__ = ("_first", "_rest", "_stems_of", "_words")

    def __init__(self, phrase: Phrase, code: str) -> None:
        self._first, self._rest = phrase[:1], phrase[1:]
        self._stems_of = stems_of_chunks(code)
        self._words = _words_like(phrase[0].partition(GAP)[0][: KEPT.get(code, _MOST_KEPT)])

    def times(self, text: str) -> int:
        """How often the phrase stands in a text."""
        if self._rest:
            return sum(1 for _ in self.places(text))
        return [*map(self._stems_of, self._words.findall(text))].count(self._first)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each place, in their order."""
        for word in self._words.finditer(text):
            if self._stems_of(word[0]) == self._first:
                end = word.end()
                for stem in self._rest:
                    following = WORD.search(text, end)
                    if following is None or self._stems_of(following[0]) != (stem,):
                        break
                    end = following.end()
                else:
                    yield word.start(), end


#: Of a language, the phrases of each part of a query.
SoughtParts = Callable[[str], list[list[Sought]]]


def sought(parts: Iterable[QueryPart]) -> SoughtParts:
    """The phrases of the parts that are not excluded."""
    required = [part for part in parts if not part.excluded]
    return cache(lambda code: [[Sought(phrase, code) for phrase in part.in_language(code)] for part in required])


def words_sought(parts: Iterable[QueryPart]) -> Callable[[str], list[Sought]]:
    """Of a language, each word of the parts that are not excluded, those of phrases too."""
    stems = {stem for part in parts if not part.excluded for phrase in part.phrases for stem in phrase}
    return cache(lambda code: [Sought((stem,), code) for stem in stems if is_of(stem, code)])


def occurrences(text: str, phrases: Iterable[Sought]) -> list[tuple[int, int]]:
    """Start and end of each place of any of the phrases, in their order; of those with one start the longest."""
    places = sorted(place for phrase in phrases for place in phrase.places(text))
    return list(dict(places).items())


@lru_cache(maxsize=1024)
def _words_like(first: str) -> re.Pattern[str]:
    """Finds all words that can have a stem with these first letters. Letters beyond ASCII may stand for any others."""
    if not first or not first.isascii():
        return WORD
    letters = [f"[^{re.escape(''.join(one for one in _ASCII if one.lower() != letter))}]" for letter in first]
    following = "".join(f"(?:(?<=[^\x00-\x7f])|{letter})" for letter in letters[1:])
    return re.compile(rf"{letters[0]}(?<![^\W_][\s\S]){following}[^\W_]*")
