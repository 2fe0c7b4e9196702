"""robots.txt by the letter of RFC 9309."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.robots_txt import ALLOW_ALL, DISALLOW_ALL, MAX_BYTES, parse_robots


def allows(text: str, path: str) -> bool:
    return parse_robots(text.encode(), "emeroteca").allows(f"https://a.example{path}")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /x", "/x/y", False),
        ("User-agent: *\nDisallow: /x", "/X", True),
        ("User-agent: *\nDisallow:", "/x", True),
        ("Disallow: /", "/x", True),
        # the longest rule wins, Allow on a tie, whatever the order
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /page\nAllow: /page", "/page", True),
        # the group of our own product token, in any case, alone counts; several of it are one
        ("User-agent: EMEROTECA\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: emeroteca\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: Emeroteca\nDisallow: /b", "/b",
         False),
        ("User-agent: emeroteca/2.0\nDisallow: /a", "/a", False),
        ("User-agent: emero\nDisallow: /\n", "/a", True),
        ("User-agent: emeroteca-news\nDisallow: /\n", "/a", True),
        ("User-agent: emeroteca\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: teca\nDisallow: /\n", "/a", True),
        # several names, one group; other lines do not part them
        ("User-agent: x\nUser-agent: emeroteca\nDisallow: /a", "/a", False),
        ("User-agent: emeroteca\nSitemap: https://a.example/s.xml\nUser-agent: x\nDisallow: /a", "/a", False),
        # wildcards and the end
        ("User-agent: *\nDisallow: *-print.html$", "/1/a-print.html", False),
        ("User-agent: *\nDisallow: *-print.html$", "/1/a-print.html?x", True),
        ("User-agent: *\nDisallow: /*/amp", "/a/b/amp/", False),
        ("User-agent: *\nDisallow: /a*b*c$", "/a-b-b-c-c", False),
        ("User-agent: *\nDisallow: /a$b", "/a$b", False),
        ("User-agent: *\nDisallow: /?s=", "/?s=x", False),
        # one spelling of percent-encoding
        ("User-agent: *\nDisallow: /città", "/citt%c3%a0/x", False),
        ("User-agent: *\nDisallow: /%7Eme", "/~me", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        # odd files
        ("\ufeffUser-agent: *\r\nDisallow: /a # not this\r\n", "/a", False),
        ("user-agent:*\rdisallow:/a", "/a", False),
        ("<html>Disallow: /</html>", "/a", True),
    ],
)  # fmt: skip
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_delay_and_sitemaps() -> None:
    text = b"User-agent: x\nCrawl-delay: 9\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /a\nSitemap: https://a/s.xml\n"
    found = parse_robots(text, "emeroteca")
    assert (found.crawl_delay, found.sitemaps) == (2.5, ("https://a/s.xml",))
    assert parse_robots(b"User-agent: *\nCrawl-delay: soon\n", "emeroteca").crawl_delay is None


def test_what_stands_beyond_the_limit_is_not_read() -> None:
    filler = b"#" * 99 + b"\n"
    text = b"User-agent: *\nDisallow: /a\n" + filler * (MAX_BYTES // 100) + b"Disallow: /b\n"
    found = parse_robots(text, "emeroteca")
    assert not found.allows("https://a/a")
    assert found.allows("https://a/b")


def test_all_disallowed_and_all_allowed() -> None:
    assert not DISALLOW_ALL.allows("https://a/x")
    assert not DISALLOW_ALL.allows("https://a")
    assert ALLOW_ALL.allows("https://a/x")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_nothing_breaks_it(body: bytes, path: str) -> None:
    parse_robots(b"User-agent: *\nDisallow: " + body, "emeroteca").allows(f"https://a.example/{path}")


@given(st.text(max_size=20), st.text(max_size=20))
def test_percent_encoding_makes_no_difference(pattern: str, rest: str) -> None:
    encoded = quote(pattern, safe="/")
    assert not allows(f"User-agent: *\nDisallow: /{encoded}", f"/{encoded}{quote(rest)}")
    assert allows(f"User-agent: *\nDisallow: /{encoded}\nAllow: /{encoded}", f"/{encoded}{quote(rest)}")


def test_many_stars_take_no_time() -> None:
    assert allows("User-agent: *\nDisallow: /" + "*a" * 2000 + "$", "/" + "a" * 1900)
