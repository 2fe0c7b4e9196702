"""A draft becomes an article, or is refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction.fields import dates
from crawler.extraction.flattened.blocks import add_line
from crawler.extraction.flattened.draft import Draft
from crawler.extraction.flattened.lines import Line
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.site import ArticleUrl, Site, day_of
from storage.article import Article, Block, BlockType

TEXT = "Undici barche hanno attraversato il porto."
SITE = Site(
    name="faro",
    title="Il Faro",
    hosts=("faro.example",),
    timezone=ZoneInfo("Europe/Rome"),
    language="it",
    parse_url=lambda url: ArticleUrl(canonical_url=url, native_id="7", day=day_of(url[-8:]), section="porto"),
)


def _draft(*texts: str) -> Draft:
    draft = Draft(headline="La regata")
    for text in texts:
        add_line(draft.blocks, Line(text.removeprefix("- "), text.startswith("- ")), may_head=True)
    return draft


def _article(draft: Draft, url: str | None = "https://faro.example/20260105") -> Article:
    return draft.article(SITE, url, datetime(2026, 2, 1, tzinfo=UTC), SITE.article_url)


def test_lines_become_blocks() -> None:
    draft = _draft("Le tappe", TEXT, "- uno", "- due", "| a | b |", "|---|---|", "| c | d |")
    assert [(block.type, block.text) for block in draft.blocks] == [
        (BlockType.HEADING, "Le tappe"),
        (BlockType.PARAGRAPH, TEXT),
        (BlockType.LIST, "uno\ndue"),
        (BlockType.TABLE, "a\tb\nc\td"),
    ]


def test_repeats_and_last_subheads_go() -> None:
    article = _article(_draft("La regata", TEXT, TEXT.replace(" ", "  "), "Le tappe"))
    assert [block.text for block in article.blocks] == [TEXT]


def test_the_url_gives_what_the_text_lacks() -> None:
    article = _article(_draft(TEXT))
    assert (article.native_id, article.section, str(article.published_date)) == ("7", "porto", "2026-01-05")
    assert article.warnings == ("time-unknown", "keywords-unknown")


def test_a_url_in_the_dump_serves_where_the_caller_knows_none() -> None:
    draft = _draft(TEXT)
    draft.url = "https://faro.example/20260105"
    assert _article(draft, url=None).url == draft.url
    assert "url-unknown" in _article(_draft(TEXT), url=None).warnings


def test_a_date_after_the_capture_is_set_aside() -> None:
    draft = _draft(TEXT)
    draft.claims += dates.claim(dates.PUBLISHED, "2027-01-01T00:00:00Z", "visible", None)
    assert "date-after-capture: visible" in _article(draft).warnings
    assert str(_article(_draft(TEXT)).published_date) == "2026-01-05"


@pytest.mark.parametrize(
    ("headline", "blocks", "reason"),
    [
        ("", [Block(type=BlockType.PARAGRAPH, text=TEXT)], RefusalReason.NOT_AN_ARTICLE),
        ("La regata", [], RefusalReason.NO_TEXT),
        ("La regata", [Block(type=BlockType.CAPTION, text=TEXT)], RefusalReason.NO_TEXT),
    ],
)
def test_refusals(headline: str, blocks: list[Block], reason: RefusalReason) -> None:
    with pytest.raises(PageRefused) as refused:
        _article(Draft(headline=headline, blocks=blocks))
    assert refused.value.reason is reason
