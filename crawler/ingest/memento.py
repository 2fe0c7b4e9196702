"""A capture of a memento is a capture of the original at its moment: of a page as a web archive played it back.

Archives that play pages back unchanged have URLs with fourteen digits and `id_` (the Wayback Machine, pywb), and their
answers name the moment in Memento-Datetime (RFC 7089). Answers without it are the archive's own. Used by
`crawler.ingest.classify`; it depends on nothing but the capture, so a rebuild gives the same rows.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from crawler.registry import site_of
from storage.warc.http.capture import Capture

_MEMENTO_URL = re.compile(r"https?://([^/]+/(?:[^/]+/)?)(\d{14})id_/(.+)", re.DOTALL)
#: Archives fold the slashes of the URL in their path.
_SCHEME = re.compile(r"(https?):/+", re.IGNORECASE)
_ORIGINAL_HEADER = "x-archive-orig-"
#: Headers of the body as it was sent to us, or that say nothing of the page.
_OF_THE_MESSAGE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_GZIP = b"\x1f\x8b"


class MementoAddress(NamedTuple):
    """The URL and the moment (UTC) of the original, as the URL of a memento names them."""

    url: str
    moment: datetime


def memento_address(url: str) -> MementoAddress | None:
    """The original of a memento's URL; of a memento of a memento the innermost. None for other URLs, and for mementos
    that the archive would rewrite."""
    found: MementoAddress | None = None
    while (match := _MEMENTO_URL.fullmatch(url)) is not None:
        try:
            moment = datetime.strptime(match[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return found
        scheme = _SCHEME.match(match[3])
        url = f"{scheme[1].lower()}://{match[3][scheme.end() :]}" if scheme else f"http://{match[3]}"
        found = MementoAddress(url, moment)
    return found


def archive_of(url: str) -> str | None:
    """The archive that a memento's URL is of: its host, with the path of the collection where that is not `web`."""
    match = _MEMENTO_URL.fullmatch(url)
    return match[1].rstrip("/").removesuffix("/web") if match else None


def original_url(url: str) -> str:
    """The URL of the original, of a memento's URL; any other as it is."""
    address = memento_address(url)
    return address.url if address else url


def as_original(capture: Capture) -> Capture:
    """The original that a capture of a memento shows, with its URL, time and headers; any other capture as it is.
    What a known site serves is its own: it could call any page of another site a memento.

    The payload stays as it was sent; where the archive says no coding of it, that of the original counts, or gzip where
    it begins so.
    """
    address = memento_address(capture.url) if site_of(capture.url) is None else None
    moment = memento_moment(capture.header("memento-datetime"))
    if address is None or moment is None:
        return capture
    is_nested = memento_address(capture.url.partition("id_/")[2]) is not None
    originals = tuple(
        (name[len(_ORIGINAL_HEADER) :], value)
        for name, value in capture.headers
        if name.lower().startswith(_ORIGINAL_HEADER)
    )
    headers = tuple(
        (name, value) for name, value in originals or capture.headers if name.lower() not in _OF_THE_MESSAGE
    )
    coding = (capture.header("content-encoding") or "").strip() or _first(originals, "content-encoding")
    if not coding and capture.payload.startswith(_GZIP):
        coding = "gzip"
    return replace(
        capture,
        url=address.url,
        captured_at=address.moment if is_nested else moment,
        headers=(*headers, ("content-encoding", coding)) if coding else headers,
        content_type=_first(originals, "content-type") or capture.content_type,
    )


def memento_moment(date: str | None) -> datetime | None:
    """The instant of a Memento-Datetime header, aware UTC; None where there is none."""
    try:
        moment = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _first(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((value for field, value in headers if field.lower() == name and value.strip()), None)
