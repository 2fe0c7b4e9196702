"""From a page to its article: chooses the page object, and refuses pages that hold no article.

1. The site's own page object, by web-poet's URL rules (`@handle_urls` in `spiders/<site>.py`).
2. The page object of the first platform whose markup the page has: other sites on a known platform.
3. `GenericPage` for any other page. It also finds the body of a known site's page whose markup is unknown; the
   article then carries the warning `template-unknown`.

Called by `ingest.classify` for each capture, and by the command `extract`.
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
from crawler.extraction.platforms import all_platforms
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.registry import all_sites
from storage.article import Article

#: The warning of an article of a known site in unknown markup.
TEMPLATE_UNKNOWN = "template-unknown"


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
    """The page object for this page. Raises PageRefused for a known site's page that is no article."""
    own = _own_page_class(page.url)
    for candidate in (*([own] if own else []), *(platform.page_class for platform in all_platforms())):
        if candidate.fits(page):
            return candidate(page)
    return GenericPage(page) if own is None else _with_generic_body(own, page)


def _with_generic_body(own: type[TemplatePage], page: Page) -> ArticlePage:
    """The site's own page object with the body that `GenericPage` finds, for a page in unknown markup."""
    refuse_indexes(page)
    known = own(page, instead=GenericPage(page, noise=own.noise, sure=True).content, warnings=(TEMPLATE_UNKNOWN,))
    if known.known_site and known.article_url is None:
        raise PageRefused(RefusalReason.INDEX_PAGE, "not an article's URL")
    return known


def _own_page_class(url: str) -> type[TemplatePage] | None:
    all_sites()  # imports the sites, whose page objects register themselves
    found = default_registry.page_cls_for_item(url, Article)
    return found if found is not None and issubclass(found, TemplatePage) else None
