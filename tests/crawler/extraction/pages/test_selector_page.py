"""A site that selectors describe: each field is what its selector selects, else what the general rules find."""

from collections.abc import Iterator

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.registry import SiteSource, site_sources, use_sources
from storage.article import Article

TEXT = "Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, sotto la pioggia."
MORE = "La colla ha tenuto fino alla boa, e gli equipaggi sono tornati a riva con un solo ombrello per tutti."
SITE = 'name = "ilmolo.example"\nhosts = ["ilmolo.example"]\ntimezone = "Europe/Rome"\n[selectors]\n'
DECLARED = """<html lang="it"><head><title>Titolo dichiarato</title><meta name="author" content="Lia Costa">
<meta name="description" content="Descrizione."><meta name="keywords" content="carta">
<meta property="article:section" content="Italia"><meta property="og:image" content="/shared.jpg">
<meta property="article:published_time" content="2020-01-02"><meta name="giorno" content="2021-03-04T05:06">"""


@pytest.fixture(autouse=True)
def _sites() -> Iterator[None]:
    before = site_sources()
    yield
    use_sources(before)


def read(selectors: str, body: str) -> Article:
    use_sources((SiteSource("ilmolo.toml", SITE + selectors),))
    html = f"{DECLARED}</head><body>{body}</body></html>"
    return extract(Page(url="https://ilmolo.example/regata", html=html))


def shown(inner: str = "") -> str:
    return f"{inner}<div class='testo'><p>{TEXT}</p></div><div class='testo'><p>{MORE}</p></div>"


def texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


@pytest.mark.parametrize(
    ("selector", "inner", "field", "value"),
    [
        ('headline = ".titolo"', "<b class='titolo'>La regata</b><b class='titolo'>Altro</b>", "headline", "La regata"),
        ('headline = ".titolo"', "", "headline", "Titolo dichiarato"),
        ('headline = ".titolo"', "<b class='titolo'> </b><b class='titolo'>Altro</b>", "headline", "Altro"),
        ('lede = ".lede"', "<b class='lede'>Uno.</b><i class='lede'>Due.</i>", "description", "Uno. Due."),
        ('lede = ".lede"', "", "description", "Descrizione."),
        (
            'authors = ".firma a"',
            "<p class='firma'>di <a>Ada Neri</a>, <a>Ugo Bassi</a></p>",
            "authors",
            ("Ada Neri", "Ugo Bassi"),
        ),
        ('authors = "//p/@data-firma"', "<p data-firma='Ada Neri'></p>", "authors", ("Ada Neri",)),
        ('headline = "//p = 1"', "<p>1</p>", "headline", "Titolo dichiarato"),
        ('authors = ".firma"', "", "authors", ("Lia Costa",)),
        ('keywords = ".tag"', "<a class='tag'>mare, porto</a><a class='tag'>Mare</a>", "keywords", ("mare", "porto")),
        ('keywords = ".tag"', "", "keywords", ("carta",)),
        ('section = ".sez"', "<a class='sez'>Mare</a><a class='sez'>Porto</a>", "section", "Mare"),
        ('section = ".sez"', "", "section", "Italia"),
    ],
)
def test_a_selected_field(selector: str, inner: str, field: str, value: object) -> None:
    article = read(f'body = ".testo"\n{selector}', shown(inner))
    assert getattr(article, field) == value
    assert texts(article) == [TEXT, MORE]


@pytest.mark.parametrize(
    ("selector", "inner", "claim"),
    [
        ('date = "time"', "<time datetime='2022-03-01T09:05'>ieri</time>", "2022-03-01T09:05:00+01:00"),
        ('date = ".giorno"', "<b class='giorno'>1 marzo 2022</b><b class='giorno'>2 aprile 2023</b>", "2022-03-01"),
        ('date = "meta[name=giorno]"', "", "2021-03-04T05:06:00+01:00"),
        ('date = "//b/@data-giorno"', "<b data-giorno='2022-03-01T09:05+00:00'></b>", "2022-03-01T09:05:00+00:00"),
    ],
)
def test_the_selected_day_is_believed_before_the_declared_one(selector: str, inner: str, claim: str) -> None:
    article = read(f'body = ".testo"\n{selector}', shown(inner))
    assert [(found.source, found.value) for found in article.dates] == [
        ("selector", claim),
        ("meta:article:published_time", "2020-01-02"),
    ]
    assert str(article.published_date) == claim[:10]


def test_without_a_selected_day_the_declared_one_is_believed() -> None:
    article = read('body = ".testo"\ndate = "time"', shown())
    assert [found.source for found in article.dates] == ["meta:article:published_time"]


@pytest.mark.parametrize(
    ("inner", "urls"),
    [
        ("<div class='foto'><img src='/a.jpg'><img data-src='/b.jpg'><img src='/a.jpg'></div>", ["/a.jpg", "/b.jpg"]),
        ("<img class='foto' src='/a.jpg'>", ["/a.jpg"]),
        ("<div class='foto'></div>", ["/shared.jpg"]),
        ("", ["/shared.jpg"]),
    ],
)
def test_selected_pictures(inner: str, urls: list[str]) -> None:
    article = read('body = ".testo"\nimages = ".foto"', shown(inner))
    assert [image.url.removeprefix("https://ilmolo.example") for image in article.images] == urls


def test_a_container_within_another_is_not_read_twice() -> None:
    article = read('body = ".testo"', f"<div class='testo'><p>{TEXT}</p><div class='testo'><p>{MORE}</p></div></div>")
    assert texts(article) == [TEXT, MORE]


def test_what_selectors_drop_is_in_no_field() -> None:
    inner = "<p class='via'>di <a class='firma'>Ada Neri</a></p>"
    body = f"<div class='testo'><p>{TEXT}</p><aside>Iscriviti<p class='via'>x</p></aside><p>{MORE}</p></div>"
    article = read('body = ".testo"\ndrop = ["//aside", ".via"]\nauthors = ".firma"', inner + body)
    assert (texts(article), article.authors) == ([TEXT, MORE], ("Lia Costa",))


def test_where_no_selector_names_the_body_the_general_rules_find_it() -> None:
    body = (
        f"<h1>Altro</h1><b class='titolo'>La regata</b><article><p>{TEXT}</p><p>{MORE}</p><p>{TEXT[::2]}</p></article>"
    )
    article = read('headline = ".titolo"', body)
    assert article.headline == "La regata"
    assert [text for text in texts(article) if text in (TEXT, MORE)] == [TEXT, MORE]
    assert "template-unknown" not in article.warnings
    assert "template-unknown" in read('body = ".corpo"', body).warnings
