"""The JNews grammar of flattened dumps, line by line."""

import pytest

from crawler.extraction.flattened.lines import read_lines
from crawler.extraction.templates.jnews.flattened import read
from crawler.extraction.templates.jnews.flattened_header import byline_names, is_caption, people
from crawler.extraction.templates.jnews.flattened_phrases import (
    behind_tags,
    breadcrumb_trail,
    ends_page,
    is_author_box,
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
        ("Ada Neri by Ada Neri", "Ada Neri"),
        (f"by Ada{' Neri' * 10}", f"Ada{' Neri' * 10}"),
        (f"by Ada{' Neri' * 11}", None),
        ("Ada Neri", None),
    ],
)
def test_bylines(text: str, names: str | None) -> None:
    assert byline_names(text) == names


def test_an_organisation_is_no_author() -> None:
    assert people("Ada Neri and Redazione Sport, Ugo Bassi") == ["Ada Neri", "Ugo Bassi"]
    assert people("Ada Neri & ada@posta.example, alanews.it, Ugo 2, ") == ["Ada Neri"]


def test_phrases() -> None:
    assert is_menu("View All Result", False) and is_menu("Sport", True) and not is_menu("Sport", False)
    assert is_menu("martedì, 1 Marzo 2022", False)
    assert is_boilerplate("Share12Tweet3") and not is_boilerplate("Share holders")
    assert is_boilerplate("Il Faro is not responsible for the opinions expressed by its readers.")
    disclaimer = "is not responsible for the opinions of its readers"
    assert is_boilerplate(f"{'F' * 248} {disclaimer}") and not is_boilerplate(f"{'F' * 249} {disclaimer}")
    assert is_boilerplate("https://faro.example/") and is_boilerplate("Menu")
    about = "Ada Neri scrive per il giornale "
    assert is_author_box(f"{about}{'m' * 267}") and not is_author_box(f"{about}{'m' * 268}")
    assert not is_author_box("Il molo")
    assert is_end("Leave a reply") and ends_page("Leave a reply") and not ends_page("Tags: porto")
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
    ("texts", "is_article"),
    [
        ((LONG, LONG[2:], LONG[4:]), True),
        ((LONG * 3,), False),
        ((LONG, "Poi."), False),
        ((LONG, f"{'L' * (199 - len(LONG))}."), False),
        ((LONG, f"{'L' * (200 - len(LONG))}."), True),
        ((LONG, f"- {LONG[2:]}", f"- {LONG[4:]}"), False),
    ],
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


def texts(lines: str, url: str | None = None) -> list[tuple[str, str]]:
    return [(block.type.value, block.text) for block in read(read_lines(lines), None, url).blocks]


def body(*lines: str) -> list[tuple[str, str]]:
    """What is made of the lines of a text between byline and tags."""
    return texts("\n".join((TITLES[1], "by Ada Neri", "5 Gennaio 2026", *lines, "Tags: porto")))


SECOND = LONG.replace("Undici", "Dodici")
WHOLE = [("paragraph", LONG), ("paragraph", SECOND)]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        # below the byline: the caption with its credit, else the last of several lines, and not the headline
        (("Il molo vecchio", "La torre"), [("caption", "La torre")]),
        (("Il molo vecchio", "Il molo vecchio"), [("caption", "Il molo vecchio")]),
        (("La torre", TITLES[1]), [("caption", "La torre")]),
        ((TITLES[1],), []),
        (("Zeta", "Zeta molo | Agenzia", "Il molo"), [("caption", "Zeta molo"), ("heading", "Il molo")]),
        (("Il molo", "Il molo vecchio | Agenzia"), [("caption", "Il molo vecchio")]),
        (("Il molo vecchio | Agenzia", "Il molo"), [("caption", "Il molo vecchio")]),
        (("Il molo vecchio | Agenzia", TITLES[1]), [("caption", "Il molo vecchio")]),
        (("Il molo | Agenzia", "La torre | Agenzia"), [("caption", "Il molo"), ("caption", "La torre")]),
        (("© Agenzia",), [("caption", "© Agenzia")]),
        # links for sharing
        (("- Posta",), []),
        ((), []),
    ],
)
def test_the_lines_between_byline_and_text(lines: tuple[str, ...], shown: list[tuple[str, str]]) -> None:
    assert body(*lines, LONG, SECOND) == [*shown, *WHOLE]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (("Il calendario",), [("heading", "Il calendario")]),
        (("Il calendario", "Il molo | Agenzia"), [("heading", "Il calendario"), ("caption", "Il molo")]),
        (("Il molo | Agenzia",), [("caption", "Il molo")]),
        (("- Foto: il molo",), [("list", "Foto: il molo")]),
        (("| foto | molo |",), [("table", "foto\tmolo")]),
        (("Foto: questo è il molo.",), [("paragraph", "Foto: questo è il molo.")]),
        # a line twice is a picture's, a sentence twice is not
        (("Il molo al mattino", "Il molo al mattino"), [("caption", "Il molo al mattino")]),
        (("Il molo è qui.", "Il molo è qui."), [("paragraph", "Il molo è qui."), ("paragraph", "Il molo è qui.")]),
        (("“La colla tiene.”", "Ada Neri", "Ugo Bassi"), [("quote", "“La colla tiene.”"), ("heading", "Ugo Bassi")]),
        (("Ugo Bassi",), [("heading", "Ugo Bassi")]),
        (
            ("“La colla tiene.”", f"Ugo Bassi, {'n' * 69}"),
            [("quote", "“La colla tiene.”"), ("heading", f"Ugo Bassi, {'n' * 69}")],
        ),
        (("“La colla tiene.”", f"Ugo Bassi, {'n' * 68}"), [("quote", "“La colla tiene.”")]),
        (("“La colla tiene.”", "Ugo Bassi tace."), [("quote", "“La colla tiene.”"), ("paragraph", "Ugo Bassi tace.")]),
        # a quotation of twelve words without a full stop is a subhead
        ((f"“Uno{' x' * 11}”",), [("heading", f"“Uno{' x' * 11}”")]),
        ((f"“Uno{' x' * 12}”",), [("quote", f"“Uno{' x' * 12}”")]),
        (("«La colla tiene».",), [("quote", "«La colla tiene».")]),
        (("«La colla» tiene",), [("heading", "«La colla» tiene")]),
        (("La “colla”",), [("heading", "La “colla”")]),
    ],
)
def test_the_lines_of_a_text(lines: tuple[str, ...], shown: list[tuple[str, str]]) -> None:
    assert body(LONG, *lines, SECOND) == [WHOLE[0], *shown, WHOLE[1]]


def test_a_text_that_begins_with_a_speaker() -> None:
    assert body("Ada Neri, capitana:", LONG) == [("paragraph", "Ada Neri, capitana:"), WHOLE[0]]


def test_a_last_line_is_no_subhead() -> None:
    assert body(LONG, "Il calendario")[-1] == ("paragraph", "Il calendario")


@pytest.mark.parametrize(
    ("last", "uncertain"),
    [("Il calendario delle regate di Rocca", True), ("Il molo vecchio di Rocca | Agenzia", False), (SECOND, False)],
)
def test_a_last_line_above_the_tags_that_may_be_another_s_title_is_uncertain(last: str, uncertain: bool) -> None:
    draft = read(read_lines(dump(TITLES[:1], f"{last}\nTags: porto")), None, None)
    assert ("lines-uncertain" in draft.warnings) is uncertain
    # without tags it is left out
    assert "lines-uncertain" not in read(read_lines(dump(TITLES[:1], last)), None, None).warnings


def test_tags_right_below_the_header() -> None:
    draft = read(read_lines(f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\nTags: porto"), None, None)
    assert (draft.headline, draft.blocks, draft.keywords) == (TITLES[1], [], ["porto"])


def test_a_header_without_text() -> None:
    draft = read(read_lines(f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\nUn altro titolo del giornale"), None, None)
    assert (draft.headline, draft.blocks) == (TITLES[1], [])


@pytest.mark.parametrize(
    ("last", "is_text"),
    [
        ("Foto: questo è il molo.", False),
        ("Ugo Bassi è giornalista della testata Il Faro.", False),
        ("Chi ha vinto?", True),
        ("Il molo vecchio", False),
        ("e il molo vecchio", True),
        ("- il molo;", True),
        ("- " + "m" * 39, True),
        ("- " + "m" * 40, False),
    ],
)
def test_which_line_can_end_a_text_without_tags(last: str, is_text: bool) -> None:
    assert (len(texts(dump(TITLES[:1], last))) == 3) is is_text


@pytest.mark.parametrize(
    ("last", "is_text"),
    [
        ("Chi ha nascosto la campana perduta di Lagosecco?", False),
        ("La campana perduta di Lagosecco è stata ritrovata.", True),
        (f"Chi ha nascosto la campana perduta di {'L' * 92}?", True),
        (f"Chi ha nascosto la campana perduta di {'L' * 91}?", False),
    ],
)
def test_a_question_is_another_s_headline_where_a_filter_dropped_the_short_lines(last: str, is_text: bool) -> None:
    lines = ("La regata delle barche di carta nel porto", LONG, SECOND, LONG[2:], last)
    assert (len(texts("\n".join(lines))) == 4) is is_text


OTHERS = (
    "Rocca ritrova la campana perduta in cantina",
    "Il forno del paese riapre dopo la Pasqua",
    "Undici barche, ma nel porto nessuna di legno",
)


def test_where_a_filter_dropped_the_short_lines_three_titles_in_a_row_end_the_text() -> None:
    head = ("La regata delle barche di carta nel porto", LONG, SECOND, LONG[2:])
    own = [LONG, SECOND, LONG[2:]]
    for tail, end in ((OTHERS, own), (OTHERS[:2], [*own, *OTHERS[:2]])):
        [*found] = texts("\n".join((*head, *tail, LONG[4:])))
        assert [text for _, text in found] == [*end, *([LONG[4:]] if tail is not OTHERS else [])]
    # one of short lines too is whole
    assert len(texts("\n".join((*head, "Il molo", *OTHERS, LONG[4:])))) == 8


def test_subheads_are_uncertain_where_a_filter_dropped_the_short_lines() -> None:
    lines = ("La regata delle barche di carta nel porto", LONG, OTHERS[0], SECOND, LONG[2:])
    assert "lines-uncertain" in read(read_lines("\n".join(lines)), None, None).warnings
    assert "lines-uncertain" not in read(read_lines("\n".join((*lines, "E poi."))), None, None).warnings
    captioned = (*lines[:2], "Il molo vecchio del porto di Rocca al mattino | Agenzia", *lines[3:])
    assert "lines-uncertain" not in read(read_lines("\n".join(captioned)), None, None).warnings


@pytest.mark.parametrize(
    ("behind", "last", "keywords"),
    [
        # tags right behind a box are another post's, behind text they are the article's
        ("Related Posts\nAltro\nTags: porto", SECOND, []),
        (f"Related Posts\nAltro\n{LONG[2:]}\nTags: porto", LONG[2:], ["porto"]),
        (f"Related Posts\n{'L' * 80}.\nTags: porto", f"{'L' * 80}.", ["porto"]),
        (f"Related Posts\n{'L' * 79}.\nTags: porto", SECOND, []),
        (f"Related Posts\n{'L' * 90}\nTags: porto", SECOND, []),
        ("Related Posts\nAltro\n© 2026 Il Faro\nTags: porto", SECOND, []),
        ("© 2026 Il Faro\nTags: porto", SECOND, []),
    ],
)
def test_tags_behind_a_box(behind: str, last: str, keywords: list[str]) -> None:
    draft = read(read_lines(dump(TITLES[:1], behind)), None, None)
    assert (draft.blocks[-1].text, draft.keywords) == (last, keywords)


@pytest.mark.parametrize(
    "behind",
    [
        f"Home > Cronaca\nUn altro titolo\nUn altro lede\nancora\nby Ugo Bassi\n{LONG[2:]}",
        f"by Ugo Bassi\nVela\nVela\n7 Febbraio 2026\n{LONG[2:]}",
        f"Nives Bordolana è giornalista della testata Il Faro.\nAltro\nAltro\n{LONG[2:]}",
        f"Nives Bordolana\nNives Bordolana è giornalista della testata Il Faro.\nAltro\n{LONG[2:]}",
        f"Leave a reply\n{LONG[2:]}",
    ],
)
def test_what_ends_a_text(behind: str) -> None:
    assert texts(dump(TITLES[:1], behind)) == WHOLE


@pytest.mark.parametrize(
    "behind",
    [
        f"Home > Cronaca\nUn altro titolo\nUn altro lede\nancora\nancora\nby Ugo Bassi\n{LONG[2:]}",
        f"- Home > Cronaca\nby Ugo Bassi\n{LONG[2:]}",
        f"by Ugo Bassi\nVela\nVela\nVela\n7 Febbraio 2026\n{LONG[2:]}",
        f"Nives Bordolana è giornalista della testata Il Faro.\n{LONG[2:]}",
        f"Ugo Bassi è giornalista della testata Il Faro.\nAltro\nAltro\n{LONG[2:]}",
    ],
)
def test_what_only_looks_like_an_end_of_the_text(behind: str) -> None:
    assert texts(dump(TITLES[:1], behind))[-1] == ("paragraph", LONG[2:])


def test_a_box_about_somebody_ends_a_text_without_a_byline() -> None:
    box = f"Ugo Bassi è giornalista della testata Il Faro.\nAltro\nAltro\n{LONG[2:]}"
    assert texts(f"{TITLES[1]}\n5 Gennaio 2026\n{LONG}\n{SECOND}\n{box}") == WHOLE


@pytest.mark.parametrize("first", ["Recommended", "Ada Neri\nDal molo\nAncora"])
def test_the_first_line_below_the_header_ends_no_text(first: str) -> None:
    lines = f"{TITLES[1]}\nby Ada Neri\n5 Gennaio 2026\n{first}\n{LONG}\n{SECOND}"
    assert texts(lines)[-2:] == WHOLE


@pytest.mark.parametrize(
    ("above", "is_article"),
    [("Home > Sport", True), ("Sport", False)],
)
def test_a_section_makes_an_article_of_little_text(above: str, is_article: bool) -> None:
    draft = read(read_lines(f"{above}\n{TITLES[1]}\n{LONG}"), None, None)
    assert bool(draft.headline) is is_article


def test_tags_make_an_article_of_little_text() -> None:
    assert read(read_lines(f"{TITLES[1]}\n{LONG}\nTags: porto"), None, None).headline == TITLES[1]


def test_an_address_on_top_of_a_dump_is_the_page_s() -> None:
    address = "https://alanews.it/sport/la-regata/"
    for above, url in ((address, address), (f"Sport\n{address}", address), (f"Sport\nMare\n{address}", None)):
        assert read(read_lines(f"{above}\n{dump(TITLES[:1])}"), None, None).url == url


@pytest.mark.parametrize(
    ("tags", "keywords", "is_glued"),
    [
        ("YouTubeRegata", ["YouTube", "Regata"], True),
        ("LaColla", ["LaColla"], False),
        ("p" * 45, ["p" * 45], False),
        ("p" * 46, ["p" * 46], True),
        ("", [], False),
    ],
)
def test_tags_without_separators(tags: str, keywords: list[str], is_glued: bool) -> None:
    lines = f"La regata su YouTube\nby Ada Neri\n5 Gennaio 2026\nSi chiama LaColla.\n{LONG}\nTags: {tags}"
    draft = read(read_lines(lines), None, None)
    assert (draft.keywords, "keywords-glued" in draft.warnings) == (keywords, is_glued)


def header(lines: str, url: str | None = None) -> tuple[str, str | None, list[str], str | None]:
    """Headline, lede, authors and section of a header with two paragraphs below it."""
    draft = read(read_lines(f"{lines}\n{LONG}\n{SECOND}"), None, url)
    return draft.headline, draft.description, draft.authors, draft.section


BYLINE = "by Ada Neri\n5 Gennaio 2026"
ELSEWHERE = "Un altro titolo che sta sopra il menu del giornale di Rocca"


@pytest.mark.parametrize(
    ("above", "headline", "section"),
    [
        # a line of the menu, of a form, a day, a box or a breadcrumb parts the header from what stands above
        (f"{ELSEWHERE}\n- Cronaca\n{TITLES[1]}", TITLES[1], None),
        (f"{ELSEWHERE}\nView All Result\n{TITLES[1]}", TITLES[1], None),
        (f"{ELSEWHERE}\n2 Gennaio 2026\n{TITLES[1]}", TITLES[1], None),
        (f"{ELSEWHERE}\nRelated Posts\n{TITLES[1]}", TITLES[1], None),
        (f"{ELSEWHERE}\nHome > Sport\n{TITLES[1]}", TITLES[1], "Sport"),
        (f"{ELSEWHERE}\nHome\nSport\n{TITLES[1]}", TITLES[1], "Sport"),
        # what the theme and its banners say does not
        (f"{TITLES[1]}\nCondividi", TITLES[1], None),
        (f"{TITLES[1]}\nQuesto sito utilizza i cookie per funzionare", TITLES[1], None),
        (f"Home > Sport\nCondividi\n{TITLES[1]}\nQuesto sito utilizza i cookie", TITLES[1], "Sport"),
        # nothing but a headline below "Home"
        (f"Home\n{TITLES[1]}", TITLES[1], None),
        (f"- Home\nSport\n{TITLES[1]}", TITLES[1], None),
        # short lines on top of it
        (f"Sport\nDal porto\n{TITLES[1]}", TITLES[1], None),
        ("La regata", "La regata", None),
        ("Dal porto\nLa regata", "La regata", None),
        ("Nel porto vecchio\nLa regata", "Nel porto vecchio", None),
        # eight lines at most
        (f"{ELSEWHERE}\n{TITLES[1]}" + "\nCondividi" * 7, TITLES[1], None),
        # one that ends like a sentence is taken where there is no other
        ("La regata delle barche finisce qui.", "La regata delle barche finisce qui.", None),
    ],
)
def test_where_a_header_begins(above: str, headline: str, section: str | None) -> None:
    found, lede, authors, found_section = header(f"{above}\n{BYLINE}")
    assert (found, authors, found_section) == (headline, ["Ada Neri"], section)
    assert lede is None


@pytest.mark.parametrize(
    ("menu", "crumbs", "section"),
    [
        ("- Cronaca", "Home Cronaca Mare", "Cronaca"),
        ("- Cronaca Mare\n- Cronaca", "Home Cronaca Mare", "Cronaca Mare"),
        ("- Sport", "Home CronacaMare", "Cronaca"),
        ("- Sport", "Home Cronaca Mare", "Cronaca Mare"),
        ("- Sport", "Home > Cronaca > Mare", "Cronaca"),
        ("- Sport", "Home > | Cronaca", "Cronaca"),
    ],
)
def test_the_first_crumb_is_the_section(menu: str, crumbs: str, section: str) -> None:
    assert header(f"{menu}\n{crumbs}\n{TITLES[1]}\n{BYLINE}")[3] == section


@pytest.mark.parametrize(
    ("lede", "description"),
    [
        ("Undici equipaggi e un ombrello", "Undici equipaggi e un ombrello"),
        ("Tre parole qui", "Tre parole qui"),
        ("Due parole", None),
    ],
)
def test_a_lede_has_three_words(lede: str, description: str | None) -> None:
    assert header(f"Home > Sport\n{TITLES[1]}\n{lede}\n{BYLINE}")[:2] == (TITLES[1], description)


def test_only_the_line_below_the_headline_is_the_lede() -> None:
    assert header(f"Home > Sport\n{TITLES[1]}\nDue parole\n{TITLES[2]}\n{BYLINE}")[1] is None


@pytest.mark.parametrize(
    ("first", "second", "headline"),
    [
        (39, 41, 1),
        (40, 41, 0),
        (39, 40, 0),
        (39, 109, 1),
        (39, 110, 0),
    ],
)
def test_a_kicker_is_shorter_than_forty_letters_and_the_headline_longer(first: int, second: int, headline: int) -> None:
    lines = [f"Vela e carta {'x' * (length - 13)}" for length in (first, second)]
    assert header(f"{lines[0]}\n{lines[1]}\n{BYLINE}")[0] == lines[headline]


def test_a_longer_line_repeated_above_the_byline_is_the_picture_s() -> None:
    """Unless a breadcrumb stands above it, or what is left is far longer than a headline is."""
    once = "Il molo vecchio del porto di Rocca visto all’alba"
    twice = f"{once}\n{once}"
    assert header(f"{twice}\nLa regata nel porto\n{BYLINE}")[0] == "La regata nel porto"
    assert header(f"Home > Sport\n{twice}\nLa regata nel porto\n{BYLINE}")[0] == once
    lede = "Undici equipaggi e un solo ombrello nel porto vecchio della città"
    assert header(f"{twice}\n{lede}\n{BYLINE}")[:2] == (once, lede)
    assert header(f"{twice}\n{BYLINE}")[0] == once


def test_the_captions_above_the_byline_stand_in_order() -> None:
    molo = "Il molo vecchio del porto all’alba"
    assert texts(f"La torre | Agenzia\n{molo}\n{molo}\n{TITLES[1]}\n{BYLINE}\n{LONG}\n{SECOND}") == [
        *(("caption", "La torre"), ("caption", molo), *WHOLE)
    ]


def test_a_byline_above_the_byline_names_an_author_too() -> None:
    assert header(f"{TITLES[1]}\na cura di Ugo Bassi\n{BYLINE}")[::2] == (TITLES[1], ["Ugo Bassi", "Ada Neri"])


@pytest.mark.parametrize(
    ("lines", "authors", "day"),
    [
        # the day within three lines of the byline
        ("by Ada Neri\nVela\nCarta\n5 Gennaio 2026", ["Ada Neri"], True),
        # at the end of the byline
        ("by Ada Neri 5 Gennaio 2026", ["Ada Neri"], True),
        ("by Ada Neri\nCondividi\n5 Gennaio 2026", ["Ada Neri"], True),
        ("by Ada Neri\n5 Gennaio 2026\nby Ugo Bassi", ["Ada Neri", "Ugo Bassi"], True),
        ("by Ada Neri\nUgo Bassi\nEva Riva\n5 Gennaio 2026", ["Ada Neri", "Ugo Bassi", "Eva Riva"], True),
        ("by Ada Neri\ny\nUgo Bassi\n5 Gennaio 2026", ["Ada Neri", "Ugo Bassi"], True),
    ],
)
def test_byline_and_day(lines: str, authors: list[str], day: bool) -> None:
    draft = read(read_lines(f"{TITLES[1]}\n{lines}\n{LONG}\n{SECOND}"), None, None)
    assert (draft.headline, draft.authors) == (TITLES[1], authors)
    # a line between byline and day that nobody knows ends the header above the day
    assert bool(draft.claims) is (day and "Vela" not in lines)


def test_an_item_of_the_menu_is_no_byline() -> None:
    assert header(f"- by Ugo Bassi\n{TITLES[1]}\n{BYLINE}")[::2] == (TITLES[1], ["Ada Neri"])


def test_a_byline_whose_day_is_far_below_it_is_no_header_s() -> None:
    lines = f"{TITLES[1]}\nby Ada Neri\nVela\nCarta\nColla\n5 Gennaio 2026"
    assert header(lines)[0] != TITLES[1]


@pytest.mark.parametrize(
    ("byline", "sentences", "is_header"),
    [
        ("by Ada Neri", 0, True),
        ("by Ada Neri", 2, True),
        # below a whole text it is the next article's
        ("by Ada Neri", 3, False),
        # without a day "by" alone makes a byline
        ("di Ada Neri", 0, False),
        ("by the sea", 0, False),
    ],
)
def test_a_byline_without_a_day(byline: str, sentences: int, is_header: bool) -> None:
    above = [LONG.replace("Undici", number) for number in ("Venti", "Trenta", "Quaranta")][:sentences]
    draft = read(read_lines("\n".join((TITLES[1], *above, byline, LONG))), None, None)
    assert (draft.authors == ["Ada Neri"]) is is_header
    assert bool(draft.headline) is (is_header or sentences == 3)


def test_a_day_without_text_below_it_is_no_header_s() -> None:
    lines = f"{TITLES[1]}\nby Ada Neri\n{LONG}\n{SECOND}\nUn altro titolo\n7 Febbraio 2026\nAltro"
    assert [claim.value for claim in read(read_lines(lines), None, None).claims] == []


def test_the_text_below_a_day_stands_before_the_next_one() -> None:
    """A list of posts with days, each with a sentence, and the article below them."""
    posts = "\n".join(
        f"Un altro titolo del giornale\n{n} Gennaio 2026\n{LONG.replace('Undici', str(n))}" for n in (1, 2)
    )
    draft = read(read_lines(f"{posts}\n{TITLES[1]}\n5 Gennaio 2026\n{LONG}\n{SECOND}\n{LONG[2:]}"), None, None)
    assert (draft.headline, [claim.value for claim in draft.claims]) == (TITLES[1], ["2026-01-05"])


@pytest.mark.parametrize(
    "top",
    [
        f"- {LONG}",
        "Copyright 2026 Il Faro, giornale del porto e della città vecchia di Rocca, all rights reserved.",
        "Foto: le undici barche di carta nel bacino piccolo del porto vecchio della città di Rocca.",
        "Questo sito utilizza i cookie per funzionare, e anche per contare le barche di carta del porto.",
        "Undici barche di carta nel bacino piccolo del porto vecchio e nessuna di legno, ieri mattina",
        "Undici barche di carta nel bacino del porto.",
    ],
)
def test_what_stands_on_top_of_a_dump_without_byline_is_none_of_the_text(top: str) -> None:
    found = header(f"{top}\nNo Result\n{TITLES[1]}\n{TITLES[2]}")
    assert found[:2] in ((TITLES[1], TITLES[2]), (TITLES[2], None))


def test_without_a_byline_a_caption_parts_the_lede_from_the_text() -> None:
    """Unless the lede is known, or a caption stands above."""
    text = f"{LONG}\nLa torre | Agenzia\n{SECOND}\n{LONG[2:]}\n{LONG[4:]}"
    lede = "Undici equipaggi e un ombrello"
    assert texts(f"{TITLES[1]}\n{text}")[0] == ("caption", "La torre")
    assert texts(f"Il molo | Agenzia\n{TITLES[1]}\n{text}")[:3] == [
        *(("caption", "Il molo"), ("paragraph", LONG), ("caption", "La torre"))
    ]
    for above in (f"{TITLES[1]}\n{lede}", f"Il molo | Agenzia\n{TITLES[1]}"):
        draft = read(read_lines(f"{above}\n{text}"), None, None)
        assert ("paragraph", LONG) in [(block.type.value, block.text) for block in draft.blocks]


def test_without_a_byline_a_sentence_is_no_headline() -> None:
    for end in ".;,":
        assert read(read_lines(f"Undici equipaggi e un ombrello{end}\n{LONG}\n{SECOND}"), None, None).headline == ""


LEDE_BELOW = (TITLES[1], "Undici equipaggi e un ombrello")


@pytest.mark.parametrize(
    ("lines", "warnings"),
    [
        (dump(TITLES[:1]), {"lede-unknown"}),
        (dump(LEDE_BELOW), set()),
        (dump(TITLES), {"headline-guessed"}),
        (dump(LEDE_BELOW, trail="Home > Sport"), set()),
        (dump(TITLES, trail="Home > Sport"), set()),
        (
            dump(LEDE_BELOW, "Tags: PortoRegata\nDiscussion about this post\n3 commenti"),
            {"keywords-glued", "comments-cut"},
        ),
        (dump(LEDE_BELOW, f"Uno\nDue\nTre\n{LONG[2:]}"), {"lines-uncertain"}),
        (dump(LEDE_BELOW, f"Il calendario\nLa piazza\n{LONG[2:]}"), {"lines-uncertain"}),
        (dump(LEDE_BELOW, f"Il calendario\n{LONG[2:]}"), set()),
    ],
)
def test_the_warnings_of_a_dump(lines: str, warnings: set[str]) -> None:
    assert {*read(read_lines(lines), None, None).warnings} == {*warnings, "image-urls-unknown"}
