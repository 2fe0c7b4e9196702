"""Lines of a flattened dump that are dates; `fields.dates` reads them."""

import re
from datetime import date

from crawler.extraction.fields import dates

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_WEEKDAY = re.compile(
    r"(?:(?:luned|marted|mercoled|gioved|venerd)ì|sabato|domenica|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?![^\s,])",
    re.I,
)
_HOUR = r"(?:[\s,-]+\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?)?"
_DAYS = tuple(
    re.compile(rf"(?<!\w){shape}{_HOUR}$")
    for shape in (
        r"\d{1,2}[°º]? (?:de )?[^\W\d_]{3,10},? (?:del? )?\d{4}",
        r"[^\W\d_]{3,10} \d{1,2}, \d{4}",
        r"\d{1,2}/\d{1,2}/\d{4}",
    )
)
_AGO = re.compile(
    r"\d+ (?:hours?|mins?|days?|ore|ora|giorn[io]|minut[io]) (?:ago|fa)|(?:ieri|oggi|yesterday|today),? \d{1,2}:\d{2}|"
    r"\d{1,2}:\d{2}(?: \d{2}\.\d{2}\.\d{4})?|\d{1,2} \w{3,10}, \d{1,2}:\d{2}",
    re.I,
)


def is_instant(text: str) -> bool:
    """Whether the line is an ISO 8601 instant and nothing else."""
    return _INSTANT.fullmatch(text) is not None


def day_at_end(text: str) -> tuple[str, str]:
    """The text before a date at its end, and the characters of the date; (text, "") without one."""
    for shape in _DAYS:
        shown = shape.search(text)
        if shown and _day(shown.group()):
            return text[: shown.start()], shown.group()
    return text, ""


def is_day(text: str) -> bool:
    """Whether the line is a day, perhaps with an hour, and nothing else."""
    before, raw = day_at_end(text)
    return bool(raw) and not before.strip()


def is_dated(text: str) -> bool:
    """Whether the line is a day, or "3 hours ago", and nothing else."""
    return is_day(text) or is_ago(text)


def is_ago(text: str) -> bool:
    """Whether the line is a time as lists of posts have it: "3 hours ago", "ieri, 10:30", "8 marzo, 10:30"."""
    return _AGO.fullmatch(text) is not None


def is_weekday_date(text: str) -> bool:
    """Whether the line begins with a weekday and holds a year: the date of the capture, on top of a page."""
    return _WEEKDAY.match(text) is not None and re.search(r"\b\d{4}\b", text) is not None and len(text) < 45


def _day(raw: str) -> date | None:
    read = dates.read_visible(raw, None)
    return read[0] if read else None
