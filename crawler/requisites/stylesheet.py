"""The requisites of a style sheet: imports, fonts and images. Parsed by tinycss2 (CSS Syntax Level 3)."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

import tinycss2

from crawler.requisites.requisite import Requisite, RequisiteKind, resolved

#: Bytes; a longer style sheet is captured and not read: tinycss2 takes seconds for a megabyte.
MOST_BYTES: Final = 2 * 1024 * 1024
#: Without one of these a style sheet names no file.
_NAMES_FILES: Final = re.compile(rb"url\s*\(|@import|image-set", re.I)
#: Functions whose strings are URLs.
_OF_URLS: Final = frozenset({"url", "src", "image-set", "-webkit-image-set"})


def stylesheet_requisites(css: bytes, url: str, charset: str | None = None) -> list[Requisite]:
    """The files that a style sheet at `url` names, resolved. charset: the one that the server declares."""
    if len(css) > MOST_BYTES or not _NAMES_FILES.search(css):
        return []
    with suppress(ValueError):  # a number of thousands of digits
        rules, _ = tinycss2.parse_stylesheet_bytes(css, protocol_encoding=charset)
        return list(resolved(_of_rules(rules), url))
    return []


@lru_cache(maxsize=64)
def inline_requisites(css: str, *, is_attribute: bool = False) -> tuple[Requisite, ...]:
    """The files that a style element names, or a style attribute; not resolved. Pages of a site repeat them."""
    if len(css) > MOST_BYTES or not _NAMES_FILES.search(css.encode("utf-8", "replace")):
        return ()
    with suppress(ValueError):  # as above
        if is_attribute:
            return tuple(_of_values(tinycss2.parse_component_value_list(css), RequisiteKind.IMAGE))
        return tuple(_of_rules(tinycss2.parse_stylesheet(css)))
    return ()


def _of_rules(nodes: Iterable[Any]) -> Iterator[Requisite]:
    for node in nodes:
        if node.type == "qualified-rule":
            yield from _of_values(node.content, RequisiteKind.IMAGE)
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            yield from _of_import(node.prelude)
        elif node.type == "at-rule" and node.lower_at_keyword != "namespace":
            is_font = node.lower_at_keyword == "font-face"
            yield from _of_values(node.content or (), RequisiteKind.FONT if is_font else RequisiteKind.IMAGE)


def _of_import(prelude: Iterable[Any]) -> Iterator[Requisite]:
    for node in prelude:
        if node.type == "string":
            yield Requisite(node.value, RequisiteKind.STYLESHEET)
            return
        if found := list(_of_values([node], RequisiteKind.STYLESHEET)):
            yield found[0]
            return


def _of_values(nodes: Iterable[Any], kind: RequisiteKind) -> Iterator[Requisite]:
    """The URLs in component values, blocks and functions at any depth, without recursion: foreign CSS nests deeply."""
    pending = _of_kinds(nodes, kind, are_urls=False)
    while pending:
        node, kind, is_url = pending.pop()
        if node.type == "url" or (node.type == "string" and is_url):
            yield Requisite(node.value, kind)
        elif node.type == "function":
            pending += _of_kinds(node.arguments, kind, are_urls=node.lower_name in _OF_URLS)
        elif content := getattr(node, "content", None):
            pending += _of_kinds(content, kind, are_urls=False)


def _of_kinds(nodes: Iterable[Any], kind: RequisiteKind, *, are_urls: bool) -> list[tuple[Any, RequisiteKind, bool]]:
    """The nodes, the last first, with the kind of what they name; are_urls: whether their strings are URLs. The block
    after `@font-face`, in a condition such as `@media`, names fonts."""
    found = []
    now = kind
    for node in nodes:
        if node.type == "at-keyword":
            now = RequisiteKind.FONT if node.lower_value == "font-face" else kind
        found.append((node, now, are_urls))
        if node.type == "{} block":
            now = kind
    return found[::-1]
