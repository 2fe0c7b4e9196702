"""Caption and credit of a figure."""

import pytest
from lxml.html import fromstring

from crawler.extraction.html.figures import FigureWords
from crawler.extraction.html.rules import Rules, roles

RULES = Rules(roles=roles(caption="didascalia", credit="firma", drop="compra"))


@pytest.mark.parametrize(
    ("inside", "caption", "credit", "unknown"),
    [
        ('<p class="didascalia">Il molo</p><p class="firma">© Ada 2021</p>', "Il molo", "© Ada", []),
        ("<figcaption>Il molo | Agenzia - Faro</figcaption>", "Il molo", "Agenzia - Faro", []),
        ('<p class="didascalia">Il molo</p><p class="didascalia">Il molo</p><i>2 / 9</i>', "Il molo", None, []),
        ('<div class="testo-7">Il molo</div><div class="compra">Compra</div>', "Il molo", None, ["testo"]),
        ("<script>no()</script>", None, None, []),
        ("<figcaption>Il<br>molo<p>di sera</p></figcaption>", "Il molo di sera", None, []),
        ('<figcaption>Il molo <span class="firma">Ada</span></figcaption>', "Il molo", "Ada", []),
        ('<div class="firma"><b class="firma">Ada</b></div>', None, "Ada", []),
        ('<div class="didascalia">Il <b class="didascalia">molo</b></div>', "Il molo", None, []),
        ("Il molo<figcaption> </figcaption> | Agenzia", "Il molo", "Agenzia", []),
        ('<div class="compra"><b class="x">Compra</b></div><b>Il molo</b>', "Il molo", None, []),
        ('<div class="didascalia x">Il molo</div><button>Apri</button>', "Il molo", None, []),
    ],
)
def test_words(inside: str, caption: str | None, credit: str | None, unknown: list[str]) -> None:
    words = FigureWords(fromstring(f'<figure><img src="/i.jpg">{inside}</figure>'), RULES)
    assert (words.caption, words.credit, words.unknown) == (caption, credit, unknown)


@pytest.mark.parametrize(
    ("inside", "caption"),
    [
        ("<i>3/19</i>", None),
        ("<i>Molo 3/19</i>", "Molo 3/19"),
        ("<i>1234/19</i>", "1234/19"),
        ("<figcaption>Uno</figcaption><figcaption>Due</figcaption>", "Uno Due"),
        ("<!-- no -->Uno<svg><text>no</text></svg>", "Uno"),
    ],
)
def test_a_counter_is_no_caption(inside: str, caption: str | None) -> None:
    assert FigureWords(fromstring(f"<figure>{inside}</figure>"), RULES).caption == caption


def test_the_class_nearest_around_a_text_is_counted() -> None:
    def unknown(inside: str) -> list[str]:
        return FigureWords(fromstring(f"<figure class='foto'>{inside}</figure>"), RULES).unknown

    assert unknown("<div class='riga'><b>Uno</b></div>") == ["riga"]
    assert unknown("<div class='riga'><div class='testo'><b>Uno</b></div></div>") == ["testo"]
    assert unknown("<div><b>Uno</b></div>Due") == []
    assert unknown("<div class='riga'> <b class='testo'></b></div>") == []
