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


def test_the_publisher_s_own_name_is_no_author_s() -> None:
    publisher = '<div itemscope><div itemprop="publisher" itemscope><span itemprop="name">Eva Riva</span></div></div>'
    assert later(publisher, meta("author", "Eva Riva")).authors == ()
    assert later(publisher, meta("author", "Lia Costa")).authors == ("Lia Costa",)


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
        (TAGS, meta("keywords", ", ,"), ("musica", "portici"), "shown tags"),
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


UNKNOWN = "https://faro.example/la-banda"
BLOCK = f'<div class="article__block" data-type="text"><div class="article__text">{TEXT}</div></div>'


@pytest.mark.parametrize(
    ("url", "html", "fits"),
    [
        (URL, f'<div class="article__body"><p>{TEXT}</p></div>', True),
        (
            "https://mundo.sputniknews.com/20220301/la-banda-1120000001.html",
            f'<div class="article__body">{TEXT}</div>',
            True,
        ),
        # other sites have such a body too
        (UNKNOWN, f'<div class="article__body"><p>{TEXT}</p></div>', False),
        (UNKNOWN, f'<div class="article__body">{BLOCK}</div>', True),
        (UNKNOWN, f'<div class="b-article"><div class="b-article__text">{TEXT}</div></div>', True),
        (URL, f"<div><p>{TEXT}</p></div>", False),
    ],
)
def test_a_page_of_the_platform_on_its_hosts_and_on_others(url: str, html: str, fits: bool) -> None:
    assert SputnikPage.fits(Page(url=url, html=f"<html><body>{html}</body></html>")) is fits


def of(html: str, url: str = URL) -> SputnikPage:
    return SputnikPage(Page(url=url, html=f"<html><body>{html}</body></html>"))


def test_blocks_under_another_name_are_the_body() -> None:
    page = of(f'<div class="article"><div class="corpo">{BLOCK}</div></div>')
    assert [block.text for block in page.blocks] == [TEXT]


def test_the_fields_are_those_of_the_first_article() -> None:
    other = '<div class="article"><a class="tag__text">altro</a><i class="article__author-name">Ugo Bassi</i></div>'
    page = of(f'<div class="article"><div class="article__body">{BLOCK}</div></div>{other}')
    assert (page.authors, page.keywords) == ((), ())
    # without that frame the page is one
    page = of(f'<h1 class="article__title">La banda</h1><div class="article__body">{BLOCK}</div>')
    assert page.headline == "La banda"


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (f'<div class="article__body"><div class="article__text">{TEXT}</div></div>', True),
        (f'<div class="article__body">{BLOCK}</div>', False),
        (f'<div class="online__article"><div class="online__item">{TEXT}</div></div>', False),
        (f'<div class="b-article__text"><p>{TEXT}</p></div>', False),
        ('<div class="article__body"></div>', False),
    ],
)
def test_a_body_without_blocks_says_that_the_template_changed(body: str, changed: bool) -> None:
    assert ("template-changed: no blocks" in of(f'<div class="article">{body}</div>').warnings) is changed


@pytest.mark.parametrize("tag", ["div", "p"])
def test_a_part_of_the_body_that_the_markup_does_not_have_is_named(tag: str) -> None:
    strange = f'<{tag} class="strano">{TEXT[3:]}</{tag}>'
    inner = BLOCK.replace(TEXT, f"{TEXT}{strange}")
    for body in (
        f'<div class="article__body">{inner}</div>',
        f'<div class="b-article__text"><p>{TEXT}</p>{strange}</div>',
    ):
        assert "unknown-block: strano" in of(f'<div class="article">{body}</div>').warnings


def test_a_headline_that_is_only_declared_is_said_to_be() -> None:
    declared = meta("og:title", "La banda")
    assert "headline-from-metadata" in later("", declared).warnings
    assert "headline-from-metadata" not in later('<h1 class="article__title">La banda</h1>', declared).warnings


def test_the_second_headline_as_shown_or_declared() -> None:
    shown, declared = '<div class="article__second-title">Di nuovo</div>', prop("alternativeHeadline", "Ancora")
    assert later(shown + declared).alternative_headline == "Di nuovo"
    assert later(declared).alternative_headline == "Ancora"
    assert later().alternative_headline is None


def test_the_language_of_an_edition() -> None:
    page = later(url="https://mundo.sputniknews.com/20220301/la-banda-1120000001.html")
    assert (page.language, page.sources["language"]) == ("es", "the platform's edition")
    assert later().language == "it"


def clocks(local: str, epoch: str, url: str = UNKNOWN) -> list[str | None]:
    page = earlier("", meta("pubdate", local) + meta("analytics:p_ts", epoch), url)
    return [claim.value for claim in page.dates if claim.source == "meta:pubdate:local"]


@pytest.mark.parametrize(
    ("local", "offset"),
    [
        # the epoch of 2019-03-01T06:05:00+00:00
        ("2019-03-01T09:05:00Z", "+03:00"),
        ("2019-03-01T11:50:00Z", "+05:45"),
        ("2019-03-01T09:12:00Z", "+03:00"),
        ("2019-03-01T09:13:00Z", "+03:15"),
        ("2019-03-01T20:05:00Z", "+14:00"),
        ("2019-02-28T16:05:00Z", "-14:00"),
    ],
)
def test_the_offset_between_the_clocks_of_a_page(local: str, offset: str) -> None:
    assert clocks(local, "1551420300") == [local.replace("Z", offset)]


@pytest.mark.parametrize(("local", "epoch"), [("2019-03-01T20:20:00Z", "1551420300"), ("2019-03-01T09:05:00Z", "")])
def test_clocks_that_are_too_far_apart_or_missing_give_no_offset(local: str, epoch: str) -> None:
    assert clocks(local, epoch) != [local.replace("Z", "+14:15")]
    # of an edition its own clock counts
    mundo = "https://ria.ru/20190301/la-banda-1090000001.html"
    assert clocks(local, epoch, mundo) == [local.replace("Z", "+03:00")]


def test_a_false_offset_is_said() -> None:
    assert "false-offset: meta:pubdate" in earlier("", meta("pubdate", "2019-03-01T09:05Z")).warnings
    proven = meta("pubdate", "2019-03-01T09:05Z") + meta("analytics:p_ts", "1551431100")
    page = earlier("", proven)
    assert not [name for name in page.warnings if name.startswith("false-offset")]
    assert ("meta:pubdate", "2019-03-01T09:05:00+00:00") in values(page, "published_at")


def test_a_date_before_the_platform_s_first_day_is_set_aside() -> None:
    page = later(
        "", meta("article:published_time", "2003-03-01T09:05+0100"), url="https://ria.ru/20220301/a-1820000001.html"
    )
    assert "date-before-site: meta:article:published_time" in page.warnings
    assert str(page.published_date) == "2022-03-01"


def test_the_day_in_the_address_is_the_last_claim() -> None:
    assert values(later(), "published_at") == [("url", "2022-03-01")]
    assert later(url="https://it.sputniknews.com/chi-siamo/").dates == ()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://cdn.example/img/07e6/14000001_0:0:600:400_600x0_a.jpg", "14000001"),
        ("https://cdn.example/img/14000001.jpg", "14000001"),
        ("https://cdn.example/img/1400.jpg", "https://cdn.example/img/1400.jpg"),
    ],
)
def test_crops_of_a_picture_have_one_key(url: str, key: str) -> None:
    assert SputnikPage.picture_key(url) == key


def test_a_picture_with_the_headline_on_it_is_taken_where_it_is_shown() -> None:
    shown = '<div class="article__announce"><div class="media"><img src="/images/sharing_snippet/a.jpg"></div></div>'
    assert [image.url for image in later(shown).images] == ["https://it.sputniknews.com/images/sharing_snippet/a.jpg"]
