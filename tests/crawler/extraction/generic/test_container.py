"""The container of an unknown page's text is where much running text stands close together."""

import pytest
from lxml.html import document_fromstring

from crawler.extraction.generic.container import in_container
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.generic.text_blocks import page_blocks
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason

LINES = [
    f"La funivia numero {n} porta da valle a monte in undici minuti, con venti persone a ogni corsa." for n in range(9)
]
P = [f"<p>{line}</p>" for line in LINES]
ALL = "".join(P)


def inside(body: str) -> list[str]:
    """The texts of the blocks in the container."""
    nodes, blocks = page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))
    return [block.text for block, is_in in zip(blocks, in_container(nodes, blocks), strict=True) if is_in]


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{ALL}</div><div>{LINES[0]}</div>",
        f"<div>{LINES[0]}</div><div>{ALL}</div>",
        f"<div>{ALL}</div><ul>"
        + "".join(f"<li><a href='/{n}'>{line}</a></li>" for n, line in enumerate(LINES * 3))
        + "</ul>",
        f"<div>{ALL}</div><div class='comments'>{ALL}{ALL}</div>",
        f"<div class='article-body'>{ALL}</div><div>{ALL}</div>",
        f"<div>{ALL}<div class='related'>{P[0]}</div></div>",
        f"<div>{ALL}<div class='share'>{P[0]}{P[1]}</div></div>",
    ],
)
def test_the_text_is_inside_and_the_rest_outside(body: str) -> None:
    assert inside(body) == LINES


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='comments'>{ALL}</div>",
        f"<div class='sidebar'>{ALL}</div><p>Breve</p>",
        "".join(f"<div><div>{p}</div></div>" for p in P),
        f"<div><div>{''.join(P[:5])}</div><div>{''.join(P[5:])}</div></div>",
        f"<div><ul>{''.join(f'<li>{line}</li>' for line in LINES)}</ul></div>",
        f"<div><div class='share'>{ALL}</div></div>",
    ],
)
def test_a_text_wherever_it_stands_is_whole(body: str) -> None:
    assert [text for text in inside(body) if text in LINES] == LINES


def test_short_lines_headings_and_links_have_no_weight() -> None:
    lines = "".join(f"<p>Riga {n}</p>" for n in range(200))
    heads = "".join(f"<h2>{line}</h2>" for line in LINES * 3)
    linked = "".join(f"<p><a href='/{n}'>{line[:50]}</a>{line[50:]}</p>" for n, line in enumerate(LINES * 3))
    for other in (lines, heads, linked):
        assert inside(f"<div>{other}</div><div>{ALL}</div>") == LINES


def test_a_page_without_running_text() -> None:
    assert inside("<p>Uno</p><p>Due</p>") == ["Uno", "Due"]
    assert inside("") == []


def test_a_page_all_of_whose_elements_are_known_to_be_none_of_the_text() -> None:
    """Known classes of a platform whose page has one of them on its `body`."""
    body = document_fromstring(f"<body class='popup'><div>{ALL}</div></body>").find(".//body")
    nodes, blocks = page_blocks(body, frozenset({"popup"}))
    assert in_container(nodes, blocks) == []
    page = Page(url="https://faro.example/a", html=f"<html><body class='popup'><div>{ALL}</div></body></html>")
    with pytest.raises(PageRefused) as refused:
        GenericPage(page, noise=["popup"]).to_article()
    assert refused.value.reason is RefusalReason.NO_TEXT


@pytest.mark.parametrize(("linked", "is_text"), [(0.4, True), (0.6, False)])
def test_a_line_of_which_most_is_linked_has_no_weight(linked: float, is_text: bool) -> None:
    lines = [
        f"La barca numero {n} porta da riva a riva in undici minuti, con venti persone a ogni corsa." for n in range(9)
    ]
    pieces = [(line[: int(linked * len(line))], line[int(linked * len(line)) :]) for line in lines * 2]
    other = "".join(f"<p><a href='/{n}'>{first}</a>{rest}</p>" for n, (first, rest) in enumerate(pieces))
    found = inside(f"<div>{ALL}</div><div>{other}</div>")
    assert (set(lines) <= set(found)) is is_text


@pytest.mark.parametrize("tag", ["article", "main"])
def test_of_two_texts_alike_that_in_an_article_or_main_is_inside(tag: str) -> None:
    other = "".join(f"<p>{line} Forse.</p>" for line in LINES)
    assert inside(f"<section><div>{other}</div></section><section><{tag}>{ALL}</{tag}></section>") == LINES
    assert inside(f"<section><{tag}>{ALL}</{tag}></section><section><div>{other}</div></section>") == LINES


def test_of_two_texts_alike_that_named_like_boilerplate_is_outside() -> None:
    other = "".join(f"<p>{line[1:]}</p>" for line in LINES)
    assert inside(f"<section class='share'><div>{other}</div></section><section><div>{ALL}</div></section>") == LINES


def test_the_smallest_element_that_holds_the_text_is_the_container() -> None:
    assert inside(f"<div><p>Menu</p><div><p>Data</p><div>{ALL}</div></div></div>") == LINES
    halves = f"<div><div>{''.join(P[:5])}</div><div>{''.join(P[5:])}</div></div>"
    assert inside(f"<p>Menu</p>{halves}") == LINES


def test_a_box_in_the_container_is_outside_with_all_that_it_holds() -> None:
    box = f"<div class='related'><div><p>{LINES[0]} Ancora.</p></div></div>"
    assert inside(f"<div>{''.join(P[:4])}{box}{''.join(P[4:])}</div>") == LINES


def test_names_of_boilerplate_around_most_of_the_text_are_not_believed() -> None:
    other = "La stazione della funivia a valle ha due biglietterie, un bar e una sala per chi aspetta."
    assert set(LINES) <= set(inside(f"<div class='comments'><div>{ALL}</div></div><div><p>{other}</p></div>"))
    few = "".join(P[:5])
    rest = "".join(f"<p>{line} Sì.</p>" for line in LINES[:4])
    assert LINES[0] not in inside(f"<section class='comments'><div>{few}</div></section><section>{rest}</section>")


def test_a_smaller_part_beside_most_of_the_text_is_inside_too() -> None:
    both = f"<div>{''.join(P[:7])}</div><div>{''.join(P[7:])}</div>"
    assert inside(f"<div><p>Menu</p></div><section>{both}</section>") == LINES
    alone = f"<section><div>{ALL}</div><div><p>{LINES[0][:45]}</p></div></section>"
    assert inside(f"<div><p>Menu</p></div>{alone}") == LINES


def test_a_cell_of_a_table_that_holds_the_text_is_the_container() -> None:
    assert inside(f"<table><tr><td>Menu</td><td>{ALL}</td><td>Data</td></tr></table>") == LINES


@pytest.mark.parametrize(("letters", "is_text"), [(39, False), (40, True)])
def test_lines_of_forty_letters_have_weight(letters: int, is_text: bool) -> None:
    lines = [chr(97 + n) * letters for n in range(26)]
    other = "".join(f"<p>{line}</p>" for line in lines)
    found = inside(f"<div>{''.join(P[:5])}</div><div>{other}</div>")
    assert (lines[0] in found) is is_text
    assert (LINES[0] in found) is not is_text


@pytest.mark.parametrize(("levels", "is_in"), [(5, True), (6, False)])
def test_an_element_with_more_of_the_text_is_looked_for_five_levels_above(levels: int, is_in: bool) -> None:
    more = [f"{line} Ancora." for line in LINES[:7]]
    text = f"{'<div>' * levels}{ALL}{'</div>' * levels}" + "".join(f"<p>{line}</p>" for line in more)
    assert inside(f"<section>{text}</section>") == (LINES + more if is_in else LINES)


def test_a_text_right_in_an_element_named_like_boilerplate_is_inside() -> None:
    other = f"<div><p>{LINES[8]}</p></div>"
    assert inside(f"<section class='comments'>{''.join(P[:8])}</section>{other}") == LINES


@pytest.mark.parametrize("smaller", ["<article>{}</article>", "<div class='article-body'>{}</div>"])
def test_much_more_text_outweighs_the_name_of_an_element(smaller: str) -> None:
    other = "".join(f"<p>{line} Forse.</p>" for line in LINES[:4])
    assert inside(f"<section><div>{ALL}</div></section><section>{smaller.format(other)}</section>") == LINES
