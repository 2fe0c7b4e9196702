"""The structured data of a page: JSON-LD, meta tags, links, microdata; broken markup is tolerated."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Self

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.html.limits import MOST_OF_JSON
from crawler.extraction.html.text import fold, text_of

Node = Mapping[str, Any]

#: schema.org types (lower case) of a page's own article; `hentry` of the JNews plug-in has other keys.
_ARTICLE_TYPES = """article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle
    backgroundnewsarticle reviewnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle
    blogposting liveblogposting socialmediaposting report scholarlyarticle medicalscholarlyarticle techarticle"""
ARTICLE_TYPES = frozenset(_ARTICLE_TYPES.split())
#: Limit of nodes, and of scripts that cannot be read; no real page reaches it.
_MOST_NODES = 1000
#: Levels above an element that are looked at, and levels of properties in each other that are read; no page nests so
#: deep, and only one with many properties can.
_LEVELS = 100
_DEEPEST_PROPERTY = 20
_MANY_PROPERTIES = 100
_WRAPPING = re.compile(r"^\s*(//\s*)?(<!--|<!\[CDATA\[)|(//\s*)?(-->|\]\]>)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_VALUE_ATTRIBUTES = ("content", "datetime", "href", "src")
_PROPERTIES = etree.XPath("//@itemprop")


@dataclass(frozen=True)
class Structured:
    """`json_ld`: all nodes, flattened, in page order. `meta`: lower-case name or property to contents in order.

    `links`: rel to hrefs. `microdata`: itemprop to values; a property of a nested item is `outer/inner`.
    `broken`: how many JSON-LD scripts could not be read. `cut`: there was more JSON-LD than is read.
    """

    json_ld: tuple[Node, ...]
    meta: Mapping[str, list[str]]
    links: Mapping[str, list[str]]
    microdata: Mapping[str, list[str]]
    broken: int
    cut: bool

    @classmethod
    def read(cls, tree: HtmlElement) -> Self:
        """Everything that this document's tree holds."""
        nodes: list[Node] = []
        broken = size = 0
        for script in tree.iter("script"):
            if "ld+json" in (script.get("type") or "").lower() and script.text and script.text.strip():
                size += len(script.text)
                if size > MOST_OF_JSON:
                    break
                data = _lenient_json(script.text)
                broken += data is None
                nodes.extend(_flatten(data))
            if len(nodes) > _MOST_NODES or broken > _MOST_NODES:
                break
        return cls(tuple(nodes[:_MOST_NODES]), _meta(tree), _links(tree), _microdata(tree), broken, size > MOST_OF_JSON)

    def meta_first(self, *names: str) -> str | None:
        """The first meta content, folded, under the first of these names that has one."""
        return next((text for name in names for value in self.meta.get(name, []) if (text := fold(value))), None)

    def meta_all(self, *names: str) -> list[str]:
        """All meta contents under these names, folded, in order."""
        return [fold(value) for name in names for value in self.meta.get(name, [])]

    def micro_first(self, *names: str) -> str | None:
        """The first microdata value under the first of these names that has one."""
        return next((text for name in names for value in self.microdata.get(name, []) if (text := fold(value))), None)

    @cached_property
    def articles(self) -> Sequence[Node]:
        """The JSON-LD nodes that are articles: the most specific types first, then page order."""
        found = [node for node in self.json_ld if types_of(node) & ARTICLE_TYPES]
        return sorted(found, key=lambda node: not any(kind.endswith("newsarticle") for kind in types_of(node)))

    def resolve(self, value: Any) -> Any:
        """The node that an `{"@id": ...}` reference means; anything else is returned as it is."""
        if isinstance(value, Mapping) and set(value) <= {"@id", "@type"} and "@id" in value:
            name = value["@id"]
            named = self._by_id.get(name, ()) if isinstance(name, str) else ()
            return next((node for node in named if len(node) > len(value)), value)
        return value

    @cached_property
    def _by_id(self) -> Mapping[str, list[Node]]:
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.json_ld:
            if isinstance(node.get("@id"), str):
                found[node["@id"]].append(node)
        return found


def types_of(node: Node) -> set[str]:
    """The node's schema.org types in lower case, without the vocabulary's address."""
    kinds = node.get("@type", [])
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rpartition("/")[2].lower() for kind in listed if isinstance(kind, str)}


def as_list(value: Any) -> list[Any]:
    """A JSON-LD value as a list: empty for None, of one element for a single value."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _lenient_json(text: str) -> Any:
    """The script's data, or None. Accepts raw control characters, comment wrappers, trailing commas."""
    for mend in (None, _unwrapped):
        with suppress(ValueError, RecursionError):
            return json.loads(mend(text) if mend else text, strict=False)
    return None


def _unwrapped(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub("", _WRAPPING.sub("", text.strip())))


def _flatten(data: Any, depth: int = 0) -> Iterator[Node]:
    if depth > 8:
        return
    if isinstance(data, list):
        for item in data:
            yield from _flatten(item, depth + 1)
    elif isinstance(data, dict):
        if "@type" in data:
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"):
            if isinstance(data.get(key), dict | list):
                yield from _flatten(data[key], depth + 1)


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if (name := element.get(attribute)) and (content := element.get("content")) is not None:
                found[f"itemprop:{name}" if attribute == "itemprop" else name.strip().lower()].append(content)
    return dict(found)


def _links(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("link"):
        if href := element.get("href"):
            for rel in dict.fromkeys((element.get("rel") or "").lower().split()):
                found[rel].append(href.strip())
    return dict(found)


def _microdata(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    outers: dict[HtmlElement, str] = {}
    for element in _not_too_deep([value.getparent() for value in _PROPERTIES(tree)]):
        if element.get("itemscope") is not None and element.get("content") is None:
            continue
        value = _value(element)
        parent = element.getparent()
        if parent not in outers:
            outers[parent] = _outer_property(element)
        outer = outers[parent]
        for name in element.get("itemprop").split():
            found.setdefault(f"{outer}/{name}" if outer else name, []).append(value)
    return found


def _not_too_deep(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Those that do not stand in many others, each of which would be read with all that is in it."""
    if len(elements) < _MANY_PROPERTIES:
        return elements
    levels: dict[HtmlElement, int] = {}
    for element in elements:
        levels[element] = 1 + next((levels[above] for above in _around(element) if above in levels), 0)
    return [element for element in elements if levels[element] <= _DEEPEST_PROPERTY]


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    return islice(element.iterancestors(), _LEVELS)


def _value(element: HtmlElement) -> str:
    for name in _VALUE_ATTRIBUTES:
        if (value := element.get(name)) is not None and element.tag != "a":
            return fold(value)
    return text_of(element)


def _outer_property(element: HtmlElement) -> str:
    """The properties whose items this element stands in, outermost first, joined by slashes."""
    outer: list[str] = []
    for ancestor in _around(element):
        if (ancestor.get("itemprop") or "").strip() and ancestor.get("itemscope") is not None:
            outer.append(ancestor.get("itemprop").split()[0])
        elif ancestor.get("itemscope") is not None:
            break
    return "/".join(reversed(outer))
