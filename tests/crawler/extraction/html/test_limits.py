"""Pages beyond the limits are refused by name, and values beyond them are left out with a warning."""

import json
import sys
import unicodedata
from datetime import UTC, datetime

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.html.limits import (
    MOST_BYTES,
    MOST_ELEMENTS,
    MOST_OF_BYLINES,
    MOST_TEXT,
    check_bytes,
    check_markup,
)
from crawler.extraction.html.text import fold, with_few_marks
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import Article

TEXT = "".join(
    f"<p>La fontana della piazza {place} scorre di nuovo, dopo un anno di lavori e di attesa nel quartiere.</p>"
    for place in ("grande", "piccola", "vecchia", "nuova", "alta", "bassa")
)
URL = "https://notizie.example.org/2024/01/10/fontana.html"


def article(body: str = "", head: str = "") -> Article:
    html = f"<html><head><title>La fontana</title>{head}</head><body><h1>La fontana</h1>{TEXT}{body}</body></html>"
    return extract(Page.from_bytes(html.encode(), URL, datetime(2024, 1, 11, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("x" * MOST_BYTES, f"more than {MOST_BYTES} bytes"),
        ("<b></b>" * MOST_ELEMENTS, f"more than {MOST_ELEMENTS} elements"),
        ("<b></b>" * 310_000, "more than 300000 tags"),
        ("<p>" + "parola " * (MOST_TEXT // 7), f"more than {MOST_TEXT} characters of text"),
        ("<p " + "a " * 510_000 + ">", "more than 500000 attributes"),
        (f"<p class='{'a ' * 9000}'>" * 230, "more than 4000000 characters of attributes"),
        ("<div>" * 1000 + "<b></b>" * 6000, "more than 5000000 levels around elements"),
    ],
)
def test_what_is_too_large_is_named(body: str, detail: str) -> None:
    with pytest.raises(PageRefused) as refused:
        article(body)
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.TOO_LARGE, detail)


def test_just_below_the_limits_is_an_article() -> None:
    found = article("<p>" + "parola " * (MOST_TEXT // 7 - 2000) + "</p>")
    assert found.headline == "La fontana"
    assert found.word_count > 100_000


def test_a_script_is_no_text() -> None:
    assert article(f"<script>{'var a = 1; ' * 100_000}</script>").word_count < 120


def test_long_attributes_are_left_out_of_large_pages() -> None:
    padding = f"<script>{'x' * 200_000}</script>"
    for length, is_kept in ((20_000, True), (20_001, False)):
        found = article(padding, f"<meta name='description' content='{'x' * length}'>")
        assert (found.description is not None) is is_kept


def test_authors_and_structured_data_beyond_are_cut_with_a_warning() -> None:
    many = "".join(
        f"<meta name='author' content='Ada Rossi {chr(97 + n % 26) * 9}'>" for n in range(MOST_OF_BYLINES // 15)
    )
    found = article("", many)
    assert "authors-cut" in found.warnings
    assert found.authors
    assert "authors-cut" not in article("", "<meta name='author' content='Ada Rossi'>").warnings
    node = {"@type": "NewsArticle", "headline": "La fontana", "about": "x" * 2_000_000}
    assert "json-ld-cut" in article("", f"<script type='application/ld+json'>{json.dumps(node)}</script>").warnings
    assert "json-ld-cut" not in article("", "<script type='application/ld+json'>{}</script>").warnings


def test_accents_in_a_row_are_thirty_at_most() -> None:
    """UAX 15, 13.1; NFC takes the square of their number."""
    assert not any(unicodedata.combining(chr(point)) for point in range(0x20000, sys.maxunicode + 1))
    marks = "\u0301\u0323" * 50_000
    few = with_few_marks(f"a{marks}b")
    assert len(few) == 32
    assert fold(f"a{marks}b") == unicodedata.normalize("NFC", few)
    vietnamese = "Người đọc báo " * 200
    assert fold(unicodedata.normalize("NFD", vietnamese)) == vietnamese.strip()


def test_accents_in_a_row_are_cut_in_long_texts_of_large_pages() -> None:
    """Spelled as character references, so that the markup does not show them."""
    for accents, kept in ((9_998, 9_998), (9_999, 30)):
        marks, padding = "&#803;" * accents, f"<script>{'x' * 150_000}</script>"
        tree = Page(url=URL, html=f"<body>{padding}<p>di{marks}</p><b></b>di{marks}<i></i></body>").tree
        for text in (tree.find(".//p").text, tree.find(".//b").tail):
            assert text.count("\u0323") == kept


def refused(html: str) -> str | None:
    """What a page is refused for, None where it is not."""
    try:
        _ = Page(url=URL, html=html).tree
    except PageRefused as refusal:
        return refusal.detail
    return None


#: `html` and `body`, at levels 0 and 1, 998 elements in each other, one more at level 500 and 4500 at level 1000.
NESTED = "<body>" + "<div>" * 498 + "{}" + "<div>" * 500 + "<b></b>" * 4500


@pytest.mark.parametrize(
    ("most", "more", "detail"),
    [
        (NESTED.format("<i></i>"), NESTED.format("<i><a></a></i>"), "more than 5000000 levels around elements"),
        ("<body>" + "<b></b>" * 49_998, "<body>" + "<b></b>" * 49_999, "more than 50000 elements"),
        (
            f"<body>{'x' * 999_997}<b>y</b>zz",
            f"<body>{'x' * 999_997}<b>y</b>zzz",
            "more than 1000000 characters of text",
        ),
        (
            "<body>" + f"<b title='{'x' * 20_000}'></b>" * 199 + f"<i title='{'x' * 19_999}' lang='x'></i>",
            "<body>" + f"<b title='{'x' * 20_000}'></b>" * 199 + f"<i title='{'x' * 19_999}' lang='xx'></i>",
            "more than 4000000 characters of attributes",
        ),
    ],
)
def test_a_page_of_a_limits_size_is_read_and_one_beyond_is_not(most: str, more: str, detail: str) -> None:
    assert (refused(most), refused(more)) == (None, detail)


@pytest.mark.parametrize(
    ("most", "more", "detail"),
    [
        (b"<p>" * 300_000, b"<p>" * 300_001, "more than 300000 tags"),
        (b"<p></p>" * 300_000, b"<p></p>" * 300_001, "more than 300000 tags"),
        (b"<p a b>" * 250_000, b"<p a b>" * 249_999 + b"<p a b c>", "more than 500000 attributes"),
        (b"<p  a/ >" * 200_000, b"<p a/b/c>" * 200_000, "more than 500000 attributes"),
        (b"<p a='b c d e f'>" * 200_000, b"<p a='b' c='d' e='f'>" * 200_000, "more than 500000 attributes"),
    ],
)
def test_markup_is_measured_before_it_is_parsed(most: bytes, more: bytes, detail: str) -> None:
    check_markup(most)
    with pytest.raises(PageRefused) as refusal:
        check_markup(more)
    assert refusal.value.detail == detail


def test_a_body_of_16_mib_is_read_and_a_longer_one_is_not() -> None:
    check_bytes(bytes(16 * 1024 * 1024))
    with pytest.raises(PageRefused):
        check_bytes(bytes(16 * 1024 * 1024 + 1))
