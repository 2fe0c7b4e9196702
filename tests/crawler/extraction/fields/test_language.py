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
    both = f"{WORDS['it']} " * 3 + "le de la les du au par " * 4
    found = detected(both)
    assert contradicts(both, "it") is None or share(both.split(), str(found)) > 2 * share(both.split(), "it")


def test_the_share_of_a_languages_words() -> None:
    assert share(["il", "molo", "per", "una", "nave"], "it") == 0.6
    assert share([], "it") == 0.0
