"""Learns which URLs of a site are articles, from the URLs that its lists and pages name; knows no site.

URLs fall into families of one shape: the number of path segments, the kind of each (year, number, word), the ending. Of
each family the loosest pattern of the last segment is taken that has its articles and not the site's other pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.sites.site_file import ArticleRules

#: First path segments of pages that list others or serve the reader, in many publishing systems.
_LISTS: Final = frozenset({
    "tag", "tags", "category", "categories", "categoria", "categorias", "kategorie", "rubrique", "rubrik", "author",
    "authors", "autor", "autores", "autori", "autore", "auteur", "auteurs", "topic", "topics", "thema", "themen",
    "schlagwort", "etiqueta", "etiquetas", "taxonomy", "search", "suche", "recherche", "login", "user", "users",
    "account", "feed", "rss", "wp-content", "wp-json", "wp-admin", "wp-login.php", "cdn-cgi", "comment", "comments",
    "reply", "тег", "теги", "рубрика", "автор",
})  # fmt: skip
#: Such segments that stand before articles too, on some sites.
_SERVICES: Final = _LISTS | frozenset({
    "page", "print", "amp", "archive", "contact", "contacts", "about", "about-us", "privacy", "impressum", "imprint",
    "datenschutz", "kontakt", "terms", "subscribe", "abo", "newsletter", "register", "signup", "advertise", "jobs",
    "help", "faq", "cart", "checkout", "shop", "tel", "mailto", "share", "cookies", "sitemap", "legal",
})  # fmt: skip
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
#: Share of the headlines that a family needs where feeds or sitemaps name none of it.
_SHOWN = 0.05
#: URLs that a site file excludes one by one.
_MOST_EXCLUDED = 100
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAGE_NUMBER = re.compile(r"(?:^|[/?&=])(?:page|paged|seite|pagina)[/=-]?\d+", re.I)


@dataclass(slots=True)
class SeenUrls:
    """URLs of a site by what named them. articles: lists of articles alone (feeds, news sitemaps, APIs). listed:
    sitemaps. house: sitemaps that hold no articles by their names. headlines: links with the text of a headline, to
    the number of pages on which they stand. lists: pages that list articles. navigation: menus and footers. links: all
    links of the pages that were read."""

    articles: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    house: set[str] = field(default_factory=set)
    headlines: Counter[str] = field(default_factory=Counter)
    lists: set[str] = field(default_factory=set)
    navigation: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)


Family = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(slots=True)
class _Members:
    """The places of one family, by what named them."""

    sure: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)


def learn(seen: SeenUrls) -> ArticleRules | None:
    """The rules; None where nothing looks like articles."""
    lists = _places(seen.lists)
    sure = _places(seen.articles) - lists
    house = (_places(seen.house) | _places(seen.navigation)) - sure
    others = lists | house
    listed, shown = _places(seen.listed) - others - sure, _places(seen.headlines) - others - sure
    variants = _variants(sure | listed | shown | _places(seen.links), sure)
    listed, shown = ({one for one in places if not _has(one, variants)} for places in (listed, shown))
    families: defaultdict[Family, _Members] = defaultdict(_Members)
    for name, places in {"sure": sure, "listed": listed, "shown": shown, "others": others}.items():
        for one in places:
            getattr(families[family(one)], name).add(one)
    articles = _article_families(families)
    if not articles:
        return None
    patterns = [_pattern(shape, found, families[shape].others) for shape, found in sorted(articles.items())]
    include = tuple(dict.fromkeys(patterns))
    known = set().union(*articles.values())
    query = {name for one in known for name, _ in parse_qsl(urlsplit(one).query) if _QUERY_NAMES.fullmatch(name)}
    linked = _places(seen.links | seen.listed | seen.house)
    exclude = [
        *_excluded_segments(include, linked, others, sure | shown, known),
        *(_variant_pattern(one) for one in variants),
    ]
    exclude += _excluded_pages(include, exclude, house | lists)
    return ArticleRules(include=include, exclude=tuple(exclude), query=tuple(sorted(query)))


def _article_families(families: dict[Family, _Members]) -> dict[Family, set[str]]:
    """The families of articles, with the places that speak for each."""
    any_sure = any(of.sure for of in families.values())
    any_listed = any_sure or any(of.listed for of in families.values())
    total = sum(len(of.sure) + len(of.listed) for of in families.values())
    all_shown = sum(len(of.shown) for of in families.values())
    articles: dict[Family, set[str]] = {}
    for shape, of in families.items():
        found = set(of.sure)
        if _are_articles(of.listed, total, any_sure=any_sure) or (of.listed and len(of.shown) >= 2):
            found |= of.listed
        tells = _share_that_tells(of.shown)
        if len(of.shown) >= max(2, _SHOWN * all_shown) and (not any_listed or found or tells >= 0.8):
            found |= of.shown
        if found:
            articles[shape] = found
    sections = {one.split("/")[1] for found in articles.values() for one in found if one.count("/") > 1}
    for shape, of in families.items():
        alike = {one for one in of.listed if one.split("/")[1] in sections and _tells(one)}
        if shape not in articles and alike:
            articles[shape] = alike
    return articles


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


def is_service(url: str) -> bool:
    """Whether the first path segment of a URL names a list of other pages or a service of the house."""
    return unquote(urlsplit(url).path.strip("/").partition("/")[0]).lower() in _SERVICES


def is_page_number(url: str) -> bool:
    """Whether a URL is that of a further page of a list."""
    return bool(_PAGE_NUMBER.search(urlsplit(url).path + "?" + urlsplit(url).query))


def _places(urls: Iterable[str]) -> set[str]:
    return {place(url) for url in urls}


def _kind(segment: str) -> str:
    if _YEAR.fullmatch(segment):
        return r"\d{4}"
    return r"\d+" if segment.isdigit() else r"[^/]+"


def _segments(where: str) -> list[str]:
    return where.partition("?")[0].strip("/").split("/")


def _last(where: str) -> str:
    return _segments(where)[-1]


def _are_articles(places: Collection[str], total: int, *, any_sure: bool) -> bool:
    """Whether a family of a sitemap is one of articles: by its number, and by the look of its last segments."""
    if len(places) < 2 or len(places) < 0.02 * total:
        return False
    share = _share_that_tells(places)
    return share >= 0.8 and (not any_sure or len(places) >= _MANY or share == 1)


def _share_that_tells(places: Collection[str]) -> float:
    return sum(map(_tells, places)) / len(places) if places else 0.0


def _tells(where: str) -> bool:
    """Whether a place looks like an article's: a number of three digits, or three words."""
    last = unquote(_last(where))
    dated = bool(re.search(r"/(?:19|20)\d\d/", where))
    return dated or bool(re.search(r"\d{3}|[-_][^-_]+[-_]|\?", last + ("?" if "?" in where else "")))


def _variants(places: Collection[str], sure: Collection[str]) -> list[str]:
    """Path segments with which most of their URLs are another form of the one without: /amp/, /print/."""
    known = {tuple(_segments(one)) for one in places}
    named = Counter(name for one in known for name in set(one) if not name.isdigit())
    same: Counter[str] = Counter()
    for one in known:
        for at in (0, len(one) - 1) if len(one) > 1 else ():
            same[one[at]] += (*one[:at], *one[at + 1 :]) in known
    of_articles = {name for one in sure for name in _segments(one)}
    return sorted(
        name for name, count in same.items() if count >= 2 and count >= 0.5 * named[name] and name not in of_articles
    )


def _has(where: str, names: Collection[str]) -> bool:
    return not set(names).isdisjoint(_segments(where))


def _variant_pattern(name: str) -> str:
    return f"/{_escaped(name)}(?:/|$)"


def _escaped(text: str) -> str:
    """As `re.escape`, without backslashes before what stands for itself in these patterns."""
    return re.escape(text).replace("\\-", "-").replace("\\~", "~")


def _excluded_segments(
    include: Sequence[str],
    linked: Collection[str],
    others: Collection[str],
    shown: Collection[str],
    known: Collection[str],
) -> list[str]:
    """Patterns of first segments below which there are lists alone. linked: all places; shown: those that feeds or
    headlines name; known: those of families of articles."""

    def first(places: Iterable[str]) -> Counter[str]:
        return Counter(parts[0] for one in places if len(parts := _segments(one)) > 1)

    of_shown, of_known, of_others = first(shown), first(known), first(others)
    names = {name for name in first(linked) if unquote(name).lower() in _LISTS} - of_shown.keys()
    names |= {name for name in of_others if name in _SERVICES and name not in of_known}
    names |= {name for name, count in of_others.items() if count >= 2 and name not in of_known.keys() | of_shown.keys()}
    return [f"^/{_escaped(name)}/" for name in sorted(names) if _are_reached(name, include)]


def _are_reached(name: str, include: Sequence[str]) -> bool:
    """Whether pages below a first segment match one of the patterns."""
    below = (f"/{name}/of-the-harbour-1234", f"/{name}/harbour/of-the-harbour-1234")
    return any(re.search(pattern, one) for pattern in include for one in below)


def _excluded_pages(include: Sequence[str], exclude: Sequence[str], pages: Collection[str]) -> list[str]:
    """Patterns of single pages that look like articles by their addresses and are none."""
    found = [
        one
        for one in sorted(pages)
        if one.strip("/")
        and any(re.search(pattern, one) for pattern in include)
        and not any(re.search(pattern, one) for pattern in exclude)
    ]
    return [rf"^{_escaped(one.rstrip('/'))}/?$" for one in found[:_MOST_EXCLUDED]]


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
