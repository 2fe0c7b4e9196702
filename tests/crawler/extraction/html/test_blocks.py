"""The reader of blocks: every word once, in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from crawler.extraction.html.blocks import BodyContent, Parts, read_blocks
from crawler.extraction.html.rules import CONTAINERS, Role, Rules
from crawler.extraction.pages.page import Page
from storage.article import BlockType

BASE = "https://example.org/a/"


def _read(inner: str, rules: Rules | None = None) -> BodyContent:
    return read_blocks(fromstring(f"<div>{inner}</div>"), rules or Rules(), BASE)


def _shown(inner: str) -> list[tuple[str, str]]:
    return [(block.type.value, block.text) for block in _read(inner).blocks]


def test_text_between_blocks_is_kept() -> None:
    assert _shown("prima<p>uno</p>poi <b>due</b><ul><li>tre</li></ul>fine") == [
        ("paragraph", "prima"),
        ("paragraph", "uno"),
        ("paragraph", "poi due"),
        ("list", "tre"),
        ("paragraph", "fine"),
    ]


def test_two_breaks_part_paragraphs_and_one_does_not() -> None:
    assert _shown("<p>uno<br>due<br> <br/>tre</p>") == [("paragraph", "uno due"), ("paragraph", "tre")]


def test_white_space_is_folded() -> None:
    assert _shown("<p>\n uno&nbsp;&nbsp;due\t\u200btre </p><p>&nbsp;</p>") == [("paragraph", "uno due tre")]


def test_quote_with_and_without_cite() -> None:
    quotes = _read(
        "<blockquote><p>Uno.</p><p>Due.</p><footer>— <cite>Ada</cite></footer></blockquote>"
        "<blockquote><p>Ho letto <cite>Il faro</cite> da giovane.</p></blockquote>"
    ).blocks
    assert [(q.text, q.cite) for q in quotes] == [("Uno. Due.", "Ada"), ("Ho letto Il faro da giovane.", None)]


def test_layout_table_is_no_table() -> None:
    assert _shown("<table><tr><td><p>uno</p><p>due</p></td></tr></table>") == [
        ("paragraph", "uno"),
        ("paragraph", "due"),
    ]


def test_figure_gives_picture_and_caption() -> None:
    found = _read(
        '<figure><img src="data:x" data-src="/i.jpg"><figcaption>Il molo © AFP 2022 / N. P.</figcaption></figure>'
    )
    assert [(i.url, i.caption, i.credit) for i in found.images] == [
        ("https://example.org/i.jpg", "Il molo", "© AFP / N. P.")
    ]
    assert [(b.type, b.text) for b in found.blocks] == [(BlockType.CAPTION, "Il molo")]


def test_post_of_a_network_is_an_embed() -> None:
    found = _read(
        '<blockquote class="twitter-tweet"><p>Ciao</p><a href="https://social.example/1">1 marzo</a></blockquote>'
    )
    assert [(b.type, b.url) for b in found.blocks] == [(BlockType.EMBED, "https://social.example/1")]


def test_unknown_kind_is_read_and_counted() -> None:
    rules = Rules(block_classes=frozenset({"block"}), kinds={"text": Role.TEXT, "ad": Role.DROP})
    found = _read(
        '<div class="block" data-type="text">uno</div><div class="block" data-type="ad">no</div>'
        '<div class="block" data-type="poll">due</div>',
        rules,
    )
    assert [b.text for b in found.blocks] == ["uno", "due"]
    assert found.unknown == ["poll"]


def test_a_part_of_a_class_that_nobody_knows_is_read_and_counted() -> None:
    rules = Rules(roles={"known": Role.TEXT, "note": Role.NOTE}, counted_tags=CONTAINERS)
    found = _read(
        '<div class="known">uno</div><div class="poll-17 wide">due</div><section class="quiz"></section>'
        '<p class="x">tre</p><div class="note">Nota della casa</div>',
        rules,
    )
    assert [b.text for b in found.blocks] == ["uno", "due", "tre"]
    assert (found.unknown, found.left_out) == (["poll"], ["disclaimer"])


def test_a_figure_without_known_names_keeps_its_words() -> None:
    found = _read('<figure><img src="/i.jpg"><div class="didascalia">Il molo</div><i>© AFP 2022 / N. P.</i></figure>')
    assert [(i.caption, i.credit) for i in found.images] == [("Il molo", "© AFP / N. P.")]
    assert found.unknown == ["didascalia"]


def test_a_list_of_pictures_is_a_gallery_with_each_caption_once() -> None:
    item = (
        '<li><figure><img src="/{0}.jpg"><figcaption>{1}</figcaption></figure><p class="wp-caption-text">{1}</p></li>'
    )
    found = _read(f"<ul>{item.format(1, 'Il molo')}{item.format(2, 'La torre')}</ul>")
    assert [(b.type, b.text) for b in found.blocks] == [
        (BlockType.CAPTION, "Il molo"),
        (BlockType.CAPTION, "La torre"),
    ]
    assert [i.caption for i in found.images] == ["Il molo", "La torre"]


def test_related_card_leaves_only_its_link() -> None:
    found = _read('<div class="card"><a href="/b"></a>Altro</div>', Rules(roles={"card": Role.RELATED}))
    assert (found.blocks, found.links) == ([], ["https://example.org/b"])


def test_hidden_and_silent_elements_are_not_read() -> None:
    assert _shown('<p style="display: none">x</p><script>y</script><p hidden>z</p><p>uno</p>') == [("paragraph", "uno")]


WORD = st.text("abcdefgh", min_size=1, max_size=5)


def _wrap(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(["p", "div", "b", "a", "section", "span", "blockquote", "h2", "figure", "em"])
    return st.builds(lambda tag, inner: f"<{tag}>{' '.join(inner)}</{tag}>", tags, st.lists(children, max_size=4))


@given(st.recursive(WORD, _wrap, max_leaves=25))
def test_every_word_once_and_in_order(inner: str) -> None:
    container = fromstring(f"<div>{inner}</div>")
    found = " ".join(block.text for block in read_blocks(container, Rules(), BASE).blocks)
    assert found.split() == " ".join(container.itertext()).split()


@given(st.integers(min_value=1, max_value=1500))
def test_depth_has_no_bound(depth: int) -> None:
    tree = Page(url=BASE, html="<div>" * depth + "uno" + "</div>" * depth).tree
    assert [block.text for block in read_blocks(tree, Rules(), BASE).blocks] == ["uno"]


@pytest.mark.parametrize("tag", ["blockquote", "ul><li", "figure", "table><tr><td", "p", "span", "h2", "aside"])
def test_deep_nesting_neither_fails_nor_takes_long(tag: str) -> None:
    tree = Page(url=BASE, html=f"<{tag}>" * 600 + "uno").tree
    assert "uno" in " ".join(block.text for block in read_blocks(tree, Rules(), BASE).blocks)


def test_picture_without_words() -> None:
    assert [(i.url, i.caption) for i in _read('<figure><img src="/i.jpg"></figure>').images] == [
        ("https://example.org/i.jpg", None)
    ]


def test_items_inside_a_list_or_a_box_in_a_list_are_read() -> None:
    assert _shown("<ul><ul><li>Una</li></ul><div><li>Due</li></div><p>Tre</p><li>Quattro</li></ul>") == [
        ("list", "Una\nDue\nTre\nQuattro")
    ]


def test_items_and_cells_without_are_left_out() -> None:
    tree = fromstring("<div><ul><li>Una</li><li>Due</li></ul><table><tr><td>a<td>b<td>c</tr></table></div>")
    without = {tree.findall(".//li")[0], tree.findall(".//td")[2]}
    found = read_blocks(tree, Rules(), "", Parts(without=without)).blocks
    assert [block.text for block in found] == ["Due", "a\tb"]


def test_a_table_with_a_column_of_paragraphs_is_the_layout_of_a_page() -> None:
    line = "Il mercato coperto ha riaperto dopo due anni, con quaranta banchi e una piccola scuola."
    texts = [f"{n}. {line}" for n in (1, 2, 3)]
    column = "".join(f"<p>{text}</p>" for text in texts)
    assert _shown(f"<table><tr><td>Menu<td>{column}</tr></table>") == [
        ("paragraph", "Menu"),
        *(("paragraph", text) for text in texts),
    ]


def test_a_caption_that_is_shown_twice_is_one_block() -> None:
    figure = "<figure><img src='/m.jpg'><figcaption>Il molo</figcaption></figure>"
    assert _shown(f"{figure}<figcaption>Il molo</figcaption><p>uno</p>") == [
        ("caption", "Il molo"),
        ("paragraph", "uno"),
    ]
    assert _shown(f"{figure}<p>uno</p><p>due</p><figcaption>Il molo</figcaption>")[-1] == ("caption", "Il molo")
    assert _shown("<p>Il molo</p><figcaption>Il molo</figcaption>") == [
        ("paragraph", "Il molo"),
        ("caption", "Il molo"),
    ]


def test_a_caption_without_a_picture_and_that_of_a_table() -> None:
    assert _shown("<figcaption>Il molo. Foto: Ada Neri</figcaption><figcaption> </figcaption>") == [
        ("caption", "Il molo.")
    ]
    rows = "<tr><td>a</td><td>b</td></tr><tr><td> </td><td></td></tr>"
    assert _shown(f"<table><caption>Le barche</caption>{rows}</table>") == [("caption", "Le barche"), ("table", "a\tb")]


def test_what_is_said_to_be_shown_is_read_although_its_role_is_to_be_dropped() -> None:
    rules = Rules(roles={"menu": Role.DROP})
    tree = fromstring("<div><div class='menu'><p>uno</p></div><div class='menu'><p>due</p></div></div>")
    found = read_blocks(tree, rules, BASE, Parts(shown=frozenset({tree[1]})))
    assert [block.text for block in found.blocks] == ["due"]


def test_the_level_of_a_heading() -> None:
    heads = "".join(f"<h{level}>{level}</h{level}>" for level in range(1, 7))
    assert [(block.text, block.level) for block in _read(heads).blocks] == [
        *(("1", 2), ("2", 2), ("3", 3), ("4", 4), ("5", 5), ("6", 6)),
    ]


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ("<h2>Il <b>molo</b></h2>", [("heading", "Il molo")]),
        ("<h2> </h2><p></p><blockquote></blockquote><ul><li> </li></ul><table></table>", []),
        ("<h2>Il<br><br>molo</h2>", [("heading", "Il molo")]),
        ("uno<br>due", [("paragraph", "uno due")]),
        ("uno<br><br><br>due", [("paragraph", "uno"), ("paragraph", "due")]),
        ("<p>uno<span hidden>x</span> due</p>", [("paragraph", "uno due")]),
        ("<p style='visibility:hidden'>x</p><p style='display:block'>uno</p>", [("paragraph", "uno")]),
        ("<p>uno <button>x</button>due<!-- z --> tre</p>", [("paragraph", "uno due tre")]),
        ("<video title='Il porto'></video>", [("embed", "Il porto")]),
        ("<video></video>", []),
        (
            "<section>uno<aside>due</aside>tre</section>",
            [("paragraph", "uno"), ("paragraph", "due"), ("paragraph", "tre")],
        ),
    ],
)
def test_blocks_of_elements(inner: str, shown: list[tuple[str, str]]) -> None:
    assert _shown(inner) == shown


def test_the_level_of_a_heading_by_its_class_is_that_of_the_tag_in_it() -> None:
    rules = Rules(roles={"title": Role.HEADING})
    found = _read("<div class='title'><h4>uno</h4></div><div class='title'>due</div>", rules)
    assert [(block.type, block.text, block.level) for block in found.blocks] == [
        (BlockType.HEADING, "uno", 4),
        (BlockType.HEADING, "due", 2),
    ]


@pytest.mark.parametrize(
    ("quote", "text", "cite"),
    [
        ("<p>Torneremo.</p><cite>Ada Neri</cite>", "Torneremo.", "Ada Neri"),
        ("<p>Torneremo.</p><cite>– Ada Neri</cite>", "Torneremo.", "Ada Neri"),
        ("<p>Torneremo.</p><footer>Ada Neri, <cite>Il Faro</cite></footer>", "Torneremo.", "Ada Neri, Il Faro"),
        ("<p>Torneremo.</p><p><cite>Ada Neri</cite></p>", "Torneremo.", "Ada Neri"),
        # a title in a sentence, or words behind it
        ("<p>Ho letto <cite>Il faro</cite></p>", "Ho letto Il faro", None),
        ("<p><cite>Il faro</cite> è bello</p>", "Il faro è bello", None),
        ("<p><br>Ho letto <cite>Il faro</cite></p>", "Ho letto Il faro", None),
        ("<p><b>Ho letto</b><cite>Il faro</cite></p>", "Ho lettoIl faro", None),
        ("<cite>Il faro</cite><p>è bello</p>", "Il faro è bello", None),
        ("<p>Torneremo.</p><figcaption>Il molo</figcaption>", "Torneremo.", None),
    ],
)
def test_the_words_and_the_speaker_of_a_quotation(quote: str, text: str, cite: str | None) -> None:
    blocks = _read(f"<blockquote>{quote}</blockquote>").blocks
    assert [(block.type, block.text, block.cite) for block in blocks] == [(BlockType.QUOTE, text, cite)]


def test_the_speaker_by_a_class() -> None:
    rules = Rules(roles={"who": Role.CITE})
    (quote,) = _read("<blockquote>Torneremo. <span class='x who'>Ada Neri</span></blockquote>", rules).blocks
    assert (quote.text, quote.cite) == ("Torneremo.", "Ada Neri")


def test_links_of_words_are_kept_and_those_of_pictures_and_scripts_are_not() -> None:
    found = _read(
        "<p><a href='/uno'>uno</a> <a href='/foto'><img src='/i.jpg'></a> <a href='javascript:x()'>due</a></p>"
        "<ul><li><a href='/tre'>tre</a></li></ul><blockquote><a href='/quattro'>quattro</a></blockquote>"
    )
    assert found.links == [f"https://example.org/{name}" for name in ("uno", "tre", "quattro")]
    assert [image.url for image in found.images] == ["https://example.org/i.jpg"]


@pytest.mark.parametrize(
    ("sizes", "is_kept"),
    [
        ("", True),
        ("width='48' height='48'", True),
        ("width='47'", False),
        ("height='1'", False),
        ("width='100%' height='48'", True),
    ],
)
def test_counting_pixels_and_icons_are_no_pictures(sizes: str, is_kept: bool) -> None:
    assert bool(_read(f"<p>uno <img src='/i.jpg' {sizes}></p>").images) is is_kept


def test_a_list_with_words_or_two_pictures_in_an_item_is_no_gallery() -> None:
    pictures = "<img src='/1.jpg'>uno<img src='/2.jpg'>"
    assert _shown(f"<ul><li>{pictures}</li></ul>") == [("list", "uno")]
    assert _shown("<ul><li><img src='/1.jpg'>uno</li><li>due</li></ul>") == [("list", "uno\ndue")]
    icons = "<li><img src='/1.jpg' width='16'>uno</li><li><img src='/2.jpg' width='16'>due</li>"
    assert _shown(f"<ul>{icons}</ul>") == [("list", "uno\ndue")]


def test_captions_in_the_items_of_a_list_stand_behind_it() -> None:
    item = "<li>uno<figure><img src='/1.jpg'><figcaption>Il molo</figcaption></figure></li><li>due</li>"
    (shown, caption) = _read(f"<ul>{item}</ul>").blocks
    assert (shown.items, caption.text) == (("uno", "due"), "Il molo")


def test_tables_keep_their_rows_and_cells() -> None:
    inner = "<table><tr><td>c</td><td>d</td></tr></table>"
    assert _shown("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>") == [("table", "a\tb\nc")]
    assert _shown(f"<table><tr><td>a</td><td>b {inner}</td></tr></table>") == [("table", "a\tb c\td")]


def test_two_paragraphs_or_short_ones_in_a_cell_make_no_column() -> None:
    line = "<p>Il mercato coperto ha riaperto dopo due anni, con quaranta banchi e una piccola scuola.</p>"
    assert [kind for kind, _ in _shown(f"<table><tr><td>Menu<td>{line * 2}</tr></table>")] == ["table"]
    assert [kind for kind, _ in _shown(f"<table><tr><td>Menu<td>{'<p>breve</p>' * 3}</tr></table>")] == ["table"]


def test_rows_without_are_left_out_with_the_body_that_holds_them() -> None:
    tree = fromstring("<div><table><tbody><tr><td>a<td>b</tr></tbody><tbody><tr><td>c<td>d</tr></tbody></table></div>")
    found = read_blocks(tree, Rules(), "", Parts(without={tree.findall(".//tbody")[0]})).blocks
    assert [block.text for block in found] == ["c\td"]


def test_what_is_not_read_is_named_with_its_reason() -> None:
    tree = fromstring(
        "<div><p hidden>x</p><p id='no'>y</p><p class='addtoany_content'>z</p>"
        "<blockquote><i hidden>w</i>uno</blockquote></div>"
    )
    found = read_blocks(tree, Rules(), BASE, Parts(without={tree.get_element_by_id("no")}))
    assert [(element.text, getattr(why, "name", why)) for element, why in found.dropped] == [
        ("x", "hidden"),
        ("y", "excluded by the page object"),
        ("z", "DROP"),
        ("w", "hidden"),
    ]


def test_of_a_textless_element_only_the_elements_inside_are_read() -> None:
    tree = fromstring("<div>uno<p>due</p>tre</div>")
    assert [b.text for b in read_blocks(tree, Rules(), BASE, Parts(textless={tree})).blocks] == ["due"]


def test_what_is_shown_is_read_although_its_tag_or_style_says_otherwise() -> None:
    tree = fromstring("<div><form><p>uno</p></form><p hidden>due</p></div>")
    found = read_blocks(tree, Rules(), BASE, Parts(shown={tree[0], tree[1]}))
    assert [block.text for block in found.blocks] == ["uno", "due"]


@pytest.mark.parametrize(
    ("figure", "blocks", "pictures"),
    [
        # what is no picture is read by its tags
        ("<blockquote>uno</blockquote>", [("quote", "uno")], 0),
        ("<img src='/i.jpg'><table><tr><td>a<td>b</tr></table>", [("table", "a\tb")], 1),
        ("uno", [("paragraph", "uno")], 0),
        # one picture in a figure in a figure, and two
        ("<figure><img src='/i.jpg'></figure><figcaption>Il molo</figcaption>", [("caption", "Il molo")], 1),
        (
            "<figure><img src='/1.jpg'><figcaption>Il molo</figcaption></figure><figure><img src='/2.jpg'></figure>",
            [("caption", "Il molo")],
            2,
        ),
    ],
)
def test_figures_that_hold_more_than_a_picture(figure: str, blocks: list[tuple[str, str]], pictures: int) -> None:
    found = _read(f"<figure>{figure}</figure>")
    assert [(block.type.value, block.text) for block in found.blocks] == blocks
    assert len(found.images) == pictures


def test_a_picture_has_the_caption_of_its_attribute_where_nothing_beside_it_is_one() -> None:
    rules = Rules(caption_attribute="data-caption")
    figure = "<figure><img src='/i.jpg' data-caption=' Il molo '>{}</figure>"
    assert [image.caption for image in _read(figure.format(""), rules).images] == ["Il molo"]
    assert [i.caption for i in _read(figure.format("<figcaption>La torre</figcaption>"), rules).images] == ["La torre"]
    assert [image.caption for image in _read(figure.format("")).images] == [None]


def test_kinds_are_counted_where_there_is_something_in_them() -> None:
    rules = Rules(counted_tags=frozenset({"div", "figure"}))
    found = _read(
        "<div class='uno'>x</div><div class='due'> </div><div class='tre'><img src='/i.jpg'></div><p class='no'>x</p>"
        "<figure class='foto-2'><img src='/j.jpg'></figure><div>x</div><ul><li><div class='voce'>y</div></li></ul>",
        rules,
    )
    assert found.unknown == ["uno", "tre", "foto", "voce"]


@pytest.mark.parametrize(("levels", "shown"), [(119, ["uno", "due"]), (120, ["uno due"])])
def test_beyond_120_levels_the_text_is_taken_as_it_is(levels: int, shown: list[str]) -> None:
    assert [text for _, text in _shown(f"{'<section>' * levels}<div><p>uno</p><p>due</p></div>")] == shown


@pytest.mark.parametrize(("letters", "kind"), [(79, "table"), (80, "paragraph")])
def test_three_paragraphs_of_eighty_letters_make_a_column(letters: int, kind: str) -> None:
    column = "".join(f"<p>{mark * letters}</p>" for mark in "abc")
    assert {kind for kind, _ in _shown(f"<table><tr><td>Menu<td>{column}</tr></table>")} == {kind}


def test_a_table_without_two_cells_in_a_row_is_a_frame() -> None:
    caption = ("paragraph", "Le barche")
    assert _shown("<table><caption>Le barche</caption><tr><td>uno</td></tr></table>") == [caption, ("paragraph", "uno")]
    assert _shown("<table><caption>Le barche</caption></table>") == [caption]


def test_a_caption_may_stand_again_behind_two_other_blocks() -> None:
    caption = "<figcaption>Il molo</figcaption>"
    assert [kind for kind, _ in _shown(f"{caption}<p>uno</p>{caption}")] == ["caption", "paragraph"]
    assert [kind for kind, _ in _shown(f"{caption}<p>uno</p><p>due</p>{caption}")] == [
        *("caption", "paragraph", "paragraph", "caption"),
    ]


@pytest.mark.parametrize(
    ("inner", "title", "url"),
    [
        ("<iframe src='/1' title=' Il video '></iframe>", "Il video", "https://example.org/1"),
        ("<iframe src='/1' title='x' data-title='Il video'></iframe>", "Il video", "https://example.org/1"),
        ("<div class='twitter-video'><iframe src='/1' title='Il video'></iframe></div>", "Il video", None),
        ("<iframe src='/1'></iframe>", "", "https://example.org/1"),
    ],
)
def test_the_title_of_a_player(inner: str, title: str, url: str | None) -> None:
    (player,) = _read(inner).blocks
    assert (player.type, player.text, player.url) == (BlockType.EMBED, title, url or "https://example.org/1")
