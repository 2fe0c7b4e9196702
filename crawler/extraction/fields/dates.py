"""Dates with provenance: all claims of a page are stored, one is chosen by a documented order.

Italian, English and Spanish months come from fixed tables, never from the machine's locale. The capture time is
never a date of the article; it only proves claims impossible.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

from crawler.extraction.fields.months import UNITS
from crawler.extraction.html.text import fold
from storage.article import DateClaim, Precision

PUBLISHED = "published_at"
MODIFIED = "modified_at"

_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
    r"(?:[T\s]+(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.I,
)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?")
_MONTHS = {
    name: number
    for names in (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
}
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\b\.?)?"
_TIME_FIRST = re.compile(
    rf"{_CLOCK}\s+(?P<utc>(?:GMT|UTC)\s+)?(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})", re.I
)
_NAMED = re.compile(r"(?P<day>\d{1,2})º?\s+(?:de\s+)?(?P<name>[^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(?P<year>\d{4})")
_NAME_FIRST = re.compile(r"(?P<name>[^\W\d_]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})")
_CLOCK_AFTER = re.compile(rf"^\D{{0,12}}?{_CLOCK}", re.I)
_AFTERNOON = frozenset({"午後", "下午", "오후"})

#: A page is served within its own second; a claim later than the capture by more than this is impossible.
_CLOCK_SKEW = timedelta(minutes=10)
_EARLIEST, _LATEST = 1990, 9998

Read = tuple[datetime | date, Precision]


def read_iso(raw: str, zone: tzinfo | None) -> Read | None:
    """ISO 8601 and its common variants: compact, with spaces, `+0100`, without offset (then in `zone`), epoch.

    Without an offset and without a zone only the day is known.
    """
    found = _ISO.match(fold(raw)) if (epoch := read_epoch(raw, zone)) is None else None
    return _moment(found.groupdict(), _offset(found["offset"]) or zone) if found else epoch


def _read_words(text: str) -> Read | None:
    """What some pages declare in place of ISO 8601: an e-mail's date, a day with the month's name, "13/11/2025".

    Of a day in numbers that can be read either way nothing is known.
    """
    with suppress(ValueError):
        moment = parsedate_to_datetime(text)
        return (moment, Precision.SECOND) if moment.tzinfo else (moment.date(), Precision.DAY)
    if found := _NUMBERS.match(text):
        month, day = sorted((found["day"], found["month"]), key=int)
        return _moment({"day": day, "month": month, "year": found["year"]}, None) if int(day) > 12 else None
    return read_visible(text, None)


def has_offset(raw: str) -> bool:
    """Whether an ISO text names its offset from UTC."""
    found = _ISO.match(fold(raw))
    return bool(found and found["offset"])


def read_epoch(raw: str, zone: tzinfo | None) -> Read | None:
    """Seconds (or milliseconds) since 1970, shown in `zone`."""
    text = fold(raw)
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text) // 1000 if len(text) > 10 else int(text)
    return datetime.fromtimestamp(seconds, zone or UTC), Precision.SECOND


def read_visible(raw: str, zone: tzinfo | None) -> Read | None:
    """A date as readers see it: "11 Dicembre 2025", "14:21 14.02.2022", "26 abril, 2022 - 8:10 pm", "21/04/2022",
    "2023年9月4日 10:30".

    Numbers are day first, as all editions of these sites have it.
    """
    text = fold(raw)
    if found := UNITS.search(text):
        half = found["half"] and ("pm" if found["half"] in _AFTERNOON else "am")
        return _moment({**found.groupdict(), "half": half}, zone)
    if found := _TIME_FIRST.search(text):
        return _moment(found.groupdict(), UTC if found["utc"] else zone)
    for pattern in (_NAMED, _NAME_FIRST, _NUMBERS):
        found = pattern.search(text)
        if found is None:
            continue
        parts = found.groupdict()
        if "name" in parts:
            parts["month"] = str(_MONTHS.get(parts.pop("name").casefold(), 0))
        clock = _CLOCK_AFTER.match(text[found.end() :])
        return _moment({**parts, **(clock.groupdict() if clock else {})}, zone)
    return read_iso(text, zone)


def _moment(parts: Mapping[str, Any], zone: tzinfo | None) -> Read | None:
    try:
        day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        hour = parts.get("hour")
        if hour is None or zone is None:
            return day, Precision.DAY
        second = parts.get("second")
        moment = datetime(
            day.year, day.month, day.day, _hour(int(hour), parts.get("half")), int(parts["minute"]),
            int(second or 0), tzinfo=zone,
        )  # fmt: skip
    except ValueError:
        return None
    return moment, Precision.SECOND if second else Precision.MINUTE


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset) if offset < timedelta(hours=24) else None


def claim(
    field: str, raw: str | None, source: str, zone: tzinfo | None, *, visible: bool = False
) -> Iterable[DateClaim]:
    """The claim that `raw` makes (none where nothing is written); unreadable ones have no value."""
    text = fold(raw)
    if not text:
        return ()
    read = read_visible(text, zone) if visible else read_iso(text, zone) or _read_words(text)
    value, precision = (read[0].isoformat(), read[1]) if read else (None, Precision.DAY)
    return (DateClaim(field=field, raw=text, source=source, precision=precision, value=value),)


def instant(found: DateClaim) -> datetime | None:
    """The claim's instant, None where it only knows a day or nothing."""
    if found.value is None or found.precision not in (Precision.SECOND, Precision.MINUTE):
        return None
    return datetime.fromisoformat(found.value)


def day_of(found: DateClaim) -> DateClaim:
    """The claim without its clock."""
    return replace(found, value=found.value and found.value[:10], precision=Precision.DAY)


def chosen(claims: Sequence[DateClaim], field: str) -> datetime | None:
    """The instant of the first claim of the field that has one: claims stand in order of trust."""
    found = chosen_claim(claims, field)
    return instant(found) if found is not None else None


def chosen_claim(claims: Sequence[DateClaim], field: str) -> DateClaim | None:
    """The claim whose instant `chosen` gives."""
    return next((c for c in claims if c.field == field and instant(c)), None)


def chosen_day(claims: Sequence[DateClaim], zone: tzinfo | None) -> date | None:
    """The local day of publication: the chosen instant's in the site's zone, else the first day claimed.

    Where the zone is not known, a day that the page shows and that is the instant's by some offset is the local one.
    """
    found = day_claim(claims, zone)
    if found is None:
        return None
    moment = instant(found)
    if moment is None:
        return date.fromisoformat((found.value or "")[:10])
    return (moment.astimezone(zone) if zone is not None else moment).date()


def day_claim(claims: Sequence[DateClaim], zone: tzinfo | None) -> DateClaim | None:
    """The claim whose day `chosen_day` gives."""
    best = chosen_claim(claims, PUBLISHED)
    days = [c for c in claims if c.field == PUBLISHED and c.precision is Precision.DAY and c.value]
    moment = instant(best) if best is not None else None
    if moment is None:
        return days[0] if days else None
    near = (c for c in days if abs((date.fromisoformat(c.value or "") - moment.date()).days) <= 1)
    return best if zone is not None else next(near, best)


def checked(
    claims: Iterable[DateClaim], captured_at: datetime | None, since: date | None = None
) -> tuple[list[DateClaim], list[str]]:
    """The distinct claims, impossible ones without their value; and their warnings.

    Impossible: later than the capture, earlier than `since` (the site's first day), not of this age of the web, or of
    the calendar's last year, which is another in some time zone.
    """
    kept: list[DateClaim] = []
    warnings: list[str] = []
    for found in dict.fromkeys(claims):
        fault = _fault(found, captured_at, since)
        if fault:
            warnings.append(f"{fault}: {found.source}")
        kept.append(replace(found, value=None) if fault else found)
    return _without_false_offsets(kept, warnings), warnings


def _fault(found: DateClaim, captured_at: datetime | None, since: date | None) -> str | None:
    if found.value is None:
        return "date-unreadable"
    moment = instant(found)
    day = moment.date() if moment else date.fromisoformat(found.value)
    if not _EARLIEST <= day.year <= _LATEST:
        return "date-impossible"
    if since is not None and day < since - timedelta(days=1):
        return "date-before-site"
    if captured_at is None:
        return None
    if moment and moment > captured_at + _CLOCK_SKEW:
        return "date-after-capture"
    return "date-after-capture" if day > captured_at.date() + timedelta(days=1) else None


def _without_false_offsets(claims: list[DateClaim], warnings: list[str]) -> list[DateClaim]:
    """A well-known plug-in writes UTC's clock with the site's offset behind it: the claim in UTC proves it false."""
    in_utc = {
        (c.field, moment.replace(tzinfo=None))
        for c in claims
        if (moment := instant(c)) and not moment.utcoffset() and c.source.startswith("meta:")
    }
    kept = []
    for found in claims:
        moment = instant(found)
        if moment and moment.utcoffset() and (found.field, moment.replace(tzinfo=None)) in in_utc:
            warnings.append(f"false-offset: {found.source}")
            found = replace(found, value=None)
        kept.append(found)
    return kept
