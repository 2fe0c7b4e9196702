"""URLs of the Italian edition, by template generation, and their inverse."""

import re
from dataclasses import dataclass
from datetime import date

from newsstand.edition import Edition
from newsstand.story import Stub

HOST = "it.sputniknews.com"
ROOT = f"https://{HOST}"
SWITCH = date(2021, 5, 18)
SECTIONS = {
    "cronaca": ("italia", "Italia"),
    "cultura": ("cultura", "Cultura"),
    "economia": ("economia", "Economia"),
    "politica": ("politica", "Politica"),
    "esteri": ("mondo", "Mondo"),
    "sport": ("sport", "Sport"),
    "spettacoli": ("societa", "Società"),
    "ambiente": ("ambiente", "Ambiente & Territorio"),
    "tecnologia": ("scienza", "Scienza e Tech"),
    "salute": ("salute", "Salute"),
}
_G2 = re.compile(r"/(\d{8})/(?:.+-)?(\d{4,})(?:-print)?\.html")
_G1 = re.compile(r"/[a-z]+/(\d{8})(\d{4,})(?:-[^/]*)?/?")
_G0 = re.compile(r"/[a-z]+/(\d{8})/(\d{4,})(?:/[^/]+\.html)?/?")


def section(story: Stub) -> tuple[str, str]:
    """The section's path segment and its printed name."""
    return SECTIONS[story.sections[0]]


def is_g1(story: Stub) -> bool:
    """Whether the article has the old template: older than the switch and not migrated."""
    return story.published.date() < SWITCH and story.number % 4 != 0


def g2_path(story: Stub) -> str:
    return f"/{story.published:%Y%m%d}/{story.slug}-{story.number}.html"


def g1_path(story: Stub) -> str:
    slug = "" if story.number % 9 == 1 else f"-{story.slug}"
    return f"/{section(story)[0]}/{story.published:%Y%m%d}{story.number}{slug}/"


def g0_path(story: Stub) -> str:
    return f"/{section(story)[0]}/{story.published:%Y%m%d}/{story.number}/{story.slug}.html"


def path(story: Stub) -> str:
    """The article's canonical path."""
    return g1_path(story) if is_g1(story) else g2_path(story)


def url(story: Stub) -> str:
    """The article's canonical URL."""
    return ROOT + path(story)


@dataclass(frozen=True)
class Address:
    """The meaning of a path: an article and its variant."""

    index: int
    amp: bool
    printed: bool


def address(edition: Edition, asked: str) -> Address | None:
    """The article of a path of any generation; None where no article has its id or day."""
    amp = asked.startswith("/amp/")
    plain = asked.removeprefix("/amp")
    for era in (_G2, _G1, _G0):
        found = era.fullmatch(plain)
        if found is None:
            continue
        index = edition.writer.numbers.index(int(found.group(2)))
        if index is None or f"{edition.writer.published(index):%Y%m%d}" != found.group(1):
            return None
        return Address(index, amp, plain.endswith("-print.html"))
    return None
