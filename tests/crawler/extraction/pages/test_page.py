"""Bytes become a page: charset, cleaning, refusals, one tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.html.text import text_of
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason

URL = "https://example.org/a"
TEXT = "Perché l’umidità? È così: «città»."
HTML = "<html><head>{head}</head><body><p>" + TEXT + "</p></body></html>"
META_LATIN = '<meta charset="iso-8859-1">'


def _text(page: Page) -> str:
    return text_of(page.tree.find(".//p"))


@pytest.mark.parametrize(
    ("body", "content_type", "warnings"),
    [
        (HTML.format(head="").encode(), None, ()),
        (HTML.format(head="").encode(), "text/html; charset=utf-8", ()),
        (HTML.format(head="").encode("utf-8-sig"), "text/html; charset=iso-8859-1", ()),
        (HTML.format(head="").encode("utf-16"), None, ()),
        (HTML.format(head="").encode("utf-16-le"), None, ()),
        (HTML.format(head="").encode(), "text/html; charset=ISO-8859-1", ("charset-mislabelled: iso-8859-1",)),
        (HTML.format(head=META_LATIN).encode(), None, ("charset-mislabelled: iso-8859-1",)),
        (HTML.format(head=META_LATIN).encode("cp1252"), None, ()),
        (HTML.format(head="").encode("cp1252"), None, ("charset-guessed: windows-1252",)),
        (HTML.format(head="").encode("cp1252"), "text/html; charset=x-none", ("charset-unknown: x-none",)),
        (HTML.format(head="").encode("cp1252"), "text/html; charset=utf-8", ("charset-mislabelled: utf-8",)),
    ],
)
def test_charset(body: bytes, content_type: str | None, warnings: tuple[str, ...]) -> None:
    page = Page.from_bytes(body, URL, content_type=content_type)
    assert _text(page) == TEXT
    assert page.warnings == warnings


def test_one_bad_byte_does_not_change_the_charset() -> None:
    page = Page.from_bytes(HTML.format(head="").encode().replace(b"citt", b"\xffitt"), URL)
    assert page.warnings in (("charset-repaired",), ("charset-guessed: windows-1252",))
    labelled = Page.from_bytes(
        HTML.format(head="").encode().replace(b"citt", b"\xffitt"), URL, content_type="text/html; charset=utf-8"
    )
    assert labelled.warnings == ("charset-repaired",)
    assert "Perché l’umidità" in _text(labelled)


def test_a_character_cut_in_two_is_no_other_charset() -> None:
    body = HTML.format(head="").encode()
    cut = body[: body.index("«".encode()) + 1]
    page = Page.from_bytes(cut, URL)
    assert page.warnings == ()
    assert "umidità" in _text(page)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", None, RefusalReason.EMPTY_BODY),
        (b" \r\n\x00", None, RefusalReason.EMPTY_BODY),
        (b"%PDF-1.7 \xe2\xe3", "application/pdf", RefusalReason.NOT_HTML),
        (b'{"a": 1}', None, RefusalReason.NOT_HTML),
        (b"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", None, RefusalReason.NOT_HTML),
        (b"<urlset><url><loc>https://example.org/a</loc></url></urlset>", "text/html", RefusalReason.NOT_HTML),
        (bytes(range(256)) * 40, None, RefusalReason.UNDECODABLE),
    ],
)
def test_refused(body: bytes, content_type: str | None, reason: RefusalReason) -> None:
    with pytest.raises(PageRefused) as refusal:
        Page.from_bytes(body, URL, content_type=content_type)
    assert refusal.value.reason is reason


def test_controls_and_surrogates_do_not_reach_the_tree() -> None:
    page = Page(url=URL, html="<p>uno\x00 due\x0b \ud800tre</p>")
    assert _text(page) == "uno due tre"


def test_tree_and_structured_data_are_built_once() -> None:
    page = Page.from_bytes(HTML.format(head="").encode(), URL)
    assert page.tree is page.tree
    assert page.structured is page.structured


def test_deeper_than_the_parser_goes_is_an_empty_page() -> None:
    assert Page(url=URL, html="<div>" * 50_000 + "in fondo").tree.tag == "html"


def test_deep_nesting_is_survived() -> None:
    page = Page(url=URL, html="<div>" * 1500 + "in fondo" + "</div>" * 1500)
    assert "in fondo" in "".join(page.tree.itertext())


@given(st.binary(max_size=400))
def test_any_bytes_give_a_page_or_a_reason(body: bytes) -> None:
    try:
        page = Page.from_bytes(b"<html><p>" + body, URL)
        assert page.tree is not None
    except PageRefused as refusal:
        assert refusal.reason in RefusalReason


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("/sezione/", "https://example.org/sezione/"),
        ("http://[", URL),
        (" ", URL),
        ("/".ljust(2000, "x"), "https://example.org/" + "x" * 1999),
        ("/".ljust(2001, "x"), URL),
    ],
)
def test_base_of_relative_addresses(base: str, expected: str) -> None:
    assert Page(url=URL, html=f'<html><head><base href="{base}"></head><body>x</body></html>').base_url == expected


CANONICAL = '<link rel="canonical" href="{}">'
SHARED = '<meta property="og:url" content="{}">'
ITEM = '<div itemscope><link itemprop="mainEntityOfPage" href="https://faro.example/c"></div>'
A, B = "https://faro.example/a", "https://faro.example/b"


@pytest.mark.parametrize(
    ("head", "claimed"),
    [
        (CANONICAL.format(A) + SHARED.format(B), A),
        (CANONICAL.format("/a") + SHARED.format(B), B),
        (SHARED.format("javascript:1") + ITEM, "https://faro.example/c"),
        ('<meta property="og:url" content="faro">', ""),
        ("", ""),
    ],
)
def test_the_address_that_a_page_gives_itself(head: str, claimed: str) -> None:
    page = Page.from_bytes(f"<html><head>{head}</head><body><p>Uno</p></body></html>".encode(), None)
    assert page.url == claimed


@pytest.mark.parametrize(("mark", "length", "is_kept"), [("&", 99, True), ("&", 100, False), ("&", 1000, False)])
def test_hundred_marks_in_a_row_are_white_space(mark: str, length: int, is_kept: bool) -> None:
    for before in range(0, 50, 7):
        text = _text(Page(url=URL, html=f"<p>{'a' * before} uno{mark * length}due</p>")).lstrip("a").lstrip()
        assert text == (f"uno{mark * length}due" if is_kept else "uno due")


def test_a_start_tag_that_no_editor_writes_is_dropped() -> None:
    def tags(attributes: int, length: int) -> list[str]:
        start = ("p" + " a=1" * attributes).ljust(length)
        return [element.tag for element in Page(url=URL, html=f"<body><{start}>uno</p></body>").tree.find("body")]

    assert tags(1001, 50_000) == ["div"]
    assert tags(1001, 49_999) == tags(1000, 50_000) == ["p"]
    assert tags(1001, 120_000) == ["div"]
