"""What a page of no known template says of itself: who wrote it, when, under which headline, on what."""

from datetime import date

import pytest

from crawler.extraction.fields.declared import language_code
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.pages.page import Page

URL = "https://faro.example/porto/una-barca"


def _page(head: str = "", body: str = "") -> GenericPage:
    html = f"<html lang='it'><head><title>t</title>{head}</head><body><h1>Torna la barca</h1>{body}</body></html>"
    return GenericPage(Page(url=URL, html=html))


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {text}}}</script>'


PUBLISHER = '"publisher": {"@type": "Organization", "name": "Il Faro"}'


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (_json_ld('"author": {"@type": "Person", "name": "Ada Neri"}'), "<p>di Ugo Bassi</p>", ("Ada Neri",)),
        ('<meta property="article:author" content="https://social.example/ada">', "<p>di Ada Neri</p>", ("Ada Neri",)),
        ('<meta name="citation_author" content="Neri, Ada">', "", ("Ada Neri",)),
        (
            '<meta name="twitter:label1" content="Scritto da"><meta name="twitter:data1" content="Ada Neri">',
            "",
            ("Ada Neri",),
        ),
        ("", '<span class="byline">Written by <b>Ada Neri</b> 3 min read</span>', ("Ada Neri",)),
        ("", '<p><a href="/autori/ada-neri">Ada Neri</a></p>', ("Ada Neri",)),
        # the day before the name, a label, a headline that is no first-level heading
        ("", "<div>Pubblicato il 3 marzo 2021 da Ada Neri</div>", ("Ada Neri",)),
        ("", "<div>Stars 06.11.2023 13:30 von Ada Neri</div>", ("Ada Neri",)),
        ("", "<div>Testo: Ada Neri</div>", ("Ada Neri",)),
        # a part of a line beside the headline
        ("", "<div>9 marzo 2021 · 3 minuti · Di Ada Neri</div>", ("Ada Neri",)),
        ("", "<div>Porto | By Ada Neri | March 9, 2021</div>", ("Ada Neri",)),
        ("", "<div>Data: 9 marzo 2021Autore: Ada Neri</div>", ("Ada Neri",)),
        ("", "<div>Porto di mare · La barca di Ada Neri</div>", ()),
        ("", f"{'<p>riga</p>' * 6}<div>Porto | By Ada Neri | March 9, 2021</div>", ()),
        (
            '<meta property="og:title" content="Chiude il vecchio cantiere">',
            f"{'<p>riga</p>' * 200}<h2>Chiude il vecchio cantiere</h2><p>di Ada Neri</p>",
            ("Ada Neri",),
        ),
        # the authors of what the page leads to are none of its own
        (
            _json_ld('"author": {"@type": "Person", "name": "Ada Neri"}')
            + _json_ld('"author": {"@type": "Person", "name": "Ugo Bassi"}'),
            "",
            ("Ada Neri",),
        ),
        ("", '<p><a href="https://social.example/user/faro">Seguici</a></p>', ()),
        ("", "<div class='comments'><span class='author'>Lettore</span></div>", ()),
        # the publisher is the author where the page names no one else
        (_json_ld(f'{PUBLISHER}, "author": {{"@type": "Organization", "name": "Il Faro"}}'), "", ("Il Faro",)),
        (
            _json_ld(f'{PUBLISHER}, "author": {{"@type": "Organization", "name": "Il Faro"}}'),
            "<p>By Ada Neri</p>",
            ("Ada Neri",),
        ),
        (_json_ld(PUBLISHER), "", ()),
    ],
)
def test_authors(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert _page(head, body).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        # what is declared in words is read
        (_json_ld('"datePublished": "Feb 08, 2022"'), "<p>9 March 2023</p>", "2022-02-08"),
        (_json_ld('"datePublished": "13/11/2025 09:21:40"'), "", "2025-11-13"),
        ('<meta property="article:published_time" content="Dec 19th 2025">', "", "2025-12-19"),
        ('<meta name="pubdate" content="Thu, 20 Nov 2025 23:30:00 -0500">', "", "2025-11-20"),
        # what is only shown, or only found by htmldate
        ("", "<p class='date'>Published on March 9, 2023</p>", "2023-03-09"),
        ("", "<time datetime='2023-03-09T10:00:00+01:00'>ieri</time>", "2023-03-09"),
        # what stands in a `time` or in the address is believed before what htmldate finds anywhere
        (
            "",
            "<time datetime='2023-03-09T10:00:00+01:00'>ieri</time><p class='date'>Published on May 2, 2020</p>",
            "2023-03-09",
        ),
        # a declared day stays, whatever another `time` says
        (
            _json_ld('"datePublished": "2017-04-03"'),
            "<p>Updated <time datetime='2026-02-12T12:07:55-05:00'>Feb 12</time></p>",
            "2017-04-03",
        ),
    ],
)
def test_days(head: str, body: str, day: str) -> None:
    page = _page(head, body)
    assert str(page.published_date) == day
    assert page.published_at is None or str(page.published_at.date()) == day


def test_htmldate_is_one_more_claim() -> None:
    page = _page(_json_ld('"datePublished": "2023-03-09T10:00:00+01:00"'), "<p>Published on March 9, 2023</p>")
    assert [claim.source for claim in page.dates] == ["json-ld:datePublished", "htmldate"]


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        ("<title>Torna la barca nel porto vecchio</title>", "<h1>La Gazzetta</h1>", "Torna la barca nel porto vecchio"),
        ("<title>Torna la barca nel porto | Cronaca</title>", "", "Torna la barca nel porto"),
        (
            '<meta property="og:title" content="Torna la barca nel porto">',
            "<h1><span>Mare</span> Torna la barca nel porto 12 commenti</h1>",
            "Torna la barca nel porto",
        ),
        (
            '<meta property="og:title" content="La barca torna nel porto">',
            "<h1>Torna la barca nel porto</h1>",
            "Torna la barca nel porto",
        ),
        # the only visible headline, in other words than the declared one, unless that one is shown too
        (
            '<meta property="og:title" content="Un ritorno atteso">',
            "<h1>La barca rientra al molo</h1>",
            "La barca rientra al molo",
        ),
        (
            '<meta property="og:title" content="Un ritorno atteso">',
            "<h1>La barca rientra al molo</h1><h2>Un ritorno atteso</h2>",
            "Un ritorno atteso",
        ),
        (
            '<meta property="og:title" content="Un ritorno atteso">',
            "<h1>La barca rientra al molo</h1><h1>Altre notizie dal porto</h1>",
            "Un ritorno atteso",
        ),
        ('<meta property="og:title" content="Un ritorno atteso">', "<h1>Al molo</h1>", "Un ritorno atteso"),
        # a name of the site
        ('<meta property="og:title" content="Un ritorno atteso">', "<h1>Notizie dal Faro</h1>", "Un ritorno atteso"),
        (
            '<meta property="og:title" content="Un ritorno atteso">'
            '<meta property="og:site_name" content="Notizie di mare e di costa">',
            "<h1>Notizie di mare</h1>",
            "Un ritorno atteso",
        ),
        # of a title the part that is shown as a heading
        (
            "<title>Il Faro » Archivio » Torna la barca</title>",
            "<h1>Il Faro</h1><h2>Torna la barca</h2>",
            "Torna la barca",
        ),
        ("<title>Il Faro - Torna la barca</title>", "<h3>Torna la barca</h3>", "Torna la barca"),
        ("<title>Il Faro - Torna la barca</title>", "<p>Torna la barca</p>", "Il Faro - Torna la barca"),
        (
            "<title>Il Faro - Torna la barca</title>",
            "<h1>Torna la barca, oggi</h1><h3>Torna la barca</h3>",
            "Torna la barca, oggi",
        ),
        (f"<title>Il Faro {':' * 60}x</title>", "<h2>Il Faro</h2>", f"Il Faro {':' * 60}x"),
        ("<title>Torna: la barca</title>", "<h2>Torna: la barca</h2><h3>la barca</h3>", "Torna: la barca"),
    ],
)
def test_headline(head: str, body: str, headline: str) -> None:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    assert GenericPage(Page(url="https://notizie-dal-faro.example/porto/una-barca", html=html)).headline == headline


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (
            '<meta property="article:section" content="2023">' + _json_ld('"articleSection": "Porto"'),
            "section",
            "Porto",
        ),
        ('<meta property="article:section" content="https://faro.example/porto">', "section", None),
        ('<meta property="article:tag" content="barche, porto">', "keywords", ("barche", "porto")),
        (
            '<meta property="article:tag" content="a, b"><meta property="article:tag" content="c">',
            "keywords",
            ("a, b", "c"),
        ),
        ('<meta name="keywords" content="barche; porto">', "keywords", ("barche", "porto")),
    ],
)
def test_section_and_keywords(head: str, field: str, value: object) -> None:
    assert getattr(_page(head), field) == value


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("it", "it"),
        ("pt_BR", "pt"),
        ("zh-Hans-CN", "zh"),
        ("utf-8", None),
        ("UTF", None),
        ("iso-8859-1", None),
        ("x", None),
    ],
)
def test_language_code(declared: str, code: str | None) -> None:
    assert language_code(declared) == code


@pytest.mark.parametrize(
    ("body", "day"),
    [
        # in words of the page's language, below the headline or above it
        ("<h1>Torna la barca</h1><p>Lunedì 9 marzo 2020, ore 10</p>", "2020-03-09"),
        ("<p>9 marzo 2020</p><h1>Torna la barca</h1><p>Nel porto vecchio.</p>", "2020-03-09"),
        ("<p>9 marzo 2020</p><h1>Torna la barca</h1><p>11 maggio 2021</p>", "2021-05-11"),
        ("<h1>Torna la barca</h1><p>Nel porto vecchio.</p><p>11 maggio 2021</p><p>9 marzo 2020</p>", "2021-05-11"),
        # the headline itself may name the day of what it tells of
        ("<h1>Torna la barca del 9 marzo 2020</h1><p>Nel porto vecchio.</p>", None),
        ("<h1>Torna la barca del 9 marzo 2020</h1><p>11 maggio 2021</p>", "2021-05-11"),
        # too far from the headline, or too far in a line
        (f"<h1>Torna la barca</h1>{'<p>Nel porto vecchio.</p>' * 6}<p>9 marzo 2020</p>", None),
        (f"<h1>Torna la barca</h1><p>{'Nel porto vecchio, ' * 12} il 9 marzo 2020</p>", None),
        (f"<p>9 marzo 2020</p>{'<p>Nel porto vecchio.</p>' * 6}<h1>Torna la barca</h1>", None),
    ],
)
def test_the_day_beside_the_headline(body: str, day: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the page's declarations nor htmldate give one."""
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: None)
    html = f"<html lang='it'><head><title>Torna la barca</title></head><body>{body}</body></html>"
    page = GenericPage(Page(url=URL, html=html))
    assert page.published_date == (date.fromisoformat(day) if day else None)
    assert [claim.source for claim in page.dates] == (["text"] if day else [])


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Pubblicato il 9 marzo 2020", "2020-03-09"),
        ("2020-03-09 | Porto", "2020-03-09"),
        ("Porto, 9.3.2020", "2020-03-09"),
        ("09. 03. 2020, ore 10", "2020-03-09"),
        # no day, the day of a change, numbers whose order is the country's
        ("9.13.2020", "2019-07-01"),
        ("2020-02-30", "2019-07-01"),
        ("versione 1.9.3.2020", "2019-07-01"),
        ("Aggiornato il 9 marzo 2020", "2019-07-01"),
        ("03/09/2020", "2019-07-01"),
        # a sentence of the text
        (f"La barca partì il 9 marzo 2020 {'e tornò ' * 8}", "2019-07-01"),
    ],
)
def test_a_short_line_beside_the_headline_is_believed_before_htmldate(
    line: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: "2019-07-01")
    assert str(_page("", f"<p>{line}</p>").published_date) == day


def test_the_page_s_own_node_is_believed_where_no_article_s_says_more() -> None:
    page = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": "2020-03-09", '
        '"dateModified": ["2020-03-10T10:00:00+01:00", 5]}]}</script>'
    )
    alone = _page(page, "<p>11 maggio 2021</p>")
    assert str(alone.published_date) == "2020-03-09"
    assert str(alone.modified_at) == "2020-03-10 10:00:00+01:00"
    assert str(_page(page + _json_ld('"datePublished": "2023-04-05"')).published_date) == "2023-04-05"


def test_a_declared_day_is_believed_before_one_beside_the_headline() -> None:
    page = _page(_json_ld('"datePublished": "2023-03-09"'), "<p>11 maggio 2021</p>")
    assert page.published_date == date(2023, 3, 9)
    assert "text" not in [claim.source for claim in page.dates]


@pytest.mark.parametrize(
    ("body", "url", "sources"),
    [
        # the `time` nearest to the headline, of two as near the one behind it; without a headline the first
        (
            "<time datetime='2020-01-02'>a</time><h1>B</h1><p>x</p><time datetime='2021-03-04'>c</time>",
            URL,
            ["2020-01-02"],
        ),
        ("<h1>B</h1><div class='comments'><time datetime='2020-01-02'>a</time></div>", URL, ["2020-01-02"]),
        (
            "<h1>B</h1><div id='comments'><time datetime='2020-01-02'>a</time></div><time datetime='2021-03-04'>",
            URL,
            ["2021-03-04"],
        ),
        (
            "<div class='has-comments'><h1>B</h1><time datetime='2020-01-02'>a</time><time datetime='2021-03-04'>",
            URL,
            ["2020-01-02"],
        ),
        ("<time datetime='2020-01-02'>a</time><h1>B</h1><time datetime='2021-03-04'>c</time>", URL, ["2021-03-04"]),
        ("<time datetime='2020-01-02'>a</time><h1>B</h1>", URL, ["2020-01-02"]),
        ("<time datetime='2020-01-02'>a</time><time datetime='2021-03-04'>c</time>", URL, ["2020-01-02"]),
        ("<h1>B</h1><time>ieri</time>", "https://faro.example/2019/05/06/una-barca", ["2019-05-06"]),
        ("<h1>B</h1><time>ieri</time>", "https://faro.example/20190506-una-barca", ["2019-05-06"]),
        ("<h1>B</h1>", "https://faro.example/2019/13/06/una-barca", []),
    ],
)
def test_the_day_of_a_time_and_of_the_address(
    body: str, url: str, sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: None)
    page = GenericPage(Page(url=url, html=f"<html lang='it'><body>{body}</body></html>"))
    assert [claim.value for claim in page.dates if claim.field == "published_at"] == sources


@pytest.mark.parametrize(
    "time",
    [
        "<p>Aggiornato <time datetime='2021-03-04'>ieri</time></p>",
        "<p><time class='updated' datetime='2021-03-04'>ieri</time></p>",
    ],
)
def test_a_time_that_is_named_a_change_is_no_day_of_publication(time: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: None)
    page = _page("", time)
    assert [(claim.field, claim.value) for claim in page.dates] == [("modified_at", "2021-03-04")]


def test_the_first_of_january_that_htmldate_makes_of_a_year_is_no_day() -> None:
    assert _page("", "<p class='date'>2021</p>").published_date is None


@pytest.mark.parametrize(
    ("title", "url", "headline"),
    [
        ("Torna la barca nel porto - Il Courrier", "https://ilcourrier.example/a", "Torna la barca nel porto"),
        ("Torna la barca nel porto – Il Courrier", "https://ilcourrier.example/a", "Torna la barca nel porto"),
        # a name that the host does not have, or too few words before it
        ("Torna la barca nel porto - La Baia", "https://ilcourrier.example/a", "Torna la barca nel porto - La Baia"),
        ("La barca - Il Courrier", "https://ilcourrier.example/a", "La barca - Il Courrier"),
    ],
)
def test_the_name_of_the_host_behind_a_title_goes(title: str, url: str, headline: str) -> None:
    page = GenericPage(Page(url=url, html=f"<html><head><title>{title}</title></head><body><p>x</p></body></html>"))
    assert page.headline == headline


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        (f"<p>di Ada Neri {'e poi ancora ' * 9}a lungo</p>", ()),
        (f"<div>di Ada Neri <p>{'e poi ancora ' * 9}</p></div>", ("Ada Neri",)),
        ("<p>di <b>Ada</b> <i>Neri</i></p>", ("Ada Neri",)),
    ],
)
def test_an_element_that_holds_more_than_a_name_is_no_byline(byline: str, authors: tuple[str, ...]) -> None:
    assert _page("", byline).authors == authors


def test_the_byline_is_looked_for_behind_the_heading_that_is_the_headline() -> None:
    for first, last in (("Altre notizie", "Un annuncio"), ("Zeta notizie", "Alfa annuncio")):
        body = f"<h2>{first}</h2><p>di Lia Costa</p>{'<p>riga</p>' * 160}<h2>Torna la barca</h2><p>di Ada Neri</p>"
        body += f"<h2>{last}</h2><p>di Ugo Bassi</p>"
        head = "<meta property='og:title' content='Torna la barca'>"
        html = f"<html lang='it'><head>{head}</head><body>{body}</body></html>"
        assert GenericPage(Page(url=URL, html=html)).authors == ("Ada Neri",)


MODIFIED = '<meta property="article:modified_time" content="2020-05-06T07:08:09+02:00">'


def test_a_clock_stays_where_only_the_day_of_a_change_is_declared() -> None:
    page = _page(MODIFIED, "<time datetime='2020-03-04T10:00:00+01:00'>ieri</time>")
    assert str(page.published_at) == "2020-03-04 10:00:00+01:00"
    declared = _page(_json_ld('"datePublished": "2020-03-03"'), "<time datetime='2020-03-04T10:00:00+01:00'>x</time>")
    assert (declared.published_at, str(declared.published_date)) == (None, "2020-03-03")


def test_the_day_of_a_change_is_none_of_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: None)
    page = _page(MODIFIED, "<p>9 marzo 2020</p>")
    assert (str(page.published_date), str(page.modified_at)) == ("2020-03-09", "2020-05-06 07:08:09+02:00")


def test_htmldate_is_not_asked_about_very_long_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: asked.append(True))
    for filler, is_asked in (("x" * 1000, True), ("x" * 2_000_000, False), ("<b></b>" * 20_000, False)):
        asked.clear()
        _ = _page("", f"<!--{filler}-->" if "x" in filler else filler).dates
        assert bool(asked) is is_asked


@pytest.fixture
def _no_htmldate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: None)


@pytest.mark.usefixtures("_no_htmldate")
def test_days_under_the_names_that_publishers_use_are_claims_in_the_order_of_the_names() -> None:
    head = '<meta name="date" content="2020-01-02"><meta name="parsely-pub-date" content="2020-01-01">'
    claims = _page(head + '<meta name="date" content="2020-01-03">').dates
    assert [(claim.source, claim.value) for claim in claims] == [
        ("meta:parsely-pub-date", "2020-01-01"),
        ("meta:date", "2020-01-02"),
        ("meta:date", "2020-01-03"),
    ]


@pytest.mark.usefixtures("_no_htmldate")
@pytest.mark.parametrize(
    ("before", "behind", "is_read"),
    [(0, 4, True), (0, 5, False), (5, 4, True), (6, 4, True), (9, 5, False)],
)
def test_five_blocks_behind_the_headline_are_near_it(before: int, behind: int, is_read: bool) -> None:
    line = "<p>Nel porto vecchio.</p>"
    body = f"{line * before}<h1>Torna la barca</h1>{line * behind}<p>9 marzo 2020</p>"
    page = GenericPage(Page(url=URL, html=f"<html lang='it'><title>Torna la barca</title><body>{body}</body></html>"))
    assert (page.published_date == date(2020, 3, 9)) is is_read


@pytest.mark.usefixtures("_no_htmldate")
@pytest.mark.parametrize(("behind", "is_read"), [(5, True), (6, False)])
def test_six_blocks_before_the_headline_are_near_it(behind: int, is_read: bool) -> None:
    line = "<p>Nel porto vecchio.</p>"
    body = f"{line}<p>9 marzo 2020</p>{line * behind}<h1>Torna la barca</h1>{line * 9}"
    page = GenericPage(Page(url=URL, html=f"<html lang='it'><title>Torna la barca</title><body>{body}</body></html>"))
    assert (page.published_date == date(2020, 3, 9)) is is_read


@pytest.mark.usefixtures("_no_htmldate")
@pytest.mark.parametrize(("letters", "is_read"), [(200, True), (201, False)])
def test_two_hundred_letters_of_a_line_are_looked_at_for_its_day(letters: int, is_read: bool) -> None:
    line = "il 9 marzo 2020".rjust(letters, "x").replace("xil", " il")
    assert (_page("", f"<p>{line}</p>").published_date == date(2020, 3, 9)) is is_read


@pytest.mark.parametrize(("letters", "day"), [(80, "2020-03-09"), (81, "2019-07-01")])
def test_a_line_of_eighty_letters_is_believed_before_htmldate(
    letters: int, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", lambda *args, **more: "2019-07-01")
    line = "9 marzo 2020 ".ljust(letters, "x")
    assert str(_page("", f"<p>{line}</p>").published_date) == day


@pytest.mark.usefixtures("_no_htmldate")
def test_what_a_page_says_of_its_change_is_read_beside_its_day() -> None:
    page = _page("", "<p>Aggiornato il 10 marzo 2020</p><p>9 marzo 2020</p><p>8 marzo 2020</p>")
    assert [(claim.field, claim.value) for claim in page.dates] == [
        ("modified_at", "2020-03-10"),
        ("published_at", "2020-03-09"),
    ]


@pytest.mark.usefixtures("_no_htmldate")
@pytest.mark.parametrize(
    ("kind", "sources"),
    [
        ("WebPage", ["json-ld:WebPage/datePublished"]),
        ("ItemPage", ["json-ld:WebPage/datePublished"]),
        ("WebSite", []),
    ],
)
def test_the_day_of_the_node_of_the_page(kind: str, sources: list[str]) -> None:
    node = f'{{"@type": "{kind}", "datePublished": "2020-03-09"}}'
    page = _page(f'<script type="application/ld+json">{node}</script>')
    assert [claim.source for claim in page.dates] == sources


@pytest.mark.parametrize(
    ("url", "headline"),
    [
        # the host's name of six letters in the heading, or the heading in it
        ("https://barche.example/a", "Un ritorno atteso"),
        ("https://barca.example/a", "Le barche della barca"),
        ("https://lebarchedellabarcaonline.example/a", "Un ritorno atteso"),
        ("https://www.faro.barche.example/a", "Un ritorno atteso"),
        ("https://faro.barche/a", "Le barche della barca"),
    ],
)
def test_a_heading_with_the_name_of_the_host_is_no_headline(url: str, headline: str) -> None:
    head = '<meta property="og:title" content="Un ritorno atteso">'
    html = f"<html><head>{head}</head><body><h1>Le barche della barca</h1></body></html>"
    assert GenericPage(Page(url=url, html=html)).headline == headline


@pytest.mark.parametrize(
    ("title", "url", "headline"),
    [
        ("Torna la barca - Barche", "https://barche.example/a", "Torna la barca"),
        ("Torna la barca - Barca", "https://barca.example/a", "Torna la barca - Barca"),
        ("Torna la barca - Barche", "https://www.lebarche.example/a", "Torna la barca"),
        ("Torna la barca - Le Barche di Qui", "https://barche.example/a", "Torna la barca"),
        ("Torna barca - Barche", "https://barche.example/a", "Torna barca - Barche"),
        ("Torna la barca - Barche", "https://faro.barche/a", "Torna la barca - Barche"),
        # the last mark, a hyphen before a dash
        ("Torna – la – barca – Barche", "https://barche.example/a", "Torna – la – barca"),
        ("Torna – la barca - Barche", "https://barche.example/a", "Torna – la barca"),
    ],
)
def test_a_name_of_the_host_of_six_letters_behind_three_words_goes(title: str, url: str, headline: str) -> None:
    page = GenericPage(Page(url=url, html=f"<html><head><title>{title}</title></head><body><p>x</p></body></html>"))
    assert page.headline == headline


@pytest.mark.parametrize(
    ("shown", "headline"),
    [
        ("La barca del porto è tornata", "La barca del porto è tornata"),  # half of the words of the shorter one
        ("La barca nuova di ieri è qui", "Torna la barca nel porto"),
        ("Torna barca", "Torna la barca nel porto"),  # too few words
        ("Torna la barca", "Torna la barca"),
        ("", "Torna la barca nel porto"),
    ],
)
def test_the_visible_headline_is_the_one_in_other_words(shown: str, headline: str) -> None:
    head = '<meta property="og:title" content="Torna la barca nel porto">'
    html = f"<html><head>{head}</head><body><h1>{shown}</h1><h1>Altro</h1></body></html>"
    assert GenericPage(Page(url=URL, html=html)).headline == headline


@pytest.mark.parametrize(("others", "headline"), [(19, "Torna la barca, oggi"), (20, "Torna la barca")])
def test_twenty_headings_are_looked_at_for_the_headline(others: int, headline: str) -> None:
    head = '<meta property="og:title" content="Torna la barca">'
    html = f"<html><head>{head}</head><body>{'<h1>Porto</h1>' * others}<h1>Torna la barca, oggi</h1></body></html>"
    assert GenericPage(Page(url=URL, html=html)).headline == headline


@pytest.mark.usefixtures("_no_htmldate")
@pytest.mark.parametrize(("number", "is_read"), [(1, True), (5, True), (6, False)])
def test_without_a_visible_headline_the_first_blocks_are_near_it(number: int, is_read: bool) -> None:
    lines = ["Nel porto vecchio."] * 12
    lines[number] = "9 marzo 2020"
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = GenericPage(Page(url=URL, html=f"<html lang='it'><title>Torna la barca</title><body>{body}</body></html>"))
    assert (page.published_date == date(2020, 3, 9)) is is_read


@pytest.mark.parametrize(
    ("head", "body", "headline", "source"),
    [
        ('<meta property="og:title" content="Torna la barca">', "", "Torna la barca", "meta:og:title"),
        (
            '<meta property="og:title" content="Torna la barca">',
            "<h1>Torna la barca, oggi</h1>",
            "Torna la barca, oggi",
            "h1",
        ),
        ("<title>Il Faro - Torna la barca</title>", "<h3>Torna la barca</h3>", "Torna la barca", "title"),
        ("<title>Torna la barca nel porto</title>", "<h1>Il Faro</h1>", "Torna la barca nel porto", "title"),
        (
            "<title>Torna la barca nel porto</title>",
            "<h1>Il Faro</h1><h1>Torna la barca nel porto vecchio</h1>",
            "Torna la barca nel porto vecchio",
            "h1",
        ),
    ],
)
def test_where_the_headline_is_from(head: str, body: str, headline: str, source: str) -> None:
    page = GenericPage(Page(url=URL, html=f"<html><head>{head}</head><body>{body}</body></html>"))
    assert (page.headline, page.sources["headline"]) == (headline, source)


@pytest.mark.parametrize(
    ("head", "body", "authors", "source"),
    [
        (_json_ld('"author": "Ada Neri"'), "", ("Ada Neri",), "json-ld:author"),
        (
            '<meta name="byl" content="By Ada Neri"><meta name="authors" content="Ugo Bassi">',
            "",
            ("Ugo Bassi",),
            "meta:authors",
        ),
        ('<meta name="dc.creator" content="Neri, Ada, Bassi">', "", ("Neri", "Ada", "Bassi"), "meta:dc.creator"),
        ('<meta name="twitter:label1" content="Durata"><meta name="twitter:data1" content="Ada Neri">', "", (), None),
        ("", "<p>di Ada Neri</p>", ("Ada Neri",), "byline"),
        (
            "",
            "<div itemscope><b itemprop='author' itemscope><i itemprop='name'>Ada Neri</i></b></div>",
            ("Ada Neri",),
            "microdata:author/name",
        ),
        (
            _json_ld(f'{PUBLISHER}, "author": {{"@type": "Organization", "name": "La Redazione del Faro"}}'),
            "",
            ("La Redazione del Faro",),
            "json-ld:author (organisation)",
        ),
    ],
)
def test_where_the_authors_are_from(head: str, body: str, authors: tuple[str, ...], source: str | None) -> None:
    page = _page(head, body)
    assert (page.authors, page.sources.get("authors")) == (authors, source)


def test_of_two_days_htmldate_gives_the_one_of_publication() -> None:
    page = _page("", "<p>Published on March 1, 2020</p><p>Updated on April 5, 2021</p>")
    assert [(claim.value, claim.source) for claim in page.dates] == [("2020-03-01", "htmldate")]
