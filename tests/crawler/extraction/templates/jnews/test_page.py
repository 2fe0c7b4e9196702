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
        (
            FEATURED.format("molo") + '<img class="wp-post-image" src="/alone.jpg">',
            *(PARAGRAPH, [("/molo.jpg", "molo")]),
        ),
        # beside a player
        (
            '<div class="jeg_featured"><iframe src="https://v.example/1"></iframe></div>'
            '<img class="wp-post-image" src="/alone.jpg">',
            *(PARAGRAPH, [("/alone.jpg", None)]),
        ),
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
        ('<div class="jeg_meta_category"><a></a></div>' + CRUMBS, "", "Cronaca", "categories or breadcrumb"),
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
        # an advertisement below the line of tags, which is none of the text
        (f'{PARAGRAPH}<p>Tag: barche</p><div class="jeg_ad">Pubblicità</div>', "", "", ("barche",)),
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
        ('<h1>Il Faro</h1><h1 class="jeg_post_title">La regata</h1>', "La regata", False),
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


@pytest.mark.parametrize(
    ("end", "is_text"),
    [
        ("<p>Tag: barche</p><p>La riga dopo.</p>", True),
        ("<div>Tag: barche<p>Una riga.</p><p>E un'altra.</p></div>", True),
        ("<div>Tag: barche<p>Una riga.</p></div>", False),
        (f"<p>Tag: {'b' * 595}</p>", True),
        (f"<p>Tag: {'b' * 594}</p>", False),
    ],
)
def test_only_a_short_last_element_is_the_line_of_tags(end: str, is_text: bool) -> None:
    page = post(inner=PARAGRAPH + end)
    assert (len(page.blocks) > 1) is is_text
    assert bool(page.keywords) is not is_text


NEXT = f"""<div class="post-wrap"><h1 class="jeg_post_title">Un altro titolo</h1>
    <h2 class="jeg_post_subtitle">D’altri.</h2><div class="jeg_meta_author">by <a>Ugo Bassi</a></div>
    <div class="content-inner"><p>{TEXT[7:]}</p></div><div class="jeg_post_tags"><a>altro</a></div></div>"""


def test_of_a_page_that_loads_the_next_post_only_the_first_is_read() -> None:
    text = f'<div class="content-inner">{PARAGRAPH}</div>'
    own = f'<div class="post-wrap"><h1 class="jeg_post_title">La regata</h1>{text}</div>'
    page = JNewsPage(Page(url=URL, html=f"<html><body>{own}{NEXT}</body></html>"))
    assert (page.headline, [block.text for block in page.blocks]) == ("La regata", [TEXT])
    assert (page.description, page.authors, page.keywords) == (None, (), ())


def test_a_text_outside_the_post_s_frame_is_found() -> None:
    frame = '<div class="post-wrap"><h1 class="jeg_post_title">La regata</h1></div>'
    page = JNewsPage(
        Page(url=URL, html=f'<html><body>{frame}<div class="content-inner">{PARAGRAPH}</div></body></html>')
    )
    assert [block.text for block in page.blocks] == [TEXT]


@pytest.mark.parametrize(
    ("html", "fits"),
    [
        (f'<h1 class="jeg_post_title">La regata</h1><div class="content-inner">{PARAGRAPH}</div>', True),
        (f'<div class="jeg_singlepage"><h1>La regata</h1><div class="content-inner">{PARAGRAPH}</div></div>', True),
        (f'<h1>La regata</h1><div class="content-inner">{PARAGRAPH}</div>', False),
        (f'<h3 class="jeg_post_title">La regata</h3><div class="content-inner">{PARAGRAPH}</div>', False),
        (f'<h1 class="jeg_post_title">La regata</h1><div>{PARAGRAPH}</div>', False),
    ],
)
def test_a_post_has_the_theme_s_headline_and_a_container_for_its_text(html: str, fits: bool) -> None:
    assert JNewsPage.fits(Page(url=URL, html=f"<html><body>{html}</body></html>")) is fits


def test_the_section_in_the_address_of_a_known_site() -> None:
    page = post(url="https://www.alanews.it/cronaca-locale/la-regata/")
    assert (page.section, page.sources["section"]) == ("Cronaca locale", "url")
    assert "section-from-metadata" in page.warnings


@pytest.mark.parametrize(
    ("claims", "first"),
    [
        # an offset before the meta tag
        ((meta("article:published_time", "2026-01-05T08:30:00"), "2026-01-05T09:00:00+01:00"), "json-ld:datePublished"),
        ((meta("article:published_time", "2026-01-05T08:30:00"), "2026-01-05T09:00:00"), "meta:article:published_time"),
    ],
)
def test_the_date_that_is_believed_first(claims: tuple[str, str], first: str) -> None:
    page = post("", json_ld(datePublished=claims[1]) + claims[0])
    assert next(claim.source for claim in page.dates if claim.field == "published_at") == first


def test_dates_that_are_shown_and_that_of_the_address() -> None:
    shown = '<div class="jeg_meta_date"><time datetime="2026-01-05T11:00:00+01:00"></time>5 Gennaio 2026</div>'
    page = post(shown, url="https://www.alanews.it/2026/01/05/cronaca/la-regata/")
    assert [(claim.source, claim.value) for claim in page.dates] == [
        ("time:datetime", "2026-01-05T11:00:00+01:00"),
        ("visible", "2026-01-05"),
        ("url", "2026-01-05"),
    ]


def test_the_parts_of_a_header_of_the_theme_are_known() -> None:
    def named(header: str) -> list[str]:
        return [name for name in post(header).warnings if name.startswith("unknown-block")]

    assert named('<div class="entry-header"><b>y</b><i class="fa-clock strano">y</i></div>') == []
    assert named('<div class="strano">y</div>') == []
    amp = '<div class="entry-header"></div><div class="amp-wp-article-header"><p class="strano">y</p></div>'
    assert named(amp) == ["unknown-block: strano"]


def test_the_first_picture_of_another_size_is_the_same() -> None:
    sizes = [JNewsPage.picture_key(f"/molo{size}.jpg") for size in ("", "-300x200", "-scaled")]
    assert set(sizes) == {"/molo.jpg"}
    assert JNewsPage.picture_key("/molo-2.jpg") == "/molo-2.jpg"
