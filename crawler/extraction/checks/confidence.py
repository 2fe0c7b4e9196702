"""How sure we are that an unknown page holds an article: a number from 0 to 1 from what the page shows.

Half of it is the text itself, the rest what the page says of itself for machines; a list of teasers counts against.
Below `REFUSED` the page is none; below `DOUBTED` its article says so.
"""

from crawler.extraction.generic.body_finder import Body
from crawler.extraction.html.structured import types_of
from crawler.extraction.pages.page import Page
from storage.article import Article

REFUSED = 0.3
DOUBTED = 0.5
#: Letters of running text, words of the body and paragraphs that make a text beyond doubt.
_PLENTY = 1200
_WORDS = 60
_PARAGRAPHS = 3
#: schema.org's words for pages that list others.
_LISTS = frozenset({"collectionpage", "searchresultspage", "profilepage", "itemlist"})
_LIST_KINDS = ("website", "profile", "blog")


def confidence(page: Page, body: Body, article: Article) -> float:
    """The number for what was found on the page."""
    letters = len(article.body)
    text = 0.3 * min(1.0, letters / _PLENTY) + 0.1 * min(1.0, body.paragraphs / _PARAGRAPHS)
    unlinked = 0.15 * (1.0 - min(1.0, body.linked / max(1, body.text)))
    dated = 0.1 if article.published_at or article.published_date else 0.0
    titled = 0.05 if next(page.tree.iter("h1"), None) is not None else 0.0
    marked = 0.3 if says_article(page) else 0.0
    against = (0.2 if says_list(page) and not marked else 0.0) + 0.4 * _teasing(body) * (0.5 if marked else 1.0)
    scant = 1.0 if article.word_count >= _WORDS else 0.5 + 0.5 * article.word_count / _WORDS
    return round(max(0.0, min(1.0, (text + unlinked + dated + titled + marked - against) * scant)), 2)


def says_article(page: Page) -> bool:
    """Whether the page calls itself an article, in any of the vocabularies for machines."""
    structured = page.structured
    kind = (structured.meta_first("og:type") or "").lower()
    dated = structured.meta_first("article:published_time")
    return bool(structured.articles or kind.startswith("article") or dated or "articleBody" in structured.microdata)


def says_list(page: Page) -> bool:
    """Whether the page calls itself a list, or only a site."""
    types = {kind for node in page.structured.json_ld for kind in types_of(node)}
    return bool(types & _LISTS) or (page.structured.meta_first("og:type") or "").lower() in _LIST_KINDS


def _teasing(body: Body) -> float:
    """How much of the container is headings that lead to other pages: 0 none, 1 nothing but teasers."""
    return 0.0 if body.teasers < 3 else min(1.0, body.teasers / max(1, body.paragraphs))
