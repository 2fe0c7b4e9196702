"""The words of the pages in English and Italian, and the form of days and numbers in both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import floor
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from reading_room.italian import ITALIAN

LANGUAGES: Final = ("en", "it")

_PREFERENCE = re.compile(r"\s*([A-Za-z*]{1,8})(?:-[A-Za-z0-9-]*)?(?:\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


def preferred_language(accept_language: str) -> str:
    """Of the languages here the one that an Accept-Language header (RFC 9110) prefers; English where it names none."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for item in accept_language[:1000].split(","):
        found = _PREFERENCE.fullmatch(item)
        if found and found[1].lower() in weights:
            language = found[1].lower()
            weights[language] = max(weights[language], float(found[2] or 1))
    return max(LANGUAGES, key=lambda language: weights[language])


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language, `en` or `it`."""

    language: str

    def say(self, words: str, **values: Any) -> str:
        """Words in this language; `{name}` stands for a value, whose numbers get the language's form."""
        known: Mapping[str, str] = ITALIAN if self.language == "it" else {}
        shown = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return known.get(words, words).format(**shown) if values else known.get(words, words)

    def count(self, one: str, many: str, n: int, **values: Any) -> str:
        """The words for one thing or for many, `{n}` being their number."""
        return self.say(one if n == 1 else many, n=n, **values)

    def number(self, value: float) -> str:
        """A number with separators of thousands."""
        return _number(value, self.language)

    def percent(self, share: float) -> str:
        """A share from 0 to 1 as a whole percentage, rounded down: 100% is all."""
        return f"{floor(100 * share + 1e-9)}%"

    def size(self, count: int) -> str:
        """A number of bytes in the greatest unit of which there is one."""
        power = min(5, (len(str(count)) - 1) // 3)
        return f"{self.number(round(count / 1000**power, 1))} {('bytes', 'kB', 'MB', 'GB', 'TB', 'PB')[power]}"

    def day(self, value: date | str | None, form: str = "long") -> str:
        """A day, such as 7 March 2026; an empty text for None."""
        if value is None:
            return ""
        moment = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return _day(moment, form, self._locale)

    def month(self, value: date) -> str:
        """The name of a day's month."""
        return _day(value, "LLLL", self._locale)

    def moment(self, value: datetime | str | None) -> str:
        """An instant to the minute: with the source's offset where it has another than UTC."""
        if value is None:
            return ""
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        offset = f"{moment:%z}" if moment.utcoffset() else ""
        zone = "" if moment.tzinfo is None else f"UTC{offset[:3]}:{offset[3:5]}" if offset else "UTC"
        shown = _day(moment, "d MMM y", self._locale) + f", {moment:%H:%M}"
        return f"{shown} {zone}".strip()

    @property
    def _locale(self) -> str:
        return "it" if self.language == "it" else "en_GB"


@lru_cache(maxsize=4096)
def _day(day: date, form: str, locale: str) -> str:
    return str(format_date(day, form, locale=locale))


@lru_cache(maxsize=4096)
def _number(value: float, locale: str) -> str:
    return str(format_decimal(value, locale=locale))
