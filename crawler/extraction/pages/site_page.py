"""The page object of a template whose body is one element with a known class: most sites need no more."""

from typing import ClassVar

from crawler.extraction.html.blocks import BodyContent, read_blocks
from crawler.extraction.html.rules import Rules
from crawler.extraction.pages.article_page import TemplatePage
from crawler.extraction.pages.page import Page


class SitePage(TemplatePage):
    """Reads the body from the first element with the class `body`, by the site's `rules`.

    The body of a known site's page without that element is found by `GenericPage`; the article then carries the
    warning `template-unknown`. Every other field is read from JSON-LD, meta tags and microdata; override those that
    the site's markup says better.
    """

    body: ClassVar[str]
    rules: ClassVar[Rules] = Rules()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.noise = cls.rules.dropped

    @classmethod
    def fits(cls, page: Page) -> bool:
        return page.first(cls.body) is not None

    def template_content(self) -> BodyContent:
        return read_blocks(self.page.with_class(self.body)[0], self.rules, self.page.base_url)
