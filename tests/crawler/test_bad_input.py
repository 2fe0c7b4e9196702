"""What servers do wrong, over real sockets: never a row that lies, and each refusal with its name."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def sound_again(stand: Newsstand) -> Iterator[None]:
    yield
    stand.faults()


def crawl(emeroteca: Emeroteca, stand: Newsstand, *words: str, status: int) -> dict[str, Any]:
    """Crawls five pages of alanews; the crawl ends with this status. Its summary."""
    ended = emeroteca("crawl", "alanews", "--delay", "0", "--json", *words, env=stand.environment)
    assert ended.returncode == status, ended.stderr
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary


def articles(stand: Newsstand, count: int = 4) -> list[str]:
    return [row["url"] for row in stand.truth("alanews")[:count]]


def given(urls: list[str]) -> list[str]:
    return [word for url in urls for word in ("--url", url)]


#: Answers that hold no article, and the name under which they are refused.
REFUSED = [
    (Fault(FaultKind.ACCESS_DENIED), "access-denied"),
    (Fault(FaultKind.EMPTY), "empty-body"),
    (Fault(FaultKind.STATUS, status=404), "gone"),
    (Fault(FaultKind.STATUS, status=410), "gone"),
    (Fault(FaultKind.STATUS, status=403), "blocked"),
    (Fault(FaultKind.STATUS, status=451), "blocked"),
    (Fault(FaultKind.STATUS, status=500), "http-error"),
    (Fault(FaultKind.CUT), "truncated"),
    (Fault(FaultKind.CUT_CHUNKED), "truncated"),
    (Fault(FaultKind.HTML), "no-text"),
]
#: What can be got over: the article comes out true.
SOUND = [
    Fault(FaultKind.WRONG_CHARSET, charset="iso-8859-1"),
    Fault(FaultKind.WRONG_CHARSET, charset="windows-1252"),
    Fault(FaultKind.CHUNKED),
    Fault(FaultKind.REDIRECT_CHAIN, hops=3),
    Fault(FaultKind.SLOW, seconds=0.3),
    *(Fault(FaultKind.ENCODING, coding=coding) for coding in ("br", "zstd", "deflate", "deflate-raw", "identity")),
    Fault(FaultKind.STATUS, status=503, count=1),
    Fault(FaultKind.STATUS, status=429, retry_after=1, count=1),
    Fault(FaultKind.RESET, count=1),
    Fault(FaultKind.CUT, count=1),
]


def struck(fault: Fault, url: str) -> Fault:
    """The fault, for this URL alone."""
    return replace(fault, pattern=re.escape(url.removeprefix("https://")) + "$")


def test_bad_answers_are_refused_by_name_and_make_no_row(stand: Newsstand, emeroteca: Emeroteca) -> None:
    urls = articles(stand, len(REFUSED))
    stand.faults(*(struck(fault, url) for (fault, _), url in zip(REFUSED, urls, strict=True)))
    summary = crawl(emeroteca, stand, *given(urls), status=1)
    expected = Counter(reason for _, reason in REFUSED)
    assert summary["refusals"] == expected
    assert emeroteca("export").stdout == ""
    (status,) = (json.loads(line) for line in emeroteca("status", "--json").stdout.splitlines())
    assert set(status["refusals"]) == set(expected)
    shown = emeroteca("status").stdout
    assert all(reason in shown for reason in expected)
    for (_, reason), url in zip(REFUSED, urls, strict=True):
        assert f"was refused as {reason}" in emeroteca("show", url).stderr


def test_what_can_be_got_over_gives_the_true_articles(stand: Newsstand, emeroteca: Emeroteca) -> None:
    truth = stand.truth("alanews")[: len(SOUND)]
    stand.faults(*(struck(fault, row["url"]) for fault, row in zip(SOUND, truth, strict=True)))
    crawl(emeroteca, stand, *given([row["url"] for row in truth]), status=0)
    rows = {row["native_id"]: row for row in map(json.loads, emeroteca("export").stdout.splitlines())}
    for fault, true in zip(SOUND, truth, strict=True):
        assert true["native_id"] in rows, fault
        assert rows[true["native_id"]]["headline"] == true["headline"], fault
        assert rows[true["native_id"]]["blocks"] == true["blocks"], fault


def test_a_sitemap_that_is_html_breaks_its_route_and_others_go_on(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.faults(Fault(FaultKind.HTML, pattern=r"sitemap"))
    summary = crawl(emeroteca, stand, status=1)
    assert {broken["route"] for broken in summary["broken_routes"]} == {"sitemap"}
    assert summary["captures"]["article"] == len(stand.truth("alanews"))


def test_a_redirect_loop_is_given_up(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.faults(Fault(FaultKind.REDIRECT_LOOP, pattern=r"alanews\.it/(?!robots)"))
    summary = crawl(emeroteca, stand, *given(articles(stand, 1)), status=1)
    assert "article" not in summary["captures"]
    assert "redirect-loop" in emeroteca("status").stdout


def test_a_site_out_of_reach_is_said_so(emeroteca: Emeroteca) -> None:
    nobody = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=nobody)
    assert ended.returncode == 3
    assert "refused" in ended.stderr
    assert "Traceback" not in ended.stderr
