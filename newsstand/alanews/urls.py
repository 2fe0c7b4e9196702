"""Permalinks of alanews.it, old and new, and their inverse.

Old: /<category>/<slug>/. New (2026): /YYYY/MM/DD/<category>[/<subcategory>]/<slug>/; some older posts have moved to
it, their old permalink redirects. The canonical host is the bare one.
"""

import re
from dataclasses import dataclass

from newsstand.edition import Edition
from newsstand.italian import capital, slug
from newsstand.story import Stub

HOST = "alanews.it"
ROOT = f"https://{HOST}"
CATEGORIES = {
    "cronaca": 2, "politica": 3, "economia": 4, "esteri": 5, "sport": 6, "calcio": 7, "spettacoli": 8, "salute": 9,
    "tecnologia": 10, "cultura": 11, "ambiente": 12, "video": 13,
}  # fmt: skip
_NEW = re.compile(r"/(\d{4}/\d\d/\d\d)/([a-z/]+)/([^/]+)/")
_OLD = re.compile(r"/([a-z]+)/([^/]+)/")


def is_new(stub: Stub) -> bool:
    """Whether the post has a permalink with its date."""
    return stub.published.year >= 2026 or stub.number % 12 == 0


def old_path(stub: Stub) -> str:
    return f"/{stub.sections[0]}/{stub.slug}/"


def path(stub: Stub) -> str:
    """The canonical path."""
    if not is_new(stub):
        return old_path(stub)
    return f"/{stub.published:%Y/%m/%d}/{'/'.join(stub.sections)}/{stub.slug}/"


def url(stub: Stub) -> str:
    """The canonical URL."""
    return ROOT + path(stub)


def category_url(name: str) -> str:
    parent = "sport/" if name == "calcio" else ""
    return f"{ROOT}/category/{parent}{name}/"


def category_name(name: str) -> str:
    return capital(name)


def tag_url(tag: str) -> str:
    return f"{ROOT}/tag/{slug(tag)}/"


def author_url(name: str) -> str:
    return f"{ROOT}/author/{slug(name)}/"


@dataclass(frozen=True)
class Address:
    """The meaning of a path: a post, and whether it is the AMP variant; `path` with its slash, without /amp."""

    index: int
    amp: bool
    path: str


def address(edition: Edition, asked: str) -> Address | None:
    """The post of a path, in any variant; None for other paths."""
    plain = asked if asked.endswith("/") else f"{asked}/"
    amp = plain.endswith("/amp/")
    plain = plain.removesuffix("amp/") if amp else plain
    for era in (_NEW, _OLD):
        found = era.fullmatch(plain)
        if found is None:
            continue
        index = edition.writer.index_of_slug(found.groups()[-1])
        if index is None or index >= edition.scenario.population(10**3):
            return None
        return Address(index, amp, plain)
    return None
