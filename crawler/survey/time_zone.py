"""Finds the time zone of a site by the offsets from UTC of the times that it writes. Pure.

The offsets are those of sitemaps, feeds, JSON-LD, meta tags and `time` elements. Which zones a country has is in
zone.tab of the IANA time zone database, in the package tzdata.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from crawler.discovery.xml import claimed_time
from crawler.extraction.html.structured import as_list
from crawler.extraction.pages.page import Page
from crawler.urls import host_of

#: Times from which a zone is believed, and the share of them that it has to explain.
_ENOUGH: Final = 3
_EXPLAINED: Final = 0.9
#: Times of a page that are looked at.
_MOST: Final = 200
#: Country domains that are no country codes.
_DOMAINS: Final = {"uk": "gb", "su": "ru"}


@dataclass(frozen=True, slots=True)
class ZoneFound:
    """zone: an IANA name; None where nothing speaks for one. is_doubtful: it is likely, and no more. why: the evidence,
    for the reader."""

    zone: str | None
    is_doubtful: bool
    why: str


def moments_of(page: Page) -> tuple[datetime, ...]:
    """The times with an offset that a page declares: aware datetimes."""
    structured = page.structured
    keys = ("datePublished", "dateModified")
    texts = [value for node in structured.json_ld for key in keys for value in as_list(node.get(key))]
    texts += structured.meta_all("article:published_time", "article:modified_time", "og:updated_time")
    texts += [one.get("datetime") for one in page.tree.iter("time") if one.get("datetime")]
    return with_offset(claimed_time(text.strip()) for text in texts[:_MOST] if isinstance(text, str))


def with_offset(times: Iterable[date | datetime | None]) -> tuple[datetime, ...]:
    """The aware datetimes among the times of a list."""
    return tuple(one for one in times if isinstance(one, datetime) and one.tzinfo is not None)


def find_zone(moments: Collection[datetime], url: str, language: str | None, region: str | None) -> ZoneFound:
    """The zone of the site at a URL. moments: aware, with the offsets that the site wrote; those of UTC say nothing,
    since many publishing systems write UTC. language, region: two-letter codes that its pages declare."""
    local = [one for one in moments if one.utcoffset()]
    offsets = Counter(_shown(one) for one in local)
    shown = (
        ", ".join(f"{count} times {offset}" for offset, count in offsets.most_common(4))
        or "no time with an offset other than UTC's"
    )
    for country, whence in _countries(url, language, region):
        zones = [zone for zone in _zones().get(country, ()) if _explains(zone, local)]
        if not zones:
            continue
        is_named = whence != "language"
        is_sure = len(local) >= _ENOUGH and (is_named or len(offsets) > 1)
        if local or (is_named and len({_offsets(zone) for zone in zones}) == 1):
            return ZoneFound(zones[0], not is_sure, f"{shown}; {country.upper()} by its {whence}")
    return ZoneFound(None, is_doubtful=True, why=f"{shown}, and no country whose zone that is")


def _countries(url: str, language: str | None, region: str | None) -> Iterator[tuple[str, str]]:
    """Codes of countries that the site may be of, each with what says so, the surest first."""
    ending = host_of(url).rpartition(".")[2]
    yield _DOMAINS.get(ending, ending), "domain"
    if region:
        yield region.lower(), "region"
    if language:
        yield language.lower(), "language"


def _explains(zone: str, moments: Collection[datetime]) -> bool:
    clock = ZoneInfo(zone)
    fitting = sum(one.astimezone(clock).utcoffset() == one.utcoffset() for one in moments)
    return fitting >= _EXPLAINED * len(moments)


def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    """The offsets of a zone in winter and in summer."""
    return tuple(datetime(2024, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() for month in (1, 7))


def _shown(moment: datetime) -> str:
    return moment.strftime("%z")


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Country codes, in lower case, to their zones in the order of zone.tab."""
    found: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found[country.lower()] = (*found.get(country.lower(), ()), zone)
    return found
