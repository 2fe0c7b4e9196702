"""Days that a page shows in words: "1er février 2024", "١٤ فبراير ٢٠٢٤", "3 марта 2021 г.", "2023年9月4日".

The names of months are dateparser's, those of the page's language; a day's number and a year of four digits stand
beside them, in any digits that Unicode knows. Where year, month and day are named by their units, as in Chinese,
Japanese and Korean, the language does not matter.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from importlib import import_module

_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}")
#: What stands behind a day's number, and between the parts of a date.
_ORDINAL, _BETWEEN = r"(?:er|re|e|º|ª|°|st|nd|rd|th|:a|:e|\.)?", r"[\s.,،/-]*(?:(?:de|del|di|da|d'|of)\s+)?"
#: A day by its units, and the time behind it: 2023年9月4日(月) 午後3時04分, 2023년 9월 4일 오후 3:04.
UNITS = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日号號일]"
    r"(?:\D{0,12}?(?P<half>午前|上午|오전|午後|下午|오후)?\s*(?P<hour>\d{1,2})\s*[:：時时点點시]\s*(?P<minute>\d{1,2}))?"
)
_IN_NUMBERS = re.compile(
    r"(?<![\w./-])(?:(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)|"
    r"(?P<day_behind>\d{1,2})\.\s?(?P<month_behind>\d{1,2})\.\s?(?P<year_behind>(?:19|20)\d\d))(?![\w/-])"
)


def day_in_line(text: str, language: str | None) -> date | None:
    """The first day that a line shows, in words (`day_in_words`) or as 2021-03-14 or 14.3.2021; None where it shows
    none. Numbers between slashes are not read: what the first one is depends on the country."""
    if (day := day_in_words(text, language)) is not None:
        return day
    for found in _IN_NUMBERS.finditer(text):
        with suppress(ValueError):
            return date(*(int(found[name] or found[f"{name}_behind"]) for name in ("year", "month", "day")))
    return None


def day_in_words(text: str, language: str | None) -> date | None:
    """The first day that a text names by units, else by the months of a language (an ISO 639 code); None where it names
    none."""
    for found in UNITS.finditer(text):
        with suppress(ValueError):
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    months = months_of(language) if language and _LANGUAGE.fullmatch(language) else {}
    if not months:
        return None
    for pattern in _patterns(language or ""):
        for found in pattern.finditer(text.casefold()):
            try:
                return date(int(found["year"]), months[found["month"]], int(found["day"]))
            except ValueError:
                continue
    return None


@cache
def months_of(language: str) -> Mapping[str, int]:
    """The names of months in a language, in small letters; none for a language that dateparser does not know."""
    try:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ImportError:
        return {}
    names = ((name.casefold(), number) for number, key in enumerate(_NAMES, 1) for name in info.get(key, ()))
    return {name: number for name, number in names if len(name) > 1 and not name.isdigit()}


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    names = "|".join(map(re.escape, months_of(language)))
    day, month, year = r"(?<!\d)(?P<day>\d{1,2})", rf"(?P<month>{names})", r"(?P<year>\d{4})(?!\d)"
    return (
        re.compile(rf"{day}{_ORDINAL}{_BETWEEN}{month}{_BETWEEN}{year}"),
        re.compile(rf"{month}{_BETWEEN}{day}{_ORDINAL}{_BETWEEN}{year}"),
        re.compile(rf"{year}{_BETWEEN}{month}{_BETWEEN}{day}"),
    )
