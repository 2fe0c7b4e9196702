"""Every word of the pages is there in Italian, and no other."""

import json
import re
from pathlib import Path

import pytest

import reading_room
from crawler.operations import health
from reading_room.italian import ITALIAN
from reading_room.warnings import MEANINGS, explained
from reading_room.wording import Wording, preferred_language

FOLDER = Path(reading_room.__file__).parent
#: Words that pages get from elsewhere: parts of an article that changed, and phrases of HTTP statuses.
FROM_ELSEWHERE = {
    "headline", "lede", "body", "running", "finished", "cut-off",
    "Bad Request", "Not Found", "Method Not Allowed", "Unavailable For Legal Reasons", "Service Unavailable",
}  # fmt: skip


def words_of_pages() -> set[str]:
    found = {*FROM_ELSEWHERE, *MEANINGS.values()}
    for path in [*FOLDER.glob("templates/*.html"), *FOLDER.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= {words for _, words in re.findall(r"""(?:\b_|say)\(\s*(["'])(.*?)\1""", text)}
        for pair in re.findall(r'counted?\(\s*"(.*?)", "(.*?)"', text):
            found |= set(pair)
    return found


def test_every_word_has_its_italian_and_none_is_left_over() -> None:
    assert words_of_pages() == set(ITALIAN)


def test_warnings_of_the_fixtures_have_a_meaning() -> None:
    """Pages and dumps of every kind are among the fixtures."""
    warned: set[str] = set()
    for path in (Path(__file__).parents[1] / "fixtures").rglob("*.json"):
        for listed in re.findall(r'"warnings": (\[[^\]]*\])', path.read_text(encoding="utf-8")):
            warned |= set(json.loads(listed))
    assert len(warned) > 3 and all(explained(warning).meaning for warning in warned), warned
    assert explained("unknown-block: DIV").name == "unknown-block" and not explained("<b>").meaning


def test_every_kind_of_alarm_has_words() -> None:
    kinds = set(re.findall(r'Alarm\(\s*"([a-z-]+)"', Path(health.__file__).read_text(encoding="utf-8")))
    page = (FOLDER / "templates" / "site.html").read_text(encoding="utf-8")
    assert kinds == set(re.findall(r'"([a-z-]+)": _\(', page)) and len(kinds) > 10


def test_values_of_a_translation_are_those_of_its_words() -> None:
    for english, italian in ITALIAN.items():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", italian)), english


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("it", "it"), ("it-CH, en;q=0.9", "it"), ("en;q=0.9, it;q=0.3", "en"), ("de", "en"),
        ("it;q=0", "en"), (";;;,q=1", "en"),
    ],
)  # fmt: skip
def test_the_language_a_browser_prefers(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_days_and_numbers() -> None:
    assert Wording("it").day("2026-03-07") == "7 marzo 2026"
    assert Wording("en").day("2026-03-07") == "7 March 2026"
    assert (Wording("it").number(12345), Wording("en").number(12345)) == ("12.345", "12,345")
    assert Wording("it").count("{n} article", "{n} articles", 1) == "1 articolo"
    assert Wording("en").moment("2026-03-07T09:30:00+01:00") == "7 Mar 2026, 09:30 UTC+01:00"
