"""The requisites of a page: style sheets, fonts, images and scripts that its HTML names."""

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from crawler.requisites.requisite import Requisite, RequisiteKind, resolved
from crawler.requisites.srcset import srcset_urls
from crawler.requisites.stylesheet import inline_requisites

#: Where scripts that load images late (lazysizes, WordPress's, jQuery's) find the address.
_LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-bg", "data-background-image")
_LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")
_ICONS: Final = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"})
#: What a preload link is for, by its attribute `as`.
_PRELOADED: Final = {"style": "stylesheet", "font": "font", "image": "image", "script": "script"}
_JAVASCRIPT: Final = re.compile(r"\s*(|module|(text|application)/(x-)?(java|ecma)script\s*(;.*)?)\s*", re.I)
#: An address that can be an image's: `data-src` of other elements may be anything.
_IMAGE_NAME: Final = re.compile(r"\.(avif|bmp|gif|jpe?g|png|svg|webp)(?:[?#]|$)", re.I)
_ORDER: Final = list(RequisiteKind)
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"


def page_requisites(body: bytes, url: str, content_type: str | None) -> list[Requisite]:
    """What a page names, resolved; what changes its look most comes first. Empty for bytes that are no HTML page."""
    try:
        page = Page.from_bytes(body, url=url, content_type=content_type)
        found = [one for element in page.tree.iter("*") for one in _of_element(element)]
    except PageRefused:
        return []
    return sorted(resolved(found, page.base_url), key=lambda one: _ORDER.index(one.kind))


def _of_element(element: HtmlElement) -> Iterator[Requisite]:
    style = element.get("style")
    if style:
        yield from inline_requisites(style, is_attribute=True)
    match element.tag:
        case "link":
            yield from _of_link(element)
        case "style":
            yield from inline_requisites(element.text or "")
        case "script":
            if _JAVASCRIPT.fullmatch(element.get("type") or ""):
                yield from _urls(element, ("src",), RequisiteKind.SCRIPT)
        case "img" | "source":
            yield from _of_image(element)
        case "image" | "use" | "feimage":
            yield from _urls(element, ("href", "xlink:href", _XLINK), RequisiteKind.IMAGE)
        case "video":
            yield from _urls(element, ("poster", "data-poster"), RequisiteKind.IMAGE)
        case "input":
            if (element.get("type") or "").lower() == "image":
                yield from _urls(element, ("src",), RequisiteKind.IMAGE)
        case "body" | "table" | "td" | "th":
            yield from _urls(element, ("background",), RequisiteKind.IMAGE)
        case _:
            lazy = (element.get(name) or "" for name in _LAZY)
            yield from (Requisite(url, RequisiteKind.IMAGE) for url in lazy if _IMAGE_NAME.search(url))


def _of_link(element: HtmlElement) -> Iterator[Requisite]:
    names = (element.get("rel") or "").lower().split()
    if "stylesheet" in names:
        yield from _urls(element, ("href",), RequisiteKind.STYLESHEET)
    elif not _ICONS.isdisjoint(names):
        yield from _urls(element, ("href",), RequisiteKind.IMAGE)
    elif "modulepreload" in names:
        yield from _urls(element, ("href",), RequisiteKind.SCRIPT)
    elif "preload" in names:
        kind = _PRELOADED.get((element.get("as") or "").lower())
        if kind is not None:
            yield from _urls(element, ("href",), RequisiteKind(kind))
        yield from _sets(element, ("imagesrcset",))


def _of_image(element: HtmlElement) -> Iterator[Requisite]:
    """An `img`, or a `source` of a picture; the `src` of a source is a film's or a sound's."""
    if element.tag == "img":
        yield from _urls(element, ("src", *_LAZY), RequisiteKind.IMAGE)
    yield from _sets(element, ("srcset", *_LAZY_SETS))


def _urls(element: HtmlElement, names: tuple[str, ...], kind: RequisiteKind) -> Iterator[Requisite]:
    values = map(element.get, names)
    yield from (Requisite(value, kind) for value in values if value)


def _sets(element: HtmlElement, names: tuple[str, ...]) -> Iterator[Requisite]:
    for value in filter(None, map(element.get, names)):
        yield from (Requisite(url, RequisiteKind.IMAGE) for url in srcset_urls(value))
