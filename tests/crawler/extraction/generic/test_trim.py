"""What surrounds a text on an unknown page goes, the text stays."""

import pytest

from crawler.extraction.generic.trim import trim_rules, trimmed
from storage.article import Block, BlockType

LINES = [
    f"Il banco numero {n} del mercato coperto vende pesce, pane e olio da quando ha riaperto ieri." for n in range(10)
]
TEXT = [Block(type=BlockType.PARAGRAPH, text=line) for line in LINES]
HEADLINE = "Riapre il mercato"


def block(text: str, kind: BlockType = BlockType.PARAGRAPH) -> Block:
    return Block(type=kind, text=text)


def heading(text: str) -> Block:
    return block(text, BlockType.HEADING)


TAIL = "the tail of the text, which a line like 'read also' opens"
OPENING = "a short line before the text begins"
CAPTION = block("Il mercato", BlockType.CAPTION)


@pytest.mark.parametrize(
    ("before", "behind", "rule"),
    [
        ([block("Pubblicità")], [], "a label"),
        ([], [block(LINES[0])], "a repetition of another block"),
        ([heading("RIAPRE, il mercato!")], [], "the headline"),
        ([block(HEADLINE)], [], "the headline"),
        ([block("di Ada Neri")], [], OPENING),
        ([heading("Cronaca")], [], OPENING),
        ([block("Pubblicato ieri alle dieci dalla redazione del giornale, letto da molti")], [], OPENING),
        ([], [heading("Articoli correlati"), block("La piazza")], TAIL),
        ([], [block("Articoli correlati")], TAIL),
        ([], [block("© Giornale di prova")], "a credit or heading behind the text"),
        ([], [heading("Ancora"), block("© Giornale di prova")], "a credit or heading behind the text"),
    ],
)
def test_what_surrounds_the_text_goes_by_a_rule(before: list[Block], behind: list[Block], rule: str) -> None:
    whole = [*before, *TEXT, *behind]
    assert trimmed(whole, [HEADLINE]) == TEXT
    assert list(trim_rules(whole, [HEADLINE])) == [(one, rule) for one in (*before, *behind)]


@pytest.mark.parametrize(
    "blocks",
    [
        [heading("Come ci si arriva"), *TEXT],  # a heading that says something begins a text
        [block("Fa freddo."), *TEXT],
        [block("pane, olio, pesce", BlockType.LIST), *TEXT],
        [block("ora\tbanco", BlockType.TABLE), *TEXT],
        [*TEXT, heading(HEADLINE), block("Un ultimo banco resta chiuso.")],
        [*TEXT[:4], block("Articoli correlati"), *TEXT[4:]],  # amid the text
        [*TEXT, block("Sì."), block("No."), block("Sì.")],  # short lines may stand twice
        [TEXT[0], block("Ancora.")],
        [block("uno"), block("due"), block("tre")],  # nothing but short lines
        [CAPTION, *TEXT, CAPTION],
    ],
)
def test_what_is_of_the_text_stays(blocks: list[Block]) -> None:
    assert trimmed(blocks, [HEADLINE, None, ""]) == blocks


def test_captions_outlive_the_lines_around_them() -> None:
    assert trimmed([block("di Ada Neri"), CAPTION, *TEXT, CAPTION, block("© Giornale di prova")], []) == [
        CAPTION,
        *TEXT,
        CAPTION,
    ]


def test_a_block_that_is_others_glued_together_goes() -> None:
    glued = block(" ".join(LINES[:3]))
    assert trimmed([glued, *TEXT], []) == TEXT
    assert trimmed([*TEXT, glued], []) == TEXT
    quoting = block(
        f"{LINES[0]} {LINES[1]} " + "E poi la sindaca ha aggiunto parole sue, che nessuno aveva sentito. " * 3
    )
    assert trimmed([quoting, *TEXT], []) == [quoting, *TEXT]
    alone = block(f"{LINES[0]} e {'altre parole ancora, ' * 4}")
    assert trimmed([alone, *TEXT], []) == [alone, *TEXT]


def test_the_headline_goes_only_at_the_beginning() -> None:
    again = heading(HEADLINE)
    assert trimmed([*TEXT[:2], again, *TEXT[2:]], [HEADLINE]) == TEXT
    assert trimmed([*TEXT[:4], again, *TEXT[4:]], [HEADLINE]) == [*TEXT[:4], again, *TEXT[4:]]
    quote = block(HEADLINE, BlockType.QUOTE)
    assert quote in trimmed([TEXT[0], quote, *TEXT[1:]], [HEADLINE])


def test_a_tail_begins_behind_most_of_the_text() -> None:
    tail = [block("Leggi anche"), *TEXT[8:]]
    assert trimmed([*TEXT[:8], *tail], []) == [*TEXT[:8], *tail]
    assert trimmed([*TEXT[:9], block("Leggi anche"), TEXT[9]], []) == TEXT[:9]


@pytest.mark.parametrize(("letters", "goes"), [(59, True), (60, False)])
def test_a_paragraph_of_sixty_letters_begins_a_text(letters: int, goes: bool) -> None:
    line = block("a" * letters)
    assert (line in trimmed([line, *TEXT], [])) is not goes


@pytest.mark.parametrize(("letters", "goes"), [(12, True), (13, False)])
def test_a_heading_of_more_than_twelve_letters_begins_a_text(letters: int, goes: bool) -> None:
    line = heading("a" * letters)
    assert (line in trimmed([line, *TEXT], [])) is not goes


@pytest.mark.parametrize(("letters", "times"), [(39, 2), (40, 1)])
def test_a_block_of_forty_letters_stands_once(letters: int, times: int) -> None:
    line = block("a" * (letters - 1) + ".")
    assert trimmed([*TEXT[:5], line, *TEXT[5:], line, TEXT[0]], []).count(line) == times


def test_short_lines_that_are_half_of_the_blocks_stay() -> None:
    few = [block("uno"), block("due")]
    assert trimmed([*few, *TEXT[:2]], []) == [*few, *TEXT[:2]]
    assert trimmed([*few, *TEXT[:3]], []) == TEXT[:3]


@pytest.mark.parametrize(
    ("pieces", "rest", "goes"),
    [
        ([40, 100], 20, True),
        ([40, 88], 32, False),  # four fifths of it
        ([40, 89], 31, True),
        ([40, 99], 20, False),  # shorter than four times forty letters
        ([140], 20, False),  # one block and something else
    ],
)
def test_a_block_of_which_most_are_two_others_goes(pieces: list[int], rest: int, goes: bool) -> None:
    parts = [block(chr(97 + number) * (letters - 1) + ".") for number, letters in enumerate(pieces)]
    glued = block("".join(part.text for part in parts) + "z" * rest)
    assert (glued in trimmed([*parts, glued, *TEXT], [])) is not goes


def test_the_headline_is_found_in_the_first_third_of_the_letters() -> None:
    lines = [block(chr(97 + n) * 99 + ".") for n in range(9)]
    name = block("n" * 99 + ".")
    assert name not in trimmed([*lines[:2], name, *lines[2:]], [name.text])
    assert name in trimmed([*lines[:3], name, *lines[3:]], [name.text])
