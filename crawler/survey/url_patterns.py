"""Learns which URLs of a site are articles, from the URLs that its lists and pages name; knows no site.

URLs fall into families of one shape: the number of path segments, the kind of each (year, number, word), the ending. Of
each family the loosest pattern of the last segment is taken that has its articles and not the site's other pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.sites.site_file import ArticleRules

#: First path segments of pages that list others or serve the reader, in many publishing systems.
_SERVICES: Final = (
    "tag", "tags", "category", "categories", "author", "authors", "autor", "autori", "autore", "auteur", "auteurs",
    "search", "login", "user", "users", "account", "page", "feed", "rss", "wp-content", "wp-json", "wp-admin",
    "cdn-cgi", "print", "amp", "comment", "comments", "reply", "contact", "about", "privacy", "impressum", "archive",
)  # fmt: skip
#: Query parameters that name a page on sites that are addressed by them.
_QUERY_NAMES: Final = re.compile(
    r"(?:id|p|a|art|article|articleid|artid|aid|nid|newsid|news|story|storyid|item|num|cod|idart\w*|sid)", re.I
)
#: Patterns of the last segment, the loosest first.
_LAST: Final = (
    r"[^/]+",
    r"[^/]*[-_\d][^/]*",
    r"[^/]*(?:\d|[-_][^/]*[-_])[^/]*",
    r"[^/]*\d[^/]*",
    r"[^/]*[-_][^/]*[-_][^/]*",
)
#: Share of a family's articles that its pattern must have, and of the other pages' that it may have.
_RECALL, _NOISE = 0.97, 0.05
#: URLs from which a family of a sitemap is one of articles by its number alone.
_MANY = 20
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAGE_NUMBER = re.compile(r"(?:^|[/?&=])(?:page|paged|seite|pagina|p)[/=-]?\d+", re.I)


@dataclass(slots=True)
class SeenUrls:
    """URLs of a site by what named them. articles: lists of articles alone (feeds, news sitemaps, APIs). listed:
    sitemaps. headlines: links with the text of a headline, to the number of pages on which they stand. others: the
    navigation, sections, pages that were read as lists."""

    articles: set[str]
    listed: set[str]
    headlines: Counter[str]
    others: set[str]

    @classmethod
    def none(cls) -> "SeenUrls":
        return cls(set(), set(), Counter(), set())


Family = tuple[tuple[str, ...], str, tuple[str, ...]]


def learn(seen: SeenUrls) -> ArticleRules | None:
    """The rules; None where nothing looks like articles."""
    others = {place(url) for url in seen.others}
    sure = {place(url) for url in seen.articles} - others
    listed = {place(url) for url in seen.listed} - others - sure
    shown = {place(url) for url in seen.headlines} - others - sure
    families: defaultdict[Family, list[set[str]]] = defaultdict(lambda: [set(), set(), set(), set()])
    for number, places in enumerate((sure, listed, shown, others)):
        for one in places:
            families[family(one)][number].add(one)
    total = sum(len(of[0]) + len(of[1]) for of in families.values()) or sum(len(of[2]) for of in families.values())
    include = []
    for shape, (articles, in_sitemaps, headlines, rest) in sorted(families.items()):
        found = set(articles)
        if _are_articles(in_sitemaps, total, any_sure=bool(sure)):
            found |= in_sitemaps
        if not sure and not listed and len(headlines) >= 2:
            found |= headlines
        if found:
            include.append((shape, found, rest))
    sections = {one.split("/")[1] for _, found, _ in include for one in found if one.count("/") > 1}
    taken = {shape for shape, _, _ in include}
    for shape, (_, in_sitemaps, _, rest) in sorted(families.items()):
        alike = {one for one in in_sitemaps if one.split("/")[1] in sections and _tells(one)}
        if shape not in taken and alike:
            include.append((shape, alike, rest))
    patterns = [_pattern(*one) for one in sorted(include, key=lambda one: one[0])]
    if not include:
        return None
    known = sure | listed | shown
    segments = {name for one in others for name in one.split("/")[1:2]} & set(_SERVICES)
    exclude = [rf"^/{name}/" for name in sorted(segments) if not any(one.startswith(f"/{name}/") for one in sure)]
    query = {name for one in known for name, _ in parse_qsl(urlsplit(one).query) if _QUERY_NAMES.fullmatch(name)}
    return ArticleRules(include=tuple(dict.fromkeys(patterns)), exclude=tuple(exclude), query=tuple(sorted(query)))


def place(url: str) -> str:
    """Path of a URL, and of its query the parameters that may name an article."""
    parts = urlsplit(url)
    pairs = [f"{name}={value}" for name, value in parse_qsl(parts.query) if _QUERY_NAMES.fullmatch(name)]
    return f"{parts.path or '/'}{'?' + '&'.join(pairs) if pairs else ''}"


def family(where: str) -> Family:
    """The shape of a place: kinds of the segments before the last, the ending, the names in the query."""
    path, _, query = where.partition("?")
    segments = path.strip("/").split("/")
    ending = found[0].lower() if (found := re.search(r"\.[A-Za-z]{2,5}$", segments[-1])) else ""
    names = tuple(sorted({pair.partition("=")[0] for pair in query.split("&") if pair}))
    return tuple(map(_kind, segments[:-1])), ending, names


def _kind(segment: str) -> str:
    if _YEAR.fullmatch(segment):
        return r"\d{4}"
    return r"\d+" if segment.isdigit() else r"[^/]+"


def _last(where: str) -> str:
    return where.partition("?")[0].rstrip("/").rpartition("/")[2]


def _are_articles(places: Collection[str], total: int, *, any_sure: bool) -> bool:
    """Whether a family of a sitemap is one of articles: by its number, and by the look of its last segments."""
    if len(places) < 2 or len(places) < 0.02 * total:
        return False
    telling = sum(1 for one in places if _tells(one))
    return telling >= 0.8 * len(places) and (not any_sure or len(places) >= _MANY or telling == len(places))


def _tells(where: str) -> bool:
    """Whether a place looks like an article's: a number of three digits, or three words."""
    last = unquote(_last(where))
    dated = bool(re.search(r"/(?:19|20)\d\d/", where))
    return dated or bool(re.search(r"\d{3}|[-_][^-_]+[-_]|\?", last + ("?" if "?" in where else "")))


def _pattern(shape: Family, articles: Collection[str], others: Collection[str]) -> str:
    kinds, ending, names = shape
    before = "".join(f"/{kind}" for kind in kinds)
    behind = "".join(rf"\?(?:.*&)?{re.escape(name)}=" for name in names[:1]) or "$"
    candidates = [f"^{before}/{last}{re.escape(ending)}/?{behind}" for last in _LAST]
    return next(
        (one for one in candidates if _separates(one, articles, others)), _least_noise(candidates, articles, others)
    )


def _separates(pattern: str, articles: Collection[str], others: Collection[str]) -> bool:
    taken = _matched(pattern, others)
    return _matched(pattern, articles) >= _RECALL * len(articles) and taken <= _NOISE * len(others)


def _least_noise(candidates: Sequence[str], articles: Collection[str], others: Collection[str]) -> str:
    whole = [one for one in candidates if _matched(one, articles) >= _RECALL * len(articles)]
    return min(whole, key=lambda one: _matched(one, others))


def _matched(pattern: str, places: Iterable[str]) -> int:
    return sum(1 for one in places if re.search(pattern, one))


def is_page_number(url: str) -> bool:
    """Whether a URL is that of a further page of a list."""
    return bool(_PAGE_NUMBER.search(urlsplit(url).path + "?" + urlsplit(url).query))
