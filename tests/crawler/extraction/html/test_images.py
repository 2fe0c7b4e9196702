"""Pictures: URL, caption, credit."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml.html import fromstring

from crawler.extraction.html.images import absolute, address, caption_and_credit, credit_of, merged
from storage.article import Image

BASE = "https://example.org/a/"


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        ('src="b.jpg"', "https://example.org/a/b.jpg"),
        ('src="data:image/gif;base64,x" data-src="/i.jpg"', "https://example.org/i.jpg"),
        ('src="/blank.gif" srcset="/s.jpg 300w, /l.jpg 1200w, /m.jpg 600w"', "https://example.org/l.jpg"),
        ('src="/img/placeholder.png"', None),
        ('src="/a.jpg" srcset="/s.jpg, /l.jpg 2x, /m.jpg 1.5x"', "https://example.org/a.jpg"),
        ('srcset="/s.jpg, /l.jpg 2x, /m.jpg 1.5x"', "https://example.org/l.jpg"),
        ('srcset="/s.jpg .x, /l.jpg 1.2.3x, /m.jpg 1.5x"', "https://example.org/m.jpg"),
        ('srcset="/l.jpg 0.5x, /m.jpg"', "https://example.org/m.jpg"),
        ('srcset=" , "', None),
        ('src="https://cdn.example/i.jpg"', "https://cdn.example/i.jpg"),
        ('src="  "', None),
        ('src="http://["', None),
        ('src="javascript:x"', None),
    ],
)
def test_address(attributes: str, url: str | None) -> None:
    assert address(fromstring(f"<img {attributes}>"), BASE) == url


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Il molo | Agenzia", "Il molo", "Agenzia"),
        ("Il molo © AFP 2022 / N. P.", "Il molo", "© AFP / N. P."),
        ("Il molo. Foto: Ada Neri", "Il molo.", "Foto: Ada Neri"),
        ("Il molo", "Il molo", None),
        ("Foto: Ada Neri", None, "Foto: Ada Neri"),
        ("Il molo - foto: Ada", "Il molo", "foto: Ada"),
        ("Sera | Il molo | Agenzia", "Sera | Il molo", "Agenzia"),
        ("", None, None),
    ],
)
def test_caption_and_credit(text: str, caption: str | None, credit: str | None) -> None:
    assert caption_and_credit(text) == (caption, credit)


def test_a_credit_keeps_a_year_of_its_own() -> None:
    assert credit_of("©AFP 2022") == "© AFP"
    assert credit_of("© Archivio 1968 Torino") == "© Archivio 1968 Torino"
    assert credit_of("Archivio 2022") == "Archivio 2022"
    assert credit_of("© AFP 2022 / Foto 2021") == "© AFP / Foto 2021"
    assert credit_of(" ") is None


def test_a_later_occurrence_adds_what_the_first_lacks() -> None:
    found = merged([Image(url="u", credit="c"), Image(url="v"), Image(url="u", caption="x", credit="d")])
    assert found == (Image(url="u", caption="x", credit="c"), Image(url="v"))


@given(st.text(max_size=80))
@example("a \x1f#")
@example("a \x1f?")
def test_an_absolute_url_stays_as_it_is(text: str) -> None:
    url = absolute(text, BASE)
    assert url is None or (url.startswith(("http://", "https://")) and absolute(url, BASE) == url)


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('data-src="/1.jpg" data-lazy-src="/2.jpg" src="/3.jpg"', "1"),
        ('data-lazy-src="/2.jpg" data-original="/4.jpg" src="/3.jpg"', "2"),
        ('src="/3.jpg" data-srcset="/5.jpg 2x"', "3"),
        ('data-src="/lazy.gif" data-srcset="/5.jpg 2x" srcset="/6.jpg 2x"', "5"),
        ('srcset="/6.jpg 100w,  /7.jpg 99w"', "6"),
        ('srcset="/6.jpg 1x, /7.jpg 1x"', "6"),
    ],
)
def test_addresses_of_lazy_loading_stand_before_the_plain_one(attributes: str, name: str) -> None:
    assert address(fromstring(f"<img {attributes}>"), BASE) == f"https://example.org/{name}.jpg"
