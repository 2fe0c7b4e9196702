"""Tells the links of a site's pages apart: navigation, headlines of articles, and the pages that list them. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crawler.survey.page_links import Link, PageLinks, is_page_behind, says_older
from crawler.survey.url_patterns import family, is_page_number, is_service, place

_WORDS_OF_HEADLINE, _LETTERS_OF_HEADLINE = 4, 24
#: Letters from which a link of the navigation may be an article's: a widget of new articles, a most-read list.
_LETTERS_OF_TEASER: Final = 45
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|zip|mp3|mp4|xml|rss|atom|ics|css|js|apk|exe|gz)$", re.I)


@dataclass(frozen=True, slots=True)
class Sections:
    """Of pages of one site. navigation: URLs of menus and footers, no articles. headlines: URLs of articles, to the
    number of pages that show them. listings: the pages that list articles, in the order of the pages."""

    navigation: frozenset[str]
    headlines: dict[str, int]
    listings: tuple[str, ...]


def sections_of(pages: Sequence[PageLinks], known: Iterable[str] = ()) -> Sections:
    """known: URLs that are surely articles."""
    articles, read = set(known), {page.url for page in pages}
    everywhere = _on_most(pages)
    teased = {link.url for page in pages for link in page.links if _is_teaser(link)}
    navigation = {
        link.url
        for page in pages
        for link in page.links
        if link.url in everywhere or (link.in_navigation and len(pages) < 3)
    }
    navigation -= teased | articles
    headlines: dict[str, int] = {}
    listings = []
    for page in pages:
        shown = {
            link.url
            for link in page.links
            if is_headline(link)
            and not link.in_navigation
            and link.url not in read
            and (link.url not in everywhere or link.url in articles)
            and not is_page_number(link.url)
            and not is_file(link.url)
        }
        for url in shown:
            headlines[url] = headlines.get(url, 0) + 1
        is_further = any(is_page_behind(page.url, other) for other in read)
        if len(shown) >= 2 and not is_further:
            listings.append(page.url)
    return Sections(frozenset(navigation), headlines, tuple(dict.fromkeys(listings)))


def candidates(pages: Sequence[PageLinks], known: Iterable[str]) -> list[str]:
    """URLs that may be sections, the likeliest first: of menus, then short ones. known: URLs that are none."""
    none = {*known, *(page.url for page in pages)}
    everywhere = _on_most(pages)
    found: dict[str, tuple[bool, bool, int]] = {}
    for page in pages:
        for link in page.links:
            likely = link.in_navigation or link.url in everywhere or not is_headline(link)
            if likely and link.url not in none and not is_file(link.url) and not _is_further(link, page):
                depth = urlsplit(link.url).path.strip("/").count("/")
                rank = (is_service(link.url), not (link.in_navigation or link.url in everywhere), depth)
                found[link.url] = min(rank, found.get(link.url, rank))
    return sorted(found, key=found.__getitem__)


def listings_of(pages: Sequence[PageLinks], sections: Sections) -> list[str]:
    """The pages that list articles, but for a home page of which the others name every article."""
    shown = {page.url: {link.url for link in page.links if link.url in sections.headlines} for page in pages}
    kept = list(sections.listings)
    for home in (url for url in sections.listings if urlsplit(url).path in ("", "/")):
        others = [shown[url] for url in kept if url != home]
        if len(others) >= 2 and shown[home] <= set().union(*others):
            kept.remove(home)
    return kept


def unread_listings(pages: Sequence[PageLinks], sections: Sections) -> list[str]:
    """URLs of the navigation that nobody has read, of the shape of pages that list articles."""
    read = {page.url for page in pages}
    shapes = {family(place(url)) for url in sections.listings if urlsplit(url).path != "/"}
    listed = sum(1 for url in sections.listings if family(place(url)) in shapes)
    alike = sum(1 for url in read if family(place(url)) in shapes)
    if not shapes or listed < 0.5 * alike:
        return []
    unread = (url for url in sections.navigation if url not in read and family(place(url)) in shapes)
    return sorted(url for url in unread if not is_service(url) and not is_file(url) and not is_page_number(url))


def is_headline(link: Link) -> bool:
    """Whether the text of a link is long enough for a headline, or it stands in a heading."""
    is_long = len(link.text.split()) >= _WORDS_OF_HEADLINE or _letters(link.text) >= _LETTERS_OF_HEADLINE
    return link.is_headline or is_long


def is_file(url: str) -> bool:
    """Whether a URL names a file that is no page."""
    return bool(_FILE.search(urlsplit(url).path))


def _is_teaser(link: Link) -> bool:
    """Whether a link is an article's wherever it stands: a heading, or a long text that is no menu's."""
    if link.in_navigation:
        return _letters(link.text) >= _LETTERS_OF_TEASER
    return link.is_headline or _letters(link.text) >= _LETTERS_OF_TEASER


def _is_further(link: Link, page: PageLinks) -> bool:
    """Whether a link leads to a further page of a list."""
    if is_page_number(link.url) or is_page_behind(link.url, page.url):
        return True
    return bool(link.text) and says_older(link.text)


def _letters(text: str) -> int:
    """Letters of a text; a character of a script that writes words with one or two counts twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _on_most(pages: Sequence[PageLinks]) -> set[str]:
    """The URLs that most pages link to: the site's navigation, and boxes that stand on each page."""
    counts: dict[str, int] = {}
    for page in pages:
        for url in {link.url for link in page.links}:
            counts[url] = counts.get(url, 0) + 1
    return {url for url, count in counts.items() if len(pages) >= 3 and count > 0.6 * len(pages)}
