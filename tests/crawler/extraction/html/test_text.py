"""Text of the page as text for people."""

from lxml.html import fromstring

from crawler.extraction.html.text import fold, text_of, unique, unique_fold_case


def test_lone_surrogates_are_no_characters() -> None:
    assert fold("citt\ud800\u00e0 \udfff nebbia") == "citt\u00e0 nebbia"


def test_commands_to_a_terminal_are_no_characters() -> None:
    assert fold("\x1b]0;titolo\x07 La \x9b31mregata\x7f") == "]0;titolo La 31mregata"
    assert fold("\x1b[2J Il porto è aperto") == "[2J Il porto è aperto"
    assert fold("uno\x85due\x0btre\x1cquattro\n cinque") == "uno due tre quattro cinque"


def test_white_space_is_one_space_and_letters_are_composed() -> None:
    assert fold(" La\u00a0 regata\n\t di\u2003carta ") == "La regata di carta"
    assert fold("citta\u0300\u200b\u00ad") == "citt\u00e0"
    assert fold(None) == fold("") == fold("\u200b") == ""


def test_the_text_of_an_element_is_what_is_read_of_it() -> None:
    markup = "uno<b>due</b> tre<br>quattro<p>cinque</p><script>no</script>sei<!-- no -->sette<p><i>otto</i></p>"
    assert text_of(fromstring(f"<div>{markup}</div>")) == "unodue tre quattro cinqueseisette otto"
    assert text_of(fromstring("<p> uno </p>")) == "uno"
    assert text_of(fromstring("<style>p {}</style>")) == text_of(None) == ""


def test_an_element_however_deep_has_its_text() -> None:
    deep = fromstring("<div>" + "<b>uno " * 250 + "</b>" * 250 + "fine</div>")
    assert text_of(deep) == "uno " * 250 + "fine"


def test_values_once() -> None:
    assert unique(["b", "", "a", "b"]) == ("b", "a")
    assert unique_fold_case(["Porto", "", "PORTO", "mare"]) == ("Porto", "mare")


def test_accents_in_a_row_are_kept_in_a_short_text() -> None:
    accents = "\u0323" * 40
    for letters, kept in ((959, 40), (960, 30)):
        assert fold("x" * letters + accents).count("\u0323") == kept
