"""Each kind of evidence for and against a text block, on small pages."""

import pytest
from lxml.html import document_fromstring

from crawler.extraction.generic.evidence import Evidence, Readings, block_evidence
from crawler.extraction.generic.text_blocks import page_blocks

LINES = [
    f"Il traghetto numero {n} collega le due rive del lago e parte ogni mezz'ora dal molo nuovo, anche con la nebbia."
    for n in range(9)
]
P = [f"<p>{line}</p>" for line in LINES]
SHORT = "Orario estivo"


def evidence(body: str, taken: tuple[str, ...] = tuple(LINES), **readings: object) -> dict[str, Evidence]:
    """The evidence of each block by its text; `taken` are the texts that trafilatura took."""
    nodes, blocks = page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))
    shares = [float(block.text in taken) for block in blocks]
    found = block_evidence(nodes, blocks, Readings(shares, **readings))  # type: ignore[arg-type]
    return {block.text: one for block, one in zip(blocks, found, strict=True)}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (f"<div>{P[0]}<p>{SHORT}</p></div>", "short"),
        (f"<div>{P[0]}<p>{SHORT}</p></div>", "tiny"),
        (f"<div>{P[0]}<p>{SHORT}</p></div>", "short line"),
        (f"<div>{P[0]}<p>{SHORT}.</p></div>", "sentence"),
        (f"<div>{P[0]}<p>Leggi anche: orario</p></div>", "pointer"),
        (f"<div>{P[0]}<p><a href='/x'>{SHORT}</a></p></div>", "links"),
        (f"<div>{P[0]}<p><a href='/x'>{SHORT}</a></p></div>", "some links"),
        (f"<div>{P[0]}<p><a href='/x'>{SHORT}</a></p></div>", "all links"),
        (f"<div>{P[0]}</div><div>{SHORT}</div>", "div"),
        (f"<div>{P[0]}</div><nav><p>{SHORT}</p></nav>", "nav"),
        (f"<div>{P[0]}</div><footer><div><p>{SHORT}</p></div></footer>", "footer"),
        (f"<header><p>{SHORT}</p></header><div>{P[0]}</div>", "header"),
        (f"<main>{P[0]}<p>{SHORT}</p></main>", "main"),
        (f"<div>{P[0]}</div><div class='comments'><p>{SHORT}</p></div>", "named like boilerplate"),
        (f"<div>{P[0]}<ul><li>{SHORT}</li></ul>{P[1]}</div>", "item in our container"),
        (f"<div>{P[0]}{P[1]}<p>{SHORT}</p></div>", "in our container"),
        (f"<div>{P[0]}{P[1]}<p>{SHORT}</p></div>", "in the agreed container"),
        (f"<p>{SHORT}</p>{P[0]}", "before the text"),
        (f"{P[0]}<p>{SHORT}</p>", "behind the text"),
        (f"{P[0]}<p>{SHORT}</p>{P[1]}", "amid the text"),
        (f"{P[0]}<p>{SHORT}</p>", "previous taken"),
        (f"<p>{SHORT}</p>{P[0]}", "at the beginning"),
        (f"{P[0]}<p>{SHORT}</p>", "at the end"),
        (f"<p>{SHORT}</p><h1>Il traghetto</h1>{P[0]}", "before the headline"),
        (f"{P[0]}<h3>Related</h3><p>{SHORT}</p>", "behind a tail heading"),
        (f"<div class='article-body'>{P[0]}</div><p>{SHORT}</p>", "outside the named body"),
        (f"<div>{P[0]}<h4>{SHORT}</h4></div>", "no block alike"),
        (f"<div>{P[0]}</div><div class='x'><b>{SHORT}</b></div><div class='x'>{SHORT}!</div>", "alike not taken"),
        (
            f"<div>{P[0]}</div><div><div><div><p>{SHORT}</p></div><p>Orari</p></div></div>",
            "great-grandparent not taken",
        ),
    ],
)
def test_evidence_of_a_short_line(body: str, name: str) -> None:
    [found] = [one for text, one in evidence(body).items() if SHORT in text or "Leggi" in text][:1]
    assert found[name] > 0
    text = evidence(body)[LINES[0]]
    shared = ("in our container", "in the agreed container", "main", "sentence", "no block alike", "alike not taken")
    assert name in (*shared, "at the beginning") or name not in text


def test_evidence_of_a_long_sentence_that_was_taken() -> None:
    found = evidence("".join(P))[LINES[4]]
    assert found.keys() == {
        *("always", "agreement", "in our container", "in the agreed container", "amid the text"),
        *("previous taken", "next taken", "siblings taken", "sentence"),
    }
    assert found["agreement"] == 1.0


def test_shares_are_of_the_letters() -> None:
    found = evidence(f"<div>{P[0]}{P[1]}</div>", taken=(LINES[0],))
    assert found[LINES[1]]["agreement"] == pytest.approx(2 / 3, abs=0.01)
    half = evidence(f"<p>{LINES[0]}</p><p>Vedi l'<a href='/x'>orario</a>.</p>")["Vedi l'orario."]
    assert half["links"] == pytest.approx(6 / 11)
    assert "some links" in half and "all links" not in half


def test_what_was_taken_around_a_block_is_told_of_three_levels_above() -> None:
    wrap = "<div><div><div>{}</div>{}</div></div>"
    found = evidence(wrap.format(P[0], P[1]) + P[2], taken=(LINES[1],))
    assert found[LINES[0]]["great-grandparent taken"] == 1.0
    assert "great-grandparent not taken" not in found[LINES[0]]
    assert "great-grandparent taken" not in evidence(wrap.format(P[0], P[1]), taken=(LINES[0],))[LINES[0]]


def test_a_tail_ends_at_the_next_heading_and_begins_behind_most_of_the_text() -> None:
    tail = f"<h3>Related</h3><p>{SHORT}</p><h3>Il lago</h3><p>{SHORT}.</p>"
    found = evidence("".join(P) + tail)
    assert [text for text, one in found.items() if "behind a tail heading" in one] == [SHORT, "Il lago"]
    assert not any("behind a tail heading" in one for one in evidence(f"{P[0]}{tail}{''.join(P[1:])}").values())


def test_the_headline_is_found_by_its_letters_else_the_first_h1() -> None:
    body = f"<p>{SHORT}</p><h2>Il traghetto</h2><p>Ieri</p><h1>Sito</h1>{P[0]}"
    found = evidence(body, headline="iltraghetto")
    assert [text for text, one in found.items() if "before the headline" in one] == [SHORT]
    assert [text for text, one in found.items() if "headline" in one] == ["Il traghetto"]
    assert len([one for one in evidence(body).values() if "before the headline" in one]) == 3


def test_the_pages_own_text_speaks_for_and_against() -> None:
    found = evidence("".join(P[:2]), in_article_body=[0.6, 0.5])
    assert "in articleBody" in found[LINES[0]] and "not in articleBody" not in found[LINES[0]]
    assert "not in articleBody" in found[LINES[1]] and "in articleBody" not in found[LINES[1]]
    assert not any("articleBody" in name for name in evidence("".join(P[:2]))[LINES[0]])


def test_names_of_boilerplate_around_most_of_the_text_mean_nothing() -> None:
    found = evidence(f"<div class='comments'>{P[0]}{P[1]}</div><p>{SHORT}</p>")
    assert "named like boilerplate" not in found[LINES[0]]
    few = evidence(f"<div class='comments'>{P[0]}</div>" + "".join(P[1:]))
    assert "named like boilerplate" in few[LINES[0]]


def test_a_named_body_with_little_of_the_text_is_not_believed() -> None:
    found = evidence(f"<div class='article-body'>{P[0]}</div>" + "".join(P[1:]))
    assert not any("outside the named body" in one for one in found.values())


def test_a_page_of_which_nothing_was_taken() -> None:
    found = evidence(f"<h1>Il traghetto</h1>{P[0]}<p>{SHORT}</p>", taken=())
    assert {name for one in found.values() for name in one} <= {
        *("always", "in our container", "alike not taken", "no block alike", "before the text", "behind the text"),
        *("at the beginning", "before the headline", "sentence above the text"),
        *("sentence", "short line", "tiny", "short"),
    }
    assert evidence("", taken=()) == {}


WORDS = "Il traghetto parte"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        # letters and digits count, marks and spaces do not
        ("a" * 14 + " -", {"tiny", "short", "short line"}),
        ("a" * 15 + " -", {"short", "short line"}),
        ("a" * 79, {"short", "short line"}),
        ("a" * 79 + ".", {"short", "sentence"}),
        ("a" * 80, set()),
        ("a" * 81, set()),
        ("a" * 80 + "?»", {"sentence"}),
        ("Leggi anche " + "a" * 29, {"pointer", "short", "short line"}),
        ("Leggi anche " + "a" * 30, {"short", "short line"}),
    ],
)
def test_lengths_and_ends_of_a_line(line: str, names: set[str]) -> None:
    asked = {"tiny", "short", "short line", "sentence", "pointer"}
    assert asked & evidence(f"{P[0]}<p>{line}</p>")[line].keys() == names


@pytest.mark.parametrize(
    ("linked", "names"), [(4, {"links"}), (6, {"links", "some links"}), (18, {"links", "some links", "all links"})]
)
def test_shares_of_links(linked: int, names: set[str]) -> None:
    line = "abcdefghijklmnopqrst"
    found = evidence(f"{P[0]}<p><a href='/x'>{line[:linked]}</a>{line[linked:]}</p>")[line]
    assert {"links", "some links", "all links"} & found.keys() == names
    assert found["links"] == linked / 20


@pytest.mark.parametrize(
    ("line", "is_behind", "asks"),
    [
        (f"{WORDS}: iscriviti.", True, True),
        (f"{WORDS}: iscriviti.", False, False),
        (f"{WORDS}: <a href='/x'>iscriviti</a>.", False, True),
        (f"{WORDS} alle nove.", True, False),
    ],
)
def test_a_line_asks_the_reader_late_in_the_text_or_with_a_link(line: str, is_behind: bool, asks: bool) -> None:
    text = "".join(P)
    found = evidence(f"{text}<p>{line}</p>" if is_behind else f"{P[0]}<p>{line}</p>{text}")
    assert ["asks the reader" in one for shown, one in found.items() if shown.startswith(WORDS)] == [asks]


def test_a_lede_above_the_text_and_below_the_headline() -> None:
    lede = f"{WORDS} anche con la nebbia, ogni mezz'ora, dal molo."
    body = "<h1>Il lago</h1><p class='{}'>{}</p>" + "".join(P)
    plain, named = (evidence(body.format(name, lede))[lede] for name in ("x", "lede"))
    assert plain["sentence above the text"] == 1 and "named like a lede" not in plain
    assert named["named like a lede"] == 1
    assert "sentence above the text" not in evidence(body.format("x", lede[:-1]))[lede[:-1]]
    assert "sentence above the text" not in evidence(body.format("x", f"{WORDS}."))[f"{WORDS}."]
    above = evidence(f"<p class='lede'>{lede}</p><h1>Il lago</h1>{''.join(P)}")[lede]
    assert not {"sentence above the text", "named like a lede"} & above.keys()


@pytest.mark.parametrize(
    ("name", "kind"), [("banner-x", "named like an advert"), ("photo-credit", "named like a caption")]
)
def test_names_of_one_piece_mean_nothing_around_most_of_the_text(name: str, kind: str) -> None:
    few = evidence(f"<div class='{name}'><p>{SHORT}</p></div>{''.join(P)}")
    assert few[SHORT].get(kind) == 1 and kind not in few[LINES[0]]
    most = evidence(f"<div class='{name}'><p>{SHORT}</p>{''.join(P)}</div>")
    assert kind not in most[SHORT]


def test_neighbours_and_siblings_that_were_taken() -> None:
    found = evidence(f"<div>{P[0]}<p>{SHORT}</p>{P[1]}{P[2]}</div><div>{P[3]}</div>", taken=(LINES[0], LINES[3]))
    assert found[SHORT]["previous taken"] == 1 and "next taken" not in found[SHORT]
    assert found[LINES[2]]["next taken"] == 1 and "previous taken" not in found[LINES[2]]
    sizes = {line: sum(map(str.isalnum, line)) for line in (*LINES[:3], SHORT)}
    beside = sizes[LINES[0]] + sizes[LINES[1]] + sizes[LINES[2]]
    assert found[SHORT]["siblings taken"] == pytest.approx(sizes[LINES[0]] / beside)
    assert "siblings taken" not in found[LINES[3]]


@pytest.mark.parametrize(("number", "name"), [(0, "at the beginning"), (4, None), (9, "at the end")])
def test_the_place_in_the_text(number: int, name: str | None) -> None:
    found = evidence("".join([*P[:number], f"<p>{SHORT}</p>", *P[number:]]))[SHORT]
    places = {"at the beginning", "at the end"} & found.keys()
    assert places == ({name} if name else set())


def test_the_same_kind_of_block_elsewhere() -> None:
    found = evidence(f"<div>{P[0]}</div><div class='y'><p>{SHORT}</p><p>{LINES[1]}</p></div>", taken=(LINES[1],))
    assert not {"no block alike", "alike not taken"} & found[SHORT].keys()
    assert found[LINES[1]]["alike not taken"] == 1
    assert found[LINES[0]]["no block alike"] == 1


def test_what_stands_before_the_first_h1_is_before_the_headline() -> None:
    found = evidence(f"<div>{SHORT}</div><b>Ieri</b><h1>Il lago</h1><h2>Le rive</h2>{''.join(P)}")
    assert [text for text, one in found.items() if "before the headline" in one] == [f"{SHORT}", "Ieri"]


@pytest.mark.parametrize(("letters", "is_lede"), [(39, False), (40, True), (41, True)])
def test_a_lede_has_forty_letters(letters: int, is_lede: bool) -> None:
    lede = "a" * letters + "."
    assert ("sentence above the text" in evidence(f"<h1>Il lago</h1><p>{lede}</p>{P[0]}")[lede]) is is_lede


@pytest.mark.parametrize(("letters", "is_edge"), [(39, False), (40, True)])
def test_a_taken_line_of_forty_letters_is_where_the_text_begins_and_ends(letters: int, is_edge: bool) -> None:
    edges = ["a" * letters, "b" * letters]
    around = f"<p>{SHORT}</p><p>{edges[0]}</p><p>Ieri</p>{P[0]}<p>Oggi</p><p>{edges[1]}</p><p>Domani</p>"
    found = evidence(around, taken=(LINES[0], *edges))
    before = [text for text, one in found.items() if "before the text" in one]
    behind = [text for text, one in found.items() if "behind the text" in one]
    assert before == ([SHORT] if is_edge else [SHORT, edges[0], "Ieri"])
    assert behind == (["Domani"] if is_edge else ["Oggi", edges[1], "Domani"])


def test_a_line_of_which_half_was_taken_is_no_edge() -> None:
    nodes, blocks = page_blocks(document_fromstring(f"<body>{P[0]}{P[1]}{P[2]}</body>").find(".//body"))
    for share, is_before in ((0.5, True), (0.51, False)):
        first, *_ = block_evidence(nodes, blocks, Readings([share, 1.0, 1.0]))
        assert ("before the text" in first) is is_before


@pytest.mark.parametrize(("letters", "value"), [(59, 0.25), (60, 0.1)])
def test_amid_the_text_are_the_shares_of_the_nearest_running_text(letters: int, value: float) -> None:
    body = f"{P[0]}<p>{'a' * letters}</p><p>{SHORT}</p><p>Ieri</p>{P[1]}{P[2]}"
    nodes, blocks = page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))
    found = block_evidence(nodes, blocks, Readings([0.5, 0.2, 0.0, 1.0, 0.5, 1.0]))
    assert found[2]["amid the text"] == value
    assert "amid the text" not in found[0] and "amid the text" not in found[5]


def test_few_taken_blocks_alike_are_none() -> None:
    """The blocks alike are those of the same tag and class in an element of the same tag and class."""
    alike = "".join(f"<p>{line}</p>" for line in LINES[1:])
    body = f"<div class='x'><p>{LINES[0]}</p></div><div class='x'>{alike}</div>"
    nodes, blocks = page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))
    for share, is_none in ((0.3, True), (0.5, False)):  # of one of eight
        first, *_ = block_evidence(nodes, blocks, Readings([1.0, share, *[0.0] * 7]))
        assert ("alike not taken" in first) is is_none
        assert "no block alike" not in first


def test_little_taken_in_the_great_grandparent_is_none() -> None:
    body = f"<section><div><div>{P[0]}</div></div>{''.join(P[1:])}</section>"
    nodes, blocks = page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))
    for share, is_none in ((0.3, True), (0.5, False)):
        first, *_ = block_evidence(nodes, blocks, Readings([1.0, share, *[0.0] * 7]))
        assert ("great-grandparent not taken" in first) is is_none
        assert first["great-grandparent taken"] == pytest.approx(share / 8, rel=0.01)


@pytest.mark.parametrize(("before", "is_tail"), [(5, False), (6, True)])
def test_a_line_like_related_opens_a_tail_behind_sixty_of_hundred_letters(before: int, is_tail: bool) -> None:
    lines = [chr(97 + n) * 100 for n in range(10)]
    body = [f"<p>{line}</p>" for line in lines]
    found = evidence(f"{''.join(body[:before])}<p>b</p><p>Related</p>{''.join(body[before:])}", (*lines, "b"))
    assert ("behind a tail heading" in found[lines[-1]]) is is_tail


@pytest.mark.parametrize(
    ("inside", "kind", "name", "is_believed"),
    [
        (5, "article-body", "outside the named body", True),
        (4, "article-body", "outside the named body", False),
        (4, "promo-box", "named like an advert", True),
        (5, "promo-box", "named like an advert", False),
        (2, "comments", "named like boilerplate", True),
        (3, "comments", "named like boilerplate", False),
    ],
)
def test_shares_of_the_text_from_which_names_of_elements_are_believed(
    inside: int, kind: str, name: str, is_believed: bool
) -> None:
    lines = [chr(97 + n) * 100 for n in range(10)]
    body = [f"<p>{line}</p>" for line in lines]
    found = evidence(f"<div class='{kind}'>{''.join(body[:inside])}</div>{''.join(body[inside:])}", tuple(lines))
    named = lines[-1] if name.startswith("outside") else lines[0]
    assert (name in found[named]) is is_believed


@pytest.mark.parametrize(
    ("before", "name"), [(9, "at the beginning"), (10, None), (190, None), (191, "at the end"), (200, "at the end")]
)
def test_the_beginning_and_the_end_are_a_twentieth_of_the_text(before: int, name: str | None) -> None:
    first, last = "a" * before, "b" * (200 - before)
    found = evidence(f"<p>{first}</p><p>{SHORT}</p><p>{last}</p>", (first, last))[SHORT]
    assert {"at the beginning", "at the end"} & found.keys() == ({name} if name else set())
