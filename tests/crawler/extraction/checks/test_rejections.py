"""Pages that are no article are refused by name; a short article, and one on a wall's subject, is not."""

from datetime import date

import pytest

from crawler.extraction.checks.rejections import (
    doubted,
    is_closed,
    refuse_indexes,
    refuse_stubs,
    refuse_unmarked,
    refuse_walls,
)
from crawler.extraction.generic.page import TextShape
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import Article, Block, BlockType, DateClaim, Precision

URL = "https://faro.example/porto/una-barca"
MARK = '<meta property="og:type" content="article">'
CLOSED = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
CLAIM = DateClaim(field="published_at", raw="2024-02-01", source="url", precision=Precision.DAY, value="2024-02-01")


def page(body: str = "", head: str = "", url: str = URL, attributes: str = "") -> Page:
    return Page(url=url, html=f"<html><head>{head}</head><body {attributes}>{body}</body></html>")


def article(words: int, **fields: object) -> Article:
    blocks = (Block(type=BlockType.PARAGRAPH, text=" ".join(["barca"] * words)),) if words else ()
    return Article(
        **{"url": URL, "canonical_url": None, "site": None, "headline": "Una barca", "blocks": blocks, **fields}
    )  # type: ignore[arg-type]


def reason(check: object, *arguments: object) -> RefusalReason | None:
    try:
        check(*arguments)  # type: ignore[operator]
    except PageRefused as refused:
        return refused.reason
    return None


def words(number: int) -> str:
    return f"<p>{'barca ' * number}</p>"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (page(attributes="class='page error404'"), RefusalReason.ERROR_PAGE),
        (page(head="<title>Access denied | Il Faro</title>"), RefusalReason.ACCESS_DENIED),
        (page(head="<title>Il Faro</title>", body="<h1>Pagina non trovata.</h1>"), RefusalReason.ERROR_PAGE),
        (page(body="<h1>Before you continue</h1>"), RefusalReason.CONSENT_WALL),
        (page(body=f"<h1>Access denied</h1>{words(357)}"), RefusalReason.ACCESS_DENIED),
        (page(body=f"<h1>Access denied</h1>{words(358)}"), None),
        (page(head=MARK, body="<h1>Access denied</h1>"), None),
        (page(body="<h1>Una barca</h1>"), None),
        (page(), None),
    ],
)
def test_walls(found: Page, expected: RefusalReason | None) -> None:
    assert reason(refuse_walls, found) is expected


def test_a_list_is_refused_unless_it_is_marked_as_an_article() -> None:
    assert reason(refuse_indexes, page(attributes="class='archive'")) is RefusalReason.INDEX_PAGE
    assert reason(refuse_indexes, page(attributes="class='archive'", head=MARK)) is None
    assert reason(refuse_indexes, page()) is None


@pytest.mark.parametrize(
    ("found", "text", "expected"),
    [
        (page(), article(300, headline=""), RefusalReason.NOT_AN_ARTICLE),
        (page(), article(0), RefusalReason.NO_TEXT),
        (page(), article(0, description="Undici barche"), RefusalReason.NO_TEXT),
        (page(head=CLOSED), article(39), RefusalReason.PAYWALL_STUB),
        (page(head=CLOSED), article(40), None),
        (page("<p>Subscribe to continue</p>"), article(39), RefusalReason.PAYWALL_STUB),
        (page(), article(39), None),
    ],
)
def test_stubs(found: Page, text: Article, expected: RefusalReason | None) -> None:
    assert reason(refuse_stubs, found, text) is expected


def test_a_gallery_with_a_lede_is_an_article() -> None:
    caption = Block(type=BlockType.CAPTION, text="Il molo")
    assert reason(refuse_stubs, page(), article(0, blocks=(caption,), description="Undici barche")) is None
    assert reason(refuse_stubs, page(), article(0, blocks=(caption,))) is RefusalReason.NO_TEXT


@pytest.mark.parametrize(
    ("mentions", "others", "expected"),
    [
        (3, 32, RefusalReason.CONSENT_WALL),
        (3, 33, None),
        (2, 10, None),
        (12, 107, RefusalReason.CONSENT_WALL),
        (12, 108, None),
    ],
)
def test_a_text_full_of_cookies_is_a_wall(mentions: int, others: int, expected: RefusalReason | None) -> None:
    block = Block(type=BlockType.PARAGRAPH, text="cookie " * mentions + "barca " * others)
    assert reason(refuse_stubs, page(), article(0, blocks=(block,))) is expected


@pytest.mark.parametrize(
    ("found", "size", "closed"),
    [
        (page(head=CLOSED), 299, True),
        (page(head=CLOSED), 300, False),
        (page("<p>Subscribe to continue</p>"), 119, True),
        (page("<p>Subscribe to continue</p>"), 120, False),
        (page("<p>I want to continue</p>"), 10, False),
    ],
)
def test_a_closed_article(found: Page, size: int, closed: bool) -> None:
    assert is_closed(found, article(size)) is closed


@pytest.mark.parametrize(
    ("head", "fields", "size", "expected"),
    [
        (MARK, {}, 10, None),
        ("", {"dates": (CLAIM,)}, 300, RefusalReason.NOT_AN_ARTICLE),
        ("", {"authors": ("Ada Neri",)}, 120, None),
        ("", {"authors": ("Ada Neri",)}, 119, RefusalReason.NOT_AN_ARTICLE),
        ("", {}, 300, RefusalReason.NOT_AN_ARTICLE),
    ],
)
def test_a_page_of_a_known_site_without_marks(
    head: str, fields: dict[str, object], size: int, expected: RefusalReason | None
) -> None:
    assert reason(refuse_unmarked, page(head=head), article(size, **fields)) is expected


def shape(paragraphs: int = 0, teasers: int = 0, links: float = 0.0, agreement: float = 0.0) -> TextShape:
    return TextShape(paragraphs=paragraphs, teasers=teasers, links=links, agreement=agreement)


SITE = '<meta property="og:type" content="website">'


@pytest.mark.parametrize(
    ("found", "form", "size", "expected"),
    [
        (page(), shape(), 39, RefusalReason.NOT_AN_ARTICLE),
        (page(), shape(), 40, None),
        (page(), shape(teasers=3), 60, RefusalReason.INDEX_PAGE),
        (page(), shape(teasers=2, links=0.4), 60, None),
        (page(), shape(paragraphs=8, teasers=4), 60, RefusalReason.INDEX_PAGE),
        (page(), shape(paragraphs=8, teasers=3), 60, None),
        (page(), shape(links=0.6), 60, RefusalReason.INDEX_PAGE),
        (page(), shape(links=0.5), 60, None),
        (page(head=SITE), shape(), 60, RefusalReason.INDEX_PAGE),
        (page(head=SITE), shape(paragraphs=1, links=0.3), 60, RefusalReason.INDEX_PAGE),
        (page(head=SITE), shape(paragraphs=1), 60, None),
        (page(attributes="class='archive'"), shape(paragraphs=1), 60, RefusalReason.INDEX_PAGE),
    ],
)
def test_a_page_in_deep_doubt(found: Page, form: TextShape, size: int, expected: RefusalReason | None) -> None:
    assert reason(doubted, found, form, article(size)) is expected


def test_a_doubted_article_says_so() -> None:
    found = doubted(page(), shape(), article(100))
    assert found.warnings == (f"low-confidence: {found.confidence}",)
    sure = doubted(page(head=MARK), shape(6, agreement=1.0), article(300, published_date=date(2024, 2, 1)))
    assert (sure.confidence, sure.warnings) == (1.0, ())


def test_a_wall_is_named_by_the_beginning_of_its_title() -> None:
    with pytest.raises(PageRefused) as refused:
        refuse_walls(page(head=f"<title>{'Access denied '.ljust(100, 'x')}</title>"))
    assert refused.value.detail == "Access denied ".ljust(80, "x")


@pytest.mark.parametrize(("says", "closed"), [("false", True), ('"FALSE"', True), ("true", False), ('"True"', False)])
def test_an_article_that_says_whether_it_is_free(says: str, closed: bool) -> None:
    head = f'<script type="application/ld+json">{{"@type": "Article", "isAccessibleForFree": {says}}}</script>'
    assert is_closed(page(head=head), article(200)) is closed
