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
    with pytest.raises(PageRefused) as refused:
        decode(b"\x01\x02\x03\x04" * 50)
    assert refused.value.reason is RefusalReason.UNDECODABLE
