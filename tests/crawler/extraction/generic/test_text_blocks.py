"""An unknown page as runs of text: what is shown, what it is called, what is linked, how much of it an excerpt has."""

import pytest
from lxml.html import document_fromstring, fromstring

from crawler.extraction.generic.boilerplate_names import (
    Boilerplate,
    is_hidden,
    is_property_list,
    said_by,
)
from crawler.extraction.generic.text_blocks import Excerpt, Node, TextBlock, page_blocks, text_key

LONG = "Il vaporetto numero sette torna a fermarsi al molo vecchio. " * 9


def blocks(body: str) -> tuple[list[Node], list[TextBlock]]:
    return page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))


def texts(body: str) -> list[str]:
    return [block.text for block in blocks(body)[1]]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("uno<p>due <b>tre</b></p>quattro<br>cinque", ["uno quattro cinque", "due tre"]),
        ("<p>uno<span><i> due</i></span> tre</p>", ["uno due tre"]),
        ("<p>uno</p><script>no</script><style>no</style><button>no</button><select><option>no</select>", ["uno"]),
        ("<p>uno</p><p hidden>no</p><p style='Display : NONE'>no</p><p style='color:red'>due</p>", ["uno", "due"]),
        ("<p> </p><p>—</p><p>1</p>", ["1"]),
        (f"<div style='display:none'><p>{LONG}</p></div>", [LONG.strip()]),  # most of the page
        (f"<div style='display:none'><p>{LONG[:490]}</p></div>", []),
        (f"<div style='display:none'><p>{LONG}</p></div><p>{LONG}{LONG}</p>", [(LONG + LONG).strip()]),
        (f"<div style='display:none'><p>{LONG}</p></div><p>{LONG}</p>", [LONG.strip(), LONG.strip()]),
        (f"<div style='display:none'>{LONG}</div>", []),  # nothing stands in it
        (f"<noscript><p>{LONG}</p></noscript>", []),
        (f"<button><p>{LONG}</p></button>", [LONG.strip()]),  # never closed
        (f"<button><p>{LONG}</p><style>{'x' * 2000}</style></button>", [LONG.strip()]),
    ],
)
def test_blocks(body: str, found: list[str]) -> None:
    assert texts(body) == found


def test_a_block_knows_its_place_and_its_links() -> None:
    nodes, [first, second] = blocks("<div>uno <a href='/x'>due <b>tre</b></a></div><p>quattro</p>")
    assert [node.element.tag for node in nodes] == ["body", "div", "a", "b", "p"]
    assert [(node.number, node.end, node.depth) for node in nodes] == [
        (0, 5, 0),
        (1, 4, 1),
        (2, 4, 2),
        (3, 4, 3),
        (4, 5, 1),
    ]
    assert [node.block.number for node in nodes] == [0, 1, 1, 1, 4]
    assert [node.is_link for node in nodes] == [False, False, True, True, False]
    assert (first.text, first.key, first.linked, first.links) == ("uno due tre", "unoduetre", 6, 6 / 9)
    assert second.links == 0.0
    assert [node.number for node in nodes[3].ancestors] == [3, 2, 1, 0]


def test_names_of_elements_around_are_handed_down() -> None:
    nodes, _ = blocks("<div class='sidebar'><p>uno</p></div><div class='share'><p>due</p></div>")
    assert [node.in_boilerplate for node in nodes] == [False, True, True, False, False]
    nodes, _ = blocks("<div hidden class='sidebar'><p class='share'>uno</p></div><p class='article-body'>due</p>")
    assert [node.out for node in nodes] == [False, True, True, False]
    assert nodes[2].kind is Boilerplate.NO and nodes[3].is_body


def test_a_text_is_compared_by_its_letters_and_digits() -> None:
    assert text_key("«È il 7° Molo_Vecchio»!") == "èil7molovecchio"


BESIDE = "Dieci lettere o più stanno qui accanto"


@pytest.mark.parametrize(
    ("lines", "body", "shares"),
    [
        ([LONG], f"<p>{LONG}</p>", [1.0]),
        ([LONG[:60]], f"<p>{LONG[:60]}</p><p>Altro che non c'è in nessun luogo</p>", [1.0, 0.0]),
        (["Sì"], "<p>Sì!</p><p>No!</p>", [1.0, 0.0]),  # a line of its own
        ([f"{BESIDE} sì"], f"<p>{BESIDE}</p><p>sì</p><p>no</p>", [1.0, 1.0, 0.0]),
        ([f"sì {BESIDE}"], f"<p>sì</p><p>{BESIDE}</p>", [1.0, 1.0]),
        (["nove lett sì"], "<p>nove lett</p><p>sì</p>", [0.0, 0.0]),  # too short a neighbour
        (
            ["Undici barche in porto"],
            "<p>Undici barche in porto<b>Tredici canoe al lago</b></p>",
            [pytest.approx(19 / 37)],
        ),
        (["Undici barche"], "<p>Undici barche<b>Tredici canoe al lago</b></p>", [0.0]),  # too short a piece
        ([], f"<p>{LONG}</p>", [0.0]),
    ],
)
def test_the_share_of_a_block_in_an_excerpt(lines: list[str], body: str, shares: list[float]) -> None:
    assert Excerpt(lines).shares(blocks(body)[1]) == shares


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("<div class='sidebar'></div>", Boilerplate.SURE),
        ("<div id='mainSidebar'></div>", Boilerplate.SURE),
        ("<div class='share comments'></div>", Boilerplate.SURE),
        ("<div class='share'></div>", Boilerplate.MAYBE),
        ("<div class='testo'></div>", Boilerplate.NO),
        ("<div class='with-sidebar'></div>", Boilerplate.NO),
        ("<div class='no-comments share'></div>", Boilerplate.MAYBE),
        ("<div class='read-more'></div>", Boilerplate.MAYBE),
        ("<div class='post-footer'></div>", Boilerplate.SURE),
        ("<nav></nav>", Boilerplate.SURE),
        ("<footer></footer>", Boilerplate.MAYBE),
        ("<div role='dialog'></div>", Boilerplate.MAYBE),
        ("<div role='main'></div>", Boilerplate.NO),
        ("<div aria-hidden='true'></div>", Boilerplate.MAYBE),
        ("<span aria-hidden='true'></span>", Boilerplate.NO),
        ("<div aria-hidden='false'></div>", Boilerplate.NO),
        ("<p itemprop='author name'></p>", Boilerplate.MAYBE),
        ("<p itemprop='articleBody'></p>", Boilerplate.NO),
        ("<article class='sidebar'></article>", Boilerplate.NO),
        (f"<div class='{'x' * 300} sidebar'></div>", Boilerplate.NO),
    ],
)
def test_what_names_say(element: str, kind: Boilerplate) -> None:
    found = fromstring(element)
    assert said_by(found.tag, found.attrib).kind is kind


@pytest.mark.parametrize(
    ("element", "body"),
    [
        ("<div class='article-body'></div>", True),
        ("<div id='entry__content'></div>", True),
        ("<div class='articleText'></div>", True),
        ("<div itemprop='description articleBody'></div>", True),
        ("<div class='article'></div>", False),
        ("<div class='body'></div>", False),
    ],
)
def test_names_of_a_text(element: str, body: bool) -> None:
    found = fromstring(element)
    assert said_by(found.tag, found.attrib).is_body is body


def test_hidden_elements_and_lists_of_properties() -> None:
    assert is_hidden(fromstring("<p hidden></p>").attrib) and is_hidden(
        fromstring("<p style='visibility:hidden'></p>").attrib
    )
    assert not is_hidden(fromstring("<p style='display: block'></p>").attrib) and not is_hidden(
        fromstring("<p></p>").attrib
    )
    five, four = "<b itemprop='name'>x</b>" * 5, "<b itemprop='name'>x</b>" * 4
    assert is_property_list(fromstring(f"<div itemscope>{five}</div>"))
    for other in (f"<div itemscope>{four}</div>", f"<div>{five}</div>", f"<div itemscope>{five}<p>y</p></div>"):
        assert not is_property_list(fromstring(other))


@pytest.mark.parametrize(
    ("lines", "body", "share"),
    [
        # a text of twenty letters is found anywhere, a shorter one as a line
        (["z" + "a" * 20 + "z"], f"<p>{'a' * 20}</p>", 1.0),
        (["z" + "a" * 19 + "z"], f"<p>{'a' * 19}</p>", 0.0),
        (["a" * 19], f"<p>{'a' * 19}</p>", 1.0),
        # a piece of fifteen letters is looked for by itself
        (["z" + "a" * 15 + "z"], f"<p>{'a' * 15}<b>{'b' * 15}</b></p>", 0.5),
        (["z" + "a" * 14 + "z"], f"<p>{'a' * 14}<b>{'b' * 14}</b></p>", 0.0),
        (["a" * 20], f"<p>{'a' * 20}<b>{'a' * 20}</b></p>", 1.0),
    ],
)
def test_the_length_from_which_a_text_is_found_anywhere(lines: list[str], body: str, share: float) -> None:
    assert Excerpt(lines).shares(blocks(body)[1]) == [share]


@pytest.mark.parametrize(("letters", "share"), [(9, 0.0), (10, 1.0)])
def test_a_short_line_is_found_beside_a_neighbour_of_ten_letters(letters: int, share: float) -> None:
    beside = "b" * letters
    for line, body in ((f"z{beside}sì", f"<p>{beside}</p><p>sì</p>"), (f"sì{beside}z", f"<p>sì</p><p>{beside}</p>")):
        shares = dict(
            zip((block.text for block in blocks(body)[1]), Excerpt([line]).shares(blocks(body)[1]), strict=True)
        )
        assert shares["sì"] == share


@pytest.mark.parametrize(("letters", "share"), [(59, 0.0), (60, 1.0)])
def test_sixty_letters_of_a_neighbour_are_compared(letters: int, share: float) -> None:
    beside = "b" * letters
    before, behind = f"z{beside}sì", f"sì{beside}z"
    assert Excerpt([before]).shares(blocks(f"<p>{'a' + 'b' * 60}</p><p>sì</p>")[1])[1] == share
    assert Excerpt([behind]).shares(blocks(f"<p>sì</p><p>{'b' * 60 + 'a'}</p>")[1])[0] == share


@pytest.mark.parametrize(("letters", "is_shown"), [(499, False), (500, True)])
def test_a_hidden_element_of_five_hundred_letters_may_be_the_text(letters: int, is_shown: bool) -> None:
    assert bool(texts(f"<div hidden><p>{'a' * letters}</p></div>")) is is_shown
    assert texts(f"<div hidden><p>{'a' * 500}</p></div><p>{'b' * 501}</p>") == ["b" * 501]
