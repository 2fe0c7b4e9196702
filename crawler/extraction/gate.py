"""Pages that are no article, told by what they show, before and after reading them.

Every rule here wants proof from the page; a short article is still an article.
"""

import re

from crawler.extraction.page import Page
from crawler.extraction.refusal import Reason, Refused
from crawler.extraction.text import fold, text_of
from crawler.extraction.urls import host_of
from storage.article import OUTSIDE_BODY, Article

_DENIED = re.compile(
    r"^(?:access (?:to this (?:page|site) has been )?denied|accesso negato|(?:error )?403\b.*|forbidden|"
    r"attention required!.*|just a moment\W*|request (?:blocked|unsuccessful|rejected)|"
    r"are you (?:a )?(?:human|robot).*|"
    r"(?:you have been|sorry, you have been) blocked.*|pardon our interruption.*|security check.*|ddos-guard.*|"
    r"checking your browser.*|please verify you are .*|un momento\W*|accès refusé|acceso denegado|доступ запрещ[её]н)$",
    re.I,
)
_ERROR = re.compile(
    r"^(?:(?:http )?(?:error|errore)?\W*(?:404|410|50[0-4])\b.*|"
    r"(?:oops!?\W*)?(?:the )?(?:page|pagina|p[aá]gina)\b.{0,30}"
    r"(?:not found|cannot be found|can.?t be found|non (?:è stata )?trovata|no encontrada|non esiste|introuvable).*|"
    r"not found|page not found.*|bad gateway|service (?:temporarily )?unavailable.*|internal server error|"
    r"gateway time-?out|nothing found|errore del server|si è verificato un errore.*|an error occurred.*|"
    r"(?:database error|error establishing a database connection).*|site (?:under|in) (?:maintenance|manutenzione).*|"
    r"(?:sito )?in manutenzione.*)$",
    re.I,
)
_CONSENT = re.compile(r"(?:cookie|consens[oi]|consent|privacy|rgpd|gdpr)", re.I)
_PAYWALL = re.compile(
    r"(?:abbonati (?:per|e) (?:continuare|leggere)|per (?:continuare a )?leggere.{0,40}abbona|"
    r"contenuto (?:è )?riservato agli abbonati|articolo (?:è )?riservato agli abbonati|sei già abbonato|"
    r"subscribe to (?:continue|read|unlock)|already a subscriber|this (?:article|content) is for subscribers|"
    r"to continue reading|questo contenuto è riservato)",
    re.I,
)
#: Words under which a page may be a wall, an error, a stub; an article is longer, or shows an article's marks.
_FEW = 120
_INDEX_CLASSES = frozenset({"home", "blog", "archive", "category", "tag", "author", "search", "search-results", "date"})
_ERROR_CLASSES = frozenset({"error404", "error-404"})


def refuse_walls(page: Page) -> None:
    """Raise Refused for a page that shows, by its title or headline, that the server did not give the article."""
    titles = {_bare_title(text_of(e)) for path in (".//title", ".//h1") if (e := page.tree.find(path)) is not None}
    body = page.tree.find(".//body")
    classes = set((body.get("class") or "").split()) if body is not None else set()
    if classes & _ERROR_CLASSES:
        raise Refused(Reason.ERROR_PAGE, "error404")
    for reason, pattern in ((Reason.ACCESS_DENIED, _DENIED), (Reason.ERROR_PAGE, _ERROR)):
        title = next((title for title in titles if pattern.match(title)), None)
        if title and not page.structured.articles() and _words(page) < _FEW * 3:
            raise Refused(reason, title[:80])


def refuse_indexes(page: Page) -> None:
    """Raise Refused(INDEX_PAGE) for a page that lists articles: a home page, a section, an archive, a search."""
    body = page.tree.find(".//body")
    classes = set((body.get("class") or "").split()) if body is not None else set()
    if classes & _INDEX_CLASSES and not any(token.startswith(("single", "postid-")) for token in classes):
        raise Refused(Reason.INDEX_PAGE, sorted(classes & _INDEX_CLASSES)[0])
    kind = (page.structured.meta_first("og:type") or "").lower()
    collections = {"collectionpage", "searchresultspage", "profilepage"}
    types = {str(node.get("@type", "")).lower() for node in page.structured.json_ld}
    if page.structured.articles() or kind.startswith("article"):
        return
    if types & collections or _path(page.url) in ("", "/"):
        raise Refused(Reason.INDEX_PAGE)


def refuse_lists(page: Page, article: Article, linked_share: float) -> None:
    """Raise Refused(INDEX_PAGE) where no mark of an article is there and what was found of a body is mostly links."""
    marked = page.structured.articles() or article.published_at or article.published_date
    if not marked and linked_share > 0.5 and len(article.links) > 4:
        raise Refused(Reason.INDEX_PAGE, "mostly links")


def refuse_unmarked(page: Page, article: Article) -> None:
    """Raise Refused for a page in place of an article: nothing on it, only its address, says that it is one.

    For pages that no template fits. The marks: structured data of an article, `og:type`, a date on the page itself.
    """
    typed = (page.structured.meta_first("og:type") or "").lower().startswith("article")
    dated = any(claim.source != "url" for claim in article.dates)
    if not (typed or dated or page.structured.articles() or (article.word_count >= _FEW and article.authors)):
        raise Refused(Reason.NOT_AN_ARTICLE, "no mark of an article")


def refuse_stubs(page: Page, article: Article) -> None:
    """Raise Refused for an article without headline or text, or with a wall where its text should be."""
    if not article.headline:
        raise Refused(Reason.NOT_AN_ARTICLE, "no headline")
    shows = any(block.type in OUTSIDE_BODY for block in article.blocks) and article.description
    if not article.body and not shows:
        raise Refused(Reason.NO_TEXT)
    if article.word_count >= _FEW:
        return
    whole = text_of(page.tree.find(".//body"))
    closed = any(str(node.get("isAccessibleForFree", "")).lower() == "false" for node in page.structured.articles())
    if closed or (article.word_count < _FEW // 2 and _PAYWALL.search(whole[:20_000])):
        raise Refused(Reason.PAYWALL_STUB)
    mentions = len(_CONSENT.findall(article.body))
    if mentions >= 3 and mentions * 12 > article.word_count:
        raise Refused(Reason.CONSENT_WALL)


def _bare_title(title: str) -> str:
    return fold(re.split(r"\s[|–—·]\s|\s-\s", title)[0]).strip(" .")


def _words(page: Page) -> int:
    return len(text_of(page.tree.find(".//body")).split())


def _path(url: str) -> str | None:
    host = host_of(url)
    return url.split(host, 1)[1].split("?")[0].split("#")[0] if host else None
