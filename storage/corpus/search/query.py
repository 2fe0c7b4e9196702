"""What people type into a search, and how each database is asked for it.

Words are all wanted; "words in quotes" as a phrase; `-word` and `-"a phrase"` not at all. A word stands for all its
forms, in the language of each article. Quotes that are not closed count to the end.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from storage.corpus.search.stemming import languages, stems

_PART: Final = re.compile(r'(-?)"([^"]*)"?|(\S+)')

#: A phrase as the stems of one language.
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One part of a query: the same phrase in every language that makes another of it."""

    phrases: tuple[Phrase, ...]
    unwanted: bool = False


def parse(query: str) -> list[QueryPart]:
    """The parts of a query that have words in them."""
    found = []
    for minus, quoted, word in _PART.findall(query):
        unwanted = bool(minus) or word.startswith("-")
        phrases = {tuple(stems(quoted or word, code)) for code in languages()} - {()}
        if phrases:
            found.append(QueryPart(tuple(sorted(phrases)), unwanted))
    return found


def for_sqlite(parts: Iterable[QueryPart], columns: str = "") -> str:
    """An expression for FTS5, restricted to columns (`{headline lede} :`)."""
    wanted, unwanted = _two_kinds(parts, lambda phrase: '"' + " ".join(phrase) + '"', " OR ")
    asked = f"{columns} ({' AND '.join(wanted)})"
    return asked + "".join(f" NOT ({part})" for part in unwanted)


def for_postgres(parts: Iterable[QueryPart], weights: str = "") -> str:
    """A tsquery as text, restricted to weights (`AB`)."""
    wanted, unwanted = _two_kinds(
        parts, lambda phrase: "(" + " <-> ".join(f"'{stem}':{weights}" for stem in phrase) + ")", " | "
    )
    return " & ".join([f"({part})" for part in wanted] + [f"!({part})".replace(f":{weights}", "") for part in unwanted])


def _two_kinds(
    parts: Iterable[QueryPart], written: Callable[[Phrase], str], either: str
) -> tuple[list[str], list[str]]:
    wanted: list[str] = []
    unwanted: list[str] = []
    for part in parts:
        (unwanted if part.unwanted else wanted).append("(" + either.join(map(written, part.phrases)) + ")")
    return wanted, unwanted
