"""The date line of a Sputnik page: "14:21 14.02.2022 (aggiornato: 14:37 14.02.2022)"."""

import re
from collections.abc import Iterator
from datetime import tzinfo

from crawler.extraction.fields import dates
from storage.article import DateClaim

_MOMENT = r"\d{1,2}:\d{2} \d{2}\.\d{2}\.\d{4}"
#: Older pages have the link to the short URL glued behind the date.
_CLOCK = re.compile(rf"({_MOMENT})(?:\s*\([^:()]*:\s*({_MOMENT})\))?(?=\D{{0,30}}$)")
_UPDATED = re.compile(r"\((?:aggiornat[oa]|updated|обновлено|actualizad[oa])[^:]*:\s*([^)]+)\)", re.I)


def is_clock(text: str) -> bool:
    """Whether the line is the visible date line."""
    return _CLOCK.match(text) is not None


def clock_claims(text: str, zone: tzinfo | None) -> Iterator[DateClaim]:
    """The claims of the visible date line: published, and modified where present; none for another line."""
    shown = _CLOCK.match(text)
    for name, raw in zip((dates.PUBLISHED, dates.MODIFIED), shown.groups() if shown else (), strict=False):
        yield from dates.claim(name, raw, "visible", zone, visible=True)


def split_updated(raw: str) -> tuple[str, str | None]:
    """The time of publication and, where it is there, the time of the change, whatever the language."""
    found = _UPDATED.search(raw)
    return (raw[: found.start()], found[1]) if found else (raw, None)
