"""Which part of a page of the JNews theme a field is read from."""

import json

import pytest

from crawler.extraction.pages.page import Page
from crawler.extraction.templates.jnews.page import JNewsPage

TEXT = "Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, sotto la pioggia."
URL = "https://faro.example/la-regata/"
PARAGRAPH = f"<p>{TEXT}</p>"
SHARED = '<meta property="og:image" content="/shared.jpg">'


def post(
    header: str = "", head: str = "", inner: str = PARAGRAPH, behind: str = "", body: str = "", url: str = URL
) -> JNewsPage:
    """A post: `header` before its text, `inner` as its text, `behind` it other elements; `body`: attributes."""
    shown = f'<div class="jeg_inner_content">{header}<div class="content-inner">{inner}</div>{behind}</div>'
    return JNewsPage(Page(url=url, html=f"<html><head>{head}</head><body {body}>{shown}</body></html>"))


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def json_ld(**fields: object) -> str:
    node = json.dumps({"@type": "NewsArticle", **fields})
    return f'<script type="application/ld+json">{node}</script>'


def pictures(page: JNewsPage) -> list[tuple[str, str | None]]:
    return [(image.url.removeprefix("https://faro.example"), image.caption) for image in page.images]


FEATURED = '<div class="jeg_featured"><img src="/{0}.jpg"><p class="wp-caption-text">{0}</p></div>'
CAPTIONED = '<div class="wp-caption"><img src="/{0}.jpg"><p class="wp-caption-text">{0}</p></div>'
TEASER = '<div class="jeg_postblock">{}</div>'


@pytest.mark.parametrize(
    ("header", "inner", "found"),
    [
        (FEATURED.format("molo") + CAPTIONED.format("torre"), PARAGRAPH, [("/molo.jpg", "molo")]),
        # without the theme's frame a picture with a caption outside the text
        (CAPTIONED.format("torre"), PARAGRAPH, [("/torre.jpg", "torre")]),
        (
            CAPTIONED.format("torre"),
            CAPTIONED.format("ponte") + PARAGRAPH,
            [("/torre.jpg", "torre"), ("/ponte.jpg", "ponte")],
        ),
        # one in the text is not the picture before it
        ("", CAPTIONED.format("ponte") + PARAGRAPH, [("/shared.jpg", None), ("/ponte.jpg", "ponte")]),
        ('<img class="wp-post-image" src="/alone.jpg">', PARAGRAPH, [("/alone.jpg", None)]),
        # another post's
        (TEASER.format(FEATURED.format("altro")), PARAGRAPH, [("/shared.jpg", None)]),
        ("", PARAGRAPH, [("/shared.jpg", None)]),
        # the shared picture is one of the text's in another size
        ("", '<p><img src="/shared-300x200.jpg"></p>' + PARAGRAPH, [("/shared-300x200.jpg", None)]),
    ],
)
def test_the_picture_before_the_text(header: str, inner: str, found: list[tuple[str, str | None]]) -> None:
    page = post(header, SHARED, inner)
    assert pictures(page) == found
    assert found[0][0] != "/shared.jpg" or "picture-from-metadata" in page.warnings


CATEGORY = '<div class="jeg_meta_category"><a>{}</a></div>'
CRUMBS = '<div class="jeg_breadcrumbs"><a>Home</a><a>Cronaca</a><a>Mare</a></div>'


@pytest.mark.parametrize(
    ("header", "head", "section", "source"),
    [
        (CATEGORY.format("Porto") + CRUMBS, meta("article:section", "Italia"), "Porto", "categories or breadcrumb"),
        (CRUMBS, meta("article:section", "Italia"), "Cronaca", "categories or breadcrumb"),
        (
            '<div class="amp-wp-tax-category">Categories: Porto, Mare</div>',
            *(meta("article:section", "Italia"), "Porto", "categories or breadcrumb"),
        ),
        (TEASER.format(CATEGORY.format("Porto")), meta("article:section", "Italia"), "Italia", "meta:article:section"),
        ("", "", None, None),
    ],
)
def test_section(header: str, head: str, section: str | None, source: str | None) -> None:
    page = post(header, head)
    assert (page.section, page.sources.get("section")) == (section, source)
    assert ("section-from-metadata" in page.warnings) is (section == "Italia")


@pytest.mark.parametrize(
    ("header", "authors", "source"),
    [
        ('<div class="jeg_meta_author">by <a>Ada Neri</a></div>', ("Ada Neri",), "byline"),
        (
            '<div class="jeg_meta_author"><a><img></a> by <a>Ada Neri</a> e <a>Ugo Bassi</a></div>',
            ("Ada Neri", "Ugo Bassi"),
            "byline",
        ),
        ('<div class="jeg_meta_author">by Ada Neri</div>', ("Ada Neri",), "byline"),
        # a byline of the site alone names no person, whatever is declared
        ('<div class="jeg_meta_author">by <a>Il Faro</a></div>', (), None),
        (TEASER.format('<div class="jeg_meta_author">by <a>Ada Neri</a></div>'), ("Lia Costa",), "json-ld:author"),
        ("", ("Lia Costa",), "json-ld:author"),
    ],
)
def test_authors(header: str, authors: tuple[str, ...], source: str | None) -> None:
    page = post(header, json_ld(author={"@type": "Person", "name": "Lia Costa"}) + meta("og:site_name", "Il Faro"))
    assert (page.authors, page.sources.get("authors")) == (authors, source)
    assert ("authors-from-metadata" in page.warnings) is (source == "json-ld:author")


@pytest.mark.parametrize(
    ("inner", "behind", "head", "keywords"),
    [
        (PARAGRAPH, '<div class="jeg_post_tags"><a>barche</a><a>Barche</a><a>porto</a></div>', "", ("barche", "porto")),
        # a line of the text's end
        (f"{PARAGRAPH}<p>Tag: barche, porto</p>", "", meta("article:tag", "mare"), ("barche", "porto")),
        (f"{PARAGRAPH}<p>Etichette: <a>barche</a> <a>porto</a></p><p> </p>", "", "", ("barche", "porto")),
        (PARAGRAPH, "", meta("article:tag", "mare") + meta("article:tag", "Mare"), ("mare",)),
        (PARAGRAPH, "", '<meta name="keywords" content="carta, colla">', ("carta", "colla")),
        (PARAGRAPH, "", "", ()),
    ],
)
def test_keywords(inner: str, behind: str, head: str, keywords: tuple[str, ...]) -> None:
    page = post("", head, inner, behind)
    assert page.keywords == keywords
    assert [block.text for block in page.blocks] == [TEXT]


def test_a_disclaimer_at_the_end_is_no_text_and_one_before_it_stays() -> None:
    note = "Il Faro is not responsible for the opinions of its readers."
    page = post(inner=f"{PARAGRAPH}<p>{note}</p><p>Tag: barche</p>")
    assert [block.text for block in page.blocks] == [TEXT]
    assert page.keywords == ("barche",)
    assert "disclaimer-left-out" in page.warnings
    page = post(inner=f"<p>{note}</p>{PARAGRAPH}")
    assert [block.text for block in page.blocks] == [note, TEXT]
    assert "disclaimer-left-out" not in page.warnings


@pytest.mark.parametrize(
    ("header", "head", "description", "is_declared"),
    [
        ('<h2 class="jeg_post_subtitle">Un lede.</h2>', meta("og:description", "Una descrizione."), "Un lede.", False),
        # plug-ins print several: the longest
        ("", meta("og:description", "Breve") + meta("description", "Molto più lunga."), "Molto più lunga.", True),
        ("", meta("og:description", "Molto più lunga.") + meta("description", "Breve"), "Molto più lunga.", True),
        ("", json_ld(description="Nel nodo."), "Nel nodo.", True),
        (TEASER.format('<h2 class="jeg_post_subtitle">D’altri.</h2>'), "", None, False),
    ],
)
def test_description(header: str, head: str, description: str | None, is_declared: bool) -> None:
    page = post(header, head)
    assert page.description == description
    assert ("lede-from-metadata" in page.warnings) is is_declared


@pytest.mark.parametrize(
    ("header", "headline", "is_declared"),
    [
        ('<h1 class="jeg_post_title">La regata</h1>', "La regata", False),
        # a teaser's headline has that class too, on a lower heading
        ('<h3 class="jeg_post_title">Altro</h3><h1 class="jeg_post_title">La regata</h1>', "La regata", False),
        ('<h3 class="jeg_post_title">Altro</h3><h1>La regata</h1>', "La regata", False),
        ('<h3 class="jeg_post_title">Altro</h3>', "Dichiarato", True),
    ],
)
def test_headline(header: str, headline: str, is_declared: bool) -> None:
    page = post(header, meta("og:title", "Dichiarato"))
    assert page.headline == headline
    assert ("headline-from-metadata" in page.warnings) is is_declared


def test_dates_with_an_offset_are_believed_first_and_of_these_the_meta_tag() -> None:
    shown = '<div class="jeg_meta_date"><time datetime="2026-01-05T11:00:00">x</time>5 Gennaio 2026</div>'
    head = json_ld(datePublished="2026-01-05T09:00:00+01:00", dateModified="2026-01-06")
    head += meta("article:published_time", "2026-01-05T08:30:00+01:00") + meta(
        "og:article:published_time", "2026-01-05"
    )
    page = post(shown, head)
    assert [(claim.source, claim.value) for claim in page.dates if claim.field == "published_at"][:4] == [
        ("meta:article:published_time", "2026-01-05T08:30:00+01:00"),
        ("json-ld:datePublished", "2026-01-05T09:00:00+01:00"),
        ("meta:og:article:published_time", "2026-01-05"),
        ("time:datetime", "2026-01-05"),
    ]
    assert (str(page.published_at), str(page.published_date)) == ("2026-01-05 08:30:00+01:00", "2026-01-05")
    assert str(post('<div class="jeg_meta_date">5 Gennaio 2026</div>').published_date) == "2026-01-05"
    assert post(TEASER.format('<div class="jeg_meta_date">5 Gennaio 2026</div>')).published_date is None


@pytest.mark.parametrize(
    ("body", "head", "known"),
    [
        ('class="single postid-11"', '<link rel="shortlink" href="/?p=22">', "11"),
        ("", '<link rel="shortlink" href="/?p=22"><link rel="alternate" href="/wp-json/wp/v2/posts/33">', "22"),
        ("", '<link rel="alternate" href="/feed"><link rel="alternate" href="/wp-json/wp/v2/posts/33">', "33"),
        ("", '<link rel="alternate" href="/feed">', None),
    ],
)
def test_the_post_s_number(body: str, head: str, known: str | None) -> None:
    assert post("", head, body=body).native_id == known


def test_the_number_of_a_post_that_loads_the_next_ones() -> None:
    loads = '<div class="post-autoload"></div><div class="post-autoload" data-id="44"></div>'
    assert post(behind=loads).native_id == "44"


def test_a_part_of_the_header_that_the_theme_does_not_have_is_named() -> None:
    inner = '<div class="jeg_meta_date">x</div><div class="strano">y</div><i class="vuoto"> </i>'
    header = f'<div class="entry-header">{inner}</div>'
    assert [name for name in post(header).warnings if name.startswith("unknown-block")] == ["unknown-block: strano"]
