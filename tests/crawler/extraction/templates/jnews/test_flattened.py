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
