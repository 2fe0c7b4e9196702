"""Which of a page's declarations a field believes, and where it says that the value is from."""

import json
from datetime import UTC, date, datetime

import pytest

from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.html.limits import MOST_OF_BYLINES
from crawler.extraction.pages.article_page import ArticlePage, TemplatePage
from crawler.extraction.pages.page import Page
from storage.article import Block, BlockType, Image

URL = "https://faro.example/porto/una-barca"


class Declared(ArticlePage):
    """A page with nothing but its declarations."""

    content = BodyContent(
        unknown=["poll", "poll"], left_out=["footnote"], links=["https://a.example/", "https://a.example/"]
    )


def read(head: str = "", body: str = "", *nodes: object, url: str = URL, lang: str = "lang='it'") -> Declared:
    scripts = "".join(f"<script type='application/ld+json'>{json.dumps(node)}</script>" for node in nodes)
    html = f"<html {lang}><head>{head}{scripts}</head><body>{body}</body></html>"
    return Declared(Page(url=url, html=html, captured_at=datetime(2026, 2, 1, tzinfo=UTC)))


def node(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", **fields}


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


PUBLISHER = {"@type": "Organization", "name": "Il Faro"}


@pytest.mark.parametrize(
    ("page", "field", "value", "source"),
    [
        (read(meta("og:title", "B"), "<h1>C</h1>", node(headline=" A ")), "headline", "A", "json-ld:headline"),
        (
            read(meta("og:title", "B | Il Faro"), "<h1>C</h1>", node(publisher=PUBLISHER)),
            "headline",
            "B",
            "meta:og:title",
        ),
        (read(meta("twitter:title", "B"), "<h1>C</h1>"), "headline", "B", "meta:twitter:title"),
        (read("<title>D</title>", "<h1>C</h1>"), "headline", "C", "h1"),
        (read(f"<title>D - Il Faro</title>{meta('og:site_name', 'Il Faro')}"), "headline", "D", "title"),
        (read(), "headline", "", None),
        (read(meta("og:description", "B"), "", node(description="A")), "description", "A", "json-ld:description"),
        (read(meta("description", "C") + meta("og:description", "B")), "description", "B", "meta:og:description"),
        (read(meta("twitter:description", "D")), "description", "D", "meta:twitter:description"),
        (read(meta("article:section", "B"), "", node(articleSection="A")), "section", "B", "meta:article:section"),
        (read("", "", node(articleSection=["A", "B"])), "section", "A", "json-ld:articleSection"),
        (read("", "", node(inLanguage="en")), "language", "it", "html lang"),
        (read("", "", node(inLanguage="en-GB"), lang=""), "language", "en", "json-ld:inLanguage"),
        (read("", "", lang="xml:lang='fr'"), "language", "fr", "html lang"),
        (read(meta("og:locale", "es_ES"), lang="lang='x'"), "language", "es", "meta:og:locale"),
        (
            read("", "<div itemscope><meta itemprop='inLanguage' content='pt'></div>", lang=""),
            "language",
            "pt",
            "microdata:inLanguage",
        ),
        (read(lang=""), "language", None, None),
        (
            read(meta("author", "Ugo Bassi"), "", node(author={"@type": "Person", "name": "Ada Neri"})),
            "authors",
            ("Ada Neri",),
            "json-ld:author",
        ),
        (read(meta("author", "Ugo Bassi"), "", node(author=PUBLISHER)), "authors", ("Ugo Bassi",), "meta:author"),
        (read("", "", node(alternativeHeadline=["", "E"])), "alternative_headline", "E", None),
        (read(meta("article:tag", "c"), "", node(keywords="a; b")), "keywords", ("a", "b"), "json-ld:keywords"),
        (read(meta("article:tag", "c, C") + meta("keywords", "d")), "keywords", ("c",), "meta:article:tag"),
        (read(meta("news_keywords", "d, e")), "keywords", ("d", "e"), "meta:keywords"),
        (read(), "keywords", (), None),
        (read(), "site", "faro.example", None),
        (read('<link rel="canonical" href="/a">'), "canonical_url", "https://faro.example/a", "link rel=canonical"),
        (read('<link rel="canonical" href="https://b.example/a">'), "canonical_url", URL, None),
        (read(), "native_id", None, None),
    ],
)
def test_a_field_and_its_source(page: Declared, field: str, value: object, source: str | None) -> None:
    assert getattr(page, field) == value
    assert page.sources.get(field) == source


@pytest.mark.parametrize(
    ("page", "published", "source"),
    [
        (
            read(meta("article:published_time", "2026-01-04T10:00Z"), "", node(datePublished="2026-01-05T10:00Z")),
            datetime(2026, 1, 5, 10, tzinfo=UTC),
            "json-ld:datePublished",
        ),
        (
            read(meta("article:published_time", "2026-01-04T10:00Z"), "", node(datePublished="2026-01-07T10:00")),
            datetime(2026, 1, 4, 10, tzinfo=UTC),
            "meta:article:published_time",
        ),
        (
            read(meta("og:article:published_time", "2026-01-04T10:00Z"), "", node(dateModified="2026-01-05T10:00Z")),
            datetime(2026, 1, 4, 10, tzinfo=UTC),
            "meta:og:article:published_time",
        ),
        (
            read("", "<div itemscope><time itemprop='datePublished' datetime='2026-01-04T10:00Z'>x</time></div>"),
            datetime(2026, 1, 4, 10, tzinfo=UTC),
            "microdata:datePublished",
        ),
    ],
)
def test_the_instant_of_publication(page: Declared, published: datetime, source: str) -> None:
    assert (page.published_at, page.sources["published_at"]) == (published, source)
    assert (page.published_date, page.sources["published_date"]) == (published.date(), source)
    assert page.modified_at in (None, datetime(2026, 1, 5, 10, tzinfo=UTC))


def test_a_day_alone_is_no_instant() -> None:
    page = read("", "", node(datePublished="2026-01-05"))
    assert (page.published_at, page.published_date) == (None, date(2026, 1, 5))
    assert "published_at" not in page.sources


def test_the_publisher_names_itself() -> None:
    assert read(meta("og:site_name", "B"), "", node(publisher=[{"name": " "}, PUBLISHER])).publisher == "Il Faro"
    assert read(meta("og:site_name", "B"), "", node(publisher="C")).publisher == "B"
    assert read().publisher is None


@pytest.mark.parametrize(
    ("page", "urls"),
    [
        (read(meta("og:image", "/a.jpg"), "", node(image="/b.jpg")), ["https://faro.example/a.jpg"]),
        (read("", "", node(image=[{"url": 7}, {"url": "/b.jpg"}, "/c.jpg"])), ["https://faro.example/b.jpg"]),
        (read("", "", node(image="javascript:x")), []),
        (read(), []),
    ],
)
def test_the_picture_that_is_shared(page: Declared, urls: list[str]) -> None:
    assert page.lead_images() == [Image(url=url) for url in urls]
    assert [image.url for image in page.images] == urls


def test_warnings_are_told_once() -> None:
    bare = ("unknown-block: poll", "footnote-left-out")
    assert read().warnings == (*bare, "date-unknown")
    assert read(meta("article:published_time", "2026-01-04")).warnings == bare
    assert read(meta("article:published_time", "2027-01-04")).warnings == (
        *("date-after-capture: meta:article:published_time", *bare, "date-unknown"),
    )
    assert read(meta("article:modified_time", "2026-01-04")).warnings == (*bare, "date-unknown")
    broken = read("<script type='application/ld+json'>{</script>")
    assert broken.warnings == (*bare, "date-unknown", "json-ld-broken")
    for size, told in ((MOST_OF_BYLINES, False), (MOST_OF_BYLINES + 1, True)):
        assert ("authors-cut" in read(meta("author", "x" * size)).warnings) is told


def test_links_are_told_once() -> None:
    assert read().links == ("https://a.example/",)


def test_a_body_of_another_reader_has_no_headline_and_no_lede() -> None:
    page = Page(
        url=URL,
        html=f"<html><head>{meta('og:title', 'A')}{meta('description', 'B')}</head><body><p>x</p></body></html>",
    )
    texts = [Block(type=BlockType.PARAGRAPH, text=text) for text in ("A", "B", "C")]
    assert [block.text for block in TemplatePage(page, instead=BodyContent(blocks=texts)).content.blocks] == ["C"]
    with pytest.raises(NotImplementedError):
        _ = TemplatePage(page).content
    with pytest.raises(NotImplementedError):
        TemplatePage.fits(page)


def test_claims_with_an_offset_from_utc_are_believed_first() -> None:
    page = read(meta("article:published_time", "2026-01-04T10:00Z"), "", node(datePublished="2026-01-07T10:00"))
    assert [claim.source for claim in page.dates] == ["meta:article:published_time", "json-ld:datePublished"]
    known = read(
        meta("article:published_time", "2026-01-04T10:00Z"),
        "",
        node(datePublished="2026-01-07T10:00"),
        url="https://alanews.it/porto/una-barca/",
    )
    assert known.published_at == datetime(2026, 1, 4, 10, tzinfo=UTC)
