"""The language of a text, and whether it is another than the declared one."""

import pytest

from crawler.extraction.fields.language import contradicts, detected, share

WORDS = {
    "it": "il molo della città non è più una strada per le navi che",
    "fr": "le port de la ville est une porte pour les navires qui",
    "nl": "de haven van het dorp is niet een plaats voor schepen die",
}


@pytest.mark.parametrize("code", WORDS)
def test_small_words_tell(code: str) -> None:
    text = f"{WORDS[code]} " * 3
    assert detected(text) == code
    assert contradicts(text, code) is None
    assert contradicts(text, "en") == code


def test_few_words_and_few_small_words_tell_nothing() -> None:
    words = WORDS["it"].split()
    assert detected(" ".join((words * 2)[:25])) == "it"
    assert detected(" ".join((words * 2)[:24])) is None
    assert detected("molo città strada navi vele remi porto faro nebbia acqua il " * 3) is None
    assert detected(("gli " * 3 + "molo " * 22) * 2) == "it"  # twelve of a hundred
    assert detected(("gli " * 3 + "molo " * 23) * 2) is None


def test_two_languages_alike_tell_nothing() -> None:
    assert detected("que para por " * 20) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("市場は昨日また開きました。", "ja"),
        ("市场昨天重新开放了。", "zh"),
        ("시장은 어제", "ko"),
        ("Η αγορά", "el"),
        ("השוק נפתח", "he"),
        ("السوق", "ar"),
        ("aaaaaaaΗα", None),  # two of nine letters
        ("aaaaaaΗαγ", "el"),
        ("1234 !", None),
        ("", None),
    ],
)
def test_scripts_tell(text: str, code: str | None) -> None:
    assert detected(text) == code


def test_a_declared_language_is_believed_unless_the_text_shows_another_clearly() -> None:
    assert contradicts("Η αγορά άνοιξε", "it") == "el"
    assert contradicts(f"{WORDS['it']} " * 3, "ja") is None  # no profile of its own to compare with


def test_the_share_of_a_languages_words() -> None:
    assert share(["il", "molo", "per", "una", "nave"], "it") == 0.6
    assert share([], "it") == 0.0


@pytest.mark.parametrize(("french", "found"), [(10, None), (11, "fr")])
def test_another_language_is_shown_by_more_than_twice_as_many_of_its_words(french: int, found: str | None) -> None:
    text = "les " * french + "gli " * 5 + "molo " * 15
    assert detected(text) == "fr"
    assert contradicts(text, "it") == found


@pytest.mark.parametrize(("italian", "found"), [(10, None), (12, "it")])
def test_a_language_is_told_by_a_fifth_more_words_than_the_next_has(italian: int, found: str | None) -> None:
    assert detected("gli " * italian + "les " * 10 + "molo " * 10) == found


def test_the_beginning_of_a_text_tells_its_language() -> None:
    text = f"{WORDS['it']} " * 3
    assert detected("1 " * 9_900 + text) == "it"
    assert detected("1 " * 10_000 + text) is None
    assert contradicts(text + f"{WORDS['fr']} " * 2_000, "fr") is None
