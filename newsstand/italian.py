"""The Italian grammar of the generated texts: contracted prepositions, dates in words, slugs."""

import re
import unicodedata
from datetime import date

MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_CONTRACTED = {
    "di": {"il": "del", "lo": "dello", "la": "della", "l'": "dell'", "i": "dei", "gli": "degli", "le": "delle"},
    "a": {"il": "al", "lo": "allo", "la": "alla", "l'": "all'", "i": "ai", "gli": "agli", "le": "alle"},
    "su": {"il": "sul", "lo": "sullo", "la": "sulla", "l'": "sull'", "i": "sui", "gli": "sugli", "le": "sulle"},
}
_ARTICLE = re.compile(r"(il |lo |la |l'|i |gli |le )")


def contracted(preposition: str, noun: str) -> str:
    """`contracted("di", "la fiera")` is "della fiera"; the noun starts with its article."""
    found = _ARTICLE.match(noun)
    if found is None:
        return f"{preposition} {noun}"
    article = found.group(1)
    space = "" if article.endswith("'") else " "
    return _CONTRACTED[preposition][article.strip()] + space + noun[found.end() :]


def capital(text: str) -> str:
    """The text with its first letter upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def long_date(day: date) -> str:
    """`11 Dicembre 2025`, as JNews shows it."""
    return f"{day.day} {capital(MONTHS[day.month - 1])} {day.year}"


def long_date_with_weekday(day: date) -> str:
    """`giovedì 29 Gennaio 2026`, as JNews's top bar shows it."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; apostrophes and quotes vanish, as on both sites."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
