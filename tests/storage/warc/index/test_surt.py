"""The keys of URLs, against those that the field's tools give (checked with the package surt by `make interop`)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.warc.index.surt import surt

KEYS = {
    "http://www.example.com/": "com,example)/",
    "https://WWW2.Example.com:443/A/B/../c//d/?b=1&a=2&a=1#x": "com,example)/a/c/d?a=1&a=2&b=1",
    "http://example.com:8080/a/": "com,example:8080)/a",
    "https://it.sputniknews.com/20220214/uno--due-15110481.html": "com,sputniknews,it)/20220214/uno--due-15110481.html",
    "https://alanews.it/cronaca/perché/": "it,alanews)/cronaca/perch%c3%a9",
    "https://alanews.it/a%20b?q=%2520x&y=a+b": "it,alanews)/a%20b?q=%20x&y=a+b",
    "http://a.it/?PHPSESSID=0123456789abcdef0123456789abcdef&z=1": "it,a)/?z=1",
    "http://user:pw@a.it/": "it,a)/",
    "dns:a.it": "dns:a.it",
    "http://caffè.it/x": "it,xn--caff-8oa)/x",
    "http://3232235777/x": "1,1,168,192)/x",
    "http://[::1]:80/x": "::1)/x",
    "http:////a.it/x": "it,a)/x",
    "a.it/x": "it,a)/x",
    "http://a.it/x?=&&b": "it,a)/x?&=&b",
    "": "-",
}


@pytest.mark.parametrize("url", KEYS)
def test_keys_are_those_of_the_wayback_machine(url: str) -> None:
    assert surt(url) == KEYS[url]


@given(st.text(max_size=60))
def test_no_text_at_all_makes_it_fail(text: str) -> None:
    assert " " not in surt("http://a.it/" + text)
    surt(text)


@given(st.from_regex(r"(www\d?\.)?[a-z]{1,8}\.it(/[a-z%A-F0-9.]{0,6}){0,4}(\?[a-z=&]{0,9})?", fullmatch=True))
def test_scheme_www_and_case_make_no_difference(rest: str) -> None:
    assert surt("http://" + rest) == surt("HTTPS://" + rest.upper()) == surt(rest)


def test_a_lone_surrogate_is_the_sign_for_it_unless_it_stands_for_a_byte() -> None:
    assert surt("http://paper.example/\ud800") == surt("http://paper.example/\ufffd") == "example,paper)/%ef%bf%bd"
    assert surt("http://paper.example/citt\udce0") == "example,paper)/citt%e0"


def test_a_host_of_many_digits_is_a_name() -> None:
    assert surt("http://3232235777/a") == surt("http://192.168.1.1/a")
    assert surt(f"http://{'9' * 5000}/a") == f"{'9' * 5000})/a"
