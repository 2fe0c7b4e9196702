"""What pages name."""

import pytest

from crawler.requisites.page_requisites import page_requisites
from crawler.requisites.srcset import srcset_urls

URL = "https://paper.example/2021/harbour.html"


def found(markup: str, head: str = "") -> list[tuple[str, str]]:
    page = f"<html><head><title>t</title>{head}</head><body><p>Text</p>{markup}</body></html>"
    return [
        (one.kind.value, one.url.removeprefix("https://paper.example/"))
        for one in page_requisites(page.encode(), URL, "text/html; charset=utf-8")
    ]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<img src="/a.png">', [("image", "a.png")]),
        ('<img src="data:image/gif;base64,AA" data-src="b.jpg" data-srcset="b.jpg 1x, c.jpg 2x">',
         [("image", "2021/b.jpg"), ("image", "2021/c.jpg")]),
        ('<picture><source srcset="w.webp 1x" type="image/webp"><img src="w.jpg"></picture>',
         [("image", "2021/w.webp"), ("image", "2021/w.jpg")]),
        ('<video src="film.mp4" poster="/p.jpg"><source src="film.webm"></video>', [("image", "p.jpg")]),
        ('<script src="/a.js"></script><script type="module" src="/m.js"></script>',
         [("script", "a.js"), ("script", "m.js")]),
        ('<script type="application/ld+json" src="/data.json"></script>', []),
        ('<noscript><img src="/n.png"></noscript>', [("image", "n.png")]),
        ('<div style="background: url(&quot;/d.png&quot;)"></div>', [("image", "d.png")]),
        ("<style>@font-face { src: url(/f.woff2) } p { background: url(/g.png) }</style>",
         [("font", "f.woff2"), ("image", "g.png")]),
        ('<svg><image href="/i.png"/><use xlink:href="/sprite.svg#mark"/><use href="#own"/></svg>',
         [("image", "i.png"), ("image", "sprite.svg")]),
        ('<input type="image" src="/go.gif"><input type="text" src="/no.gif">', [("image", "go.gif")]),
        ('<table background="/t.gif"><tr><td background="/d.gif">x</td></tr></table>',
         [("image", "t.gif"), ("image", "d.gif")]),
        ('<div data-src="/frame.html"></div><div data-bg="/bg.jpg?w=2"></div>', [("image", "bg.jpg?w=2")]),
        ('<a href="/photo.jpg"><iframe src="/frame.html"></iframe></a>', []),
        ('<img src="http://[broken/"><img src=""><img src="javascript:x"><img src="/a b.png">',
         [("image", "a%20b.png")]),
    ],
)  # fmt: skip
def test_files_of_a_page(markup: str, expected: list[tuple[str, str]]) -> None:
    assert found(markup) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<link rel="stylesheet" href="/s.css">', [("stylesheet", "s.css")]),
        ('<link rel="alternate stylesheet" href="/dark.css">', [("stylesheet", "dark.css")]),
        ('<link rel="shortcut icon" href="/f.ico">', [("image", "f.ico")]),
        ('<link rel="preload" as="font" href="/f.woff2"><link rel="preload" as="fetch" href="/x.json">',
         [("font", "f.woff2")]),
        ('<link rel="preload" as="image" imagesrcset="/1.png 1x, /2.png 2x">',
         [("image", "1.png"), ("image", "2.png")]),
        ('<link rel="canonical" href="/c.html"><link rel="alternate" type="application/rss+xml" href="/feed">', []),
        ('<base href="https://paper.example/theme/"><link rel="stylesheet" href="s.css">',
         [("stylesheet", "theme/s.css")]),
    ],
)  # fmt: skip
def test_links_of_a_page(link: str, expected: list[tuple[str, str]]) -> None:
    assert found("", link) == expected


def test_what_changes_the_look_most_comes_first() -> None:
    markup = '<script src="/a.js"></script><img src="/b.png"><link rel="stylesheet" href="/c.css"><img src="/b.png">'
    assert found(markup) == [("stylesheet", "c.css"), ("image", "b.png"), ("script", "a.js")]


def test_what_is_no_page_names_nothing() -> None:
    assert page_requisites(b"", URL, None) == []
    assert page_requisites(b"\x89PNG\r\n", URL, "image/png") == []


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("a.jpg", ["a.jpg"]),
        ("a.jpg 1x, b.jpg 2x", ["a.jpg", "b.jpg"]),
        ("a.jpg, b.jpg 640w,c.jpg", ["a.jpg", "b.jpg", "c.jpg"]),
        ("a,b.jpg 100w, data:image/png;base64,AA,BB 2x", ["a,b.jpg", "data:image/png;base64,AA,BB"]),
        (" , a.jpg 1x (odd, one), b.jpg", ["a.jpg", "b.jpg"]),
        ("", []),
        (",,,", []),
    ],
)
def test_srcset(value: str, urls: list[str]) -> None:
    assert list(srcset_urls(value)) == urls
