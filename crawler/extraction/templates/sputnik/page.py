"""The page object of the Sputnik platform: it.sputniknews.com, the other editions, ria.ru."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cached_property

from lxml.html import HtmlElement

from crawler.extraction.fields import dates
from crawler.extraction.fields.declared import split_keywords
from crawler.extraction.flattened.lines import is_footnote
from crawler.extraction.html.blocks import BodyContent, read_blocks, read_figure
from crawler.extraction.html.text import fold, text_of, unique_fold_case
from crawler.extraction.pages.article_page import field
from crawler.extraction.pages.page import Page, is_within
from crawler.extraction.pages.platform_page import PlatformPage
from crawler.extraction.templates.sputnik.bylines import names
from crawler.extraction.templates.sputnik.editions import PLATFORM_SINCE, Edition, edition_on
from crawler.extraction.templates.sputnik.markup import ERAS, G1, Markup, markup_of, unknown_kinds
from crawler.extraction.templates.sputnik.urls import parse_article_url
from crawler.extraction.templates.sputnik.visible_date import split_updated
from crawler.registry import site_of
from crawler.site import ArticleUrl
from crawler.urls import host_of
from storage.article import BlockType, DateClaim, Image

#: The end of a meta description on this platform: "... 14.02.2022, Sputnik Italia", ". РИА Новости, 12.03.2025".
_DESCRIPTION_TAIL = re.compile(
    r"(?P<cut>\.\.\.|…)?\s*\d{2}\.\d{2}\.\d{4},\s*[^,.]{2,40}$|(?<=[.…!?])\s*[^,.]{2,40},\s*\d{2}\.\d{2}\.\d{4}$"
)
_GLOBAL_ID = re.compile(r"GLOBAL\.article\.id\s*=\s*[\"']?(\d+)")
_PICTURE = re.compile(r"/(\d{5,})(?:_[^/]*)?\.\w+$")
#: Dropped by this template's rules, but of use to `GenericPage` on a page in unknown markup.
_SHOWN = frozenset(
    (
        *("article__title", "article__announce-text", "article__header", "article__announce"),
        *("white-longread__header", "b-article__header-title"),
    )
)
#: Classes that only this platform is known to use; other sites have an `article__body` too.
_OWN_MARKS = ("article__block", "article__announce-text", "b-article", "white-longread__block")
#: Where g2's dates are to be trusted, best first (behind the epoch in `data-unixtime`).
_TRUST = ("microdata", "meta", "json-ld")
#: g1's local times: the article's field, the meta tag's name, its itemprop.
_LOCAL_TIMES = ((dates.PUBLISHED, "pubdate", "datePublished"), (dates.MODIFIED, "lastmod", "dateModified"))


#: Behind the source of a claim that says UTC and was read by the edition's clock.
_READ_AS_LOCAL = ":local"


class SputnikPage(PlatformPage):
    """An article of any era of the platform."""

    noise = frozenset[str]().union(*(era.rules.dropped for era in ERAS)) - _SHOWN

    @classmethod
    def fits(cls, page: Page) -> bool:
        """Whether the page has the markup of an era; on an unknown host also a class of this platform alone."""
        if markup_of(page) is None:
            return False
        site = site_of(page.url)
        is_known = (site is not None and site.has_grammar) or edition_on(host_of(page.url)) is not None
        return is_known or page.first(*_OWN_MARKS) is not None

    @cached_property
    def era(self) -> Markup:
        """The markup of this page; of one that fits none, the newest, whose names it may still use in part."""
        return markup_of(self.page) or ERAS[0]

    @cached_property
    def edition(self) -> Edition | None:
        """The platform's edition on the page's host; None for a known site."""
        known = self.known_site is not None and self.known_site.has_grammar
        return None if known else edition_on(host_of(self.page.url))

    @cached_property
    def _platform_url(self) -> ArticleUrl | None:
        """The page's URL by the platform's grammar, whatever its host."""
        return parse_article_url(self.page.url, host_of(self.page.url).removeprefix("m."))

    @cached_property
    def body(self) -> HtmlElement | None:
        """The element that holds the blocks: of the page's own article, which stands first."""
        named = self.page.first(*self.era.body)
        block = self.page.first(*self.era.block)
        if named is None and block is None:
            return self.era.body_by_property(self.page)
        return named if named is not None or block is None else block.getparent()

    @cached_property
    def scope(self) -> HtmlElement:
        """The element that holds the whole article; the document where there is none."""
        tokens = set(self.era.scope)
        inner = self.body if self.body is not None else self.page.first(*self.era.headline, *self.era.lede)
        if inner is None:
            return self.page.tree
        around = (e for e in inner.iterancestors() if tokens & set((e.get("class") or "").split()))
        return next(around, self.page.tree)

    def _text(self, tokens: tuple[str, ...]) -> str:
        return text_of(self.page.first(*tokens, within=self.scope))

    def body_content(self) -> BodyContent:
        found = BodyContent() if self.body is None else read_blocks(self.body, self.era.rules, self.page.base_url)
        for block in [block for block in found.blocks if block.type is BlockType.PARAGRAPH and is_footnote(block.text)]:
            found.blocks.remove(block)
            found.left_out.append("footnote")
        return found

    @cached_property
    def lead(self) -> BodyContent | None:
        element = self.page.first(*self.era.lead_media, within=self.scope)
        if element is None:
            element = next(self._pictures_before_body(), None)
        if element is None or element is self.body:
            return None
        return read_figure(element, self.era.rules, self.page.base_url)

    def _pictures_before_body(self) -> Iterator[HtmlElement]:
        """Frames of pictures beside the body, for a page that calls its announcement by another name."""
        for frame in self.page.with_class("media", within=self.scope):
            if self.body is None or not is_within(frame, self.body):
                yield frame
        for picture in self.page.tree.iterfind(".//img[@itemprop='associatedMedia']"):
            yield picture.getparent()

    @cached_property
    def zone(self) -> tzinfo | None:
        """The site's zone; on a g1 page of another edition the offset between its two clocks, else the edition's."""
        return super().zone or self._offset_between_clocks() or (self.edition.timezone if self.edition else None)

    @cached_property
    def since(self) -> date | None:
        return super().since or PLATFORM_SINCE

    def _offset_between_clocks(self) -> tzinfo | None:
        stamp, local = self._clocks
        if not stamp or not local or not (isinstance(stamp[0], datetime) and isinstance(local[0], datetime)):
            return None
        offset = timedelta(minutes=round((local[0] - stamp[0]) / timedelta(minutes=15)) * 15)
        return timezone(offset) if abs(offset) <= timedelta(hours=14) else None

    @property
    def _clocks(self) -> tuple[dates.Read | None, dates.Read | None]:
        """g1's epoch of publication, and its machine-readable time without the `Z` that it wrongly carries."""
        meta = self.page.structured.meta_first
        local = dates.read_iso((meta("pubdate") or "").rstrip("Zz"), UTC)
        return dates.read_epoch(meta("analytics:p_ts") or "", UTC), local

    # Dates

    def date_claims(self) -> Iterable[DateClaim]:
        """g2: epoch, microdata, meta, JSON-LD, visible, URL. g1: epoch, then local times under a false Z."""
        yield from self._epoch_claims()
        if self.era is G1:
            yield from self._false_utc_claims()
        else:
            yield from sorted(self._machine_claims(), key=lambda claim: _TRUST.index(claim.source.partition(":")[0]))
        yield from self._visible_claims()
        if self._platform_url and self._platform_url.day:
            yield from dates.claim(dates.PUBLISHED, self._platform_url.day.isoformat(), "url", self.zone)

    def _epoch_claims(self) -> Iterator[DateClaim]:
        element = self.page.first(*self.era.date, within=self.scope)
        if element is not None:
            for holder in element.iter():
                raw = holder.get("data-unixtime")
                yield from dates.claim(dates.PUBLISHED, raw, "data-unixtime", self.zone)
        stamp = self.page.structured.meta_first("analytics:p_ts")
        yield from dates.claim(dates.PUBLISHED, stamp, "meta:analytics:p_ts", self.zone)

    def _false_utc_claims(self) -> Iterator[DateClaim]:
        """Times that say UTC and are the edition's local time: kept as written, read as local.

        A page whose epoch proves its `Z` true is taken at its word.
        """
        structured = self.page.structured
        if self._offset_between_clocks() == UTC:
            yield from self._machine_claims()
            for name, meta_name, _ in _LOCAL_TIMES:
                yield from dates.claim(name, structured.meta_first(meta_name), f"meta:{meta_name}", UTC)
            return
        for name, meta_name, prop in _LOCAL_TIMES:
            raw = structured.meta_first(meta_name, f"itemprop:{prop}")
            read = dates.read_iso((raw or "").rstrip("Zz"), self.zone)
            if raw and read:
                yield DateClaim(
                    field=name,
                    raw=raw,
                    source=f"meta:{meta_name}{_READ_AS_LOCAL}",
                    precision=read[1],
                    value=read[0].isoformat(),
                )

    def _visible_claims(self) -> Iterator[DateClaim]:
        published, updated = split_updated(self._text(self.era.date))
        modified = self._text(("article__info-date-modified",))
        if not updated and modified:
            updated = split_updated(modified)[1] or modified
            published = published.replace(modified, "")
        yield from dates.claim(dates.PUBLISHED, published, "visible", self.zone, visible=True)
        yield from dates.claim(dates.MODIFIED, updated, "visible", self.zone, visible=True)

    # Fields

    @field
    def site(self) -> str | None:
        """The name of a known site, else of the platform's edition, else the host."""
        return f"sputnik-{self.edition.name}" if self.edition else super().site

    @field
    def canonical_url(self) -> str | None:
        """On another edition's host: the address in its one spelling, without mobile, AMP, print and sharing."""
        if self.edition is None or self._platform_url is None:
            return super().canonical_url
        return self._platform_url.canonical_url

    @field
    def language(self) -> str | None:
        of_edition = self.edition.language if self.edition else None
        return super().language or self.noted("language", "the platform's edition", of_edition)

    @field
    def native_id(self) -> str | None:
        known = self.article_url or self._platform_url
        if known and known.native_id:
            return known.native_id
        holder = self.page.tree.xpath("//*[@id='articleId']/@data-id")
        scripts = (_GLOBAL_ID.search(script.text or "") for script in self.page.tree.iter("script"))
        stamped = self.page.structured.meta_first("analytics:article_id")
        return stamped or next(iter(holder), None) or next((found[1] for found in scripts if found), None)

    @field
    def headline(self) -> str:
        found = (
            ("shown headline", self._text(self.era.headline)),
            ("meta:og:title", self.page.structured.meta_first("og:title")),
            ("microdata:headline", self.page.structured.micro_first("headline", "name")),
        )
        return self.first_noted("headline", found) or super().headline

    @field
    def alternative_headline(self) -> str | None:
        shown = self._text(self.era.second_title)
        return shown or self.page.structured.micro_first("alternativeHeadline", "alternateName")

    @field
    def description(self) -> str | None:
        """The whole lede; where the page does not show it, its beginning in the description."""
        found = (("shown lede", self._text(self.era.lede)), ("meta:description", self._cut_lede[0]))
        return self.first_noted("description", found) or super().description

    @cached_property
    def _cut_lede(self) -> tuple[str | None, bool]:
        text = self.page.structured.meta_first("description", "og:description") or ""
        tail = _DESCRIPTION_TAIL.search(text)
        kept = text[: tail.start()].rstrip() if tail else text
        return kept or None, bool(tail and tail["cut"])

    @field
    def section(self) -> str | None:
        structured = self.page.structured
        found = (
            ("shown section", self._text(self.era.section)),
            ("meta:article:section", structured.meta_first("article:section")),
            # of g2 the itemprop's values are tags
            ("microdata:articleSection", structured.micro_first("articleSection") if self.era is G1 else None),
            ("url", self.article_url.section if self.article_url else None),
            ("microdata:genre", structured.micro_first("genre")),
        )
        return self.first_noted("section", found)

    @field
    def authors(self) -> tuple[str, ...]:
        structured = self.page.structured
        sources = (
            ("byline", [text_of(e) for e in self.page.with_class(*self.era.author, within=self.scope)]),
            (
                "microdata:author",
                [fold(n) for key in ("author/name", "creator/name") for n in structured.microdata.get(key, [])],
            ),
            ("meta:author", structured.meta_all("article:author", "analytics:author", "author")),
            ("", list(super().authors)),
        )
        organisations = structured.micro_first("publisher/name", "sourceOrganization/name", "copyrightHolder/name")
        found = ((source, names(bylines, organisations)) for source, bylines in sources)
        return self.first_noted("authors", found) or ()

    @field
    def keywords(self) -> tuple[str, ...]:
        structured = self.page.structured
        for source, text in (
            ("microdata:keywords", structured.micro_first("keywords")),
            ("meta:keywords", structured.meta_first("keywords", "news_keywords", "analytics:keyw")),
        ):
            if text and (words := unique_fold_case(split_keywords(text))):
                return self.noted("keywords", source, words)
        shown = [text_of(e) for e in self.page.with_class(*self.era.tags, within=self.scope)]
        return self.noted("keywords", "shown tags", unique_fold_case(shown)) or super().keywords

    def lead_images(self) -> list[Image]:
        own = bool(self.lead and self.lead.images)  # pictures of "sharing snippets" show the headline
        return [image for image in super().lead_images() if own or "/sharing_snippet/" not in image.url]

    @staticmethod
    def picture_key(url: str) -> str:
        """The picture's own number in its address, which its crops share; the address where it has none."""
        found = _PICTURE.search(url)
        return found[1] if found else url

    def missing(self) -> Mapping[str, object]:
        lede = self._text(self.era.lede)
        read_as_local = (c.source for c in self._checked_dates[0] if c.source.endswith(_READ_AS_LOCAL))
        return {
            **{f"false-offset: {source.removesuffix(_READ_AS_LOCAL)}": True for source in read_as_local},
            "headline-from-metadata": not self._text(self.era.headline),
            "lede-cut": not lede and self.description and self._cut_lede[1],
            "lede-from-metadata": not lede and self.description and not self._cut_lede[1],
        }

    @field
    def warnings(self) -> tuple[str, ...]:
        blocks = self.era.rules.block_classes
        changed = self._instead is None and blocks and text_of(self.body) and not self._has(blocks)
        return (*super().warnings, *(["template-changed: no blocks"] if changed else []))

    def unknown_around_body(self) -> list[str]:
        roots = [self.scope] if self.scope is not self.page.tree else []
        if self.era is G1:
            roots = [e for e in (self.page.first("b-article__header"), self.page.first("b-article")) if e is not None]
        return [kind for root in roots for kind in unknown_kinds(root, self.era, self.body)]

    def _has(self, blocks: frozenset[str]) -> bool:
        """Whether the body is made of the era's blocks; a live page is made of entries."""
        return bool(self.page.with_class(*blocks, "online__item", within=self.body))
