"""Visible lines of a flattened Sputnik page aligned with the articleBody, which has no separators."""

import pytest

from crawler.extraction.flattened.lines import read_lines
from crawler.extraction.templates.sputnik.flattened_alignment import BodyText, read_aligned
from crawler.extraction.templates.sputnik.flattened_visible import VisibleArticle

LEDE = "Un lede intero."
ONE = "Tutto comincia in una mattina di marzo, sotto i portici."
TWO = "La prossima riunione si terrà dopo le feste d'inverno."
SAID = "“La banda suona ancora.”"
TITLE = "Rocca ritrova la campana perduta in cantina"


def read(*lines: str, glued: str = ONE + TWO, lede: str | None = None, tags: tuple[str, ...] = ()) -> VisibleArticle:
    visible = VisibleArticle()
    read_aligned(read_lines("\n".join(lines)), glued, lede, tags, (), visible)
    return visible


def blocks(visible: VisibleArticle) -> list[tuple[str, str]]:
    return [(block.type.value, block.text) for block in visible.blocks]


TEXT = [("paragraph", ONE), ("paragraph", TWO)]


@pytest.mark.parametrize(
    ("letters", "away", "found"), [(39, 400, True), (39, 401, False), (40, 401, True), (40, 900, True)]
)
def test_a_short_line_is_found_close_behind_the_one_before_it(letters: int, away: int, found: bool) -> None:
    body = BodyText(f"{'a' * away} {'b' * letters}.")
    assert body.take("b" * letters) == ("a" * away if found else None)
    assert body.rest() == ("." if found else f"{'a' * away} {'b' * letters}.")


@pytest.mark.parametrize(
    ("lines", "known", "lede", "shown"),
    [
        ((LEDE, ONE, TWO), None, LEDE, TEXT),
        # what the description has begins it
        (("Un titolo: una riga.", LEDE, ONE, TWO), "Un lede", LEDE, [*TEXT]),
        ((LEDE, ONE, TWO), "Un altro lede", None, TEXT),
        # no sentence, a quotation, a picture's caption
        (("Una riga", LEDE, ONE, TWO), None, LEDE, TEXT),
        ((SAID, LEDE, ONE, TWO), None, LEDE, TEXT),
        ((SAID, ONE, TWO), None, None, [("quote", SAID), *TEXT]),
        (("Il molo", "© Sputnik", LEDE, ONE, TWO), None, LEDE, TEXT),
        (("Una riga", ONE, TWO), None, None, TEXT),
        # behind the lede: another's title, a byline; a quotation is the article's
        ((LEDE, TITLE, ONE, TWO), None, LEDE, TEXT),
        ((LEDE, SAID, ONE, TWO), None, LEDE, [("quote", SAID), *TEXT]),
        # nothing of the text is shown
        ((LEDE,), None, LEDE, TEXT),
    ],
)
def test_the_lede_stands_before_the_text(
    lines: tuple[str, ...], known: str | None, lede: str | None, shown: list[tuple[str, str]]
) -> None:
    visible = read(*lines, lede=known)
    assert (visible.lede, blocks(visible)) == (lede, shown)


def test_the_byline_between_lede_and_text() -> None:
    visible = read(LEDE, "Ada Neri e Ugo Bassi", ONE, "Eva Riva", TWO)
    assert (visible.authors, blocks(visible)) == (
        ["Ada Neri", "Ugo Bassi"],
        [TEXT[0], ("paragraph", "Eva Riva"), TEXT[1]],
    )


@pytest.mark.parametrize(
    ("lines", "shown", "uncertain"),
    [
        (("La banda suona ancora in piazza.",), [("quote", "La banda suona ancora in piazza.")], False),
        (("- una voce", "| a | b |", "|---|---|"), [("list", "una voce"), ("table", "a\tb")], False),
        (("Il molo", "© Sputnik"), [("caption", "Il molo")], False),
        (("Una riga qualunque",), [("paragraph", "Una riga qualunque")], True),
        (("Ada Neri",), [("paragraph", "Ada Neri")], True),
        ((SAID, "Una riga qualunque"), [("quote", SAID), ("paragraph", "Una riga qualunque")], True),
        (("Uno", "Due", "Tre"), [("list", "Uno\nDue\nTre")], True),
    ],
)
def test_a_line_that_the_body_lacks(lines: tuple[str, ...], shown: list[tuple[str, str]], uncertain: bool) -> None:
    visible = read(LEDE, ONE, *lines, TWO)
    assert blocks(visible) == [TEXT[0], *shown, TEXT[1]]
    assert visible.uncertain is uncertain
    assert not visible.restored


def test_the_first_of_two_names_under_a_quotation_is_its_speaker() -> None:
    visible = read(LEDE, ONE, SAID, "Ada Neri", "Ugo Bassi", TWO)
    assert [(block.text, block.cite) for block in visible.blocks] == [
        *((ONE, None), (SAID, "Ada Neri"), ("Ugo Bassi", None), (TWO, None))
    ]


def test_a_subhead_of_the_body_is_one_where_text_follows() -> None:
    head = "Il calendario delle prove"
    assert blocks(read(LEDE, ONE, head, TWO, glued=ONE + head + TWO)) == [TEXT[0], ("heading", head), TEXT[1]]
    # below it a text that is not shown
    assert blocks(read(LEDE, ONE, head, glued=ONE + head + TWO)) == [TEXT[0], ("heading", head), TEXT[1]]
    last = f"{head} della banda di Rocca"
    assert blocks(read(LEDE, ONE, TWO, last, glued=ONE + TWO + last)) == [*TEXT, ("paragraph", last)]
    # one that is not shown
    assert blocks(read(LEDE, ONE, TWO, glued=f"{ONE}Che cosa cambia ora?{TWO}")) == [
        *(TEXT[0], ("heading", "Che cosa cambia ora?"), TEXT[1])
    ]


@pytest.mark.parametrize(
    ("tail", "tags", "shown"),
    [
        # a quotation, items of a list, a line in small letters of five words
        ((SAID,), (), [("quote", SAID)]),
        (("una riga lunga di parole",), (), [("paragraph", "una riga lunga di parole")]),
        (("una riga di parole",), (), []),
        (("Una riga lunga di parole",), (), []),
        (("- una riga lunga di parole",), (), [("list", "una riga lunga di parole")]),
        (("- una riga di parole",), (), []),
        (("- una riga di parole", "- musica"), ("musica",), [("list", "una riga di parole")]),
        (("una riga lunga di parole",), ("una riga lunga di parole",), []),
        # behind the tags nothing is
        (("Musica", SAID), ("musica",), []),
        (("Commenti", SAID, "musica"), ("musica",), []),
    ],
)
def test_what_the_article_has_behind_its_body(
    tail: tuple[str, ...], tags: tuple[str, ...], shown: list[tuple[str, str]]
) -> None:
    assert blocks(read(LEDE, ONE, TWO, *tail, tags=tags)) == [*TEXT, *shown]


def test_sentences_behind_the_article_are_comments() -> None:
    assert read(LEDE, ONE, TWO, "Commenti", "Che bella banda.", "Sì!", "ada_1990").comments == 2
    assert read(LEDE, ONE, TWO).comments == 0


def test_short_lines_of_the_body_do_not_end_it() -> None:
    """A line of fewer than 40 letters may stand in the body by chance."""
    end = "Si torna a casa."
    visible = read(LEDE, ONE, "Un altro titolo di oggi", end, glued=ONE + end)
    assert blocks(visible) == [TEXT[0], ("paragraph", end)]
    assert not visible.uncertain


def test_where_a_filter_dropped_the_short_lines_a_line_like_a_subhead_is_another_s_title() -> None:
    lede = "Un lede intero di qualche parola in più."
    visible = read(lede, ONE, TITLE, TWO)
    assert (blocks(visible), visible.left_out, visible.uncertain) == (TEXT, 1, False)
    visible = read(LEDE, ONE, TITLE, TWO)
    assert (len(visible.blocks), visible.left_out, visible.uncertain) == (3, 0, True)


OLDER = "La banda suona stasera in piazza grande con venti musicisti e molta allegria."


@pytest.mark.parametrize(
    ("before", "replaces"),
    [
        # more than half of all words are the same
        (OLDER.replace("stasera", "domani"), True),
        ("La banda suona stasera con venti musicisti e poco altro da dire sul molo.", False),
        (ONE, False),
    ],
)
def test_the_line_before_a_lack_replaces_it_where_it_says_the_same(before: str, replaces: bool) -> None:
    lines = (LEDE, ONE, before, TWO) if before != ONE else (LEDE, ONE, TWO)
    texts = [block.text for block in read(*lines, glued=ONE + OLDER + TWO).blocks]
    assert (OLDER not in texts) is replaces


def test_a_paragraph_much_like_the_one_before_it_is_restored() -> None:
    again = OLDER.replace("stasera", "domani")
    visible = read(LEDE, OLDER, TWO, glued=OLDER + again + TWO)
    assert [block.text for block in visible.blocks] == [OLDER, again, TWO]
    assert visible.restored
    # nor does a picture's caption stand for it
    visible = read(LEDE, ONE, again.rstrip("."), "© Sputnik", TWO, glued=ONE + OLDER + TWO)
    assert [block.text for block in visible.blocks] == [ONE, again.rstrip("."), OLDER, TWO]


def test_text_before_the_first_line_shown_is_restored() -> None:
    assert blocks(read(LEDE, TWO)) == TEXT
