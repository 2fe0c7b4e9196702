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
