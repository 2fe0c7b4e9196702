"""The markup of the Sputnik platform in its eras, as data.

g1: 2014 to spring 2021 (`b-article`). g2: since (`article__`), shared with ria.ru; long-reads and live pages are g2
with other names for the same things. Known from real pages of sputniknews.com and ria.ru and from public scrapers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lxml.html import HtmlElement

from crawler.extraction.html.embeds import PLAYERS
from crawler.extraction.html.rules import CONTAINERS, Role, Rules, kind_of, roles
from crawler.extraction.pages.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """One era's names. Each tuple lists classes in order of preference; the first found on a page counts.

    `block` is a class of which several stand in the body, so that the body is found even under another name, as it is
    by its `body_property` (an itemprop) where the headline bears the era's name. `since`
    and `until` bound the days of capture on which the platform served this markup, as far as we know, both inclusive.
    """

    name: str
    since: date = date.min
    until: date = date.max
    scope: tuple[str, ...]
    body: tuple[str, ...]
    block: tuple[str, ...] = ()
    body_property: str | None = None
    headline: tuple[str, ...]
    second_title: tuple[str, ...] = ()
    lede: tuple[str, ...]
    lead_media: tuple[str, ...]
    author: tuple[str, ...]
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    date: tuple[str, ...]
    rules: Rules

    def fits(self, page: Page) -> bool:
        """Whether the page has this era's body."""
        if page.first(*self.body, *self.block) is not None or self.body_by_property(page) is not None:
            return True
        return self._is_player(page)

    def _is_player(self, page: Page) -> bool:
        """Whether the page shows a player and has, by its own microdata, no text: it may lack a body."""
        lead = page.first(*self.lead_media)
        if lead is None or page.first(*self.headline) is None or next(lead.iter(*PLAYERS), None) is None:
            return False
        return bool(page.structured.micro_first("headline")) and not page.structured.micro_first("articleBody")

    def body_by_property(self, page: Page) -> HtmlElement | None:
        """The body by its itemprop."""
        if self.body_property is None or page.first(*self.headline) is None:
            return None
        return page.tree.find(f".//*[@itemprop='{self.body_property}']")

    def holds(self, captured_at: datetime | None) -> bool:
        """Whether the platform served this markup on the day of the capture; true where that is unknown."""
        return captured_at is None or self.since <= captured_at.date() <= self.until


G2 = Markup(
    name="sputnik-g2",
    since=date(2021, 4, 11),  # the last g1 page known of the Italian edition is of the day before
    scope=("article", "white-longread"),
    body=("article__body", "online__article"),
    block=("online__item", "article__block", "white-longread__block"),
    headline=("article__title", "white-longread__header-title"),
    second_title=("article__second-title",),
    lede=("article__announce-text", "white-longread__header-subtitle"),
    lead_media=("article__announce", "white-longread__header-media"),
    author=("article__author-name", "white-longread__header-author"),
    tags=("tag__text", "article__tags-item"),
    date=("article__info-date",),
    rules=Rules(
        roles=roles(
            drop="""article__meta schema_org article__google-news article__quote-share article__quote-bg share
                article__share m-buy photoview__ext-link article__footer article__userbar article__views banner
                article__info article__title article__second-title article__announce-text article__tags tags
                article__summary article__summary-list article__supertag-header
                article__author article__info-views media__copyright-buy article__photo-item-counter photoview__counter
                white-longread__header article__header article__announce""",
            note="article__disclaimer",
            related="article__article",
            text="""article__text article__quote-text article__body article__vrez article__list article__table
                article__photolenta article__longread media__size media__embed photoview__open online__article
                online__item online__item-top online__item-text white-longread__text-body white-longread__text
                white-longread__width
                white-longread__block article__block""",
            heading="article__h2 article__h3 online__item-time",
            quote="article__quote white-longread__quote white-longread__quote-text",
            cite="article__quote-author article__quote-info article__quote-name white-longread__quote-author",
            figure="media article__photo-item white-longread__media",
            caption="media__title media__description article__photo-item-text white-longread__media-description",
            credit="media__copyright m-copyright",
            embed="ria-tweet",
        ),
        block_classes=frozenset({"article__block", "white-longread__block"}),
        kinds={
            **dict.fromkeys(("text", "list", "table", "vrez", "photolenta", "embed", "video"), Role.TEXT),
            **dict.fromkeys(("media-video", "audio", "infographics"), Role.TEXT),
            **dict.fromkeys(("media", "image", "photo-site", "photo", "media-image"), Role.FIGURE),
            **dict.fromkeys(("h2", "h3", "h4"), Role.HEADING),
            "quote": Role.QUOTE,
            "article": Role.RELATED,
            "banner": Role.DROP,
        },
        counted_tags=CONTAINERS | {"p"},
        caption_attribute="title",
    ),
)

G1 = Markup(
    name="sputnik-g1",
    body_property="articleBody",
    until=date(2021, 12, 31),  # the Italian edition left it in spring 2021, other editions some time that year
    scope=("page_container",),
    body=("b-article__text",),
    headline=("b-article__header-title",),
    lede=("b-article__lead",),
    lead_media=("b-article__header",),
    author=("b-article__refs-author",),
    section=("b-article__refs-rubric",),
    date=("b-article__refs-date",),
    rules=Rules(
        roles=roles(
            drop="""b-banner b-banner-container social-likes-pane b-article__likes b-article__refs-getshorturl
                article__google-news
                taboola-banner b-article__refs comments b-counters b-article__refs-text b-article__header-title
                b-inject""",
            note="b-disclaimer",
            text="b-article__text b-article__media-list b-gallery b-gallery__list marker-quote1 marker-quote2",
            figure="b-article__media",
            credit="b-article__header-copy b-media__copyright",
            caption="b-media__title b-article__media-title",
        ),
        counted_tags=CONTAINERS | {"p"},
        caption_attribute="alt",
    ),
)

ERAS = (G2, G1)


def markup_of(page: Page) -> Markup | None:
    """The markup that the page has; of several, the one that the platform served on the day of its capture."""
    fitting = [era for era in ERAS if era.fits(page)]
    return next((era for era in fitting if era.holds(page.captured_at)), fitting[0] if fitting else None)


#: Names of the article's frame, which mean nothing to the reader of its parts.
_FRAME_NAMES = """article m-article article__header article__info article__info-date-modified article__views
    article__author article__footer tags tag article__tags b-article b-article__header b-article__refs-text
    b-article__refs-credits b-article__refs-tags b-article__refs"""
_FRAME = frozenset(_FRAME_NAMES.split())


def unknown_kinds(root: HtmlElement, era: Markup, body: HtmlElement | None) -> Iterator[str]:
    """Kinds of elements with text beside the body and without a class of the era."""
    names = era.headline + era.second_title + era.lede + era.lead_media + era.author + era.tags + era.section + era.date
    for element in root:
        tokens = (element.get("class") or "").split() if isinstance(element.tag, str) else []
        roles = [era.rules.roles[token] for token in tokens if token in era.rules.roles]
        if element is body or element.tag in ("script", "style", "svg"):
            continue
        if not tokens or not _FRAME.isdisjoint(tokens):
            yield from unknown_kinds(element, era, body)
        elif not roles and not set(names) & set(tokens):
            if body is not None and any(ancestor is element for ancestor in body.iterancestors()):
                yield from unknown_kinds(element, era, body)
            elif any(text.strip() for text in element.itertext()):
                yield kind_of(tokens)
