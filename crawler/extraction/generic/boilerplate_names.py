"""Boilerplate of news pages by its names: what class, id, role and tag say of an element on a page we do not know.

Names are hints, not proof: a page's whole text may stand in a `div` called `no-sidebar`. Who asks weighs them against
how much running text the element holds.
"""

import re
from enum import IntEnum
from functools import lru_cache

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


def boilerplate(element: HtmlElement, names: str) -> Boilerplate:
    """What the element's tag, names (`names_of`) and role say."""
    tag = element.tag
    if tag in _NEVER:
        return Boilerplate.NO
    by_name = _named(names) if names else Boilerplate.NO
    if tag in _SURE_TAGS or by_name is Boilerplate.SURE:
        return Boilerplate.SURE
    hidden = element.get("aria-hidden") == "true" and tag != "span"
    about = not _VALUES.isdisjoint((element.get("itemprop") or "").split())
    if tag in _MAYBE_TAGS or by_name or hidden or about or element.get("role") in _ROLES:
        return Boilerplate.MAYBE
    return Boilerplate.NO


def is_hidden(element: HtmlElement) -> bool:
    """Whether the markup itself keeps the element from being seen."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def is_property_list(element: HtmlElement) -> bool:
    """Whether the element only lists an item's properties for machines, as a template does that hides them."""
    if element.get("itemscope") is None or sum(child.get("itemprop") is not None for child in element) < _PROPERTIES:
        return False
    return next(element.iter("p", "h1", "br", "img"), None) is None


def is_body(element: HtmlElement, names: str) -> bool:
    """Whether the element's names (`names_of`) say that it holds an article's text."""
    return bool(names and _is_body_name(names)) or "articleBody" in (element.get("itemprop") or "")


def names_of(element: HtmlElement) -> str:
    """Class and id in one line, "" where it has neither."""
    by_class, by_id = element.get("class") or "", element.get("id") or ""
    return f"{by_class[:_LONGEST_NAME]} {by_id[:_LONGEST_NAME]}" if by_class or by_id else ""


@lru_cache(8192)
def meanings_of(names: str) -> frozenset[str]:
    """Which of LEDE, ADVERT and CAPTION an element's names (`names_of`) mean."""
    return frozenset(meaning for meaning, pattern in _MEANINGS.items() if pattern.search(names))


@lru_cache(8192)
def _is_body_name(names: str) -> bool:
    """Whether this is what an article's text is often called."""
    return bool(_BODY.search(names))


@lru_cache(8192)
def _named(names: str) -> Boilerplate:
    found = Boilerplate.NO
    for token in names.split():
        words = _WORD.findall(_CAMEL.sub(" ", token).lower())
        if not _MODIFIERS.isdisjoint(words):
            continue
        if not _SURE.isdisjoint(words):
            return Boilerplate.SURE
        if not _MAYBE.isdisjoint(words):
            found = Boilerplate.MAYBE
    return found or (Boilerplate.MAYBE if _PHRASES.search(names) else Boilerplate.NO)
