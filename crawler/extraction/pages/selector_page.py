"""The page objects of a site that selectors describe (`[selectors]` of a site file, `Site.selectors`).

Called by `crawler.extraction.extract`. A selector that finds nothing leaves its field to the general rules.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extraction.fields import dates
from crawler.extraction.fields.declared import split_keywords
from crawler.extraction.fields.people import names
from crawler.extraction.html.blocks import BodyContent, read_blocks
from crawler.extraction.html.images import absolute
from crawler.extraction.html.rules import Rules
from crawler.extraction.html.text import fold, text_of, unique_fold_case
from crawler.extraction.pages.article_page import ArticlePage, TemplatePage, field
from crawler.extraction.pages.page import Page
from crawler.registry import site_of
from crawler.site import Selectors
from storage.article import DateClaim, Image

_Noted = TypeVar("_Noted")
#: Elements that a selector may select.
_MOST = 200


def selectors_of(page: Page) -> Selectors | None:
    """The selectors of the page's site, None where it has none."""
    site = site_of(page.url)
    return site.selectors if site is not None and site.selectors != Selectors() else None


def drop_noise(page: Page, selectors: Selectors) -> None:
    """Remove what the selectors drop from the page's tree, for every reader of it; `page.dropped` has it then."""
    for number, expression in enumerate(selectors.drop):
        for element in _elements(page.tree, expression):
            if element.getparent() is not None:
                element.drop_tree()
                page.dropped.append((number, element))


def _elements(tree: HtmlElement, expression: str) -> list[HtmlElement]:
    found = XPath(expression)(tree)
    return [one for one in found if isinstance(one, HtmlElement)] if isinstance(found, list) else []


class SelectedFields(ArticlePage):
    """The fields that selectors name; of the others, what the class behind it in the order of inheritance finds."""

    def _texts(self, expression: str | None) -> list[str]:
        """The texts of the elements or attributes that a selector selects, folded."""
        if expression is None:
            return []
        found = XPath(expression)(self.page.tree)
        nodes = found[:_MOST] if isinstance(found, list) else []  # a comparison selects nothing
        texts = (_shown(node) if isinstance(node, HtmlElement) else fold(str(node)) for node in nodes)
        return [text for text in texts if text]

    def selected(self, name: str) -> list[str]:
        """The texts that the selector of a field selects."""
        return self._texts(getattr(self._selectors, name))

    @property
    def _selectors(self) -> Selectors:
        return self.known_site.selectors if self.known_site else Selectors()

    def _noted(self, name: str, value: _Noted) -> _Noted:
        return self.noted(name, "selector", value)

    def date_claims(self) -> Iterable[DateClaim]:
        yield from self._selected_dates()
        yield from super().date_claims()

    def _selected_dates(self) -> Iterator[DateClaim]:
        expression = self._selectors.date
        for element in _elements(self.page.tree, expression)[:1] if expression else ():
            machine = element.get("datetime") or element.get("content")
            yield from dates.claim(
                dates.PUBLISHED, machine or text_of(element), "selector", self.zone, visible=not machine
            )
        if expression and not _elements(self.page.tree, expression):
            for text in self._texts(expression)[:1]:
                yield from dates.claim(dates.PUBLISHED, text, "selector", self.zone)

    @field
    def headline(self) -> str:
        return self._noted("headline", next(iter(self.selected("headline")), None)) or super().headline

    @field
    def description(self) -> str | None:
        return self._noted("description", " ".join(self.selected("lede"))) or super().description

    @field
    def authors(self) -> tuple[str, ...]:
        return self._noted("authors", names(self.selected("authors"), self.publisher)) or super().authors

    @field
    def keywords(self) -> tuple[str, ...]:
        words = [word for text in self.selected("keywords") for word in split_keywords(text)]
        return self._noted("keywords", unique_fold_case(words)) or super().keywords

    @field
    def section(self) -> str | None:
        return self._noted("section", next(iter(self.selected("section")), None)) or super().section

    def lead_images(self) -> list[Image]:
        expression = self._selectors.images
        elements = _elements(self.page.tree, expression)[:_MOST] if expression else []
        inside = [image for one in elements for image in ([one] if one.tag == "img" else one.iter("img"))]
        urls = [absolute(one.get("src") or one.get("data-src"), self.page.base_url) for one in inside]
        return [Image(url=url) for url in dict.fromkeys(urls) if url] or super().lead_images()


class SelectorPage(SelectedFields, TemplatePage):
    """A page whose body a selector names."""

    @classmethod
    def names_body(cls, page: Page) -> bool:
        """Whether a selector names the body of the site's pages; else the general rules find it."""
        selectors = selectors_of(page)
        return selectors is not None and selectors.body is not None

    @classmethod
    def fits(cls, page: Page) -> bool:
        selectors = selectors_of(page)
        return selectors is not None and bool(selectors.body and _elements(page.tree, selectors.body))

    def template_content(self) -> BodyContent:
        body = self._selectors.body
        content = BodyContent()
        for container in _outermost(_elements(self.page.tree, body)) if body else ():
            found = read_blocks(container, Rules(), self.page.base_url)
            content.blocks += found.blocks
            content.images += found.images
            content.links += found.links
            content.dropped += found.dropped
        return content


def _outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    return [one for one in elements if chosen.isdisjoint(one.iterancestors())]


def _shown(element: HtmlElement) -> str:
    """The text of an element, the declared one of a `meta`."""
    return fold(element.get("content")) if element.tag == "meta" else text_of(element)
