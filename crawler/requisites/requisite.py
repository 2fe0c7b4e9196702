"""A requisite: a file that a page needs to look as it did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from crawler.urls import web_url
from storage.exceptions import InvalidUrl


class RequisiteKind(StrEnum):
    """What a page uses a file for. The values are those of the WARC field WARC-Resource-Type."""

    STYLESHEET = "stylesheet"
    FONT = "font"
    IMAGE = "image"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Requisite:
    """url: as the page writes it, until `resolved`."""

    url: str
    kind: RequisiteKind


def resolved(found: Iterable[Requisite], base: str) -> Iterator[Requisite]:
    """The requisites by their absolute http(s) URLs, without fragments, each URL once. What has no such URL (`data:`,
    `blob:`, malformed ones, a fragment of the same document) is left out."""
    seen = set()
    for one in found:
        text = one.url.strip()
        if not text or text.startswith("#"):
            continue
        try:
            url = web_url(text, base).partition("#")[0]
        except InvalidUrl:
            continue
        if url not in seen:
            seen.add(url)
            yield Requisite(url, one.kind)
