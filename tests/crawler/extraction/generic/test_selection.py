"""The choice of text blocks: blocks in order, what trafilatura took of them, sums of weights, the walker's parts."""

from lxml.html import document_fromstring

from crawler.extraction.generic.agreement import agreement
from crawler.extraction.generic.container import in_container
from crawler.extraction.generic.evidence import Readings, block_evidence
from crawler.extraction.generic.selection import WEIGHTS, is_chosen, select, weighted, with_whole_tables
from crawler.extraction.generic.text_blocks import Excerpt, page_blocks
from crawler.extraction.html.blocks import read_blocks
from crawler.extraction.html.rules import Rules

FIRST = "Il ponte sul Rio Secco resta chiuso fino a lunedì, ha detto il comune."
SECOND = "Chi va a valle deve passare dalla strada vecchia, con dieci minuti in più di viaggio."
BODY = document_fromstring(
    f"<body><nav><a href='/a'>Politica</a></nav><div>sparse parole<p>{FIRST[:20]}<b>{FIRST[20:]}</b></p>"
    f"<ul><li>Voce</li></ul><p>{SECOND}</p></div></body>"
).find(".//body")
NODES, BLOCKS = page_blocks(BODY)


def test_blocks_are_runs_of_text_in_order() -> None:
    assert [block.text for block in BLOCKS] == ["Politica", "sparse parole", FIRST, "Voce", SECOND]
    assert [block.links for block in BLOCKS] == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_elements_of_known_noise_have_no_blocks() -> None:
    body = document_fromstring("<body><div class='x y'>uno</div><p>due</p></body>").find(".//body")
    assert [block.text for block in page_blocks(body, frozenset({"y"}))[1]] == ["due"]


def test_an_excerpt_knows_the_share_of_each_block() -> None:
    assert Excerpt([FIRST, "Voce"]).shares(BLOCKS) == [0.0, 0.0, 1.0, 1.0, 0.0]


def test_the_container_is_where_running_text_stands() -> None:
    assert in_container(NODES, BLOCKS) == [False, True, True, True, True]


def test_evidence_has_weights_and_chooses_what_trafilatura_took() -> None:
    taken = [0.0, 0.0, 1.0, 0.0, 1.0]
    evidence = block_evidence(NODES, BLOCKS, Readings(taken))
    assert all(name in WEIGHTS or name == "figcaption" for found in evidence for name in found)
    assert [is_chosen(found, share) for found, share in zip(evidence, taken, strict=True)][2] is True
    assert not is_chosen(evidence[0], taken[0])


VALUES = [("Porto", "12"), ("Faro", "9"), ("Castello", "7"), ("Mulino", "4")]


def _table(rows: list[tuple[str, ...]]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _whole(markup: str, *chosen: str) -> list[str]:
    """The texts that are chosen with tables whole, where these are chosen before."""
    nodes, blocks = page_blocks(document_fromstring(f"<body>{markup}</body>").find(".//body"))
    flags = with_whole_tables(nodes, blocks, [block.text in chosen for block in blocks])
    return [block.text for block, flag in zip(blocks, flags, strict=True) if flag]


def test_a_table_of_values_is_chosen_whole_by_most_of_its_letters() -> None:
    cells = [cell for row in VALUES for cell in row]
    assert _whole(f"<p>prima</p>{_table(VALUES)}<p>dopo</p>", "Porto", "Faro", "Castello") == cells
    assert _whole(_table([("Porto", "Molo"), ("Faro", "Via"), ("Mulino", "Rio")]), "Porto", "Molo", "Faro")[-1] == "Rio"
    assert _whole(_table(VALUES), "Porto", "Faro") == ["Porto", "Faro"]  # nine letters of 28


def test_other_tables_are_chosen_cell_by_cell() -> None:
    assert _whole(_table(VALUES[:2]), "Porto", "Faro") == ["Porto", "Faro"]  # two rows may be anything
    assert _whole(_table([("Porto",), ("Faro",), ("Rio",)]), "Porto", "Faro") == ["Porto", "Faro"]
    layout = [*VALUES, (FIRST + SECOND, "menu")]
    assert _whole(_table(layout), FIRST + SECOND) == [FIRST + SECOND]  # a page may stand in a table
    around = f"<table><tr><td><p>menu</p></td><td>{_table(VALUES)}</td></tr></table>"
    assert "menu" not in _whole(around, "Porto", "Faro", "Castello")


def _evidence_of(markup: str, taken: list[float], headline: str = "") -> list[dict[str, float]]:
    nodes, blocks = page_blocks(document_fromstring(f"<body>{markup}</body>").find(".//body"))
    assert len(blocks) == len(taken)
    return [dict(found) for found in block_evidence(nodes, blocks, Readings(taken, headline=headline))]


def test_a_sentence_between_headline_and_text_is_the_lede() -> None:
    markup = f"<h1>Ponte chiuso</h1><div class='article-intro'>{SECOND}</div><p>{FIRST}</p><p>{FIRST * 3}</p>"
    headline, lede, first, _ = _evidence_of(markup, [0.0, 0.0, 1.0, 1.0], headline="pontechiuso")
    assert lede["sentence above the text"] == lede["named like a lede"] == 1.0
    assert is_chosen(lede, 0.0) and not is_chosen(headline, 0.0)
    assert "sentence above the text" not in first


def test_offers_and_adverts_in_the_text_are_told_by_words_and_names() -> None:
    offer = "Ogni sabato i fatti della valle: iscriviti alla <a href='/lettera'>newsletter</a>."
    markup = f"<p>{FIRST * 3}</p><div class='promo-box'><p>{offer}</p></div><p>{SECOND}</p><p>Copyright il comune</p>"
    text, promo, _, notice = _evidence_of(markup, [1.0, 1.0, 1.0, 1.0])
    assert promo["named like an advert"] == promo["asks the reader"] == notice["asks the reader"] == 1.0
    assert "asks the reader" not in text
    assert not is_chosen(promo, 1.0)


def test_the_walker_reads_the_chosen_blocks_and_no_other_text() -> None:
    container, parts = select(NODES, [BLOCKS[2], BLOCKS[4]], BLOCKS)
    found = read_blocks(container, Rules(), "https://example.org/", parts)
    assert [block.text for block in found.blocks] == [FIRST, SECOND]


def test_links_in_a_paragraph_outside_the_core_are_read() -> None:
    last = "<div><p>Lo dice la <a href='/x'>relazione</a>.</p></div>"
    nodes, blocks = page_blocks(document_fromstring(f"<div><div><p>{FIRST * 9}</p><p>{SECOND}</p></div>{last}</div>"))
    container, parts = select(nodes, blocks, blocks)
    assert read_blocks(container, Rules(), "https://example.org/", parts).blocks[-1].text == "Lo dice la relazione."


def test_agreement_is_shared_text() -> None:
    assert agreement(FIRST, FIRST) == 1.0
    assert agreement(FIRST, SECOND) == 0.0
    assert agreement("", "") == 1.0


def walked(body: str, chosen: list[str]) -> list[tuple[str, str]]:
    """What the walker reads of a page of which the blocks with these texts are chosen."""
    nodes, blocks = page_blocks(document_fromstring(f"<body>{body}</body>").find(".//body"))
    container, parts = select(nodes, [block for block in blocks if block.text in chosen], blocks)
    found = read_blocks(container, Rules(), "https://example.org/", parts)
    return [(block.type.value, block.text) for block in found.blocks] + [("image", i.url[-5:]) for i in found.images]


def test_pictures_inside_the_text_are_read_and_those_around_it_are_not() -> None:
    def picture(name: str) -> str:
        return f"<figure><img src='/{name}.jpg'><figcaption>Foto {name}</figcaption></figure>"

    text = f"<div><p>{FIRST}</p>{picture('b')}<p>No, questo non è del testo.</p><p>{SECOND}</p></div>"
    assert walked(f"<main>{picture('a')}{text}{picture('c')}</main>", [FIRST, SECOND]) == [
        *(("paragraph", FIRST), ("caption", "Foto b"), ("paragraph", SECOND), ("image", "b.jpg")),
    ]


def test_a_box_inside_the_text_leaves_its_captions_alone() -> None:
    box = "<div><p>Nel riquadro</p><figure><img src='/b.jpg'><figcaption>Foto</figcaption></figure></div>"
    found = walked(f"<div><p>{FIRST}</p>{box}<p>{SECOND}</p></div>", [FIRST, SECOND])
    assert found == [("paragraph", FIRST), ("caption", "Foto"), ("paragraph", SECOND), ("image", "b.jpg")]


def test_text_of_a_chosen_block_around_others_is_read_without_them() -> None:
    body = f"<div><div>{FIRST}<p>No</p></div><p>{SECOND}</p></div>"
    assert walked(body, [FIRST, SECOND]) == [("paragraph", FIRST), ("paragraph", SECOND)]
    assert walked(body, ["No", SECOND]) == [("paragraph", "No"), ("paragraph", SECOND)]
    assert walked(f"<div><p>{FIRST}</p></div><p>No</p>", [FIRST]) == [("paragraph", FIRST)]


def test_what_is_not_shown_is_left_out_but_for_players() -> None:
    hidden = "<p hidden>No</p><div class='x'></div><iframe src='https://v.example/1'></iframe><img src='/b.jpg'>"
    found = walked(f"<div><p>{FIRST}</p>{hidden}<p>{SECOND}</p></div>", [FIRST, SECOND])
    assert found == [("paragraph", FIRST), ("embed", ""), ("paragraph", SECOND), ("image", "b.jpg")]


def test_a_list_of_which_items_are_chosen_has_those() -> None:
    body = f"<div><p>{FIRST}</p><ul><li>Sì, questo</li><li>No</li></ul></div>"
    assert walked(body, [FIRST, "Sì, questo"]) == [("paragraph", FIRST), ("list", "Sì, questo")]


def test_the_weights_for_what_trafilatura_took_and_left_are_added_up() -> None:
    evidence = {"sentence": 1.0, "links": 0.5, "no such evidence": 1.0}
    for taken, column in ((0.5, 0), (0.49, 1)):
        assert weighted(evidence, taken) == {
            "sentence": WEIGHTS["sentence"][column],
            "links": 0.5 * WEIGHTS["links"][column],
        }
    assert not is_chosen({}, 1.0)


def test_pictures_around_the_core_are_not_read_although_a_line_of_the_text_stands_farther_out() -> None:
    def picture(name: str) -> str:
        return f"<figure><img src='/{name}.jpg'><figcaption>Foto {name}</figcaption></figure>"

    core = f"<div><p>{FIRST * 9}</p>{picture('b')}<p>{SECOND * 9}</p></div>"
    outside = f"<p>Prima.</p>{picture('a')}{core}<p>Dopo.</p>{picture('c')}<p>Infine.</p>"
    assert walked(f"<section>{outside}</section>", ["Prima.", FIRST * 9, SECOND * 9, "Dopo.", "Infine."]) == [
        *(("paragraph", "Prima."), ("paragraph", FIRST * 9), ("caption", "Foto b"), ("paragraph", SECOND * 9)),
        *(("paragraph", "Dopo."), ("paragraph", "Infine."), ("image", "b.jpg")),
    ]
