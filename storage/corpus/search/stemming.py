"""The words that a text is found by: folded and stemmed here, so that both databases find the same.

A word is a run of letters and digits. It is folded (no case, no accents on Latin letters), then stemmed by the
article's language; Italian where the language is not known or has no stemmer. Italian stems stand as they are, those
of another language carry its code (`run·en`), so that words of different languages never meet.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Final

import Stemmer

#: Stands for a word that is left out. No stem contains it.
GAP: Final = "·"

#: Words and bytes of an article that are indexed: a tsvector has 16,383 positions and 1 MB.
MOST_WORDS: Final = 15_000
MOST_BYTES: Final = 500_000
#: Occurrences of a word that are indexed: Postgres' limit is 256 places.
MOST_PLACES: Final = 250
#: Characters of a word that count.
LONGEST: Final = 60

HOME: Final = "it"

#: Spellings of a language in the cache of stems, about twenty megabytes.
_REMEMBERED = 65_536

_CODES: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

#: Codes of languages that share a stemmer, and are found by the same words.
_SAME: Final = {"nb": "no", "nn": "no"}

WORD: Final = re.compile(r"[^\W_]+")


#: Latin letters that Unicode does not decompose.
_BY_HAND: Final = {
    **{"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"},
    **{"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ŋ": "n"},
}


def _plain_letters() -> dict[int, str]:
    """Latin letters without case and accents."""
    plain = {ord(letter): to for letter, to in _BY_HAND.items()}
    plain |= {ord(letter.upper()): to for letter, to in _BY_HAND.items() if letter not in "ßı"}
    for code in (*range(0x41, 0x5B), *range(0xAA, 0x250), *range(0x1E00, 0x1F00)):
        letters = [c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c)]
        if chr(code).isalpha() and code not in plain and all(c.isascii() and c.isalpha() for c in letters):
            plain[code] = "".join(letters).lower()
    return plain


_PLAIN: Final = _plain_letters()


def fold(word: str) -> str:
    """A word without case, and without accents on Latin letters."""
    return word.lower() if word.isascii() else word.translate(_PLAIN).casefold()


@lru_cache(maxsize=1024)
def code_of(language: str | None) -> str:
    """The code of the language whose stemmer reads a text (`it` for `it-IT`, for None and for what has none)."""
    code = re.split(r"[-_]", (language or "").lower())[0]
    code = _SAME.get(code, code)
    return code if code in _CODES else HOME


def _suffix(code: str) -> str:
    """What the stems of a language end with."""
    return "" if code == HOME else f"{GAP}{code}"


class _Language(dict[str, tuple[str, ...]]):
    """A language's words by how they stand in a text, punctuation and all; stemmed once, since most were there before.

    Threads may share it: what one forgets the other learns again.
    """

    def __init__(self, code: str) -> None:
        self._stem: Callable[[str], str] = Stemmer.Stemmer(_CODES[code], 0).stemWord
        self._suffix = _suffix(code)

    def stems(self, text: str) -> list[str]:
        chunks = unicodedata.normalize("NFC", text).split()
        return list(chain.from_iterable(map(self.__getitem__, chunks)))

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        stems = tuple(stem for word in WORD.findall(chunk) if (stem := self._stem_of(word)))
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(chunk) <= LONGEST:
            self[chunk] = stems
        return stems

    def _stem_of(self, word: str) -> str:
        folded = "".join(WORD.findall(fold(word[:LONGEST])))
        return self._stem(folded) + self._suffix if folded else ""


@cache
def _language(code: str) -> _Language:
    return _Language(code)


def stems(text: str, code: str) -> list[str]:
    """The words of a text in order, as the index has them."""
    return _language(code).stems(text)


def is_of(stem: str, code: str) -> bool:
    """Whether a stem is one of that language."""
    return stem.partition(GAP)[2] == _suffix(code)[1:]


def stems_of_chunks(code: str) -> Callable[[str], tuple[str, ...]]:
    """The same for a run of characters without white space (NFC) at a time: as fast as a look-up."""
    return _language(code).__getitem__


def truncate(fields: Sequence[list[str]]) -> list[list[str]]:
    """The fields of an article within what the index can hold, `GAP` where a word is left out."""
    count = sum(map(len, fields))
    if count <= MOST_WORDS and 4 * sum(sum(map(len, field)) for field in fields) <= MOST_BYTES:
        again = count - len(set(chain.from_iterable(fields)))
        if again < MOST_PLACES or max(Counter(chain.from_iterable(fields)).values()) <= MOST_PLACES:
            return list(fields)
    return _cut(fields)


def _cut(fields: Sequence[list[str]]) -> list[list[str]]:
    places: Counter[str] = Counter()
    size = words = 0
    cut: list[list[str]] = []
    for field in fields:
        cut.append([])
        for stem in field:
            words += 1
            size += len(stem.encode())
            if words > MOST_WORDS or size > MOST_BYTES:
                break
            places[stem] += 1
            cut[-1].append(stem if places[stem] <= MOST_PLACES else GAP)
    return cut


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages with a stemmer, Italian first; those that share one once."""
    return (HOME, *(code for code in _CODES if code != HOME))
