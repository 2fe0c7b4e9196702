"""The Sputnik grammar of flattened dumps: microdata block, media, alignment with the articleBody."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.flattened.lines import Line, read_lines, squeeze
from crawler.extraction.refusals import PageRefused
from crawler.extraction.templates.sputnik.flattened import recognises, site_names
from crawler.extraction.templates.sputnik.flattened_alignment import BodyText, read_aligned
from crawler.extraction.templates.sputnik.flattened_block import block_start, is_description, read_block
from crawler.extraction.templates.sputnik.flattened_media import mark_captions
from crawler.extraction.templates.sputnik.flattened_visible import VisibleArticle, is_boilerplate, read_by_shape

URL = "https://it.sputniknews.com/20220301/la-banda-14000001.html"
ONE = "Tutto comincia in una mattina di marzo, sotto i portici."
TWO = "La prossima riunione si terrà dopo le feste d'inverno."
BLOCK = f"""{URL}
La banda torna in piazza
Due anni di silenzio. 01.03.2022, Sputnik Italia
2022-03-01T09:05+0100
2022-03-01T09:05+0100
2022-03-01T10:45+0100
musica
{ONE}{TWO}
Sputnik Italia
feedback@sputniknews.example
it_IT
musica, banda
La banda torna in piazza
{ONE}"""


def test_the_microdata_block() -> None:
    lines = read_lines(BLOCK)
    assert block_start(lines) == 0
    block = read_block(lines, 0)
    assert (block.url, block.titles[0], block.lede) == (URL, "La banda torna in piazza", "Due anni di silenzio.")
    assert (block.day, block.brand, block.language) == ("01.03.2022", "Sputnik Italia", "it")
    assert (len(block.instants), block.tags, block.glued) == (3, ["musica"], ONE + TWO)
    assert block.keywords == ["musica", "banda"]
    assert lines[block.end].text == "La banda torna in piazza"


def test_the_platform_is_recognised_by_its_marks() -> None:
    assert recognises(read_lines(BLOCK), None)
    assert recognises([Line("14:21 14.02.2022")], None)
    assert recognises([], URL)
    assert not recognises([Line("Una storia")], "https://faro.example/storia")
    assert site_names(read_lines(BLOCK)) == ["Sputnik Italia"]


@pytest.mark.parametrize("text", ["Un lede... 01.03.2022, Sputnik Italia", "01.03.2022, Sputnik Italia"])
def test_descriptions(text: str) -> None:
    assert is_description(text)
    assert not is_description(f"{text} e altro, ancora")


def test_captions_are_marked_and_credits_taken() -> None:
    lines = read_lines(f"Il molo - Sputnik Italia\n© Sputnik\n{ONE}\nLa torre\n1/2\nLa torre")
    marked, credit_lines = mark_captions(lines, lambda text: text == ONE)
    assert [(entry.line.text, entry.caption) for entry in marked][:2] == [("Il molo", True), (ONE, False)]
    assert credit_lines == ["© Sputnik"]


def test_a_line_outside_the_article_body_is_a_quote() -> None:
    visible = VisibleArticle()
    lines = [Line("Un lede intero."), Line(ONE), Line("“La banda suona ancora.”"), Line(TWO)]
    read_aligned(lines, ONE + TWO, None, (), (), visible)
    assert visible.lede == "Un lede intero."
    assert [(block.type.value, block.text) for block in visible.blocks] == [
        ("paragraph", ONE),
        ("quote", "“La banda suona ancora.”"),
        ("paragraph", TWO),
    ]


def test_text_that_the_visible_part_lacks_is_restored() -> None:
    visible = VisibleArticle()
    read_aligned([Line("Un lede intero."), Line(ONE)], ONE + TWO, None, (), (), visible)
    assert [block.text for block in visible.blocks] == [ONE, TWO]
    assert visible.restored


def test_without_an_article_body_shape_decides() -> None:
    visible = VisibleArticle()
    lines = [Line("Un lede intero."), Line(ONE), Line("Seguici su"), Line(TWO), Line("musica", True)]
    read_by_shape(lines, (), visible)
    assert (visible.lede, [block.text for block in visible.blocks]) == ("Un lede intero.", [ONE, TWO])
    assert visible.keywords == ["musica"]
    assert is_boilerplate("Condividi") and not is_boilerplate(ONE)


@given(st.lists(st.text("ab .", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6))
def test_lines_of_the_body_are_taken_in_order_and_nothing_is_left(texts: list[str]) -> None:
    body = BodyText(" ".join(texts))
    assert all(body.take(text) == "" for text in texts)
    assert body.rest() == ""
    assert all(body.holds(squeeze(text)) for text in texts)


@pytest.mark.parametrize("piece", ["re", "@", "a@", "@a.", "1 ", "/html/", "http://a.jpg", "; ", "a, ", "(", "neve. "])
def test_a_long_line_takes_time_in_proportion(piece: str) -> None:
    lines = BLOCK.splitlines()
    begin = time.process_time()
    for at in (1, 7, len(lines) - 1):
        long = [*lines[:at], lines[at] + piece * (100_000 // len(piece)), *lines[at + 1 :]]
        with suppress(PageRefused):
            extract_flattened("\n".join(long), None)
    assert time.process_time() - begin < 10
