"""Embedded players and posts of social networks, and the URL of each."""

from lxml.html import HtmlElement

from crawler.extraction.html.images import absolute
from crawler.extraction.html.text import fold
from crawler.urls import is_web_url

_PLAYER_TAGS = "iframe video audio embed object amp-iframe amp-youtube amp-video amp-twitter"
PLAYERS = frozenset(_PLAYER_TAGS.split())


def embedded_url(element: HtmlElement, base: str) -> str | None:
    """The URL of the embedded player, else the last link (a post's date links to the post)."""
    own = element if element.tag in PLAYERS else next(element.iter(*PLAYERS, "source"), None)
    if own is not None:
        sources = [own, *own.iter("source")]
        names = ("src", "data-src", "data-lazy-src", "data")
        found = (absolute(e.get(name), base) for e in sources for name in names)
        if url := next((url for url in found if url), None):
            return url
    if video := element.get("data-videoid"):  # the AMP player names its video only
        return f"https://www.youtube.com/watch?v={video}"
    for name in ("data-instgrm-permalink", "cite", "data-href", "data-url"):
        if url := absolute(element.get(name), base):
            return url
    links = [url for anchor in element.iter("a") if (url := absolute(anchor.get("href"), base))]
    if links:
        return links[-1]
    text = fold(element.text_content())
    is_address = element.tag not in PLAYERS and is_web_url(text) and " " not in text
    return absolute(text, base) if is_address else None
