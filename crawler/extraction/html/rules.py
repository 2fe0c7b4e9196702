"""The meaning of a template's classes, as data: which is a quote, which is no part of the article. Read by `blocks`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from lxml.html import HtmlElement


class Role(Enum):
    """The meaning of an element, where its tag alone does not show it."""

    DROP = auto()  # no part of the article: shares, advertisements, forms
    NOTE = auto()  # a remark of the publisher on the article: left out, with a warning
    RELATED = auto()  # a card of another article: only its link is kept
    TEXT = auto()  # known and ordinary: read by its tags
    PARAGRAPH = auto()
    HEADING = auto()
    QUOTE = auto()
    CITE = auto()  # the speaker of the quote that contains it
    FIGURE = auto()  # a picture with its caption and credit
    CAPTION = auto()
    CREDIT = auto()
    EMBED = auto()  # a player, a post of a social network, a map

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a Python function, ten times as slow


#: "poll-17" is a poll.
_NUMBER_BEHIND = re.compile(r"(?<=[a-z])[-_]*\d+$", re.I)

#: Tags that hold parts of a page.
CONTAINERS = frozenset({"div", "section", "aside", "article", "main", "header", "footer", "figure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How to read a container.

    `roles`: class token to role. Where a template wraps every block and names its kind in an attribute,
    `block_classes` are the wrappers' classes, `kind_attribute` the attribute and `kinds` the role of each known kind;
    a kind that is not there is read by its tags and counted as unknown. So is an element of the
    `counted_tags` of which no class is in `roles`: the text stays, its name is counted. `caption_attribute` is where an
    image carries its caption when nothing beside it does.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    block_classes: frozenset[str] = frozenset()
    kind_attribute: str = "data-type"
    kinds: Mapping[str, Role] = field(default_factory=dict)
    counted_tags: frozenset[str] = frozenset()
    caption_attribute: str | None = None

    def role_of(self, element: HtmlElement) -> Role | None:
        """The role of the first of the element's classes that has one, here or on any page."""
        for token in (element.get("class") or "").split():
            role = self.roles.get(token) or COMMON_ROLES.get(token)
            if role is not None:
                return role
        return None

    @property
    def dropped(self) -> frozenset[str]:
        """The classes whose elements are no part of the text."""
        return frozenset(token for token, role in self.roles.items() if role in (Role.DROP, Role.RELATED))


def roles(**classes: str) -> Mapping[str, Role]:
    """Class token to role, from the tokens of each role, named in lower case and separated by white space."""
    return {token: Role[name.upper()] for name, tokens in classes.items() for token in tokens.split()}


#: Classes of no template in particular that never belong to an article's text.
COMMON_ROLES = roles(
    drop="""adsbygoogle ads-wrapper code-block screen-reader-text sharedaddy jp-relatedposts addtoany_content yarpp
        yarpp-related taboola OUTBRAIN m-a-box bsaProContainerNew social-share page-links""",
    embed="""twitter-tweet instagram-media tiktok-embed fb-post fb-video telegram-post twitter-video wp-block-embed
        wp-block-video wp-block-audio""",
    figure="wp-caption",
    caption="wp-caption-text",
    quote="wp-block-pullquote",
)


def kind_of(tokens: list[str]) -> str:
    """The name under which an element with these classes is counted."""
    return _NUMBER_BEHIND.sub("", tokens[0])
