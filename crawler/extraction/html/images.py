"""Pictures: their URL behind lazy loading, their caption, their credit."""

import re
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.extraction.html.text import fold
from storage.article import Image

#: Stand-ins that lazy loading puts into `src`.
_PLACEHOLDER = re.compile(r"^data:|jeg-empty|/(blank|spacer|placeholder|lazy|1x1|transparent|pixel)[\w-]*\.\w+$", re.I)
_ADDRESS_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "data-photoview-src", "src")
_SET_ATTRIBUTES = ("data-srcset", "data-lazy-srcset", "srcset")
#: An absolute address that joining would not change.
_PLAIN = re.compile(r"https?://[a-z0-9.-]+/[A-Za-z0-9/_.:=%~+-]*")
#: "© AFP 2022 / NAME": the year is that in which the page was rendered, not the picture's.
_RENDER_YEAR = re.compile(r"(?<=\S)[\s,]+(?:19|20)\d{2}(?=\s*(?:[./|]|$))")
_CREDIT = re.compile(r"(?:^|\s)[|–—-]?\s*((?:©|\(c\)|foto:|photo:|ph\.|credits?:).*)$", re.I)


def address(element: HtmlElement, base: str) -> str | None:
    """The picture's absolute http(s) URL, from lazy-loading attributes before `src`, or None."""
    candidates = [element.get(name) for name in _ADDRESS_ATTRIBUTES]
    sets = [element.get(name) for name in _SET_ATTRIBUTES]
    candidates += [_largest(value) for value in sets if value]
    for candidate in candidates:
        if candidate and not _PLACEHOLDER.search(candidate.strip()):
            return absolute(candidate, base)
    return None


def absolute(url: str | None, base: str) -> str | None:
    """The URL made absolute against the base; None where it is none, or not of the web."""
    if not url or not url.strip():
        return None
    if _PLAIN.fullmatch(url):
        return url
    try:
        joined = urljoin(base, url.strip()).strip()  # an empty query or fragment that goes may bare white space
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


def _largest(source_set: str) -> str | None:
    """The candidate of a `srcset` with the greatest width or density."""
    best: tuple[float, str] | None = None
    for candidate in re.split(r",\s+", source_set.strip()):
        url, _, size = candidate.strip(", \t\n").partition(" ")
        number = re.match(r"[\d.]+", size.strip())
        weight = float(number[0]) if number and number[0].count(".") < 2 and number[0] != "." else 1.0
        if url and (best is None or weight > best[0]):
            best = (weight, url)
    return best[1] if best else None


def credit_of(text: str | None) -> str | None:
    """A credit, folded and without the year in which the page was rendered."""
    folded = fold(text)
    if folded.startswith("©"):
        folded = _RENDER_YEAR.sub("", "© " + folded[1:].strip(), count=1)
    return folded or None


def caption_and_credit(text: str | None) -> tuple[str | None, str | None]:
    """A caption that ends in its credit ("What is seen | Agency - Paper", "... © Agency"), split in two."""
    folded = fold(text)
    caption, bar, credit = folded.rpartition(" | ")
    if bar:
        return caption or None, credit_of(credit)
    found = _CREDIT.search(folded)
    if found:
        return folded[: found.start()].strip() or None, credit_of(found[1])
    return folded or None, None


def merged(images: list[Image]) -> tuple[Image, ...]:
    """Each picture once, in order; a caption or credit that its first occurrence lacks is taken from a later one."""
    kept: dict[str, Image] = {}
    for image in images:
        first = kept.get(image.url)
        kept[image.url] = (
            image
            if first is None
            else Image(url=image.url, caption=first.caption or image.caption, credit=first.credit or image.credit)
        )
    return tuple(kept.values())
