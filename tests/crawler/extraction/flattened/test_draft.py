"""A draft becomes an article, or is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
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
    draft = _draft("Le tappe", TEXT, "- uno", "- due", "| a | b |", "|---|---|", "| c | d |", "- tre", "Le tappe")
    assert [(block.type, block.text, block.level, block.items) for block in draft.blocks] == [
        (BlockType.HEADING, "Le tappe", 2, ()),
        (BlockType.PARAGRAPH, TEXT, None, ()),
        (BlockType.LIST, "uno\ndue", None, ("uno", "due")),
        (BlockType.TABLE, "a\tb\nc\td", None, ()),
        (BlockType.LIST, "tre", None, ("tre",)),
        (BlockType.HEADING, "Le tappe", 2, ()),
    ]
    # the first line of all, and where no text follows
    for line, kind in (("| a | b |", BlockType.TABLE), ("- uno", BlockType.LIST), ("Le tappe", BlockType.PARAGRAPH)):
        blocks: list[Block] = []
        add_line(blocks, Line(line.removeprefix("- "), line.startswith("- ")), may_head=False)
        assert [block.type for block in blocks] == [kind]


def test_repeats_and_last_subheads_go() -> None:
    article = _article(_draft("La regata", TEXT, TEXT.replace(" ", "  "), "Le tappe"))
    assert [block.text for block in article.blocks] == [TEXT]


def test_the_url_gives_what_the_text_lacks() -> None:
    article = _article(_draft(TEXT))
    assert (article.native_id, article.section, str(article.published_date)) == ("7", "porto", "2026-01-05")
    assert article.warnings == ("time-unknown", "keywords-unknown")


def test_what_the_dump_says_comes_before_what_the_url_says() -> None:
    draft = _draft(TEXT)
    draft.section, draft.language, draft.description, draft.alternative_headline = "mare", "en", "Un lede.", "Le barche"
    draft.authors, draft.keywords = ["Ada Neri", "Ada Neri"], ["vela", "Vela", "porto"]
    draft.claims += dates.claim(dates.PUBLISHED, "2026-01-06T09:05+0100", "visible", None)
    draft.claims += dates.claim(dates.MODIFIED, "2026-01-07T09:05+0100", "visible", None)
    article = _article(draft)
    assert (article.section, article.description, article.alternative_headline) == ("mare", "Un lede.", "Le barche")
    assert (article.authors, article.keywords) == (("Ada Neri",), ("vela", "porto"))
    assert (str(article.published_at), str(article.published_date)) == ("2026-01-06 09:05:00+01:00", "2026-01-06")
    assert str(article.modified_at) == "2026-01-07 09:05:00+01:00"
    # the site's language is known
    assert (article.language, article.site) == ("it", "faro")
    assert article.warnings == ()


def test_an_article_of_no_known_site() -> None:
    draft = _draft(TEXT)
    draft.language = "en"
    article = draft.article(None, "https://altro.example/a", None, lambda url: None)
    assert (article.site, article.language, article.native_id, article.canonical_url) == (None, "en", None, None)
    assert (article.url, article.section, article.published_date) == ("https://altro.example/a", None, None)
    assert article.warnings == ("site-unknown", "date-unknown", "keywords-unknown")


def test_of_the_caller_s_url_and_the_dump_s_the_one_that_the_grammar_knows() -> None:
    draft = _draft(TEXT)
    draft.url = "https://faro.example/20260105"
    article = draft.article(
        SITE, "https://faro.example/?p=7", None, lambda url: SITE.parse_url(url) if url == draft.url else None
    )
    assert (article.url, article.canonical_url) == ("https://faro.example/?p=7", draft.url)


def test_a_day_before_the_site_s_first_is_set_aside() -> None:
    site = replace(SITE, since=date(2026, 1, 20))
    article = _draft(TEXT).article(site, "https://faro.example/20260105", None, site.parse_url)
    assert article.published_date is None
    assert article.warnings == ("date-before-site: url", "date-unknown", "keywords-unknown")


def test_the_lede_is_no_paragraph_unless_it_is_the_only_text() -> None:
    draft = _draft("Un lede.", TEXT)
    draft.description = "Un  lede."
    assert [block.text for block in _article(draft).blocks] == [TEXT]
    draft = _draft("Un lede.")
    draft.blocks.append(Block(type=BlockType.CAPTION, text="Il molo"))
    draft.description = "Un lede."
    assert [block.text for block in _article(draft).blocks] == ["Il molo", "Un lede."]


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
