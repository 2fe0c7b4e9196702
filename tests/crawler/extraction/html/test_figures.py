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
    ],
)
def test_words(inside: str, caption: str | None, credit: str | None, unknown: list[str]) -> None:
    words = FigureWords(fromstring(f'<figure><img src="/i.jpg">{inside}</figure>'), RULES)
    assert (words.caption, words.credit, words.unknown) == (caption, credit, unknown)
