"""The page object of a site with a template of its own, which no family shares."""

from functools import cached_property
from typing import ClassVar

from crawler.extraction.html.blocks import BodyContent, read_blocks
from crawler.extraction.html.rules import Rules
from crawler.extraction.pages.article_page import TemplatePage
from crawler.extraction.pages.page import Page


class SitePage(TemplatePage):
    """Reads the body from the first element with the class `body`, by the site's `rules`.

    A page without that element is read by trafilatura, and its article says `template-unknown`. Every other field is
    read from what pages say of themselves for machines; override those that the site's markup says better.
    """

    body: ClassVar[str]
    rules: ClassVar[Rules] = Rules()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.noise = cls.rules.dropped

    @classmethod
    def fits(cls, page: Page) -> bool:
        return page.first(cls.body) is not None

    @cached_property
    def content(self) -> BodyContent:
        return read_blocks(self.page.with_class(self.body)[0], self.rules, self.page.base_url)
