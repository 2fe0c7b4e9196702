"""What style sheets name."""

import pytest

from crawler.requisites.requisite import Requisite, RequisiteKind
from crawler.requisites.stylesheet import MOST_BYTES, inline_requisites, stylesheet_requisites

BASE = "https://paper.example/css/site.css"
FONT, IMAGE, STYLESHEET = RequisiteKind.FONT, RequisiteKind.IMAGE, RequisiteKind.STYLESHEET


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ('@import "a.css";', [("https://paper.example/css/a.css", STYLESHEET)]),
        ("@import url(a.css) screen;", [("https://paper.example/css/a.css", STYLESHEET)]),
        ("@import url('/a.css') layer(x) supports(display: grid);", [("https://paper.example/a.css", STYLESHEET)]),
        ("p { background: url( x.png ) }", [("https://paper.example/css/x.png", IMAGE)]),
        ('p { background: URL("../x y.png") }', [("https://paper.example/x%20y.png", IMAGE)]),
        ("@font-face { src: url(f.woff2) format('woff2') }", [("https://paper.example/css/f.woff2", FONT)]),
        ("@media print { @font-face { src: url(f.ttf) } p { background: url(x.png) } }",
         [("https://paper.example/css/f.ttf", FONT), ("https://paper.example/css/x.png", IMAGE)]),
        ('p { background: -webkit-image-set("1.png" 1x, "2.png" 2x) }',
         [("https://paper.example/css/1.png", IMAGE), ("https://paper.example/css/2.png", IMAGE)]),
        ("p { mask: url(//cdn.example/m.svg#part) }", [("https://cdn.example/m.svg", IMAGE)]),
        ("/* url(x.png) */ p { content: 'url(x.png)' }", []),
        ("@namespace svg url(http://www.w3.org/2000/svg); p { x: url(data:image/png;base64,AAAA) }", []),
        ("p { filter: url(#blur) }", []),
        ("p { background: url(x.png", [("https://paper.example/css/x.png", IMAGE)]),
        ("p { background: url(javascript:alert(1)), url(ftp://x.example/a.png), url(http://[bad/) }", []),
        ("p { background: url(x.png) } q { background: url(x.png) }", [("https://paper.example/css/x.png", IMAGE)]),
    ],
)  # fmt: skip
def test_files_of_a_style_sheet(css: str, expected: list[tuple[str, RequisiteKind]]) -> None:
    assert stylesheet_requisites(css.encode(), BASE) == [Requisite(*one) for one in expected]


def test_its_charset_counts() -> None:
    css = '@charset "iso-8859-1"; p { background: url(caffè.png) }'.encode("iso-8859-1")
    assert [one.url for one in stylesheet_requisites(css, BASE)] == ["https://paper.example/css/caff%C3%A8.png"]


def test_hostile_css_ends() -> None:
    nested = b"p{" + b"a(" * 50_000 + b"url(x.png)"
    assert [one.url for one in stylesheet_requisites(nested, BASE)] == ["https://paper.example/css/x.png"]
    assert stylesheet_requisites(b"p{background:url(x.png)}" + b" " * MOST_BYTES, BASE) == []


def test_style_attributes_and_elements() -> None:
    assert inline_requisites("background-image: url('a.jpg')", is_attribute=True) == (Requisite("a.jpg", IMAGE),)
    assert inline_requisites("@import 'b.css'; p { color: red }") == (Requisite("b.css", STYLESHEET),)
    assert inline_requisites("p { color: red }") == ()


def test_a_number_of_thousands_of_digits_ends_a_style_sheet_without_files() -> None:
    css = "p { background: url(a.png); width: " + "9" * 5000 + "px }"
    assert stylesheet_requisites(css.encode(), BASE) == []
    assert inline_requisites(css) == inline_requisites("width: " + "9" * 5000 + "; b: url(a)", is_attribute=True) == ()
