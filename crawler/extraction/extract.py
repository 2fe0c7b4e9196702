"""A page becomes an article: which page object reads it, and what is refused.

1. The site's own page object, by web-poet's URL rules (`@handle_urls` in `spiders/<site>.py`).
2. A template family, by marks in the page: other hosts of the platforms that we know.
3. Anything else is read by trafilatura and the page's structured data. So is a page of a known site that its
   template does not fit; the article then carries the warning `template-unknown`.
"""

from dataclasses import replace

from web_poet import default_registry

from crawler.extraction.checks.rejections import (
    doubted,
    is_closed,
    refuse_indexes,
    refuse_stubs,
    refuse_unmarked,
    refuse_walls,
)
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.pages.article_page import ArticlePage, TemplatePage
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.templates.jnews.page import JNewsPage
from crawler.extraction.templates.sputnik.page import SputnikPage
from crawler.registry import all_sites
from storage.article import Article

#: The warning of an article of a known site in markup that we do not know.
TEMPLATE_UNKNOWN = "template-unknown"

FAMILIES: tuple[type[TemplatePage], ...] = (SputnikPage, JNewsPage)


def extract(page: Page) -> Article:
    """The article on this page. Raises PageRefused, with a reason, for a page that is none."""
    refuse_walls(page)
    reader = page_object(page)
    if isinstance(reader, GenericPage):
        refuse_indexes(page)
    article = reader.to_article()
    refuse_stubs(page, article)
    if is_closed(page, article):
        article = replace(article, warnings=(*article.warnings, "paywalled"))
    if isinstance(reader, GenericPage):
        return doubted(page, reader.body, article)
    if TEMPLATE_UNKNOWN in article.warnings:
        refuse_unmarked(page, article)
    return article


def page_object(page: Page) -> ArticlePage:
    """The object that reads this page best. Raises PageRefused for a known site's page that is no article."""
    own = _own_page_class(page.url)
    candidates = (own, *FAMILIES) if own else FAMILIES
    for candidate in candidates:
        if candidate.fits(page):
            return candidate(page)
    return GenericPage(page) if own is None else _rescued(own, page)


def _rescued(own: type[TemplatePage], page: Page) -> ArticlePage:
    """The site's own fields around the body that trafilatura finds, for a page with another markup than we know."""
    refuse_indexes(page)
    known = own(page, instead=GenericPage(page, noise=own.noise, sure=True).content, warnings=(TEMPLATE_UNKNOWN,))
    if known.known_site and known.address is None:
        raise PageRefused(RefusalReason.INDEX_PAGE, "not an article's URL")
    return known


def _own_page_class(url: str) -> type[TemplatePage] | None:
    all_sites()  # imports the sites, whose page objects register themselves
    found = default_registry.page_cls_for_item(url, Article)
    return found if found is not None and issubclass(found, TemplatePage) else None
