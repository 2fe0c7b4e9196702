"""Pictures in a flattened Sputnik page: credits, captions, and galleries with each caption twice around "n/N"."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.extraction.flattened.lines import Line, ends_sentence, squeeze

_CREDIT = re.compile(r"(?:©|\(c\) |CC BY)", re.I)
_COUNTER = re.compile(r"\d{1,3} ?/ ?\d{1,3}")
#: Alternative texts end with the site's name.
_SITE = re.compile(r" - Sputnik(?: \w+)?$")
_CAPTION_WORDS = 8


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line, whether it is a picture's caption, and the articleBody's text before it that the dump lacks.

    `passed` is None where the line is not in the articleBody.
    """

    line: Line
    caption: bool = False
    passed: str | None = None

    @property
    def held(self) -> bool:
        """Whether the line is in the articleBody."""
        return self.passed is not None


def is_credit(text: str) -> bool:
    """Whether the line is a picture's credit."""
    return _CREDIT.match(text) is not None


def is_counter(text: str) -> bool:
    """Whether the line is a gallery's "3/19"."""
    return _COUNTER.fullmatch(text) is not None


def mark_captions(lines: list[Line], is_body: Callable[[str], bool]) -> tuple[list[MarkedLine], list[str]]:
    """The lines without credits and counters, captions marked; and the credits.

    A line for which `is_body` is true is no caption.
    """
    marked: list[MarkedLine] = []
    credit_lines: list[str] = []
    for number, line in enumerate(lines):
        if is_counter(line.text):
            continue
        before, after = _text_at(lines, number - 1), _text_at(lines, number + 1)
        if is_credit(line.text):
            if not is_counter(after):
                credit_lines.append(line.text)
            continue
        if is_body(line.text) or line.bullet:
            caption = False
        elif is_counter(before) or is_counter(after):
            caption = True
        elif is_credit(before):
            gallery = is_counter(_text_at(lines, number - 2))
            repeated = squeeze(_text_at(lines, number - 2)).startswith(squeeze(line.text))
            caption = gallery or repeated or (not ends_sentence(line.text) and len(line.text.split()) >= _CAPTION_WORDS)
        else:
            caption = is_credit(after) and not ends_sentence(line.text)
        if caption and is_credit(after) and squeeze(line.text).startswith(squeeze(_text_at(lines, number + 2)) or "-"):
            continue
        marked.append(MarkedLine(Line(_SITE.sub("", line.text), line.bullet) if caption else line, caption))
    return marked, credit_lines


def _text_at(lines: list[Line], number: int) -> str:
    return lines[number].text if 0 <= number < len(lines) else ""
