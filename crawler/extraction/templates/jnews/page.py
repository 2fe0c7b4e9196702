"""The page object of WordPress sites with the JNews theme: alanews.it and others."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from lxml.html import HtmlElement

from crawler.extraction.fields import dates
from crawler.extraction.fields.declared import split_keywords
from crawler.extraction.fields.people import names
from crawler.extraction.html.blocks import BodyContent, Parts, read_blocks, read_figure
from crawler.extraction.html.images import address
from crawler.extraction.html.rules import CONTAINERS, Rules, kind_of, roles
from crawler.extraction.html.text import text_of, unique_fold_case
from crawler.extraction.pages.article_page import field
from crawler.extraction.pages.page import Page, is_within
from crawler.extraction.pages.platform_page import PlatformPage
from storage.article import DateClaim, Image

#: The text's container: JNews, then WordPress's AMP plug-in.
_BODY = ("content-inner", "entry-content", "amp-wp-article-content")
_HEADLINE = ("jeg_post_title", "amp-wp-title")
_FEATURED = (
    *("jeg_featured", "featured_image", "featured_video", "featured_gallery", "jeg_video_container"),
    "amp-wp-article-featured-image",
)
#: Any of these says that the page is the theme's, whatever its headline is called.
_THEME = ("jeg_singlepage", "jeg_inner_content", "jeg_main_content", "amp-wp-article")
#: Teasers of other posts, and their containers.
_TEASERS = """jeg_post jeg_postblock jeg_popup_post jeg_sidebar widget jnews_related_post_container
    jnews_popup_post_container jnews_inline_related_post_wrapper jnews_inline_related_post jnews_prev_next_container
    amp-related-wrapper""".split()  # noqa: SIM905
#: The container of one article where a page loads the next ones behind it.
_SCOPE = ("post-wrap", "post-autoload", "amp-wp-article")
#: WordPress names a smaller copy of a picture by its size.
_SIZE = re.compile(r"-\d+x\d+(?=\.\w+$)|-scaled(?=\.\w+$)")
_POST_ID = re.compile(r"\bpostid-(\d+)\b")
_ID_IN_LINK = re.compile(r"[?&]p=(\d+)\b|/wp-json/wp/v2/posts/(\d+)\b")
_TAGS_LINE = re.compile(r"(?:tags?|etiquetas|etichette)\s*:", re.I)
#: Longest line of tags, or disclaimer; a longer element holds the text as well.
_LINE = 600
#: What a site says of the opinions in its posts.
DISCLAIMER = re.compile(r"is not responsible for the opinions|do not necessarily (?:reflect|represent)", re.I)

#: How the theme's names of a header's parts begin.
_THEMES_OWN = (*("jeg_", "jnews_", "meta_", "entry-", "amp-wp-", "author", "fa", "wp-", "zoom", "featured"),)
RULES = Rules(
    roles=roles(
        drop="""jnews_inline_related_post_wrapper jnews_inline_related_post jeg_post_tags jeg_ad jeg_share_button
            jeg_share_top_container jeg_share_bottom_container jnews_author_box_container jeg_authorbox jeg_postblock
            jnews_related_post_container jeg_popup jeg_popup_post jnews_popup_post_container jnews_prev_next_container
            jnews_comment_container jeg_push_notification jeg_breadcrumbs jeg_post_meta jeg_meta_container jeg_pagelinks
            jeg_pagination jnews-autoload-splitter jeg_post_source jeg_post_via jeg_readmore entry-header jeg_featured
            jnews_review_container jeg_reviewheader jeg_video_info jeg_meta_zoom jnews_post_subscribe jeg_subscribe
            molongui-clearfix audiate-widget wp-block-buttons wp-polls heateor_sss_sharing_container
            jeg_custom_tag_wrapper amp-wp-article-header amp-wp-article-footer amp-wp-meta amp-wp-article-featured-image
            jnews-amp-ads amp-related-wrapper""",
        # WordPress's own containers and the theme's
        text="""content-inner entry-content amp-wp-article-content wp-block-group wp-block-group__inner-container
            wp-block-columns wp-block-column wp-block-image wp-block-gallery wp-block-cover
            wp-block-cover__inner-container wp-block-media-text wp-block-media-text__content wp-block-embed__wrapper
            wp-block-table wp-block-code wp-block-verse wp-block-details
            blocks-gallery-grid blocks-gallery-item gallery-caption wp-video wp-audio gallery gallery-item
            jeg_video_container jeg_video_content row thumbnail-container entry-content-single""",
        caption="featured_caption",
        embed="wp-playlist",
    ),
    counted_tags=CONTAINERS,
)


class JNewsPage(PlatformPage):
    """A post of the theme, in any of its single-post templates, and its AMP page."""

    noise = RULES.dropped - {"entry-header", "jeg_featured"}

    @classmethod
    def fits(cls, page: Page) -> bool:
        """Whether the page has a post's headline and a container for its text."""
        return _headline(page) is not None and page.first(*_BODY) is not None

    @cached_property
    def scope(self) -> HtmlElement:
        """The element that holds the page's own article, which stands first; the document where there is none."""
        around = self.page.first(*_SCOPE)
        return around if around is not None else self.page.tree

    @cached_property
    def body(self) -> HtmlElement | None:
        """The element that holds the text."""
        own = self.page.first(*_BODY, within=self.scope)
        return own if own is not None else self.page.first(*_BODY)

    @cached_property
    def _tail(self) -> list[HtmlElement]:
        return [] if self.body is None else _tail(self.body)

    def body_content(self) -> BodyContent:
        assert self.body is not None, "called only where the template fits"
        content = read_blocks(self.body, RULES, self.page.base_url, Parts(without=self._tail))
        content.left_out += ["disclaimer" for element in self._tail if DISCLAIMER.search(text_of(element))]
        return content

    @cached_property
    def lead(self) -> BodyContent | None:
        """The featured picture or player with its caption, else a picture with a caption outside the body."""
        element = self._own(*_FEATURED)
        if element is None:
            framed = self.page.with_class("wp-caption", within=self.scope)
            element = next((e for e in framed if self.body is None or not is_within(e, self.body)), None)
        return None if element is None else read_figure(element, RULES, self.page.base_url)

    # Dates: the plug-ins that print them disagree; an offset beats none, OpenGraph beats the SEO plug-ins' JSON-LD.

    def date_claims(self) -> Iterable[DateClaim]:
        yield from sorted(
            self._machine_claims(), key=lambda c: (not dates.has_offset(c.raw), not c.source.startswith("meta:"))
        )
        yield from self._visible_claims()
        yield from self.url_claims()

    def _visible_claims(self) -> Iterator[DateClaim]:
        element = self._own("jeg_meta_date", "amp-wp-posted-on")
        for stamp in element.iter("time") if element is not None else ():
            yield from dates.claim(dates.PUBLISHED, stamp.get("datetime"), "time:datetime", self.zone)
        yield from dates.claim(dates.PUBLISHED, text_of(element), "visible", self.zone, visible=True)

    def _own(self, *tokens: str) -> HtmlElement | None:
        """The first such element that does not belong to a teaser of another post."""
        if tokens not in self._own_elements:
            found = self.page.with_class(*tokens, within=self.scope)
            own = (element for element in found if self._teasers.isdisjoint(element.iterancestors()))
            self._own_elements[tokens] = next(own, None)
        return self._own_elements[tokens]

    @cached_property
    def _teasers(self) -> frozenset[HtmlElement]:
        return frozenset(element for token in _TEASERS for element in self.page.with_class(token))

    @cached_property
    def _own_elements(self) -> dict[tuple[str, ...], HtmlElement | None]:
        return {}

    # Fields

    @field
    def native_id(self) -> str | None:
        body = self.page.body
        found = _POST_ID.search(body.get("class") or "") if body is not None else None
        if found:
            return found[1]
        links = self.page.structured.links
        for href in (*links.get("shortlink", []), *links.get("alternate", [])):
            if linked := _ID_IN_LINK.search(href):
                return linked[1] or linked[2]
        return next((e.get("data-id") for e in self.page.with_class("post-autoload") if e.get("data-id")), None)

    @field
    def headline(self) -> str:
        return self.noted("headline", "shown headline", text_of(_headline(self.page))) or super().headline

    @field
    def description(self) -> str | None:
        """The subtitle under the headline; else the longest description: plug-ins print several."""
        shown = text_of(self._own("jeg_post_subtitle", "amp-wp-subtitle"))
        described = self.meta_values("og:description", "description")
        longest = max(described, key=lambda one: len(one[1]), default=("", ""))
        found = (("subtitle", shown), longest)
        return self.first_noted("description", found) or super().description

    @field
    def section(self) -> str | None:
        in_url = (self.article_url.section or "") if self.article_url else ""
        return (
            self.noted("section", "categories or breadcrumb", next(iter(self._shown_sections()), None))
            or super().section
            or self.noted("section", "url", in_url.replace("-", " ").capitalize())
            or None
        )

    def _shown_sections(self) -> list[str]:
        """The post's categories, then its breadcrumb."""
        categories = self._own("jeg_meta_category", "amp-wp-tax-category")
        named = _terms(categories) if categories is not None else []
        crumbs = self._own("jeg_breadcrumbs")
        trail = [text_of(a) for a in crumbs.iter("a")][1:] if crumbs is not None else []
        return [text for text in (*named, *trail) if text]

    @field
    def authors(self) -> tuple[str, ...]:
        byline = self._own("jeg_meta_author", "amp-wp-author")
        if byline is None:
            return super().authors
        linked = [text_of(anchor) for anchor in byline.iter("a")]
        shown = [name for name in linked if name] or [text_of(byline)]
        return self.noted("authors", "byline", names(shown, self.publisher))

    @field
    def keywords(self) -> tuple[str, ...]:
        tags = self._own("jeg_post_tags", "amp-wp-tax-tag")
        if tags is None:
            tags = next((element for element in self._tail if _TAGS_LINE.match(text_of(element))), None)
        shown = unique_fold_case(_terms(tags) if tags is not None else [])
        declared = unique_fold_case(self.page.structured.meta_all("article:tag"))
        found = (("shown tags", shown), ("meta:article:tag", declared))
        return self.first_noted("keywords", found) or super().keywords

    @staticmethod
    def picture_key(url: str) -> str:
        return _SIZE.sub("", url)

    def lead_images(self) -> list[Image]:
        """The featured picture; without its frame the picture alone, else the page's shared one."""
        alone = None if self.lead and self.lead.images else self._own("wp-post-image")
        url = None if alone is None else address(alone, self.page.base_url)
        return [Image(url=url)] if url else super().lead_images()

    def missing(self) -> Mapping[str, object]:
        return {
            "headline-from-metadata": _headline(self.page) is None,
            "lede-from-metadata": self.description and self._own("jeg_post_subtitle", "amp-wp-subtitle") is None,
            "authors-from-metadata": self.authors and self._own("jeg_meta_author", "amp-wp-author") is None,
            "section-from-metadata": self.section and not self._shown_sections(),
        }

    def unknown_around_body(self) -> list[str]:
        """Kinds of elements with text in the header, or in the line below it, and without a class of the theme."""
        headers = [e for e in (self._own("entry-header"), self._own("amp-wp-article-header")) if e is not None]
        parts = [(e, e.get("class", "").split()) for header in headers for e in header.iter() if isinstance(e.tag, str)]
        strange = [part for part in parts if part[1] and not any(name.startswith(_THEMES_OWN) for name in part[1])]
        return [kind_of(names) for e, names in strange if any(text.strip() for text in e.itertext())]


def _headline(page: Page) -> HtmlElement | None:
    """The post's headline; teasers carry the same class on lower headings. Under another name, the first `h1`."""
    named = next((e for e in page.with_class(*_HEADLINE) if e.tag == "h1"), None)
    return named if named is not None or page.first(*_THEME) is None else page.tree.find(".//h1")


def _terms(element: HtmlElement) -> list[str]:
    """The terms in a line of categories or tags; without links ("Categories: Cronaca, Mare") by its commas."""
    linked = [text_of(anchor) for anchor in element.iter("a")]
    _, colon, listed = text_of(element).partition(":")
    return linked or (split_keywords(listed) if colon else [])


def _tail(body: HtmlElement) -> list[HtmlElement]:
    """The elements that end a post and are no part of it: the line of tags and disclaimers."""
    found = []
    for child in reversed(body):
        text = text_of(child)
        tokens = (child.get("class") or "").split()
        if len(text) < _LINE and len(child.findall(".//p")) < 2 and (_TAGS_LINE.match(text) or DISCLAIMER.search(text)):
            found.append(child)
        elif text and RULES.dropped.isdisjoint(tokens):
            break
    return found
