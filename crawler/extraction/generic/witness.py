"""trafilatura as the reader of any page (`--reader trafilatura`), and as the witness of the page objects."""

import copy
from dataclasses import replace
from functools import cached_property

from lxml import etree

from crawler.extraction.generic.agreement import agreement
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.generic.trafilatura_reader import trafilatura_reading
from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.pages.article_page import TemplatePage
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import Article

#: Elements, and levels of nesting, beyond which trafilatura's time is no longer in proportion to the page.
_MOST_ELEMENTS, _MOST_LEVELS = 20_000, 150
_CLASSES = etree.XPath("//@class")
_TOO_LARGE = etree.XPath(f"count(//*) > {_MOST_ELEMENTS} or boolean({'/*' * _MOST_LEVELS})")


class TrafilaturaPage(GenericPage):
    """A page of unknown markup whose body is trafilatura's."""

    @cached_property
    def content(self) -> BodyContent:
        return trafilatura_body(self.page)


def trafilatura_body(page: Page, noise: frozenset[str] = frozenset(), *, sure: bool = False) -> BodyContent:
    """The body by trafilatura in its default mode, without blocks where it finds none.

    noise: classes of elements that are cut before. sure: the page is known to hold an article. Raises PageRefused for
    a page that is too large for trafilatura.
    """
    if _TOO_LARGE(page.tree):
        raise PageRefused(RefusalReason.NO_TEXT, "too large for trafilatura")
    tree = copy.deepcopy(page.tree) if noise else page.tree
    for value in _CLASSES(tree) if noise else ():
        element = value.getparent()
        if not noise.isdisjoint(value.split()) and element.getparent() is not None:
            element.drop_tree()
    return trafilatura_reading(tree, page.url, page.base_url, sure=sure) or BodyContent()


def agreement_with_trafilatura(read: TemplatePage, article: Article) -> float | None:
    """How far trafilatura finds the body of the article that a page object has read, 0 to 1.

    None where there is no body (a gallery), or the page is too large for trafilatura.
    """
    if not article.body:
        return None
    try:
        witness = type(read)(read.page, instead=trafilatura_body(read.page, read.noise, sure=True))
    except PageRefused:
        return None
    return agreement(article.body, replace(article, blocks=tuple(witness.content.blocks)).body)
