"""What an HTML page of an unknown site leads to: its links with their texts, its feeds, its publishing system's API.

Pure: from the page to findings. Used by `crawler.survey.survey`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.fields.declared import language_code
from crawler.extraction.html.text import fold, text_of
from crawler.extraction.pages.page import Page
from crawler.survey.time_zone import moments_of
from crawler.urls import is_web_url, web_url
from storage.exceptions import InvalidUrl

#: Elements, roles and classes around links that lead to the parts of a site.
_NAVIGATION_TAGS = frozenset({"nav", "footer", "menu"})
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|menu|menus|mainmenu|topmenu|submenu|breadcrumbs?|footer|foot|sitemap"
    r"|topbar|toolbar|pagination|pager|pages|tabs)(?:$|[\s_-])",
    re.I,
)
_REGION = re.compile(r"[a-z]{2,3}[-_]([a-z]{2})", re.I)
_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.I)
#: Words of links to the next page of a list, in the languages of many newspapers.
_OLDER_WORDS = re.compile(
    r"(?<!\w)(?:next|older|more|previous|successiv[aeio]|avanti|precedent[ei]|vecchi[eo]?|suivante?s?"
    r"|précédente?s?|plus (?:anciens?|vieux)|anciens?|nächste|weiter|ältere|frühere|zurück|siguientes?|anteriores?"
    r"|más antigu[ao]s|próxim[ao]s?|mais antig[ao]s|volgende|oudere|verder|nästa|äldre|neste|eldre|næste|ældre"
    r"|następn[aey]|starsze|poprzedni[ea]?|další|starší|следующая|далее|старые|ещё|наступна|далі|sonraki|önceki|eski"
    r"|السابق|التالي|المزيد|أقدم|הבא|הקודם|ישן|ישנות|הישנות|다음|επόμενη|παλαιότερα|пред|след)(?!\w)"
    r"|次へ|次の|次ペ|前へ|前の|過去の|もっと|下一[页頁]|下[页頁]|上一[页頁]|更多|다음|이전|더보기|ถัดไป|หน้าถัดไป",
    re.I,
)
_LONGEST_WORDS = 40
_DIGITS = re.compile(r"\d")
_PAGE_QUERY = re.compile(r"(?:^|&)(?:p|pg|page|paged|pagina|seite|start|offset|from)=\d+(?:&|$)", re.I)
_ARROWS = re.compile(r"[»›>→]+|[«‹<←]+")
_FEED_LINK = re.compile(r"(?:/(?:feed|rss|atom)/?$|\.(?:rss|atom|rdf)$|/(?:rss|feed|atom)\.xml$|[?&]feed=)", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: absolute URL, text, and whether it stands in the page's navigation or is a headline."""

    url: str
    text: str
    in_navigation: bool
    is_headline: bool


@dataclass(frozen=True, slots=True)
class PageLinks:
    """url: of the page. feeds: those that it declares, or links to. api: the root of WordPress's API. older: the link
    to the next page of the list, as an XPath that finds it on such pages and its URL. language, region: of `it-IT`.
    moments: the times with an offset that it declares."""

    url: str
    title: str
    language: str | None
    links: tuple[Link, ...]
    feeds: tuple[str, ...]
    api: str | None
    older: tuple[str, str] | None
    text_letters: int
    asks_password: bool
    region: str | None = None
    moments: tuple[datetime, ...] = ()


def read_links(page: Page) -> PageLinks:
    """What the page leads to."""
    root = page.tree.getroottree().getroot()
    links = tuple(_links(page))
    declared = [
        target
        for link in page.tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and _FEED_TYPES.search(link.get("type") or "")
        and (target := _absolute(link, page))
    ]
    linked = [link.url for link in links if _FEED_LINK.search(link.url)]
    return PageLinks(
        url=page.url,
        title=page.structured.meta_first("og:site_name") or text_of(page.tree.find(".//title")),
        language=language_code(root.get("lang") or root.get("xml:lang"))
        or language_code(page.structured.meta_first("og:locale", "content-language")),
        links=links,
        feeds=tuple(dict.fromkeys(url for url in (*declared, *linked) if "comment" not in url.lower())),
        api=_api(page),
        older=_older(page),
        text_letters=len(text_of(page.body)),
        asks_password=bool(page.tree.xpath("//input[@type='password']")),
        region=_region(root.get("lang") or page.structured.meta_first("og:locale")),
        moments=moments_of(page),
    )


def _region(text: str | None) -> str | None:
    """The country of `it-IT` or `it_IT`; None without one."""
    found = _REGION.fullmatch((text or "").strip())
    return found[1].upper() if found else None


def _absolute(element: HtmlElement, page: Page) -> str | None:
    try:
        url = web_url(element.get("href") or "", page.base_url)
    except InvalidUrl:
        return None
    return url.partition("#")[0] or None


def _links(page: Page) -> Iterator[Link]:
    in_navigation: dict[HtmlElement, bool] = {}
    for element in page.tree.iter("a"):
        url = _absolute(element, page) if (element.get("href") or "").strip() else None
        if url is None:
            continue
        around = [one for one in element.iterancestors() if isinstance(one.tag, str)]
        is_headline = any(re.fullmatch(r"h[1-6]", one.tag) for one in around[:3]) or any(
            isinstance(one.tag, str) and re.fullmatch(r"h[1-6]", one.tag) for one in element.iterdescendants()
        )
        navigates = any(_is_navigation(one, in_navigation) for one in (element, *around))
        yield Link(url, text_of(element) or fold(element.get("title")), navigates, is_headline)


def _is_navigation(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    if element not in known:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_role = (element.get("role") or "").lower() in {"navigation", "menu", "menubar", "contentinfo"}
        is_body = element.tag in {"body", "html", "main", "article"}
        known[element] = not is_body and (element.tag in _NAVIGATION_TAGS or is_role or bool(_NAVIGATION.search(names)))
    return known[element]


def _api(page: Page) -> str | None:
    """The root of WordPress's REST API, as its pages name it (WordPress REST API Handbook, Discovery)."""
    for link in page.tree.iter("link"):
        if "https://api.w.org/" in (link.get("rel") or "").split():
            return _absolute(link, page)
    return None


def _older(page: Page) -> tuple[str, str] | None:
    """The link to the next page of a list: by its relation or class, else by its words or number among links to pages
    of the same list."""
    for xpath in ('//link[@rel="next"]', '//a[@rel="next"]', '//li[contains(@class, "next")]/a', "//a"):
        for element in page.tree.xpath(xpath):
            url = _absolute(element, page)
            if url is None or url == page.url or not is_web_url(url):
                continue
            if xpath != "//a":
                return f"{xpath}/@href", url
            is_further = is_further_page(url, page.url) or is_page_behind(url, page.url)
            if is_further and (found := _xpath_of_older(element)) is not None:
                return found, url
    return None


def is_further_page(url: str, first: str) -> bool:
    """Whether a URL is that of a list but for a page's number: /a/page/2/, /a?page=2, /a2.html for /a/, /a, /a.html."""
    one, other = urlsplit(url), urlsplit(first)
    if one.netloc != other.netloc or one.path == other.path:
        return one.netloc == other.netloc and one.query != other.query and bool(_DIGITS.search(one.query))
    path, base = (re.sub(r"\.\w{2,5}$|/$", "", parts.path) for parts in (one, other))
    base = re.sub(r"[-_/]?(?:p|page|pagina|seite)?[-_/]?\d+$", "", base)
    rest = path[len(base) :] if path.startswith(base) else ""
    return bool(re.fullmatch(r"[-_/]?(?:p|page|pagina|seite|index)?[-_/]?\d+", rest))


def is_page_behind(url: str, first: str) -> bool:
    """Whether a URL is surely that of a further page of the list at `first`: its path with a page's number behind it,
    or its path with a page's number in the query."""
    one, other = urlsplit(url), urlsplit(first)
    if one.netloc != other.netloc:
        return False
    if one.path == other.path:
        return bool(_PAGE_QUERY.search(one.query)) and one.query != other.query
    path, base = (re.sub(r"\.\w{2,5}$|/$", "", parts.path) for parts in (one, other))
    rest = path[len(base) :] if base and path.startswith(base) else ""
    return bool(re.fullmatch(r"[-_]\d{1,3}|[-_/]?(?:p|page|pagina|seite)[-_/]?\d+", rest))


def says_older(text: str) -> bool:
    """Whether the text of a link is that of a link to a further page: a number, an arrow, "older"."""
    return not re.search(r"[^\W\d_]", text) or (len(text) <= _LONGEST_WORDS and bool(_OLDER_WORDS.search(text)))


def _xpath_of_older(link: HtmlElement) -> str | None:
    """An XPath that finds the link to the next page on each page of a list, by one such link."""
    text, href = text_of(link), link.get("href") or ""
    classes = (link.get("class") or "").split()
    if name := next((one for one in classes if re.search(r"(?:^|[_-])(?:next|older)(?:$|[_-])", one, re.I)), None):
        return f'//a[contains(concat(" ", normalize-space(@class), " "), " {name} ")]/@href'
    if text.isdigit():
        before = re.sub(r"\d+\D*$", "", href.rpartition("/")[2] if "?" in href else href)
        mark = f"{before.rpartition('?')[2].rpartition('&')[2]}" if "?" in href else before
        return f'//a[contains(@href, "{mark}")]/@href' if mark and '"' not in mark else None
    says = _ARROWS.fullmatch(text) or (len(text) <= _LONGEST_WORDS and _OLDER_WORDS.search(text))
    return f'//a[normalize-space(.) = "{text}"]/@href' if says and '"' not in text else None
