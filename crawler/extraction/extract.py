"""From a page to its article: chooses the page object, and refuses pages that hold no article.

1. The site's own page object: by web-poet's URL rules (`@handle_urls` in `spiders/<site>.py`), or by the selectors of
   its site file.
2. The page object of the first platform whose markup the page has: other sites on a known platform.
3. `GenericPage` for any other page. It also finds the body of a known site's page whose markup is unknown; the
   article then carries the warning `template-unknown`.

A page object reads the body itself, or has trafilatura read it (`Reader`); where it reads itself, trafilatura can be
its witness. Called by `ingest.classify` for each capture, and by the command `extract`.
"""

from dataclasses import dataclass, replace

from web_poet import default_registry

from crawler.extraction.checks.rejections import (
    doubted,
    is_closed,
    refuse_indexes,
    refuse_stubs,
    refuse_unmarked,
    refuse_walls,
)
from crawler.extraction.checks.shells import refuse_shells
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.generic.witness import TrafilaturaPage, agreement_with_trafilatura, trafilatura_body
from crawler.extraction.pages.article_page import ArticlePage, TemplatePage
from crawler.extraction.pages.page import Page
from crawler.extraction.pages.selector_page import SelectedFields, SelectorPage, drop_noise, selectors_of
from crawler.extraction.platforms import all_platforms
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.rights import Signals
from crawler.extraction.version import Reader
from crawler.registry import all_sites
from storage.article import Article

#: The warning of an article of a known site in unknown markup.
TEMPLATE_UNKNOWN = "template-unknown"


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article, and how far trafilatura finds the same body, 0 to 1; None where it was no witness. rights: what the
    markup says about reuse.
    """

    article: Article
    agreement: float | None = None
    rights: Signals = ()


def extract(page: Page, reader: Reader = Reader.PAGE_OBJECT) -> Article:
    """The article on this page. Raises PageRefused, with a reason, for a page that is none."""
    return _extracted(page, reader)[1]


def extract_with_witness(page: Page) -> Extraction:
    """The article that a page object reads, with trafilatura's agreement where the page is of a known template.

    Raises PageRefused.
    """
    read, article = _extracted(page, Reader.PAGE_OBJECT)
    return Extraction(article, agreement_with_trafilatura(read, article) if isinstance(read, TemplatePage) else None)


def _extracted(page: Page, reader: Reader) -> tuple[ArticlePage, Article]:
    refuse_walls(page)
    refuse_shells(page)
    read = page_object(page, reader)
    article = read.to_article()
    refuse_stubs(page, article)
    if is_closed(page, article):
        article = replace(article, warnings=(*article.warnings, "paywalled"))
    if isinstance(read, GenericPage):
        return read, doubted(page, read.shape, article)
    if TEMPLATE_UNKNOWN in article.warnings:
        refuse_unmarked(page, article)
    return read, article


def page_object(page: Page, reader: Reader = Reader.PAGE_OBJECT) -> ArticlePage:
    """The page object for this page. Raises PageRefused for a known site's page that is no article."""
    if (selectors := selectors_of(page)) is not None:
        drop_noise(page, selectors)
    own = _own_page_class(page.url) or (SelectorPage if selectors and selectors.body else None)
    by_trafilatura = reader is Reader.TRAFILATURA
    for candidate in (*([own] if own else []), *(platform.page_class for platform in all_platforms())):
        if candidate.fits(page):
            body = trafilatura_body(page, candidate.noise, sure=True) if by_trafilatura else None
            return candidate(page, instead=body)
    if own is not None:
        return _with_generic_body(own, page, by_trafilatura=by_trafilatura)
    if by_trafilatura:
        return TrafilaturaPage(page)
    return GenericSelectorPage(page) if selectors is not None else GenericPage(page)


class GenericSelectorPage(SelectedFields, GenericPage):
    """A page of a site with selectors of some fields, whose body the general rules find."""


def _with_generic_body(own: type[TemplatePage], page: Page, *, by_trafilatura: bool) -> ArticlePage:
    """The site's own page object, for a page in unknown markup, with the body that another reader finds."""
    refuse_indexes(page)
    generic = GenericPage(page, noise=own.noise, sure=True)
    body = trafilatura_body(page, own.noise, sure=True) if by_trafilatura else generic.content
    warnings = () if by_trafilatura else generic.disagreement
    is_unknown = not issubclass(own, SelectorPage) or own.names_body(page)
    known = own(page, instead=body, warnings=(*((TEMPLATE_UNKNOWN,) if is_unknown else ()), *warnings))
    if known.known_site and known.matched_url is None:
        raise PageRefused(RefusalReason.INDEX_PAGE, "not an article's URL")
    return known


def _own_page_class(url: str) -> type[TemplatePage] | None:
    all_sites()  # imports the sites, whose page objects register themselves
    found = default_registry.page_cls_for_item(url, Article)
    return found if found is not None and issubclass(found, TemplatePage) else None
