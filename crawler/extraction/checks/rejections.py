"""Pages that are no article, told by what they show, before and after reading them.

Every rule here wants proof from the page; a short article is still an article.
"""

import re
from dataclasses import replace

from crawler.extraction.checks.confidence import DOUBTED, REFUSED, confidence, is_of_site, names_list, says_article
from crawler.extraction.checks.wall_phrases import CONSENT, CONSENT_WORDS, DENIED, ERROR, keeps_the_rest
from crawler.extraction.generic.page import TextShape
from crawler.extraction.html.text import fold, text_of
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import OUTSIDE_BODY, Article

#: Words under which a page may be a wall, an error, a stub; an article is longer, or shows an article's marks.
_FEW = 120
#: Words from which a closed article's beginning is worth keeping as one.
_TEASER = 40
#: Words from which a text that its page calls closed is whole enough not to say so.
_WHOLE = 300
#: Headings that lead to other pages from which they make a list.
_TEASERS = 3
_ERROR_CLASSES = frozenset({"error404", "error-404"})


def refuse_walls(page: Page) -> None:
    """Raise PageRefused for a page that shows, by its title or headline, that the server did not give the article."""
    if page.body_classes & _ERROR_CLASSES:
        raise PageRefused(RefusalReason.ERROR_PAGE, "error404")
    if says_article(page):
        return
    titles = {_bare_title(text_of(e)) for path in (".//title", ".//h1") if (e := page.tree.find(path)) is not None}
    for reason, pattern in (
        (RefusalReason.ACCESS_DENIED, DENIED),
        (RefusalReason.ERROR_PAGE, ERROR),
        (RefusalReason.CONSENT_WALL, CONSENT),
    ):
        title = next((title for title in titles if pattern.match(title)), None)
        if title and _words(page) < _FEW * 3:
            raise PageRefused(reason, title[:80])


def refuse_indexes(page: Page) -> None:
    """Raise PageRefused(INDEX_PAGE) for a page that calls itself a list: a home page, a section, an archive."""
    if (mark := names_list(page)) and not says_article(page):
        raise PageRefused(RefusalReason.INDEX_PAGE, mark)


def doubted(page: Page, shape: TextShape, article: Article) -> Article:
    """The article with its confidence, and with the warning `low-confidence: 0.41` where the page may be none.

    Raises PageRefused where it most likely is none: INDEX_PAGE for one that shows that it is a list, NOT_AN_ARTICLE
    for one with next to no text. Low confidence alone refuses nothing: an archive that keeps too much loses nothing.
    """
    found = confidence(page, shape, article)
    if found < REFUSED and _is_list(page, shape):
        raise PageRefused(RefusalReason.INDEX_PAGE, f"confidence {found}")
    if found < REFUSED and article.word_count < _TEASER:
        raise PageRefused(RefusalReason.NOT_AN_ARTICLE, f"confidence {found}")
    warnings = (f"low-confidence: {found}",) if found < DOUBTED else ()
    return replace(article, confidence=found, warnings=(*article.warnings, *warnings))


def _is_list(page: Page, shape: TextShape) -> bool:
    """Whether the page shows that it is a list: in its marks for machines, or by links in place of a text."""
    leads_elsewhere = shape.teasers >= max(_TEASERS, shape.paragraphs // 2) or shape.links > 0.5
    without_text = shape.paragraphs == 0 or shape.links > 0.25
    return bool(leads_elsewhere or names_list(page) or (is_of_site(page) and without_text))


def refuse_unmarked(page: Page, article: Article) -> None:
    """Raise PageRefused for a page in place of an article: nothing on it, only its address, says that it is one.

    For pages of a known site in markup that we do not know. The marks: structured data of an article, `og:type`, a
    date on the page itself.
    """
    dated = any(claim.source != "url" for claim in article.dates)
    if not (says_article(page) or dated or (article.word_count >= _FEW and article.authors)):
        raise PageRefused(RefusalReason.NOT_AN_ARTICLE, "no mark of an article")


def refuse_stubs(page: Page, article: Article) -> None:
    """Raise PageRefused for an article without headline or text, or with a wall where its text should be."""
    if not article.headline:
        raise PageRefused(RefusalReason.NOT_AN_ARTICLE, "no headline")
    shows = any(block.type in OUTSIDE_BODY for block in article.blocks) and article.description
    if not article.body and not shows:
        raise PageRefused(RefusalReason.NO_TEXT)
    if article.word_count < _TEASER and is_closed(page, article):
        raise PageRefused(RefusalReason.PAYWALL_STUB)
    if article.word_count >= _FEW:
        return
    mentions = len(CONSENT_WORDS.findall(article.body))
    if mentions >= 3 and mentions * 12 > article.word_count:
        raise PageRefused(RefusalReason.CONSENT_WALL)


def is_closed(page: Page, article: Article) -> bool:
    """Whether the page keeps the rest of the text for subscribers."""
    says = any(str(node.get("isAccessibleForFree", "")).lower() == "false" for node in page.structured.articles)
    if article.word_count >= (_WHOLE if says else _FEW):
        return False
    return says or keeps_the_rest(text_of(page.body)[:50_000])


def _bare_title(title: str) -> str:
    return fold(re.split(r"\s[|–—·]\s|\s-\s", title)[0]).strip(" .")


def _words(page: Page) -> int:
    return len(text_of(page.body).split())
