"""Signals on reuse, of headers, markup and robots.txt, each with its source."""

import time

import pytest

from crawler.extraction.pages.page import Page
from crawler.extraction.rights import header_signals, page_signals, robots_signals
from storage.rights import RightsSignal, reservations


def told(signals: tuple[RightsSignal, ...]) -> list[tuple[str, str | None, str]]:
    return [(one.signal, one.value, one.source) for one in signals]


TAG, USAGE = "X-Robots-Tag", "content-usage"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (TAG, "noarchive, NoAI", [("noai", None, TAG), ("noarchive", None, TAG)]),
        ("x-robots-tag", "otherbot: noarchive", [("noarchive", None, f"{TAG}: otherbot")]),
        (TAG, "emeroteca: nocache", [("noarchive", None, TAG)]),
        (TAG, "unavailable_after: 25 Jun 2027 15:00:00 GMT, nosnippet", [("nosnippet", None, TAG)]),
        (TAG, "max-snippet: -1, follow", []),
        ("TDM-Reservation", " 1 ", [("tdm-reservation", "1", "tdm-reservation")]),
        ("Content-Usage", "train-ai=n, search=y", [("ai-train", "no", USAGE), ("search", "yes", USAGE)]),
        ("Link", '</l>; rel="license"; type="application/rsl+xml", </b>; rel=next', [("licence", "/l", "Link")]),
        ("Content-Type", "noarchive", []),
    ],
)
def test_signals_of_headers(name: str, value: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert told(header_signals([(name, value)])) == expected


@pytest.mark.parametrize("name", ["content-signal", "x-robots-tag", "link", "tdm-policy"])
def test_long_values_are_read_once(name: str) -> None:
    """Reading from each of its letters on, a value of this length would take a quarter of an hour."""
    begin = time.process_time()
    for value in ("ai-train=n" + "o" * 200_000, "<a>" + "; " * 100_000, "a" + " " * 200_000 + "=yes", "<" * 200_000):
        header_signals([(name, value)])
    assert time.process_time() - begin < 10


def test_signals_of_markup() -> None:
    licence = '{"@type": "NewsArticle", "license": {"@id": "https://a.example/l"}, "acquireLicensePage": "/buy"}'
    html = f"""<html><head><meta name="ROBOTS" content="max-image-preview:large, noarchive">
    <meta name="googlebot" content="noai"><meta name="tdm-policy" content="https://a.example/p.json">
    <meta name="dcterms.license" content="/d"><meta name="dc.rights.license" content="/r">
    <link rel="license" href="https://a.example/rsl.xml"><script type="application/ld+json">{licence}</script></head>
    <body><p>Text <a rel="nofollow license" href="/cc">licence</a></p></body></html>"""
    assert told(page_signals(Page(url="https://a.example/", html=html))) == [
        ("licence", "/buy", "schema.org acquireLicensePage"),
        ("licence", "/cc", "a license"),
        ("licence", "/d", "meta dcterms.license"),
        ("licence", "/r", "meta dc.rights.license"),
        ("licence", "https://a.example/l", "schema.org license"),
        ("licence", "https://a.example/rsl.xml", "link license"),
        ("noarchive", None, "meta robots"),
        ("tdm-policy", "https://a.example/p.json", "meta tdm-policy"),
    ]


def test_signals_are_so_many_and_so_long_at_most() -> None:
    links = ", ".join(f'</{number:03}{"x" * 600}>; rel="license"' for number in range(101))
    found = told(header_signals([("Link", links)]))
    assert len(found) == 100
    assert {len(value or "") for _, value, _ in found} == {500}


def test_markup_without_signals_has_none() -> None:
    assert page_signals(Page(url="https://a.example/", html="<html><body><p>noarchive</p></body></html>")) == ()


def test_signals_of_robots_txt() -> None:
    text = """License: https://a.example/rsl.xml
    User-agent: *
    Content-Signal: search=yes, ai-train=no   # as Cloudflare writes it
    Disallow: /admin/

    User-agent: GPTBot
    User-agent: OtherBot
    Disallow: /

    User-agent: CCBot
    Noindex: /
    Disallow:
    Disallow: /private/

    User-agent: somebot
    Content-Signal: ai-input=no
    """
    assert told(robots_signals(text)) == [
        ("ai-train", "no", "robots.txt"),
        ("disallowed-agent", "gptbot", "robots.txt"),
        ("licence", "https://a.example/rsl.xml", "robots.txt"),
        ("search", "yes", "robots.txt"),
    ]


def test_reservations_are_those_that_count_for_us() -> None:
    signals = [
        RightsSignal("noarchive", None, "X-Robots-Tag: otherbot"),
        RightsSignal("noai", None, "meta robots"),
        RightsSignal("tdm-reservation", "0", "tdm-reservation"),
        RightsSignal("ai-train", "no", "robots.txt"),
        RightsSignal("search", "yes", "robots.txt"),
        RightsSignal("licence", "/l", "Link"),
    ]
    assert reservations([signal.as_json() for signal in signals]) == {"noai", "ai-train"}
    assert reservations(None) == set()
