"""Which part of a Sputnik page a field is read from, in both of the platform's markups."""

import pytest

from crawler.extraction.pages.page import Page
from crawler.extraction.templates.sputnik.page import SputnikPage

TEXT = "La banda del quartiere ha suonato ieri sotto i portici, davanti a duecento persone e quattro cani."
URL = "https://it.sputniknews.com/20220301/la-banda-14000001.html"
G1_URL = "https://it.sputniknews.com/italia/201903017000001-la-banda/"
SHARED = '<meta property="og:image" content="/shared/la-banda.jpg">'


def later(inner: str = "", head: str = "", body: str = "", url: str = URL) -> SputnikPage:
    """A page of the markup since 2021: `inner` before the body."""
    block = f'<div class="article__block" data-type="text"><div class="article__text">{TEXT}</div></div>'
    article = f'<div class="article">{inner}<div class="article__body">{body}{block}</div></div>'
    return SputnikPage(Page(url=url, html=f"<html><head>{head}</head><body>{article}</body></html>"))


def earlier(inner: str = "", head: str = "", url: str = G1_URL) -> SputnikPage:
    """A page of the markup until 2021: `inner` before the body."""
    text = f'<div class="b-article__text"><p>{TEXT}</p></div>'
    article = f'<div class="page_container"><div class="b-article">{inner}{text}</div></div>'
    return SputnikPage(Page(url=url, html=f"<html><head>{head}</head><body>{article}</body></html>"))


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def prop(name: str, content: str) -> str:
    return f'<div itemscope><div itemprop="{name}">{content}</div></div>'


def values(page: SputnikPage, field: str) -> list[tuple[str, str | None]]:
    return [(claim.source, claim.value) for claim in page.dates if claim.field == field]


DATE = '<div class="article__info-date">{}</div>'
CHANGED = '<div class="article__info-date-modified">{}</div>'
MORNING, NOON = "2022-03-01T09:05:00+01:00", "2022-03-01T12:30:00+01:00"


@pytest.mark.parametrize(
    ("inner", "published", "modified"),
    [
        (DATE.format("09:05 01.03.2022"), MORNING, None),
        (DATE.format("09:05 01.03.2022 (aggiornato: 12:30 01.03.2022)"), MORNING, NOON),
        # the change in an element of its own: within the date line, or beside it
        (DATE.format(f"09:05 01.03.2022{CHANGED.format('(aggiornato: 12:30 01.03.2022)')}"), MORNING, NOON),
        (DATE.format("09:05 01.03.2022") + CHANGED.format("(aggiornato: 12:30 01.03.2022)"), MORNING, NOON),
        (DATE.format("09:05 01.03.2022") + CHANGED.format("12:30 01.03.2022"), MORNING, NOON),
        (DATE.format(f"09:05 01.03.2022{CHANGED.format('12:30 01.03.2022')}"), MORNING, NOON),
        # both say a change: that of the date line counts
        (
            DATE.format("09:05 01.03.2022 (aggiornato: 12:30 01.03.2022)") + CHANGED.format("23:59 02.03.2022"),
            MORNING,
            NOON,
        ),
    ],
)
def test_the_day_of_publication_and_that_of_the_change_as_shown(
    inner: str, published: str, modified: str | None
) -> None:
    page = later(inner)
    assert ("visible", published) in values(page, "published_at")
    assert values(page, "modified_at") == ([("visible", modified)] if modified else [])


def test_the_epoch_is_believed_before_all_other_dates_and_microdata_before_meta_tags() -> None:
    head = meta("article:published_time", "2022-03-01T11:00+0100") + meta("analytics:p_ts", "1646125500")
    inner = '<div class="article__info-date"><a data-unixtime="1646121900">09:05 01.03.2022</a></div>' + prop(
        "datePublished", "2022-03-01T10:00+0100"
    )
    assert [source for source, _ in values(later(inner, head), "published_at")] == [
        *("data-unixtime", "meta:analytics:p_ts", "microdata:datePublished", "meta:article:published_time"),
        *("visible", "url"),
    ]
    assert str(later(inner, head).published_at) == "2022-03-01 09:05:00+01:00"


@pytest.mark.parametrize(
    ("times", "epoch", "claims"),
    [
        # the clock of Rome under the Z of UTC
        (
            ("2019-03-01T09:05Z", "2019-03-01T11:20Z"),
            None,
            {("published_at", "2019-03-01T09:05:00+01:00"), ("modified_at", "2019-03-01T11:20:00+01:00")},
        ),
        (
            ("2019-03-01T09:05Z", "2019-03-01T11:20Z"),
            "1551427512",
            {("published_at", "2019-03-01T09:05:00+01:00"), ("modified_at", "2019-03-01T11:20:00+01:00")},
        ),
        # an epoch of the same minute proves the Z true
        (
            ("2019-03-01T09:05Z", "2019-03-01T11:20Z"),
            "1551431112",
            {("published_at", "2019-03-01T09:05:00+00:00"), ("modified_at", "2019-03-01T11:20:00+00:00")},
        ),
        (("2019-03-01T09:05Z", ""), None, {("published_at", "2019-03-01T09:05:00+01:00")}),
    ],
)
def test_a_time_of_the_earlier_markup_that_says_utc(
    times: tuple[str, str], epoch: str | None, claims: set[tuple[str, str]]
) -> None:
    head = meta("pubdate", times[0]) + meta("lastmod", times[1]) + (meta("analytics:p_ts", epoch) if epoch else "")
    found = {
        (c.field, c.value) for c in earlier("", head).dates if c.source.startswith(("meta:pubdate", "meta:lastmod"))
    }
    assert found == claims


NO_SECTION = "https://altro.example/la-banda"
SECTION = '<div class="b-article__refs-rubric"><a>Musica</a></div>'


@pytest.mark.parametrize(
    ("page", "section", "source"),
    [
        (earlier(SECTION, meta("article:section", "Italia"), NO_SECTION), "Musica", "shown section"),
        (
            earlier(prop("articleSection", "Bande"), meta("article:section", "Italia"), NO_SECTION),
            "Italia",
            "meta:article:section",
        ),
        # that property holds the section in the earlier markup, tags in the later one
        (earlier(prop("articleSection", "Bande"), "", NO_SECTION), "Bande", "microdata:articleSection"),
        (later(prop("articleSection", "bande") + prop("genre", "Notizie")), "Notizie", "microdata:genre"),
        (later(prop("articleSection", "bande")), None, None),
        (earlier(prop("genre", "Notizie"), "", NO_SECTION), "Notizie", "microdata:genre"),
        (earlier(prop("genre", "Notizie")), "italia", "url"),
    ],
)
def test_section(page: SputnikPage, section: str | None, source: str | None) -> None:
    assert (page.section, page.sources.get("section")) == (section, source)


@pytest.mark.parametrize(
    ("inner", "head", "authors", "source"),
    [
        (
            '<div class="article__author-name">Ada Neri</div>' + prop("author", "Ugo Bassi"),
            *(meta("author", "Lia Costa"), ("Ada Neri",), "byline"),
        ),
        (
            '<div itemscope><div itemprop="author" itemscope><span itemprop="name">Ugo Bassi</span></div></div>',
            *(meta("author", "Lia Costa"), ("Ugo Bassi",), "microdata:author"),
        ),
        (
            '<div itemscope><div itemprop="creator" itemscope><span itemprop="name">Ugo Bassi</span></div></div>',
            *("", ("Ugo Bassi",), "microdata:author"),
        ),
        ("", meta("analytics:author", "Lia Costa"), ("Lia Costa",), "meta:author"),
        (
            "",
            '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Eva Riva"}}</script>',
            ("Eva Riva",),
            "json-ld:author",
        ),
        ("", "", (), None),
    ],
)
def test_authors(inner: str, head: str, authors: tuple[str, ...], source: str | None) -> None:
    page = later(inner, head)
    assert (page.authors, page.sources.get("authors")) == (authors, source)


TAGS = '<a class="tag__text">musica</a><a class="tag__text">Musica</a><a class="tag__text">portici</a>'


@pytest.mark.parametrize(
    ("inner", "head", "keywords", "source"),
    [
        (
            TAGS + prop("keywords", "banda, piazza"),
            *(meta("keywords", "cani"), ("banda", "piazza"), "microdata:keywords"),
        ),
        (TAGS, meta("keywords", "cani, banda, Cani"), ("cani", "banda"), "meta:keywords"),
        (TAGS, "", ("musica", "portici"), "shown tags"),
        ("", '<meta property="article:tag" content="festa">', ("festa",), "meta:article:tag"),
        ("", "", (), None),
    ],
)
def test_keywords(inner: str, head: str, keywords: tuple[str, ...], source: str | None) -> None:
    page = later(inner, head)
    assert (page.keywords, page.sources.get("keywords")) == (keywords, source)


@pytest.mark.parametrize(
    ("inner", "head", "headline"),
    [
        ('<h1 class="article__title">La banda</h1>' + prop("headline", "C"), meta("og:title", "B"), "La banda"),
        (prop("headline", "C"), meta("og:title", "B"), "B"),
        (prop("headline", "C"), "<title>D</title>", "C"),
        (prop("name", "C"), "<title>D</title>", "C"),
        ("", "<title>D</title>", "D"),
    ],
)
def test_headline(inner: str, head: str, headline: str) -> None:
    assert later(inner, head).headline == headline


@pytest.mark.parametrize(
    ("inner", "described", "description", "warning"),
    [
        ('<div class="article__announce-text">Un lede.</div>', "Altro. 01.03.2022, Sputnik Italia", "Un lede.", None),
        ("", "Un lede intero. 01.03.2022, Sputnik Italia", "Un lede intero.", "lede-from-metadata"),
        ("", "Un lede che finisce... 01.03.2022, Sputnik Italia", "Un lede che finisce", "lede-cut"),
        ("", "Un lede intero. РИА Новости, 01.03.2022", "Un lede intero.", "lede-from-metadata"),
        ("", "Un lede del 01.03.2022, a Roma.", "Un lede del 01.03.2022, a Roma.", "lede-from-metadata"),
        ("", "", None, None),
    ],
)
def test_the_lede_is_shown_or_the_description_without_its_tail(
    inner: str, described: str, description: str | None, warning: str | None
) -> None:
    page = later(inner, meta("description", described) if described else "")
    assert page.description == description
    assert [name for name in page.warnings if name.startswith("lede-")] == ([warning] if warning else [])


HOLDER = '<i id="articleId" data-id="22"></i>'


@pytest.mark.parametrize(
    ("inner", "head", "known"),
    [
        (
            '<i id="articleId" data-id="22"></i><script>GLOBAL.article.id = 33</script>',
            meta("analytics:article_id", "11"),
            "11",
        ),
        ('<i id="articleId" data-id="22"></i><script>GLOBAL.article.id = 33</script>', "", "22"),
        ("<script>var a = 1</script><script>GLOBAL.article.id = '33'</script>", "", "33"),
        ("<script>var a = 1</script>", "", None),
    ],
)
def test_the_id_of_a_page_whose_address_has_none(inner: str, head: str, known: str | None) -> None:
    assert later(inner, head, url="https://altro.example/la-banda").native_id == known


FRAME = '<div class="media"><img src="/{0}.jpg" title="{0}"></div>'


@pytest.mark.parametrize(
    ("inner", "body", "pictures"),
    [
        # the announcement's picture, else the frame beside the body, else the page's shared one
        (f'<div class="article__announce">{FRAME.format("molo")}</div>{FRAME.format("torre")}', "", ["/molo.jpg"]),
        (FRAME.format("torre"), "", ["/torre.jpg"]),
        ('<p><img itemprop="associatedMedia" src="/faro.jpg"></p>', "", ["/faro.jpg"]),
        ("", "", ["/shared/la-banda.jpg"]),
        # a frame in the body is a picture of the text, not the one before it
        ("", FRAME.format("ponte"), ["/shared/la-banda.jpg", "/ponte.jpg"]),
    ],
)
def test_the_pictures_before_the_text_and_in_it(inner: str, body: str, pictures: list[str]) -> None:
    page = later(inner, SHARED, body)
    assert [image.url.removeprefix("https://it.sputniknews.com") for image in page.images] == pictures
    assert ("picture-from-metadata" in page.warnings) is (pictures[0] == "/shared/la-banda.jpg")


def test_a_picture_with_the_headline_on_it_is_shared_and_not_shown() -> None:
    shared = SHARED.replace("/shared/", "/images/sharing_snippet/")
    assert later("", shared).images == ()


def test_what_is_not_of_the_text_stays_out_of_it() -> None:
    body = '<div class="article__block"><div class="article__text">*Vietata in alcuni paesi</div></div>'
    page = later('<h1 class="article__title">La banda</h1>', "", body)
    assert [block.text for block in page.blocks] == [TEXT]
    assert "footnote-left-out" in page.warnings


@pytest.mark.parametrize(
    ("url", "published"),
    [
        # an edition's own clock; on a host of no edition the offset between the page's two clocks
        ("https://mundo.sputniknews.com/20190301/la-banda-1090000001.html", "2019-03-01T09:05:00+03:00"),
        ("https://altro.example/la-banda", "2019-03-01T09:05:00+03:00"),
    ],
)
def test_the_zone_of_a_page_of_another_edition(url: str, published: str) -> None:
    head = meta("pubdate", "2019-03-01T09:05Z") + meta("analytics:p_ts", "1551420300")
    assert [claim.value for claim in earlier("", head, url).dates if claim.source == "meta:pubdate:local"] == [
        published
    ]


def test_the_body_of_the_earlier_markup_under_another_name_is_known_by_its_property() -> None:
    title = '<h1 class="b-article__header-title">La banda</h1>'
    html = (
        f'<html><body><div class="b-article">{title}<div itemprop="articleBody"><p>{TEXT}</p></div></div></body></html>'
    )
    page = Page(url=G1_URL, html=html)
    assert SputnikPage.fits(page)
    assert [block.text for block in SputnikPage(page).blocks] == [TEXT]
    assert not SputnikPage.fits(Page(url=G1_URL, html=html.replace("b-article__header-title", "titolo")))


def test_a_page_of_a_player_alone_has_no_body() -> None:
    player = '<div class="article__announce"><iframe src="https://v.example/1"></iframe></div>'
    title = '<h1 class="article__title">La banda</h1>'
    html = f'<html><body><div class="article">{title}{player}{prop("headline", "La banda")}{{}}</div></body></html>'
    page = Page(url=URL, html=html.format(""))
    assert SputnikPage.fits(page)
    assert [(block.type.value, block.url) for block in SputnikPage(page).blocks] == [("embed", "https://v.example/1")]
    assert not SputnikPage.fits(Page(url=URL, html=html.format(prop("articleBody", TEXT))))


def test_an_element_beside_the_text_that_the_markup_does_not_have_is_named() -> None:
    def named(page: SputnikPage) -> list[str]:
        return [warning for warning in page.warnings if warning.startswith("unknown-block")]

    assert named(later('<div class="article__strano">y</div>')) == ["unknown-block: article__strano"]
    assert named(later('<div class="article__strano"> </div>')) == []
    assert named(later('<script class="z">y</script><style class="z">y</style>')) == []
    assert named(later('<div><div class="strano">y</div></div>')) == ["unknown-block: strano"]
    assert named(earlier('<div class="strano">y</div>')) == ["unknown-block: strano"]
    # a frame around the body is none, what stands in it beside the body is
    block = f'<div class="article__block" data-type="text"><div class="article__text">{TEXT}</div></div>'
    body = f'<div class="cornice"><div class="strano">y</div><div class="article__body">{block}</div></div>'
    page = Page(url=URL, html=f'<html><body><div class="article">{body}</div></body></html>')
    assert named(SputnikPage(page)) == ["unknown-block: strano"]


@pytest.mark.parametrize(
    ("url", "site", "canonical"),
    [
        (
            "https://m.mundo.sputniknews.com/20220301/la-banda-1120000001.html?x=1",
            *("sputnik-es", "https://mundo.sputniknews.com/20220301/la-banda-1120000001.html"),
        ),
        ("https://mundo.sputniknews.com/chi-siamo/?x=1", "sputnik-es", "https://mundo.sputniknews.com/altra"),
        ("https://altro.example/20220301/la-banda-1120000001.html", "altro.example", "https://altro.example/altra"),
    ],
)
def test_the_address_of_a_page_of_another_edition(url: str, site: str, canonical: str) -> None:
    page = later("", '<link rel="canonical" href="/altra">', url=url)
    assert (page.site, page.canonical_url) == (site, canonical)
