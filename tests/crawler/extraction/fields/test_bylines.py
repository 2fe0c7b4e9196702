"""Which elements and lines of a page are taken for its byline, and in which order."""

import pytest
from lxml.html import document_fromstring

from crawler.extraction.fields.bylines import byline_in_line, visible_bylines

URL = "https://faro.example/porto/una-barca"


def shown(body: str, title: str = "") -> list[str]:
    return list(visible_bylines(document_fromstring(f"<html><body>{body}</body></html>"), URL, title))


def test_named_elements_before_lines_behind_the_headline_before_names_that_are_less_sure() -> None:
    less_sure = "<p class='submitted-by'>Eva Conti</p>"
    assert shown(f"{less_sure}<h1>Una barca</h1><p>di Ada Neri</p><a rel='author'>Ugo Bassi</a>") == [
        *("Ugo Bassi", "di Ada Neri", "Eva Conti"),
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<h1>Una barca</h1><p>di Ada Neri</p>", ["di Ada Neri"]),
        ("<p>di Ada Neri</p><h1>Una barca</h1>", []),
        ("<p>di Ada Neri</p>", []),
        ("<h1>Una barca</h1><p>di carta</p>", []),
        ("<h1>Una barca</h1><p>di A</p>", ["di A"]),
        ("<h1>Una barca</h1><p>3 marzo 2021 di Ada Neri</p>", ["Ada Neri"]),
        # a link to an author's page of the same site, no other element with its address
        ("<h1>Una barca</h1><a href='/autori/ada'>Ada Neri</a>", ["Ada Neri"]),
        ("<h1>Una barca</h1><a href='/autori/ada'>Io</a>", []),
        ("<h1>Una barca</h1><a href='https://www.faro.example/autori/ada'>Ada Neri</a>", ["Ada Neri"]),
        ("<h1>Una barca</h1><a href='https://altro.example/autori/ada'>Ada Neri</a>", []),
        ("<h1>Una barca</h1><a href='/porto/ada'>Ada Neri</a>", []),
        ("<h1>Una barca</h1><a>Ada Neri</a><b href='/autori/ada'>Ugo Bassi</b>", []),
        # 120 letters at most
        (f"<h1>Una barca</h1><p>{'di Ada Neri'.ljust(120, 'x')}</p>", ["di Ada Neri".ljust(120, "x")]),
        (f"<h1>Una barca</h1><p>{'di Ada Neri'.ljust(121, 'x')}</p>", []),
        (f"<h1>Una barca</h1><p>di Ada{' ' * 9_000}Neri</p>", ["di Ada Neri"]),
        (f"<h1>Una barca</h1><p>di Ada{' ' * 11_000}Neri</p>", []),
        # named elements outside comments
        ("<div class='comments'><a rel='author'>Ada Neri</a></div>", []),
        ("<a rel='author'>Io</a><a rel='author'>Ada Neri</a>", ["Ada Neri"]),
    ],
)
def test_bylines_of_elements(body: str, found: list[str]) -> None:
    assert shown(body) == found


def test_the_heading_that_is_the_headline_is_the_one_with_its_words() -> None:
    body = "<h1>Il Faro</h1><p>di Ugo Bassi</p><h3>Una barca</h3><p>di Ada Neri</p>"
    assert shown(body, "Una barca") == ["di Ada Neri"]
    assert shown(body, "Un molo") == shown(body) == ["di Ugo Bassi", "di Ada Neri"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("di Ada Neri", "di Ada Neri"),
        ("Porto | di Ada Neri", "di Ada Neri"),
        ("3 minuti fa · By Ada Neri", "By Ada Neri"),
        ("Il porto di Ada Neri", None),
        ("Porto | di carta", None),
        ("di Ada Neri".ljust(120, "x"), "di Ada Neri".ljust(120, "x")),
        ("di Ada Neri".ljust(121, "x"), None),
    ],
)
def test_a_byline_in_a_line(line: str, found: str | None) -> None:
    assert byline_in_line(line) == found
