"""Reads what a capture says about reuse: headers, markup and robots.txt; the names are those of `storage.rights`.

Sources: robots meta tag and X-Robots-Tag as search engines document them; TDM Reservation Protocol (W3C Community Group
report of 2024); Content Signals (contentsignals.org); AI preferences (IETF draft, `Content-Usage`); Really Simple
Licensing 1.0; schema.org's `license` and `acquireLicensePage`; RFC 8288 (`Link`, relation `license`).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from lxml import etree

from crawler.extraction.html.structured import as_list
from crawler.extraction.pages.page import Page
from storage.rights import RightsSignal

#: Directives that say something about reuse. `none` stands for `noindex`, `nocache` is an older name.
_DIRECTIVES: Final = {
    **{name: name for name in ("noarchive", "noai", "noimageai", "nosnippet", "noindex")},
    "nocache": "noarchive",
    "none": "noindex",
}
#: The signals of Content Signals and AI preferences, by their names there.
_USES: Final = {"search": "search", "ai-input": "ai-input", "ai-train": "ai-train", "train-ai": "ai-train"}
_ANSWERS: Final = {"yes": "yes", "no": "no", "y": "yes", "n": "no"}
#: Product tokens of crawlers that gather texts for language models, in lower case.
_AI_AGENTS: Final = frozenset(
    {
        *("gptbot", "ccbot", "google-extended", "anthropic-ai", "claudebot", "claude-web", "perplexitybot"),
        *("bytespider", "applebot-extended", "meta-externalagent", "facebookbot", "cohere-ai", "diffbot"),
        *("amazonbot", "omgili", "ai2bot"),
    }
)
#: The names under which statements are meant for us too.
_OURS: Final = frozenset({"robots", "*", "emeroteca"})
#: Characters of a value that are kept, and signals of one capture.
_LONGEST, _MOST = 500, 100

_USE = re.compile(r"(?<![a-z-])([a-z-]+)\s*=\s*(yes|no|y|n)\b", re.I)
_AGENT_PREFIX = re.compile(r"\s*([a-z0-9_*-]+)\s*:\s*(?=[a-z])", re.I)
#: Directives with values, which look like the name of an agent.
_WITH_VALUES = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_LICENCE_LINK = re.compile(r"<([^<>]+)>[^,<]*;\s*rel\s*=\s*\"?[^\",;]*\blicense\b", re.I)
_LICENCE_ANCHORS = etree.XPath("//a[contains(concat(' ', normalize-space(@rel), ' '), ' license ')]/@href")

Signals = tuple[RightsSignal, ...]


def in_order(signals: Iterable[RightsSignal]) -> Signals:
    """Each signal once, in one order, whatever the order of the places that make them."""
    return tuple(sorted(set(signals), key=lambda one: (one.signal, one.value or "", one.source))[:_MOST])


def header_signals(headers: Iterable[tuple[str, str]]) -> Signals:
    """The signals of the headers of an answer."""
    return in_order(chain.from_iterable(_of_header(name.lower(), value) for name, value in headers))


def _of_header(name: str, value: str) -> Iterator[RightsSignal]:
    match name:
        case "x-robots-tag":
            yield from _directives(value, "X-Robots-Tag")
        case "tdm-reservation" | "tdm-policy":
            yield _signal(name, value, name)
        case "content-signal" | "content-usage":
            yield from _uses(value, name)
        case "link":
            yield from (_signal("licence", url, "Link") for url in _LICENCE_LINK.findall(value))


def page_signals(page: Page) -> Signals:
    """The signals of the markup of a page. Raises PageRefused where it has no tree."""
    return in_order(chain(_meta(page), _links(page), _structured(page)))


def robots_signals(text: str) -> Signals:
    """The signals of a robots.txt: what its groups for all crawlers and for ours say of uses, licences of the site, and
    the AI crawlers that it keeps out as a whole.
    """
    return in_order(_of_robots(text))


def _of_robots(text: str) -> Iterator[RightsSignal]:
    agents: list[str] = []
    begins = True
    for line in text.splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name in ("user-agent", "useragent"):
            agents = [value.lower()] if not begins else [*agents, value.lower()]
            begins = True
            continue
        begins = False
        if name == "license" and value:
            yield _signal("licence", value, "robots.txt")
        elif name in ("content-signal", "content-usage") and (not agents or _OURS.intersection(agents)):
            yield from _uses(value, "robots.txt")
        elif name == "disallow" and value == "/":
            yield from (_signal("disallowed-agent", agent, "robots.txt") for agent in agents if agent in _AI_AGENTS)


def _meta(page: Page) -> Iterator[RightsSignal]:
    structured = page.structured
    for name in ("robots", "emeroteca"):
        for value in structured.meta_all(name):
            yield from _directives(value, f"meta {name}")
    for name in ("tdm-reservation", "tdm-policy"):
        yield from (_signal(name, value, f"meta {name}") for value in structured.meta_all(name))
    for name in ("dcterms.license", "dc.rights.license"):
        yield from (_signal("licence", value, f"meta {name}") for value in structured.meta_all(name))


def _links(page: Page) -> Iterator[RightsSignal]:
    yield from (_signal("licence", href, "link license") for href in page.structured.links.get("license", []))
    yield from (_signal("licence", href, "a license") for href in _LICENCE_ANCHORS(page.tree))


def _structured(page: Page) -> Iterator[RightsSignal]:
    for node in page.structured.articles:
        for value in as_list(node.get("license")):
            if (name := _name_of(page.structured.resolve(value))) is not None:
                yield _signal("licence", name, "schema.org license")
        for value in as_list(node.get("acquireLicensePage")):
            if (name := _name_of(value)) is not None:
                yield _signal("licence", name, "schema.org acquireLicensePage")


def _name_of(value: Any) -> str | None:
    """The URL or name of a licence that JSON-LD gives as text or as a node."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("url", "@id", "name") if isinstance(value.get(name), str)), None)
    return value if isinstance(value, str) and value.strip() else None


def _directives(value: str, source: str) -> Iterator[RightsSignal]:
    """Directives as in `noarchive, noai`, or, to one crawler, as in `otherbot: noarchive`."""
    found = _AGENT_PREFIX.match(value)
    if found and found[1].lower() not in _WITH_VALUES:
        agent, value = found[1].lower(), value[found.end() :]
        source = source if agent in _OURS else f"{source}: {agent}"
    for word in value.lower().split(","):
        if (name := _DIRECTIVES.get(word.strip())) is not None:
            yield RightsSignal(name, None, source)


def _uses(value: str, source: str) -> Iterator[RightsSignal]:
    for name, answer in _USE.findall(value):
        if (use := _USES.get(name.lower())) is not None:
            yield RightsSignal(use, _ANSWERS[answer.lower()], source)


def _signal(name: str, value: str, source: str) -> RightsSignal:
    return RightsSignal(name, " ".join(value.split())[:_LONGEST], source)
