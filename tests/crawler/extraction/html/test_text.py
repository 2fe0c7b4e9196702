"""Text of the page as text for people."""

from crawler.extraction.html.text import fold


def test_lone_surrogates_are_no_characters() -> None:
    assert fold("citt\ud800\u00e0 \udfff nebbia") == "citt\u00e0 nebbia"
