"""How sure we are that an unknown page holds an article: a number from 0 to 1 from what the page shows.

Half of it is the text itself, the rest what the page says of itself for machines; a list of teasers counts against.
Below `REFUSED` a page that shows that it is a list, or has next to no text, is none; below `DOUBTED` its article says
so.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crawler.extraction.generic.page import TextShape
from crawler.extraction.html.structured import types_of
from crawler.extraction.html.text import text_of
from crawler.extraction.pages.page import Page
from storage.article import Article

REFUSED = 0.3
DOUBTED = 0.5
#: Letters of running text, words of the body and paragraphs that make a text beyond doubt.
_PLENTY = 1200
#: Letters from which a text on which trafilatura agrees counts for more.
_LONG = 1000
_WORDS = 60
_PARAGRAPHS = 3
#: schema.org's words for pages that list others.
_LISTS = frozenset({"collectionpage", "searchresultspage", "profilepage", "itemlist"})
_LIST_KINDS = ("website", "profile", "blog")
#: Classes that publishing systems give the `body` of a list.
_CLASSES = frozenset({"home", "blog", "archive", "category", "tag", "author", "search", "search-results", "date"})
#: Characters of scripts that write without spaces between words: Thai, Lao, Burmese, Khmer, kana, Chinese.
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
#: Paths of home pages and, in many publishing systems, of lists.
_LIST_PATH = re.compile(r"/?|/(?:.*/)?(?:tags?|category|categories|author|page)/[^/]+/?")


@dataclass(frozen=True, slots=True)
class ConfidencePart:
    """What adds to the confidence, or, below 0, takes from it."""

    name: str
    value: float


def confidence(page: Page, shape: TextShape, article: Article) -> float:
    """The number for what was found on the page."""
    whole = sum(part.value for part in confidence_parts(page, shape, article))
    _, words = _size(article)
    scant = 1.0 if words >= _WORDS else 0.5 + 0.5 * words / _WORDS
    return round(max(0.0, min(1.0, whole * scant)), 2)


def confidence_parts(page: Page, shape: TextShape, article: Article) -> list[ConfidencePart]:
    """The parts of the number, which their sum is for a text that is not short."""
    letters, _ = _size(article)
    dated, marked = bool(article.published_at or article.published_date), says_article(page)
    parts = [
        ("letters of the text", 0.3 * min(1.0, letters / _PLENTY)),
        ("paragraphs", 0.1 * min(1.0, shape.paragraphs / _PARAGRAPHS)),
        ("few links", 0.15 * (1.0 - min(1.0, shape.links))),
        ("trafilatura agrees", 0.1 * shape.agreement),
        ("a date", 0.1 * dated),
        ("a first headline", 0.05 * (next(page.tree.iter("h1"), None) is not None)),
        ("calls itself an article", 0.3 * marked),
        ("headings that lead elsewhere", -0.4 * _teasing(shape) * (0.5 if marked else 1.0)),
    ]
    if shape.teasers < shape.paragraphs / 2:  # two readers take the same long text
        long = max(0.0, min(1.0, (letters - _LONG) / (2 * _LONG)))
        parts.append(("trafilatura agrees on a long text", 0.3 * shape.agreement * long))
    if not marked:
        listed = names_list(page)
        parts.append(("calls itself a list", -0.3 * bool(listed)))
        parts.append(("calls itself a site", -0.2 * is_of_site(page)))
        parts.append(("headed by the site", -0.3 * (not dated and (_is_site_title(page) or listed == "/"))))
    return [ConfidencePart(name, round(value, 4)) for name, value in parts if value]


def _size(article: Article) -> tuple[int, int]:
    """Letters and words of the body; a character of a script without spaces counts as two letters and half a word."""
    wide = 0 if article.body.isascii() else len(_WIDE.findall(article.body))
    return len(article.body) + wide, article.word_count + wide // 2


def says_article(page: Page) -> bool:
    """Whether the page calls itself an article, in any of the vocabularies for machines."""
    structured = page.structured
    kind = (structured.meta_first("og:type") or "").lower()
    dated = structured.meta_first("article:published_time")
    return bool(structured.articles or kind.startswith("article") or dated or "articleBody" in structured.microdata)


def names_list(page: Page) -> str | None:
    """The mark by which the page calls itself a list of pages: a class of its `body`, a type, the root as its URL."""
    classes = page.body_classes
    if classes & _CLASSES and not any(token.startswith(("single", "postid-")) for token in classes):
        return min(classes & _CLASSES)
    types = {kind for node in page.structured.json_ld for kind in types_of(node)} & _LISTS
    parts = urlsplit(page.url)
    found = _LIST_PATH.fullmatch(parts.path) if parts.netloc and not parts.query else None
    return min(types) if types else (("/" + found[0].lstrip("/")) if found else None)


def is_of_site(page: Page) -> bool:
    """Whether the page's `og:type` is that of a site or a person."""
    return (page.structured.meta_first("og:type") or "").lower() in _LIST_KINDS


def _is_site_title(page: Page) -> bool:
    """Whether the first headline is a link to the site's home page: then it is the site's name, not an article's."""
    headline = page.tree.find(".//h1")
    link = next(headline.iter("a"), None) if headline is not None else None
    if link is None or text_of(link) != text_of(headline):
        return False
    try:
        return urlsplit(urljoin(page.base_url, link.get("href") or "x")).path in ("", "/")
    except ValueError:
        return False


def _teasing(shape: TextShape) -> float:
    """How much of the text is headings that lead to other pages: 0 none, 1 nothing but teasers."""
    return 0.0 if shape.teasers < 3 else min(1.0, shape.teasers / max(1, shape.paragraphs))
