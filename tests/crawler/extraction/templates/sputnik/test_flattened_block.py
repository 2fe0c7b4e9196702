"""The hidden microdata block of a Sputnik page in a flattened dump: where it begins and ends, and its lines."""

import pytest

from crawler.extraction.flattened.lines import Line, read_lines
from crawler.extraction.templates.sputnik.flattened_block import MicrodataBlock, begins_block, block_start, read_block

URL = "https://it.sputniknews.com/20220301/la-banda-14000001.html"
OTHER_URL = "https://it.sputniknews.com/20220302/il-forno-14000002.html"
IMAGE = "https://cdn.example/img/07e6/1/111_0:0:600:400_600x0_a.jpg"
TITLE = "La banda torna in piazza"
DESCRIPTION = "Due anni di silenzio. 01.03.2022, Sputnik Italia"
INSTANT = "2022-03-01T09:05+0100"
ONE = "Tutto comincia in una mattina di marzo, sotto i portici."
TWO = "La prossima riunione si terrà dopo le feste d'inverno."


def lines_of(*texts: str) -> list[Line]:
    return read_lines("\n".join(texts))


def block_of(*texts: str) -> MicrodataBlock:
    return read_block(lines_of(*texts), 0)


@pytest.mark.parametrize(
    ("texts", "begins"),
    [
        ((URL, TITLE, DESCRIPTION), True),
        ((URL, DESCRIPTION), True),
        ((URL, INSTANT), True),
        ((URL, "/html/head/meta[@name='og:title']/@content"), True),
        ((URL, IMAGE, DESCRIPTION), True),
        ((URL, *["x"] * 6, DESCRIPTION), True),
        # too far below it, another address between, nothing, no address
        ((URL, *["x"] * 7, DESCRIPTION), False),
        ((URL, OTHER_URL, DESCRIPTION), False),
        ((URL, TITLE), False),
        ((URL,), False),
        ((TITLE, DESCRIPTION), False),
    ],
)
def test_a_block_begins_at_the_article_s_address(texts: tuple[str, ...], begins: bool) -> None:
    assert begins_block(lines_of(*texts), 0) is begins


@pytest.mark.parametrize(
    ("texts", "start"),
    [
        (("Cronaca", URL, TITLE, DESCRIPTION), 1),
        # without an address: the headline above the description, which is there twice, or once
        ((TITLE, TITLE, DESCRIPTION), 0),
        ((TITLE, DESCRIPTION), 0),
        (("Cronaca", TITLE, TITLE, DESCRIPTION), 1),
        ((TITLE, TITLE, "La banda torna", DESCRIPTION), 0),
        ((TITLE, TITLE, "La banda", "Rocca", DESCRIPTION), 3),
        (("Cronaca", TITLE, DESCRIPTION, "Cronaca"), 1),
        ((DESCRIPTION, TITLE), None),
        ((TITLE, ONE), None),
        ((), None),
    ],
)
def test_where_the_block_begins(texts: tuple[str, ...], start: int | None) -> None:
    assert block_start(lines_of(*texts)) == start


def test_a_block_without_an_address() -> None:
    block = block_of(TITLE, TITLE, DESCRIPTION, INSTANT, "musica", ONE)
    assert (block.url, block.titles, block.tags, block.glued) == (None, [TITLE, TITLE], ["musica"], ONE)
    assert block.keywords == ["musica"]


def test_a_block_of_which_only_the_head_is_there() -> None:
    block = block_of(URL, TITLE, DESCRIPTION, "musica")
    assert (block.glued, block.end, block.tags) == ("", 4, ["musica"])


@pytest.mark.parametrize(("letters", "is_body"), [(250, False), (251, True)])
def test_a_text_above_the_description_is_the_body_where_it_is_too_long_for_a_title(letters: int, is_body: bool) -> None:
    block = block_of(URL, "L" * letters, DESCRIPTION)
    assert (block.glued == "L" * letters) is is_body
    assert (block.titles == ["L" * letters]) is not is_body


@pytest.mark.parametrize(
    ("above", "line", "is_body"),
    [
        ((), "Una frase intera.", True),
        ((), "L" * 91, True),
        ((), "L" * 90, False),
        # behind the picture a shorter line too
        ((IMAGE,), "L" * 26, True),
        ((IMAGE,), "L" * 25, False),
        ((), "L" * 26, False),
        ((), "Scrivi a feedback@sputniknews.example.", False),
        ((), "12.5.", False),
        ((), "https://cdn.example/a.", False),
    ],
)
def test_which_line_behind_the_description_is_the_body(above: tuple[str, ...], line: str, is_body: bool) -> None:
    block = block_of(URL, TITLE, DESCRIPTION, INSTANT, *above, line, ONE)
    assert block.glued == (line if is_body else ONE)
    assert block.images == [*above]


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        (TITLE, True),
        (TITLE.upper(), True),
        ("09:05 01.03.2022", True),
        (ONE, True),
        (f"La banda del quartiere torna {'x' * 40}", True),
        # too short to tell
        ("Tutto comincia in una mattina di", False),
        ("Un'altra frase assai lunga che nessuno ha scritto nel testo", False),
        (URL, False),
    ],
)
def test_where_the_visible_article_begins(line: str, begins: bool) -> None:
    described = "La banda del quartiere torna 01.03.2022, Sputnik Italia"
    head = (URL, TITLE, described, INSTANT, ONE + TWO, "feedback@sputniknews.example")
    assert block_of(*head, line, "x").end == (len(head) if begins else len(head) + 2)


def test_a_block_ends_where_the_next_one_begins() -> None:
    head = (URL, TITLE, DESCRIPTION, INSTANT, ONE)
    assert block_of(*head, OTHER_URL, "Il forno riapre", DESCRIPTION).end == len(head)


@pytest.mark.parametrize(("length", "is_start"), [(40, False), (41, True)])
def test_a_line_of_the_body_that_begins_the_visible_article_is_long(length: int, is_start: bool) -> None:
    head = (URL, TITLE, DESCRIPTION, INSTANT, f"{'b' * 60}.", "feedback@sputniknews.example")
    assert block_of(*head, "b" * length).end == len(head) + (not is_start)


@pytest.mark.parametrize(
    ("line", "is_place"),
    [
        *(("borgo lieto", True), ("MUSICA", True), ("borgo lieto di sotto", True)),
        *(("borgo lieto di sotto ancora", False), ("Borgo lieto", False), ("borgo_lieto", False)),
        *(("borgo 2", False), ("borgo lieto.", False)),
    ],
)
def test_a_place_is_a_tag_or_a_few_words_in_small_letters(line: str, is_place: bool) -> None:
    block = block_of(URL, TITLE, DESCRIPTION, INSTANT, "musica", "banda", ONE, line, "Sputnik Italia", "a@b.example")
    assert (block.places, block.comments) == (([line], 0) if is_place else ([], 1))


def test_what_machines_read_is_no_comment() -> None:
    machine = ("2022", "true", "+7 495 645 66 01", "/html/head/title", INSTANT, IMAGE, "Sputnik Italia", "a@b.example")
    block = block_of(URL, TITLE, DESCRIPTION, INSTANT, ONE, *machine)
    assert (block.comments, block.places, block.authors, block.images) == (0, [], [], [IMAGE])


def test_among_the_organisation_s_lines_a_sentence_is_a_comment() -> None:
    head = (URL, TITLE, DESCRIPTION, INSTANT, ONE, "a@b.example")
    assert block_of(*head, "Notiziario del giorno").comments == 0
    assert block_of(*head, "Che bella banda.").comments == 1


@pytest.mark.parametrize(
    ("word", "is_keyword"), [("b" * 60, True), ("una banda che suona ogni sera qui", True), ("b" * 61, False)]
)
def test_the_longest_keyword(word: str, is_keyword: bool) -> None:
    block = block_of(URL, TITLE, DESCRIPTION, INSTANT, "musica", ONE, "a@b.example", f"musica, {word}")
    assert block.keywords == (["musica", word] if is_keyword else ["musica"])


@pytest.mark.parametrize(("letters", "is_cut"), [(124, False), (125, True)])
def test_a_lede_that_was_cut_is_long(letters: int, is_cut: bool) -> None:
    lede = f"{'L' * (letters - 3)}..."
    block = block_of(URL, TITLE, f"{lede} 01.03.2022, Sputnik Italia", ONE)
    assert (block.lede_cut, block.lede) == (is_cut, lede.rstrip(".") if is_cut else lede)


def test_a_description_of_a_day_alone() -> None:
    block = block_of(URL, TITLE, "01.03.2022, Sputnik Italia", ONE)
    assert (block.lede, block.lede_cut, block.day, block.brand) == (None, False, "01.03.2022", "Sputnik Italia")
