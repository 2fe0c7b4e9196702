"""The visible article of a Sputnik page in a flattened dump that lacks the articleBody: shape alone decides."""

import pytest

from crawler.extraction.flattened.lines import Line
from crawler.extraction.templates.sputnik.flattened_visible import (
    VisibleArticle,
    ends_article,
    is_boilerplate,
    read_by_shape,
)

LEDE = "La banda torna in piazza dopo due anni."
ONE = "Tutto comincia in una mattina di marzo, sotto i portici."
TWO = "La prossima riunione si terrà dopo le feste d'inverno."


def read(*lines: str | Line) -> VisibleArticle:
    visible = VisibleArticle()
    read_by_shape([Line(line) if isinstance(line, str) else line for line in lines], (), visible)
    return visible


def blocks(visible: VisibleArticle) -> list[tuple[str, str]]:
    return [(block.type.value, block.text) for block in visible.blocks]


def test_lede_byline_text_and_tags() -> None:
    visible = read("Una riga del menu", LEDE, "Ada Neri e Ugo Bassi", ONE, "Il calendario", TWO, "musica", "Rocca")
    assert (visible.lede, visible.authors, visible.keywords) == (LEDE, ["Ada Neri", "Ugo Bassi"], ["musica"])
    assert blocks(visible) == [("paragraph", ONE), ("heading", "Il calendario"), ("paragraph", TWO)]


@pytest.mark.parametrize("line", ["Ada Neri e la banda", "Sputnik Italia", "Il calendario"])
def test_a_line_behind_the_lede_that_is_no_name_is_of_the_text(line: str) -> None:
    visible = read(LEDE, line, ONE, TWO)
    assert visible.authors == []
    assert blocks(visible)[0][1] == line


def test_the_only_sentence_is_text_and_no_lede() -> None:
    visible = read(ONE)
    assert (visible.lede, blocks(visible)) == (None, [("paragraph", ONE)])
    assert (read("Una riga").lede, blocks(read("Una riga"))) == (None, [])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("“La banda suona ancora.”", "quote"),
        ("“La banda suona ancora”, ha detto il maestro.", "quote"),
        ("“La banda” è il nome di “Rocca in piazza”.", "paragraph"),
        (
            f"“La banda suona ancora” e {'poi ' * 20}tace.",
            "paragraph",
        ),
    ],
)
def test_one_quotation_with_its_speaker_is_a_quotation(line: str, kind: str) -> None:
    assert blocks(read(LEDE, ONE, line, TWO))[1] == (kind, line)


@pytest.mark.parametrize(
    ("tail", "comments"),
    [
        (["Commenti", "Che bella."], 1),
        (["2 commenti", "Che bella."], 0),
        (["ada_1990", "Che bella banda."], 1),
        (["Ultime notizie", "Un altro titolo"], 0),
        (["© 2022 Sputnik. Tutti i diritti riservati."], 0),
        (["Un altro titolo di oggi", "14:21 14.02.2022"], 0),
    ],
)
def test_what_ends_the_article(tail: list[str], comments: int) -> None:
    visible = read(LEDE, ONE, TWO, *tail)
    assert (blocks(visible), visible.comments) == ([("paragraph", ONE), ("paragraph", TWO)], comments)


def test_a_sentence_that_begins_like_the_heading_of_comments_is_of_the_text() -> None:
    applause = "Commenti e applausi hanno accompagnato la prova generale."
    visible = read(LEDE, ONE, applause, TWO)
    assert ([text for _, text in blocks(visible)], visible.comments) == ([ONE, applause, TWO], 0)


def test_tags_are_lines_of_a_few_words_in_small_letters() -> None:
    visible = read(LEDE, ONE, TWO, "musica", "2022", "la banda in piazza", "Rocca")
    assert visible.keywords == ["musica", "la banda in piazza"]
    visible = read(LEDE, ONE, TWO, "una riga di cinque parole", "musica")
    assert (visible.keywords, blocks(visible)[-1][1]) == (["musica"], "una riga di cinque parole")


def test_a_footnote_is_counted_and_left_out() -> None:
    visible = read(LEDE, ONE, TWO, "*Organizzazione vietata in alcuni Paesi")
    assert (visible.footnotes, blocks(visible)) == (1, [("paragraph", ONE), ("paragraph", TWO)])


def test_cells_of_a_table_are_a_list_and_uncertain() -> None:
    visible = read(LEDE, ONE, "Tappa uno", "31 giugno", "Rocca", TWO)
    assert blocks(visible) == [("paragraph", ONE), ("list", "Tappa uno\n31 giugno\nRocca"), ("paragraph", TWO)]
    assert visible.uncertain
    assert not read(LEDE, ONE, TWO).uncertain


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Commenti (12)", True),
        ("Tags: musica", True),
        ("Notizie", True),
        ("Notizie dal porto di Rocca", False),
        (ONE, False),
    ],
)
def test_headings_of_what_stands_behind(text: str, ends: bool) -> None:
    assert ends_article(text) is ends


@pytest.mark.parametrize("line", ["“La banda suona ancora", "Le tappe della banda sono tre:"])
def test_a_quotation_and_a_line_with_a_colon_are_text_and_no_tags(line: str) -> None:
    visible = read(LEDE, ONE, TWO, line, "musica")
    assert (visible.keywords, blocks(visible)[-1][1]) == (["musica"], line)


def test_a_last_line_above_the_tags_that_may_be_a_title_is_uncertain() -> None:
    assert read(LEDE, ONE, TWO, "Rocca ritrova la campana perduta nella cantina", "musica").uncertain
    assert not read(LEDE, ONE, TWO, "musica").uncertain
    assert not read(LEDE, ONE, TWO).uncertain


HEAD, LAST = "Rocca ritrova la campana perduta in cantina", "Il forno del paese riapre dopo la Pasqua"


def test_a_subhead_has_text_or_another_line_above_the_tags_below_it() -> None:
    assert blocks(read(LEDE, ONE, HEAD, LAST)) == [("paragraph", ONE), ("paragraph", HEAD), ("paragraph", LAST)]
    assert blocks(read(LEDE, ONE, HEAD, LAST, "musica")) == [("paragraph", ONE), ("heading", HEAD), ("paragraph", LAST)]
    assert blocks(read(LEDE, ONE, HEAD, TWO)) == [("paragraph", ONE), ("heading", HEAD), ("paragraph", TWO)]


def test_the_byline_stands_right_behind_the_lede() -> None:
    visible = read(LEDE, ONE, "Ada Neri", TWO)
    assert (visible.authors, blocks(visible)[1]) == ([], ("heading", "Ada Neri"))
    visible = read(ONE, "Ada Maria Luisa Eva Neri")
    assert (visible.authors, blocks(visible)) == ([], [("paragraph", ONE), ("paragraph", "Ada Maria Luisa Eva Neri")])


def test_the_lede_is_no_paragraph_of_the_text() -> None:
    assert blocks(read(LEDE, ONE, LEDE, TWO)) == [("paragraph", ONE), ("paragraph", TWO)]


def test_a_picture_s_caption_is_no_lede() -> None:
    visible = read("Il molo", "© Sputnik", LEDE, ONE, "La torre", "© Sputnik", TWO)
    assert visible.lede == LEDE
    assert blocks(visible) == [("caption", "Il molo"), ("paragraph", ONE), ("caption", "La torre"), ("paragraph", TWO)]


@pytest.mark.parametrize(
    ("lines", "uncertain"),
    [
        # two subheads in a row; a subhead where a filter dropped the short lines; a caption above the tags
        ((LEDE, ONE, "Il calendario", "La piazza", TWO), True),
        ((LEDE, ONE, "Il calendario", TWO), False),
        ((LEDE, ONE, HEAD, TWO), True),
        ((LEDE, ONE, TWO), False),
        ((LEDE, ONE, TWO, HEAD, "© Sputnik", "musica"), False),
    ],
)
def test_lines_that_may_be_another_s_are_uncertain(lines: tuple[str, ...], uncertain: bool) -> None:
    assert read(*lines).uncertain is uncertain


def test_a_dump_of_tags_alone() -> None:
    visible = read("musica", "banda")
    assert (visible.keywords, visible.lede, blocks(visible)) == (["musica", "banda"], None, [])


@pytest.mark.parametrize(
    ("lines", "is_end"),
    [
        # a reader's name above a comment
        ((LEDE, ONE, "ada_1990", TWO), True),
        ((LEDE, ONE, "Il calendario", "ada_1990", TWO), True),
        ((LEDE, "ada_1990", ONE, TWO), False),
        ((LEDE, ONE, "ada_1990", "Il calendario", TWO), False),
        ((LEDE, ONE, Line("ada_1990", True), TWO), False),
        # the headline above a date line
        ((LEDE, ONE, "Un altro titolo di oggi", "14:21 14.02.2022", TWO), True),
        ((LEDE, ONE, "14:21 14.02.2022", TWO), False),
    ],
)
def test_comments_and_the_next_article_end_the_text(lines: tuple[str | Line, ...], is_end: bool) -> None:
    found = [text for _, text in blocks(read(*lines))]
    assert (TWO not in found) is is_end


@pytest.mark.parametrize(
    ("line", "is_quotation"),
    [
        ("«La banda suona ancora»", True),
        ("“La banda suona ancora” dice.", True),
        (f"“La banda suona”, {'d' * 80}.", True),
        (f"“La banda suona”, {'d' * 81}.", False),
        ("La banda “suona” ancora.", False),
        ("“La banda suona ancora.", False),
    ],
)
def test_a_quotation_has_two_marks_and_little_behind_it(line: str, is_quotation: bool) -> None:
    assert (blocks(read(LEDE, ONE, line, TWO))[1][0] == "quote") is is_quotation


def test_a_page_s_own_lines_are_none_of_the_article_s() -> None:
    own = ("Condividi", "https://it.sputniknews.com/foto/")
    assert [text for _, text in blocks(read(LEDE, ONE, *own, TWO))] == [ONE, TWO]
    assert is_boilerplate("Stampa") and not is_boilerplate("Stampa estera")
    assert is_boilerplate("https://it.sputniknews.com/") and not is_boilerplate("vedi https://it.sputniknews.com/")
