"""Parses search queries and translates them for FTS5 and tsquery; called by storage.corpus.search.search.

An article must have all words of the query. "Words in quotes" are a phrase; `-word` and `-"a phrase"` exclude articles.
A word matches all its forms, in the language of each article. A quote that is not closed ends with the query.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final

from storage.corpus.search.stemming import is_of, languages, stems

_PART: Final = re.compile(r'(-?)"([^"]*)"?|(\S+)')

#: A phrase as the stems of one language.
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One word or phrase of a query, in the stems of every language asked for."""

    phrases: tuple[Phrase, ...]
    excluded: bool = False

    def in_language(self, code: str) -> list[Phrase]:
        """The phrases that a text of a language can have."""
        return [phrase for phrase in self.phrases if is_of(phrase[0], code)]


def parse(query: str, codes: Collection[str] | None = None) -> list[QueryPart]:
    """The parts of a query, for texts of these languages, of all where none are given; parts without letters or digits
    are left out."""
    parts = []
    for minus, quoted, word in _PART.findall(query):
        phrases = {tuple(stems(quoted or word, code)) for code in codes or languages()} - {()}
        if phrases:
            parts.append(QueryPart(tuple(sorted(phrases)), bool(minus) or word.startswith("-")))
    return parts


def is_findable(query: str, parts: list[QueryPart]) -> bool:
    """Whether a query can find articles: it has a word that is not excluded, or it is empty and filters alone find."""
    return any(not part.excluded for part in parts) or not query.strip()


def for_sqlite(parts: Iterable[QueryPart]) -> str:
    """An FTS5 expression."""
    required, excluded = _expressions(parts, lambda phrase: '"' + " ".join(phrase) + '"', " OR ")
    return f"({' AND '.join(required)})" + "".join(f" NOT ({part})" for part in excluded)


def for_postgres(parts: Iterable[QueryPart]) -> str:
    """A tsquery as text."""
    required, excluded = _expressions(
        parts, lambda phrase: "(" + " <-> ".join(f"'{stem}'" for stem in phrase) + ")", " | "
    )
    return " & ".join([f"({part})" for part in required] + [f"!({part})" for part in excluded])


def _expressions(
    parts: Iterable[QueryPart], written: Callable[[Phrase], str], either: str
) -> tuple[list[str], list[str]]:
    """The expressions of required and of excluded parts; either: the operator between the phrases of a part."""
    required: list[str] = []
    excluded: list[str] = []
    for part in parts:
        (excluded if part.excluded else required).append("(" + either.join(map(written, part.phrases)) + ")")
    return required, excluded
