"""trafilatura's tree of a body as blocks, links and pictures; its text as lines."""

import pytest
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from crawler.extraction.generic.trafilatura_reader import read_body, separated_text, trafilatura_reading
from storage.article import Image

BASE = "https://faro.example/porto/"


def shown(inner: str) -> list[tuple[str, str]]:
    body = etree.fromstring(f"<body>{inner}</body>")
    return [(block.type.value, block.text) for block in read_body(body, BASE).blocks]


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ("<p>uno<lb/>due</p><p> </p>", [("paragraph", "uno due")]),
        ("<quote>uno</quote>", [("quote", "uno")]),
        ("<list><item>uno</item><item/><item>due</item></list>", [("list", "uno\ndue")]),
        ("<table><row><cell>a</cell><cell>b</cell></row><row><cell> </cell></row></table>", [("table", "a\tb")]),
        (
            "<p>uno <hi>due</hi><list><item>tre</item></list>quattro</p>",
            [("paragraph", "uno due"), ("list", "tre"), ("paragraph", "quattro")],
        ),
        ("<p><quote>uno</quote></p>", [("quote", "uno")]),
        ("<p>uno<graphic src='/i.jpg'/> due</p>", [("paragraph", "uno due")]),
    ],
)
def test_blocks(inner: str, found: list[tuple[str, str]]) -> None:
    assert shown(inner) == found


@pytest.mark.parametrize(("rend", "level"), [("h1", 2), ("h2", 2), ("h4", 4), ("", 2), ("head", 2)])
def test_a_heading_has_a_level(rend: str, level: int) -> None:
    [heading] = read_body(etree.fromstring(f"<body><head rend='{rend}'>Uno</head></body>"), BASE).blocks
    assert (heading.text, heading.level) == ("Uno", level)


def test_links_and_pictures() -> None:
    pictures = "<graphic src='i.jpg' alt=' Il molo '/><graphic src='j.jpg'/><graphic/>"
    inner = f"<p><ref target='/a'>x</ref><ref>y</ref>{pictures}</p>"
    found = read_body(etree.fromstring(f"<body>{inner}</body>"), BASE)
    assert found.links == ["https://faro.example/a"]
    assert found.images == [Image(url=f"{BASE}i.jpg", caption="Il molo"), Image(url=f"{BASE}j.jpg")]


def test_a_short_text_is_one_where_the_page_is_known_to_be_an_article() -> None:
    short = document_fromstring(
        "<html><body><article><p>Il porto è aperto.</p><p class='x'>No.</p></article></body></html>"
    )
    assert separated_text(short, BASE, noise=["x"], sure=True) == ["Il porto è aperto."]
    assert separated_text(document_fromstring("<html><body></body></html>"), BASE) == []


def test_a_page_deeper_than_python_s_stack_has_no_second_reading() -> None:
    lists = "<ul><li>" * 1500
    html = f"<html><body><article><p>{'Il porto è aperto da ieri. ' * 20}</p>{lists}Uno</article></body></html>"
    deep = document_fromstring(html, parser=HTMLParser(huge_tree=True))
    assert separated_text(deep, BASE) == []
    assert trafilatura_reading(deep, BASE, BASE) is None
    shallow = document_fromstring(html.replace(lists, lists[:80]))
    assert any("Il porto" in line for line in separated_text(shallow, BASE))
    found = trafilatura_reading(shallow, BASE, BASE)
    assert found is not None
    assert found.blocks[0].text.startswith("Il porto è aperto da ieri.")


def test_comments_are_no_text_of_a_page() -> None:
    lines = [f"Il porto numero {n} è aperto da ieri a tutte le barche che vengono dal lago." for n in range(6)]
    article = f"<article>{''.join(f'<p>{line}</p>' for line in lines)}</article>"
    comments = "<div id='comments' class='comments'><p>Io al porto vado ogni giorno con la mia barca rossa.</p></div>"
    page = document_fromstring(f"<html><body>{article}{comments}</body></html>")
    assert separated_text(page, BASE) == lines
    found = trafilatura_reading(page, BASE, BASE)
    assert found is not None
    assert [block.text for block in found.blocks] == lines


def test_classes_to_cut_and_lists_of_properties_are_not_read() -> None:
    lines = [f"Il porto numero {n} è aperto da ieri a tutte le barche che vengono dal lago." for n in range(6)]
    cut = f"<div class='x y'>{''.join(f'<p>{line} Forse.</p>' for line in lines)}</div>"
    properties = "".join(f"<div itemprop='name'>{line} Sì.</div>" for line in lines)
    page = document_fromstring(
        f"<html><body><article><div itemscope>{properties}</div>{cut}"
        f"{''.join(f'<p>{line}</p>' for line in lines)}</article></body></html>"
    )
    found = trafilatura_reading(page, BASE, BASE, noise=["y"])
    assert found is not None
    assert [block.text for block in found.blocks] == lines
    assert not any("Forse" in line for line in separated_text(page, BASE, noise=["y"]))


def test_pictures_and_links_in_the_text_are_read_with_it() -> None:
    lines = [f"Il porto numero {n} è <a href='/{n}'>aperto</a> da ieri a tutte le barche del lago." for n in range(6)]
    text = "<img src='/molo.jpg' alt='Il molo'>".join(f"<p>{line}</p>" for line in lines)
    page = document_fromstring(f"<html><body><article>{text}</article></body></html>")
    found = trafilatura_reading(page, BASE, BASE)
    assert found is not None
    assert found.links == [f"https://faro.example/{n}" for n in range(6)]
    assert {image.url for image in found.images} == {"https://faro.example/molo.jpg"}
