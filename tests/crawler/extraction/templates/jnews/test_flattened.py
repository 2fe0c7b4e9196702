"""The JNews grammar of flattened dumps, line by line."""

import pytest

from crawler.extraction.flattened.lines import read_lines
from crawler.extraction.templates.jnews.flattened import read
from crawler.extraction.templates.jnews.flattened_header import byline_names, is_caption, people
from crawler.extraction.templates.jnews.flattened_phrases import (
    behind_tags,
    breadcrumb_trail,
    is_boilerplate,
    is_end,
    is_menu,
)

LONG = "Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, sotto la pioggia."
DUMP = f"""Home Sport
La regata delle barche di carta
Undici equipaggi e un solo ombrello
by Nives Bordolana
5 Gennaio 2026
Il molo | Agenzia
{LONG}
Leggi anche
Un altro titolo del giornale
Un anno di lavori
"La colla ha tenuto fino alla boa."
Nives Bordolana, capitana
La prossima edizione si terrà in primavera.
Tags: PortoRegata
Related Posts
Un altro articolo ancora."""


def test_a_page() -> None:
    draft = read(read_lines(DUMP), None, None)
    assert (draft.headline, draft.section, draft.authors) == (
        *("La regata delle barche di carta", "Sport", ["Nives Bordolana"]),
    )
    assert draft.description == "Undici equipaggi e un solo ombrello"
    assert draft.keywords == ["Porto", "Regata"]
    assert [claim.value for claim in draft.claims] == ["2026-01-05"]
    assert [(block.type.value, block.text) for block in draft.blocks][:2] == [
        ("caption", "Il molo"),
        ("paragraph", LONG),
    ]
    assert draft.blocks[-1].text == "La prossima edizione si terrà in primavera."
    assert not any("altro" in block.text for block in draft.blocks)
    assert "keywords-glued" in draft.warnings


def test_a_dump_without_text_gives_an_empty_draft() -> None:
    assert read(read_lines("Cronaca\nSport\n"), None, None).headline == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("by Ada Neri", "Ada Neri"),
        ("di Ada Neri - 5 Gennaio 2026", "Ada Neri"),
        ("di Ada Neri in Sport", "Ada Neri"),
        ("by Ada Neri ha vinto.", None),
        ("Ada Neri", None),
    ],
)
def test_bylines(text: str, names: str | None) -> None:
    assert byline_names(text) == names


def test_an_organisation_is_no_author() -> None:
    assert people("Ada Neri and Redazione Sport, Ugo Bassi") == ["Ada Neri", "Ugo Bassi"]


def test_phrases() -> None:
    assert is_menu("View All Result", False) and is_menu("Sport", True) and not is_menu("Sport", False)
    assert is_boilerplate("Share12Tweet3") and not is_boilerplate("Share holders")
    assert is_boilerplate("Il Faro is not responsible for the opinions expressed by its readers.")
    assert is_end("Tags: porto") and not is_end("Tagli alla spesa")
    assert not is_end("Ultime notizie dal porto: la regata si ferma.") and is_end("Ultime notizie")
    assert behind_tags("Tags: porto") == "porto" and behind_tags("Tag") == "" and behind_tags("Tagli") is None
    assert breadcrumb_trail("Home > Sport") == "Sport" and breadcrumb_trail("Homeless") is None
    assert is_caption("Il molo | Agenzia") and not is_caption("Il molo")


TITLES = (
    "Gli equipaggi della città",
    "La regata delle barche di carta",
    "Undici equipaggi e un solo ombrello sotto la pioggia del porto",
)


def dump(titles: tuple[str, ...], tail: str = "", trail: str = "") -> str:
    lines = (trail, *titles, "by Nives Bordolana", "5 Gennaio 2026", LONG, LONG.replace("Undici", "Dodici"), tail)
    return "\n".join(filter(None, lines))


@pytest.mark.parametrize(
    ("titles", "slug", "headline", "lede", "is_guessed"),
    [
        # without an address: the last line, or the one before a longer one
        (TITLES, None, TITLES[1], TITLES[2], True),
        ((TITLES[0], TITLES[2], TITLES[1]), None, TITLES[1], None, True),
        # the address names it
        (TITLES, "regata-barche-carta", TITLES[1], TITLES[2], False),
        (TITLES, "un-solo-ombrello-sotto-la-pioggia", TITLES[2], None, False),
        # nothing of it is in the address
        (TITLES, "x-1", TITLES[1], TITLES[2], False),
        (TITLES[:1], None, TITLES[0], None, False),
    ],
)
def test_which_line_above_the_byline_is_the_headline(
    titles: tuple[str, ...], slug: str | None, headline: str, lede: str | None, is_guessed: bool
) -> None:
    draft = read(read_lines(dump(titles)), None, slug and f"https://alanews.it/sport/{slug}/")
    assert (draft.headline, draft.description) == (headline, lede)
    assert ("headline-guessed" in draft.warnings) is is_guessed


def test_without_tags_a_text_ends_with_its_last_line_of_text() -> None:
    """Titles of other articles behind it are left out; the rest of a paragraph, in lower case, is not."""
    tail = "Un titolo del giornale\nche comincia in minuscolo e va avanti\nUn altro titolo del giornale"
    [*_, last] = read(read_lines(dump(TITLES[:1], tail)), None, None).blocks
    assert last.text.endswith("che comincia in minuscolo e va avanti")
    [*_, last] = read(read_lines(dump(TITLES[:1], "Un titolo del giornale\nUn altro titolo")), None, None).blocks
    assert last.text == LONG.replace("Undici", "Dodici")


@pytest.mark.parametrize(
    ("texts", "is_article"), [((LONG, LONG[2:], LONG[4:]), True), ((LONG * 3,), False), ((LONG, "Poi."), False)]
)
def test_a_page_without_byline_day_and_tags_needs_paragraphs(texts: tuple[str, ...], is_article: bool) -> None:
    draft = read(read_lines("\n".join((TITLES[1], *texts))), None, None)
    assert bool(draft.headline) is is_article


AFTER = f"{LONG}\n{LONG.replace('Undici', 'Dodici')}"


@pytest.mark.parametrize(
    ("lines", "section", "authors", "day"),
    [
        # the category with the byline, alone, before the day, of several
        ("by Ada Neri in Sport\n5 Gennaio 2026", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri\n5 Gennaio 2026\nin Sport", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri\nin Sport, Mare\n5 Gennaio 2026", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri\nPubblicato in Sport 5 Gennaio 2026", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri\n5 Gennaio 2026 in Sport", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri\nPubblicato il 5 Gennaio 2026 in Sport", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri — 5 Gennaio 2026 in Sport", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri in Sport - 5 Gennaio 2026", "Sport", ["Ada Neri"], "2026-01-05"),
        ("by Ada Neri - 5 Gennaio 2026\nin Sport", "Sport", ["Ada Neri"], "2026-01-05"),
        # words of a line that is neither byline nor day are no category
        ("by Ada Neri\n5 Gennaio 2026\nUna regata in Laguna", None, ["Ada Neri"], "2026-01-05"),
        # coauthors between byline and day, an organisation among them
        ("by Ada Neri\nand\nUgo Bassi\n5 Gennaio 2026", None, ["Ada Neri", "Ugo Bassi"], "2026-01-05"),
        ("by Redazione\n5 Gennaio 2026", None, [], "2026-01-05"),
        # a name below the day is no coauthor
        ("by Ada Neri\n5 Gennaio 2026\nUgo Bassi", None, ["Ada Neri"], "2026-01-05"),
        # without a byline; of two days the first
        ("5 Gennaio 2026\nin Sport", "Sport", [], "2026-01-05"),
        ("by Ada Neri\n5 Gennaio 2026\n7 Febbraio 2026", None, ["Ada Neri"], "2026-01-05"),
        # a byline whose day a flattener dropped
        ("by Ada Neri", None, ["Ada Neri"], None),
    ],
)
def test_the_lines_of_byline_day_and_category(
    lines: str, section: str | None, authors: list[str], day: str | None
) -> None:
    draft = read(read_lines(f"{TITLES[1]}\n{lines}\n{AFTER}"), None, None)
    assert (draft.headline, draft.section, draft.authors) == (TITLES[1], section, authors)
    assert [claim.value for claim in draft.claims] == ([day] if day else [])
    assert [block.text for block in draft.blocks if block.type.value == "paragraph"] == AFTER.splitlines()


def test_a_category_below_the_day_is_known_from_the_menu() -> None:
    lines = f"- Cronaca\n- Sport\n{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{{}}\n{AFTER}"
    assert read(read_lines(lines.format("Sport")), None, None).section == "Sport"
    assert read(read_lines(lines.format("Vela")), None, None).section is None


def test_a_breadcrumb_s_section_comes_before_the_category() -> None:
    draft = read(
        read_lines(f"Home > Mare > Vela\n{TITLES[1]}\nby Ada Neri in Sport\n5 Gennaio 2026\n{AFTER}"), None, None
    )
    assert draft.section == "Mare"
    draft = read(read_lines(f"Home\nMare\n{TITLES[1]}\nby Ada Neri in Sport\n5 Gennaio 2026\n{AFTER}"), None, None)
    assert (draft.section, draft.headline) == ("Mare", TITLES[1])


def test_a_picture_s_caption_and_alternative_text_above_the_byline() -> None:
    caption = "Il molo vecchio della città | Agenzia"
    lines = f"Il molo vecchio\n{caption}\n{TITLES[1]}\n{TITLES[2]}\nby Ada Neri\n5 Gennaio 2026\n{AFTER}"
    draft = read(read_lines(lines), None, "https://alanews.it/sport/regata-barche-carta/")
    assert (draft.headline, draft.description) == (TITLES[1], TITLES[2])
    assert [(block.type.value, block.text) for block in draft.blocks] == [
        ("caption", "Il molo vecchio della città"),
        *(("paragraph", text) for text in AFTER.splitlines()),
    ]


@pytest.mark.parametrize("below", ["Nives Bordolana, capitana", "Nives Bordolana"])
def test_a_speaker_s_name_under_a_quotation_is_its_own(below: str) -> None:
    quote = '"La colla ha tenuto fino alla boa."'
    draft = read(
        read_lines(f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{LONG}\n{quote}\n{below}\n{LONG[2:]}"), None, None
    )
    [said] = [block for block in draft.blocks if block.type.value == "quote"]
    assert (said.text, said.cite) == (quote, below)
    [*_, last] = draft.blocks
    assert last.text == LONG[2:]


@pytest.mark.parametrize(
    ("behind", "keywords"),
    [
        ("Tags: barche, porto", ["barche", "porto"]),
        ("Tags:\nbarche\nporto\nRelated Posts\nAltro", ["barche", "porto"]),
        ("Tags:\nbarche\nQuesta è una frase.\nporto", ["barche"]),
        ("Tags:\nbarche\n5 Gennaio 2026\nporto", ["barche"]),
        (f"Tags:\nbarche\n{'b' * 41}\nporto", ["barche"]),
        (f"Tags:\n{'b' * 40}", ["b" * 40]),
    ],
)
def test_tags_on_their_line_or_below_it(behind: str, keywords: list[str]) -> None:
    assert read(read_lines(dump(TITLES[:1], behind)), None, None).keywords == keywords


@pytest.mark.parametrize(
    ("first", "second", "headline"),
    [
        # a short line above a longer one is the kicker
        ("Vela e carta nel porto", "La regata delle barche di carta nel porto vecchio", 1),
        ("La regata delle barche di carta nel porto vecchio", "Undici equipaggi e un solo ombrello", 0),
        ("Vela e carta nel porto", "La regata delle barche", 0),
        (
            "Vela e carta nel porto",
            "La regata delle barche di carta nel porto vecchio, " + "con undici equipaggi " * 4,
            0,
        ),
    ],
)
def test_of_two_lines_above_the_byline_the_headline(first: str, second: str, headline: int) -> None:
    draft = read(read_lines(dump((first, second))), None, None)
    assert draft.headline == (first, second)[headline].strip()
    assert "headline-guessed" not in draft.warnings


def test_a_line_that_is_repeated_above_the_byline_is_the_picture_s() -> None:
    draft = read(
        read_lines(dump(("Il molo vecchio del porto all’alba", "Il molo vecchio del porto all’alba", TITLES[1]))),
        None,
        None,
    )
    assert draft.headline == TITLES[1]
    assert [block.text for block in draft.blocks if block.type.value == "caption"] == [
        "Il molo vecchio del porto all’alba"
    ]


def test_the_next_article_s_header_ends_the_text() -> None:
    following = f"Un altro titolo\nby Ugo Bassi\n7 Febbraio 2026\n{LONG.replace('Undici', 'Venti')}"
    draft = read(read_lines(dump(TITLES[:1], following)), None, None)
    assert [block.text for block in draft.blocks] == [LONG, LONG.replace("Undici", "Dodici")]
    assert draft.authors == ["Nives Bordolana"]
    assert [claim.value for claim in draft.claims] == ["2026-01-05"]


def test_a_list_item_can_be_the_last_line() -> None:
    short, long = "- la colla", "- una colla che tiene fino alla boa e anche oltre, senza acqua"
    assert read(read_lines(dump(TITLES[:1], short)), None, None).blocks[-1].text == "la colla"
    assert read(read_lines(dump(TITLES[:1], f"{long};")), None, None).blocks[-1].text == f"{long[2:]};"
    assert read(read_lines(dump(TITLES[:1], long)), None, None).blocks[-1].text == LONG.replace("Undici", "Dodici")


def test_a_caption_within_the_text() -> None:
    lines = f"{LONG}\nIl molo\nIl molo vecchio | Agenzia\n{LONG[2:]}"
    draft = read(read_lines(f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{lines}"), None, None)
    assert [(block.type.value, block.text) for block in draft.blocks] == [
        ("paragraph", LONG),
        ("caption", "Il molo vecchio"),
        ("paragraph", LONG[2:]),
    ]


@pytest.mark.parametrize(
    ("slug", "headline"),
    [
        # words of the address that no line has, or too few of them, say nothing
        ("una-notizia-del-giorno", TITLES[1]),
        ("citta-notizia-giorno-molo-equipaggi", TITLES[1]),
        # half of the words are enough
        ("gli-equipaggi-della-festa-grande-sera", TITLES[0]),
    ],
)
def test_an_address_names_the_headline_by_half_of_its_words(slug: str, headline: str) -> None:
    assert read(read_lines(dump(TITLES)), None, f"https://alanews.it/{slug}/").headline == headline


def test_a_dump_without_byline_and_day() -> None:
    """The header is what stands before the first long sentence."""
    draft = read(read_lines(f"{TITLES[1]}\n{LONG}\n{LONG[2:]}\n{LONG[4:]}"), None, None)
    assert (draft.headline, draft.description) == (TITLES[1], None)
    assert [block.text for block in draft.blocks] == [LONG, LONG[2:], LONG[4:]]
    # a picture's caption below the first sentence parts the lede from the text
    draft = read(read_lines(f"{TITLES[1]}\n{LONG}\nIl molo | Agenzia\n{LONG[2:]}\n{LONG[4:]}\n{LONG[6:]}"), None, None)
    assert (draft.headline, draft.description) == (TITLES[1], LONG)
    assert [block.text for block in draft.blocks] == ["Il molo", LONG[2:], LONG[4:], LONG[6:].strip()]


def test_the_author_s_box_ends_the_text() -> None:
    text = f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{LONG}\n{LONG[2:]}\nAda Neri\nGiornalista di mare\nAltre notizie"
    assert [block.text for block in read(read_lines(text), None, None).blocks] == [LONG, LONG[2:]]
    # the author's name with text below it is of the text
    text = f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{LONG}\nAda Neri\n{LONG[2:]}"
    assert [block.text for block in read(read_lines(text), None, None).blocks] == [LONG, "Ada Neri", LONG[2:]]


@pytest.mark.parametrize(
    ("behind", "is_cut"),
    [
        (f"Leggi tutto\n{LONG[2:]}", False),
        (f"Related Posts\nAltro\n{LONG[2:]}", True),
        ("Related Posts\nUn altro titolo", False),
    ],
)
def test_text_behind_a_box_is_said_to_be_left_out(behind: str, is_cut: bool) -> None:
    draft = read(read_lines(dump(TITLES[:1], behind)), None, None)
    assert ("lines-left-out" in draft.warnings) is is_cut


@pytest.mark.parametrize(
    ("behind", "is_cut"), [("Tags: porto\n3 commenti", True), ("Tags: porto\nCommentatori", False)]
)
def test_comments_are_said_to_be_left_out(behind: str, is_cut: bool) -> None:
    assert ("comments-cut" in read(read_lines(dump(TITLES[:1], behind)), None, None).warnings) is is_cut


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('"La colla tiene"', "heading"),
        ('"La colla ha tenuto fino alla boa."', "quote"),
        ('"La colla ha tenuto fino alla boa e anche oltre, per undici giorni interi senza acqua"', "quote"),
        ('"La colla" non è "acqua"', "paragraph"),
        ('Ha detto "basta".', "paragraph"),
    ],
)
def test_a_line_of_one_quotation(line: str, kind: str) -> None:
    draft = read(read_lines(f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{LONG}\n{line}\n{LONG[2:]}"), None, None)
    assert [(block.type.value, block.text) for block in draft.blocks][1] == (kind, line)


def test_only_the_last_part_of_the_address_names_the_headline() -> None:
    url = "https://alanews.it/gli-equipaggi-della-citta/x-1/"
    assert read(read_lines(dump(TITLES)), None, url).headline == TITLES[1]


def test_a_line_that_ends_like_a_sentence_is_no_headline() -> None:
    for end in ".;,":
        lede = f"Undici equipaggi e un solo ombrello nel porto vecchio{end}"
        draft = read(read_lines(dump(("La regata delle barche", lede))), None, None)
        assert (draft.headline, draft.description) == ("La regata delle barche", lede)


def test_what_stands_between_the_text_and_the_next_article_s_byline_is_none_of_it() -> None:
    following = f"- Cronaca\nUn altro titolo\nby Ugo Bassi\n7 Febbraio 2026\n{LONG.replace('Undici', 'Venti')}"
    draft = read(read_lines(dump(TITLES[:1], following)), None, None)
    assert [block.text for block in draft.blocks] == [LONG, LONG.replace("Undici", "Dodici")]


@pytest.mark.parametrize(
    ("text", "trail"),
    [
        ("Home > Cronaca > Mare", "Cronaca > Mare"),
        ("Home Cronaca", "Cronaca"),
        ("Home Una via di cinque parole", "Una via di cinque parole"),
        ("Home Una via di sei parole intere", None),
    ],
)
def test_a_breadcrumb_has_a_few_words(text: str, trail: str | None) -> None:
    assert breadcrumb_trail(text) == trail


def test_of_two_days_that_with_the_text_below_it_is_the_article_s() -> None:
    """Without a byline; the other is of a list of posts above."""
    lines = f"Un altro titolo del giornale\n2 Gennaio 2026\n{TITLES[1]}\n5 Gennaio 2026\n{AFTER}"
    draft = read(read_lines(lines), None, None)
    assert draft.headline == TITLES[1]
    assert [claim.value for claim in draft.claims] == ["2026-01-05"]


@pytest.mark.parametrize(
    ("below", "is_text"),
    [
        (f"{LONG[2:]}", True),
        (f"Dal molo\n{LONG[2:]}", True),
        (f"Dal molo\nAncora\n{LONG[2:]}", False),
        ("Dal molo", False),
    ],
)
def test_the_author_s_name_ends_the_text_unless_text_follows_within_two_lines(below: str, is_text: bool) -> None:
    lines = f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{LONG}\nAda Neri\n{below}"
    texts = [block.text for block in read(read_lines(lines), None, None).blocks]
    assert (LONG[2:] in texts) is is_text
