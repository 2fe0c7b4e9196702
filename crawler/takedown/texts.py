"""Finds the text of erased articles in other places, whatever the markup and escapes around it."""

import html
import re
from collections.abc import Iterable, Iterator

#: Letters and digits of a probe; a text that has fewer is not looked for, since other pages may have it by chance.
PROBE = 40
_TAG = re.compile(r"<[^<>]*>|\\[nrt/]")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_NOT_TEXT = re.compile(r"[\W_]+")


class TextProbes:
    """Pieces of texts, compared by their letters and digits alone, in any case."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._probes = {probe for text in texts for probe in _pieces(_folded(text))}

    def __bool__(self) -> bool:
        return bool(self._probes)

    def discard_common(self, texts: Iterable[str]) -> None:
        """Forget the pieces that any of these texts, which stay, has too: lines that a site puts under each article.
        A text with most of the pieces is a copy, and does not count.
        """
        common: set[str] = set()
        for folded in map(_folded, texts):
            shared = {probe for probe in self._probes if probe in folded}
            common |= shared if 2 * len(shared) <= len(self._probes) else set()
        self._probes -= common

    def in_text(self, text: str) -> bool:
        """Whether a page, list or line of a log has a piece of any of the texts."""
        plain = _TAG.sub("", html.unescape(_JSON_ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)))
        folded = _folded(_TAG.sub("", plain))
        return any(probe in folded for probe in self._probes)


def _pieces(folded: str) -> Iterator[str]:
    return (folded[at : at + PROBE] for at in range(0, len(folded) - PROBE + 1, PROBE))


def _folded(text: str) -> str:
    return _NOT_TEXT.sub("", text.casefold())
