"""URLs without tracking; hosts of one site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import host_of, plain_url, same_family


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org/a?utm_source=x&id=7#b", "https://example.org/a?id=7"),
        ("https://example.org/a?b=c%20d&e", "https://example.org/a?b=c%20d&e"),
        ("https://example.org/a?fbclid=1", "https://example.org/a"),
    ],
)
def test_plain_url(url: str, plain: str) -> None:
    assert plain_url(url) == plain


@given(st.lists(st.tuples(st.sampled_from(["utm_x", "id", "ref", "q"]), st.text("ab&=%+ ", max_size=5)), max_size=4))
def test_cleaning_twice_changes_nothing(query: list[tuple[str, str]]) -> None:
    url = plain_url("https://example.org/?" + "&".join(f"{key}={value}" for key, value in query))
    assert plain_url(url) == url


def test_hosts() -> None:
    assert host_of("https://WWW.Example.org:8080/a") == "www.example.org"
    assert host_of("https://[") == host_of("/a") == ""
    assert same_family("https://www.example.org/", "http://m.example.org/a")
    assert not same_family("https://example.org/", "https://example.com/")
    assert not same_family("/a", "/a")
