"""Any bytes of a known charset become their text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.html.charset import decode
from crawler.extraction.refusals import PageRefused, RefusalReason

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xD7FF), max_size=200)


@given(TEXT)
def test_utf8_whatever_the_label(text: str) -> None:
    body = f"perché {text}".encode()
    assert decode(body, "text/html; charset=windows-1252")[0] == f"perché {text}"
    assert decode(body) == (f"perché {text}", ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@given(TEXT)
def test_a_byte_order_mark_decides(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "text/html; charset=iso-8859-1") == (text, ())


@pytest.mark.parametrize(("label", "encoding"), [("koi8-r", "koi8-r"), ("Shift_JIS", "shift_jis")])
def test_the_charset_of_the_header_wins_over_that_of_the_page(label: str, encoding: str) -> None:
    text = {"koi8-r": "новости", "shift_jis": "新聞です"}[encoding]
    body = b'<meta charset="iso-8859-1">' + text.encode(encoding)
    assert decode(body, f"text/html; charset={label}")[0].endswith(text)


def test_binary_data_is_refused() -> None:
    for content_type, detail in ((None, "no charset, binary bytes"), ("text/html; charset=koi8-r", "koi8-r")):
        with pytest.raises(PageRefused) as refused:
            decode(b"\x01\x02\x03\x04" * 50, content_type)
        assert (refused.value.reason, refused.value.detail) == (RefusalReason.UNDECODABLE, detail)


@pytest.mark.parametrize(
    ("body", "content_type", "text", "warnings"),
    [
        ("perché no".encode("cp1252"), None, "perché no", ("charset-guessed: windows-1252",)),
        ("perché no".encode("cp1252"), "text/html; charset=windows-1252", "perché no", ()),
        ("perché no".encode("cp1252"), "text/html; charset=klingon", "perché no", ("charset-unknown: klingon",)),
        ("perché no".encode("cp1252"), "text/html; charset=idna", "perché no", ("charset-unknown: idna",)),
        ("perché no".encode("cp1252"), "text/html; charset=rot13", "perché no", ("charset-unknown: rot13",)),
        ("perché".encode(), "text/html; charset='iso-8859-1'", "perché", ("charset-mislabelled: iso-8859-1",)),
        (b"perche", "text/html; charset=iso-8859-1", "perche", ()),
        ("perché".encode()[:-1], "text/html; charset=utf-8", "perch", ()),
        (b"una parola\0 sola", "text/html; charset=utf-8", "una parola sola", ()),
        ("ニュース".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "ニュース", ()),
        ("perché".encode("utf-16-le"), None, "perché", ()),
        ("perché".encode("utf-16-be"), None, "perché", ()),
    ],
)
def test_text_and_warnings(body: bytes, content_type: str | None, text: str, warnings: tuple[str, ...]) -> None:
    assert decode(body, content_type) == (text, warnings)


def test_a_few_bad_sequences_are_replaced_and_many_mean_another_charset() -> None:
    declared = "text/html; charset=utf-8"
    few = "è".encode() * 20 + b"\xe8" * 4
    assert decode(few, declared) == ("è" * 20 + "\ufffd" * 4, ("charset-repaired",))
    many = "è".encode() * 3 + b"\xe8 " * 4
    assert decode(many, declared) == (
        (b"\xc3\xa8" * 3 + b"\xe8 " * 4).decode("cp1252"),
        ("charset-mislabelled: utf-8",),
    )
    assert decode(b"\xe8 " * 3, declared)[1] == ("charset-repaired",)


def test_the_page_says_its_charset_within_its_beginning() -> None:
    body = "<?xml version='1.0' encoding=\"koi8-r\"?>новости".encode("koi8-r")
    assert decode(body)[0].endswith("новости")
    late = b" " * 4096 + b"<meta charset=koi8-r>" + "новости".encode("koi8-r")
    assert decode(late)[1] == ("charset-guessed: windows-1252",)


def test_a_tenth_of_control_characters_is_no_text() -> None:
    assert decode(b"parola\x01 abc")[0] == "parola\x01 abc"
    assert decode(b"\t\n\r" * 50)[0] == "\t\n\r" * 50
    with pytest.raises(PageRefused):
        decode(b"parola\x01\x02 abc")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("éa", "éa"),
        ("ab海", "ab海"),
        ("a" + "海" * 10, "a" + "wm" * 10),  # fewer than a third of the bytes are NUL
        ("é", None),  # too short to tell
        ("a海海", None),
    ],
)
def test_utf_16_without_a_label_is_told_by_its_zeros(text: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(PageRefused):
            decode(text.encode("utf-16-le"))
    else:
        assert decode(text.encode("utf-16-le")) == (read, ())
