"""The shells of apps: pages without text, which JavaScript would fetch and build in a browser."""

import re

from lxml.html import HtmlElement

from crawler.extraction.html.text import text_of
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason

#: Where frameworks mount an app: the id of an element, or its tag.
_MOUNTS = (
    "//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt' or @id='__layout' or @id='___gatsby' or @id='main-app'"
    " or @id='app-root' or @id='react-root' or @id='q-app' or @id='svelte' or @id='ember-app' or @id='mount'"
    " or @data-reactroot or @ng-app or @ng-version or @data-server-rendered='false'] | //app-root | //ion-app"
)
#: Letters from which a page is more than a shell, a mount more than empty, a paragraph one of text.
_PAGE, _MOUNT = 600, 60
_PARAGRAPH = 80
#: Letters of text below which a page with scripts and nothing else is a shell.
_NOTHING = 60
_ASKS = re.compile(r"java\s?script", re.I)


def refuse_shells(page: Page) -> None:
    """Raise PageRefused(NEEDS_JAVASCRIPT) for a page with scripts and without a paragraph of text: with an empty mount
    of a framework, with a `noscript` that asks for JavaScript, or with nothing but scripts."""
    if any(_is_running(paragraph) for paragraph in page.tree.iter("p")):  # as on most pages: asked first, found soon
        return
    letters = len(text_of(page.body))
    if letters >= _PAGE or not page.tree.xpath("boolean(//script[@src] | //script[string-length(.) > 200])"):
        return
    mounts = page.tree.xpath(_MOUNTS)
    if mounts and all(len(text_of(mount)) < _MOUNT for mount in mounts):
        raise PageRefused(RefusalReason.NEEDS_JAVASCRIPT, f"nothing in #{mounts[0].get('id') or mounts[0].tag}")
    asks = any(_ASKS.search("".join(element.itertext())) for element in page.tree.iter("noscript"))
    if asks and letters < _PAGE / 3:
        raise PageRefused(RefusalReason.NEEDS_JAVASCRIPT, "its noscript asks for JavaScript")
    if letters < _NOTHING and page.tree.xpath("boolean(//script[@src])"):
        raise PageRefused(RefusalReason.NEEDS_JAVASCRIPT, f"{letters} letters beside scripts")


def _is_running(paragraph: HtmlElement) -> bool:
    """Whether a paragraph holds text that is shown without JavaScript."""
    return len(text_of(paragraph)) >= _PARAGRAPH and next(paragraph.iterancestors("noscript"), None) is None
