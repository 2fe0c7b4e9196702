"""The page object that all pages share: one field a method, each from the best source that any news page has.

A template overrides what its markup says better. Fields are plain and synchronous: no event loop a page.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from itertools import chain, islice
from typing import Any, ClassVar, Protocol, TypeVar, cast

import web_poet
from web_poet.fields import item_from_fields_sync

from crawler.extraction.fields import dates
from crawler.extraction.fields.declared import language_code, person_name, split_keywords, without_site
from crawler.extraction.fields.people import names
from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.html.images import absolute, merged
from crawler.extraction.html.limits import MOST_OF_BYLINES
from crawler.extraction.html.structured import Node, as_list
from crawler.extraction.html.text import fold, text_of, unique, unique_fold_case
from crawler.extraction.pages.page import Page
from crawler.registry import site_of
from crawler.site import ArticleUrl, Site
from crawler.urls import host_of, plain_url, same_family
from storage.article import Article, Block, DateClaim, Image

#: A section has a name: it is no year, no number, no URL.
_SECTION = re.compile(r"(?!\S*://)(?=.*[^\W\d_])")
_Value = TypeVar("_Value", covariant=True)
_Noted = TypeVar("_Noted")


class Field(Protocol[_Value]):
    """A method that reads as a property and is one of the item's fields."""

    def __get__(self, instance: Any, owner: Any = None) -> _Value: ...


def field(method: Callable[[Any], _Value]) -> Field[_Value]:
    """web-poet's `field`, typed, and with a cache (web-poet's own makes reference cycles)."""
    key = method.__qualname__

    def cached(page: Any) -> _Value:
        known = vars(page)
        if key not in known:
            known[key] = method(page)
        return cast(_Value, known[key])

    return cast(Field[_Value], web_poet.field(cached))


class ArticlePage(web_poet.Extractor[Article], web_poet.Injectable):
    """The page object of an article, by what all news pages have in common; `to_article` gives the article.

    Subclasses give `content` (the body) and override fields. No `ItemPage`: that one holds on to itself, so that the
    page's whole tree would wait for Python to look for cycles.
    """

    def __init__(self, page: Page, *, warnings: tuple[str, ...] = ()) -> None:
        self.page = page
        self._given_warnings = warnings
        #: Of each field that was read, what its value was read from.
        self.sources: dict[str, str] = {}

    def to_article(self) -> Article:
        """All fields at once. Raises PageRefused where the body cannot be read at all."""
        return item_from_fields_sync(self, item_cls=Article)

    @cached_property
    def content(self) -> BodyContent:
        """The body: blocks, images and links in order."""
        raise NotImplementedError

    # Shared by the fields

    def noted(self, name: str, source: str, value: _Noted) -> _Noted:
        """The value; where it is one, its source is noted as that of the field ("": it is noted already)."""
        if value and source:
            self.sources[name] = source
        return value

    def first_noted(self, name: str, candidates: Iterable[tuple[str, _Noted]]) -> _Noted | None:
        """The first of the sources' values that is one, its source noted."""
        return next((value for source, value in candidates if self.noted(name, source, value)), None)

    def meta_values(self, *names: str) -> Iterator[tuple[str, str]]:
        """The values of meta tags, folded, each with its source."""
        for name in names:
            yield from ((f"meta:{name}", text) for text in self.page.structured.meta_all(name) if text)

    @cached_property
    def known_site(self) -> Site | None:
        """The known site of the page's URL."""
        return site_of(self.page.url)

    @cached_property
    def matched_url(self) -> ArticleUrl | None:
        """The page's URL, else the canonical URL that the page names, as an article's URL of the known site."""
        if self.known_site is None:
            return None
        urls = (self.page.url, *self.page.canonical_links)
        return next((found for url in urls if (found := self.known_site.article_url(url))), None)

    @cached_property
    def article_url(self) -> ArticleUrl | None:
        """The same where the site has a grammar: it then knows the one spelling of the URL, and its day."""
        return self.matched_url if self.known_site and self.known_site.has_grammar else None

    @cached_property
    def zone(self) -> tzinfo | None:
        """The clock by which the page's times without offset are to be read."""
        return self.known_site.timezone if self.known_site and self.known_site.has_timezone else None

    @cached_property
    def since(self) -> date | None:
        """The day before which the site published nothing, where that is known."""
        return self.known_site.since if self.known_site else None

    @cached_property
    def nodes(self) -> Sequence[Node]:
        """The JSON-LD nodes that are this article."""
        return self.page.structured.articles

    def node_values(self, key: str) -> Iterator[Any]:
        """The values of a JSON-LD property, references resolved, over the article's nodes."""
        for node in self.nodes:
            for value in as_list(node.get(key)):
                yield self.page.structured.resolve(value)

    def node_texts(self, key: str) -> list[str]:
        """The plain texts among `node_values`, folded."""
        return [text for value in self.node_values(key) if isinstance(value, str) and (text := fold(value))]

    def date_claims(self) -> Iterable[DateClaim]:
        """Every date on the page, in order of trust: those with an offset from UTC first."""
        yield from sorted(self._machine_claims(), key=lambda found: not dates.has_offset(found.raw))
        yield from self.url_claims()

    def _machine_claims(self) -> Iterator[DateClaim]:
        """JSON-LD before meta tags before microdata."""
        meta, micro = self.page.structured.meta, self.page.structured.microdata
        for name, key, tag in (
            (dates.PUBLISHED, "datePublished", "published_time"),
            (dates.MODIFIED, "dateModified", "modified_time"),
        ):
            for raw in self.node_texts(key):
                yield from dates.claim(name, raw, f"json-ld:{key}", self.zone)
            for property_name in (f"article:{tag}", f"og:article:{tag}"):
                for raw in meta.get(property_name, []):
                    yield from dates.claim(name, raw, f"meta:{property_name}", self.zone)
            for raw in micro.get(key, []):
                yield from dates.claim(name, raw, f"microdata:{key}", self.zone)

    def url_claims(self) -> Iterable[DateClaim]:
        """The day that the URL shows."""
        if self.article_url and self.article_url.day:
            yield from dates.claim(dates.PUBLISHED, self.article_url.day.isoformat(), "url", self.zone)

    @cached_property
    def _checked_dates(self) -> tuple[list[DateClaim], list[str]]:
        return dates.checked(self.date_claims(), self.page.captured_at, self.since)

    @cached_property
    def publisher(self) -> str | None:
        """The organisation behind the page, by its own name."""
        for value in self.node_values("publisher"):
            if isinstance(value, dict) and fold(value.get("name")):
                return fold(value["name"])
        return self.page.structured.meta_first("og:site_name")

    # The fields

    @field
    def url(self) -> str | None:
        return self.page.url

    @field
    def canonical_url(self) -> str | None:
        if self.article_url:
            return self.article_url.canonical_url
        claims = (target for target in self.page.canonical_links if same_family(target, self.page.url))
        return plain_url(self.noted("canonical_url", "link rel=canonical", next(claims, None)) or self.page.url)

    @field
    def site(self) -> str | None:
        """The name of a known site, else the host."""
        return self.known_site.name if self.known_site else host_of(self.page.url) or None

    @field
    def native_id(self) -> str | None:
        return self.matched_url.native_id if self.matched_url else None

    @field
    def language(self) -> str | None:
        root = self.page.tree if self.page.tree.tag == "html" else None
        declared = [
            ("html lang", root.get("lang") or root.get("xml:lang") if root is not None else None),
            *(("json-ld:inLanguage", text) for text in self.node_texts("inLanguage")),
            ("microdata:inLanguage", self.page.structured.micro_first("inLanguage")),
            ("meta:og:locale", self.page.structured.meta_first("og:locale", "content-language", "language")),
            ("site", self.known_site.language if self.known_site else None),
        ]
        return self.first_noted("language", ((source, language_code(text)) for source, text in declared))

    @field
    def headline(self) -> str:
        return self.first_noted("headline", self._headlines_by_source()) or ""

    def _headlines_by_source(self) -> Iterator[tuple[str, str | None]]:
        yield from (("json-ld:headline", text) for text in self.node_texts("headline"))
        for source, title in islice(self.meta_values("og:title", "twitter:title"), 1):
            yield source, without_site(title, self.publisher)
        yield "h1", text_of(self.page.tree.find(".//h1"))
        yield "title", without_site(text_of(self.page.tree.find(".//title")), self.publisher)

    @field
    def alternative_headline(self) -> str | None:
        return next(iter(self.node_texts("alternativeHeadline")), None)

    @field
    def description(self) -> str | None:
        in_nodes = (("json-ld:description", text) for text in self.node_texts("description"))
        in_meta = self.meta_values("og:description", "description", "twitter:description")
        return self.first_noted("description", chain(in_nodes, in_meta))

    @field
    def section(self) -> str | None:
        in_nodes = (("json-ld:articleSection", text) for text in self.node_texts("articleSection"))
        declared = chain(self.meta_values("article:section"), in_nodes)
        return self.first_noted("section", (one for one in declared if _SECTION.match(one[1])))

    @field
    def authors(self) -> tuple[str, ...]:
        in_nodes = [name for value in self.node_values("author") if (name := person_name(value))]
        if in_nodes:
            return self.noted("authors", "json-ld:author", names(in_nodes, self.publisher))
        in_meta = self.page.structured.meta_all("author", "article:author")
        return self.noted("authors", "meta:author", names(in_meta, self.publisher))

    def declared_authors(self) -> list[str]:
        """The bylines that the page declares: in JSON-LD, else in meta tags."""
        bylines = [name for value in self.node_values("author") if (name := person_name(value))]
        return bylines or self.page.structured.meta_all("author", "article:author")

    @field
    def keywords(self) -> tuple[str, ...]:
        structured = self.page.structured
        in_nodes = [word for text in self.node_texts("keywords") for word in split_keywords(text)]
        tags = structured.meta_all("article:tag")
        tags = split_keywords(tags[0]) if len(tags) == 1 else tags
        in_meta = [w for text in structured.meta_all("keywords", "news_keywords") for w in split_keywords(text)]
        found = (("json-ld:keywords", in_nodes), ("meta:article:tag", tags), ("meta:keywords", in_meta))
        return unique_fold_case(self.first_noted("keywords", found) or [])

    @field
    def published_at(self) -> datetime | None:
        return self._instant(dates.PUBLISHED)

    @field
    def modified_at(self) -> datetime | None:
        return self._instant(dates.MODIFIED)

    def _instant(self, name: str) -> datetime | None:
        found = dates.chosen_claim(self._checked_dates[0], name)
        return dates.instant(self.noted(name, found.source, found)) if found is not None else None

    @field
    def published_date(self) -> date | None:
        found = dates.day_claim(self._checked_dates[0], self.zone)
        self.noted("published_date", found.source if found is not None else "", found)
        return dates.chosen_day(self._checked_dates[0], self.zone)

    @field
    def dates(self) -> tuple[DateClaim, ...]:
        return tuple(self._checked_dates[0])

    @field
    def blocks(self) -> tuple[Block, ...]:
        return tuple(self.content.blocks)

    @field
    def images(self) -> tuple[Image, ...]:
        return merged([*self.lead_images(), *self.content.images])

    def lead_images(self) -> list[Image]:
        """Pictures that stand before the body; by default the one that the page shares."""
        named = [value.get("url") if isinstance(value, dict) else value for value in self.node_values("image")]
        shared = [self.page.structured.meta_first("og:image"), *(name for name in named if isinstance(name, str))]
        url = next((url for name in shared if (url := absolute(name, self.page.base_url))), None)
        return [Image(url=url)] if url else []

    @field
    def links(self) -> tuple[str, ...]:
        return unique(self.content.links)

    @field
    def warnings(self) -> tuple[str, ...]:
        found = [*self.page.warnings, *self._given_warnings, *self._checked_dates[1]]
        found += [f"unknown-block: {kind}" for kind in self.content.unknown]
        found += [f"{name}-left-out" for name in self.content.left_out]
        if not any(claim.field == dates.PUBLISHED and claim.value for claim in self._checked_dates[0]):
            found.append("date-unknown")
        if self.page.structured.broken:
            found.append("json-ld-broken")
        if self.page.structured.cut:
            found.append("json-ld-cut")
        if sum(map(len, self.declared_authors())) > MOST_OF_BYLINES:
            found.append("authors-cut")
        return unique(found)


class TemplatePage(ArticlePage):
    """A page object for known markup."""

    #: Classes of elements outside the text, dropped by `GenericPage` where the template does not fit.
    noise: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, page: Page, *, instead: BodyContent | None = None, warnings: tuple[str, ...] = ()) -> None:
        """`instead` is the body as another reader found it, for a page whose body this template does not have."""
        super().__init__(page, warnings=warnings)
        self._instead = instead

    @cached_property
    def content(self) -> BodyContent:
        if self._instead is None:
            return self.template_content()
        shown = (self.headline, self.description)
        return replace(self._instead, blocks=[block for block in self._instead.blocks if block.text not in shown])

    def template_content(self) -> BodyContent:
        """The body as this template has it; called where it `fits`."""
        raise NotImplementedError

    @classmethod
    def fits(cls, page: Page) -> bool:
        """Whether the page has the markup that this object reads."""
        raise NotImplementedError
