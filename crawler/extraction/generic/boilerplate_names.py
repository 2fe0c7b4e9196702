"""Boilerplate of news pages by its names: what class, id, role and tag say of an element on a page we do not know.

Names are hints, not proof: a page's whole text may stand in a `div` called `no-sidebar`. Who asks weighs them against
how much running text the element holds.
"""

import re
from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement


class Boilerplate(IntEnum):
    """How sure an element's name makes us that it is no part of an article's text."""

    NO = 0
    MAYBE = 1
    SURE = 2


_MAYBE = frozenset(
    """ad ads adv advert advertisement advertising adverts author authorbox authors banner bio byline bylines caption
    captions copyright credit credits dateline datetime donate donation follow jumplinks login masthead menu metadata
    morefrom moreon mostread nav navigation pager pagination paywall popular postmeta print promo promos promotion
    publishdate rating ratings readmore recommend recommendation recommendations recommended register relatedposts
    reply seealso share sharebar shares sharethis sharedaddy sharing addthis addtoany sidebars signup skip social
    socials sponsor sponsored sponsors subscribe subscription taglist tagcloud tags teaser teasers timestamp toc
    toolbar upnext vote widget widgets""".split()  # noqa: SIM905
)
_SURE = frozenset(
    """breadcrumb breadcrumbs comment commentlist comments consent cookie cookies disqus footer gdpr modal navbar
    newsletter newsletters outbrain overlay popup related replies respond sidebar taboola trending""".split()  # noqa: SIM905
)
#: Words beside which a name says what an element has or lacks, not what it is: `with-sidebar`, `modal-enabled`.
_MODIFIERS = frozenset({"has", "with", "without", "no", "not", "w", "and", "is", "enabled"})
_PHRASES = re.compile(
    r"(?:read|most|also|more)[-_](?:more|read|like|from|on|stories|news|articles)|(?:see|read|lire|leggi|lee|lees|les)[-_]?(?:also|aussi|anche|tambien|ook|auch)|"
    r"you[-_]may|"
    r"inline[-_](?:promo|related)|article[-_](?:meta|info|footer|tools|tags|actions|header)|"
    r"entry[-_](?:meta|footer|header)|post[-_](?:meta|info|footer|tags|header|date)|"
    r"(?:^|[\s_-])(?:visually|screen)-?(?:hidden|reader)|sr-only|off-?screen|(?:next|prev)[-_](?:next|prev)|"
    r"(?:post|nav)[-_]?(?:next|prev)|wp-caption|fact-?box|info-?box",
    re.I,
)
_BODY = re.compile(
    r"(?:^|[\s_-])(?:article|entry|post|story|news|main|single|blog)[-_]{0,2}(?:main[-_])?"
    r"(?:body|content|text|copy|paragraphs)(?:$|[\s_-])|articlebody|articletext",
    re.I,
)
#: What names of one piece of a page mean that is neither running text nor surely boilerplate.
LEDE, ADVERT, CAPTION = "lede", "advert", "caption"
_MEANINGS = {
    LEDE: re.compile(
        r"(?:^|[\s_-])(?:leads?|lede|intro|introduction|standfirst|excerpt|chapo|chapeau|abstract|summary|"
        r"sub-?(?:title|headline)|deck?|dek|teaser|description|vorspann|anrisstext|entradilla|bajada|sommario|"
        r"occhiello)(?:$|[\s_-])|[a-z](?:Intro|Lead|Teaser|Excerpt|Summary|Abstract)|"
        r"(?:intro|lead|teaser|excerpt|summary)(?:[Tt]ext|[Bb]ox)"
    ),
    ADVERT: re.compile(
        r"promo|(?:^|[\s_-])(?:cta|ads?|banner|advert\w*|sponsor\w*|affiliate\w*|disclaimer|disclosure|callout|"
        r"call-to-action)(?:$|[\s_-])",
        re.I,
    ),
    CAPTION: re.compile(r"caption|credit|copyright|legend|bildunterschrift|photo|image", re.I),
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SURE_TAGS = frozenset({"nav", "menu"})
_MAYBE_TAGS = frozenset({"footer", "aside", "form", "header"})
_ROLES = frozenset({"complementary", "navigation", "banner", "contentinfo", "dialog"})
#: Microdata about the text: what carries such a name is a value, none of the text.
_VALUES = frozenset(
    """author creator publisher copyrightHolder copyrightYear datePublished dateModified dateCreated headline
    alternativeHeadline name url mainEntityOfPage thumbnailUrl keywords inLanguage articleSection wordCount
    interactionCount commentCount email telephone address logo width height identifier description genre legalName
    sourceOrganization speakable xpath""".split()  # noqa: SIM905
)
#: Elements whose names say something else, or nothing.
_NEVER = frozenset({"html", "body", "main", "article", "h1", "em", "strong", "b", "i"})
#: Properties from which an item without paragraph, headline and picture is nothing but their list.
_PROPERTIES = 5
#: Letters of a name that are looked at; longer ones are data, not names.
_LONGEST_NAME = 300


class Said(NamedTuple):
    """What an element's names say: how surely it is boilerplate, whether it holds an article's text, and which of LEDE,
    ADVERT and CAPTION it is.
    """

    kind: Boilerplate
    is_body: bool
    meanings: frozenset[str]


def said_by(tag: str, attributes: Mapping[str, str]) -> Said:
    """What an element's tag, class, id, role and microdata say."""
    get = attributes.get
    by_class, by_id = get("class", "")[:_LONGEST_NAME], get("id", "")[:_LONGEST_NAME]
    return _said_by(tag, by_class, by_id, get("itemprop", ""), get("role", ""), get("aria-hidden", ""))


@lru_cache(8192)
def _said_by(tag: str, by_class: str, by_id: str, properties: str, role: str, aria_hidden: str) -> Said:
    names = [_said_by_name(name) for name in (*by_class.split(), *by_id.split())]
    kind = max((name.kind for name in names), default=Boilerplate.NO)
    is_maybe = (
        tag in _MAYBE_TAGS
        or role in _ROLES
        or (aria_hidden == "true" and tag != "span")
        or not _VALUES.isdisjoint(properties.split())
    )
    if tag in _NEVER:
        kind = Boilerplate.NO
    elif tag in _SURE_TAGS:
        kind = Boilerplate.SURE
    elif is_maybe:
        kind = max(kind, Boilerplate.MAYBE)
    is_body = any(name.is_body for name in names) or "articleBody" in properties
    return Said(kind, is_body, frozenset().union(*(name.meanings for name in names)))


@lru_cache(16_384)
def _said_by_name(name: str) -> Said:
    """What one class or id says."""
    words = _WORD.findall(_CAMEL.sub(" ", name).lower())
    is_modified = not _MODIFIERS.isdisjoint(words)
    if not is_modified and not _SURE.isdisjoint(words):
        kind = Boilerplate.SURE
    elif (not is_modified and not _MAYBE.isdisjoint(words)) or _PHRASES.search(name):
        kind = Boilerplate.MAYBE
    else:
        kind = Boilerplate.NO
    meanings = frozenset(meaning for meaning, pattern in _MEANINGS.items() if pattern.search(name))
    return Said(kind, bool(_BODY.search(name)), meanings)


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether the markup itself keeps the element with these attributes from being seen."""
    return "hidden" in attributes or ("style" in attributes and bool(_HIDDEN.search(attributes["style"])))


def is_property_list(element: HtmlElement) -> bool:
    """Whether the element only lists an item's properties for machines, as a template does that hides them."""
    if element.get("itemscope") is None or sum(child.get("itemprop") is not None for child in element) < _PROPERTIES:
        return False
    return next(element.iter("p", "h1", "br", "img"), None) is None
