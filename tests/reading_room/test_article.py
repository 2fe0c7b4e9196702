"""Revisions, silent edits, records with their exact bytes, near-copies, citations."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from lxml import html
from starlette.testclient import TestClient

from reading_room.application import create_application
from reading_room.library import Library
from reading_room.pages.article import silent_edits
from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.corpus.read.queries import show
from storage.corpus.search.search import search
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from tests.reading_room.conftest import capture, emeroteca
from tests.reading_room.test_pages import first_article, page


def revised(visitor: httpx.Client, database_url: str) -> str:
    with open_database(database_url) as database:
        for one in search(database, "", limit=200):
            found = show(database, one["article_id"])
            if found and found["article"]["revisions"] > 1:
                return f"/articles/{one['article_id']}"
    raise AssertionError("the demo edits articles")


def test_what_changed_is_shown_word_by_word(visitor: httpx.Client, database_url: str) -> None:
    path = revised(visitor, database_url)
    links = page(visitor, path).xpath("//ol[@class='revisions']//a/@href")
    tree = page(visitor, links[0])
    assert tree.xpath("//ins | //del")
    assert visitor.get(f"{path}/changes?from=1&to=99").status_code == 400
    assert visitor.get(f"{path}/changes?from=x").status_code == 400


def test_a_record_has_the_bytes_of_its_file(visitor: httpx.Client, home: Path, database_url: str) -> None:
    path = first_article(visitor)
    link = page(visitor, path).xpath("//ul[@class='captures']//a/@href")[-1]
    tree = page(visitor, link)
    headers = dict(zip(tree.xpath("//th/text()"), tree.xpath("//td/bdi/text()"), strict=True))
    assert headers["WARC-Type"] in {"response", "revisit"} and "content-type" in {name.lower() for name in headers}
    facts = dict(zip(tree.xpath("//dt/text()"), [dd.xpath("string()") for dd in tree.xpath("//dd")], strict=True))
    answer = visitor.get(tree.xpath("//a[@download]/@href")[0])
    assert answer.headers["content-type"] == "application/octet-stream"
    start = int(facts["Offset"])
    bytes_there = (home / "warc" / facts["WARC file"]).read_bytes()[start : start + len(answer.content)]
    assert answer.content == bytes_there and answer.content[:2] == b"\x1f\x8b"
    words = ("--home", str(home), "--database", database_url, "show", path.rpartition("/")[2], "--json")
    captures = json.loads(emeroteca(*words).stdout)["captures"]
    assert captures[-1]["length"] == len(answer.content)


@pytest.mark.parametrize("rest", ["/records/none", "/records/%3Cx%3E/bytes", "/records/..%2f..", "/cite?format=exe"])
def test_what_an_article_has_not(visitor: httpx.Client, rest: str) -> None:
    assert visitor.get(first_article(visitor) + rest).status_code in {400, 404}


def test_a_record_whose_file_is_gone_is_said(visitor: httpx.Client) -> None:
    path = first_article(visitor, "/search?warning=prova-ostile")
    link = page(visitor, path).xpath("//ul[@class='captures']//a/@href")[0]
    assert (visitor.get(link).status_code, visitor.get(f"{link}/bytes").status_code) == (404, 404)


REPLAY = "http://127.0.0.1:8099/emeroteca"


def test_captures_of_its_urls_stand_in_a_calendar(database: Database, tmp_path: Path) -> None:
    """Also those that show no article; each leads to its record and to its replay."""
    moments = [datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]
    url = "https://prova.example/faro"
    gone = CaptureResult(
        file="prova.warc.gz", offset=8, length=1, record_id="<urn:uuid:8>", url=url, asked_url=url, site="prova",
        captured_at=datetime(2026, 3, 9, tzinfo=UTC), outcome=Outcome.REFUSED, reason="gone", http_status=410,
    )  # fmt: skip
    shown = capture(7, "Il faro", "Testo.", name="faro", captured_at=moments[1], warnings=("unknown-block: DIV",))
    shown = replace(shown, source="web.archive.org", agreement=0.976, extractor="prova 1 as reader")
    Store(database).save([capture(6, "Il faro", "Testo.", name="faro", captured_at=moments[0]), shown, gone])
    [found] = search(database, "faro")
    with client_of(database, tmp_path, replay=f"{REPLAY}/") as client:
        path = f"/articles/{found['article_id']}"
        tree = html.fromstring(client.get(path).text)
        assert tree.xpath("//table[@class='capture-months']/caption/text()") == ["2026", "2025"]
        assert tree.xpath("//table[@class='capture-months']//th/text()") == ["March", "December"]
        replays = tree.xpath("//ul[@class='captures']//a[starts-with(., 'replay')]/@href")
        assert replays[0] == f"{REPLAY}/20260301000000/{url}" and len(replays) == 3
        assert [hint.strip() for hint in tree.xpath("//ul[@class='captures']//*[@class='hint']/text()")] == [
            "web.archive.org", "gone",
        ]  # fmt: skip
        read = " ".join(tree.xpath("string(//section[h2='How it was read'])").split())
        assert "trafilatura" in read and "97%" in read and "web.archive.org" in read
        assert "A part of the text is of a kind that is not known." in tree.xpath("string(//*[@class='warnings'])")
        api = client.get(f"/api{path}/captures").json()["captures"]
        assert [(one["outcome"], one["source"], one["agreement"]) for one in api] == [
            ("article", None, None), ("article", "web.archive.org", 0.976), ("refused", None, None),
        ]  # fmt: skip


@contextmanager
def client_of(database: Database, home: Path, **settings: str) -> Iterator[TestClient]:
    """A visitor of the reading room in this process, over a database of the test."""
    application = create_application(Library(Collection(home), database, **settings))  # type: ignore[arg-type]
    with TestClient(application, base_url="http://localhost") as client:
        yield client


def test_silent_edits() -> None:
    times = ["2026-01-01T10:00:00+01:00"] * 2 + ["2026-01-02T10:00:00+01:00", None, None]
    revisions = [{"revision": number, "modified_at": time} for number, time in enumerate(times, 1)]
    assert silent_edits([*revisions, {"revision": None, "modified_at": None}]) == {2}


@pytest.mark.parametrize("form", ["txt", "bibtex", "csl", "ris", "pwid"])
def test_citations(visitor: httpx.Client, form: str) -> None:
    path = first_article(visitor)
    text = visitor.get(f"{path}/cite?format={form}").text
    headline = page(visitor, path).xpath("string(//h1)")
    address = "https://alanews.it/"
    assert address in text
    if form == "csl":
        [item] = json.loads(text)
        assert item["title"] == headline and item["type"] == "article-newspaper" and item["issued"]["date-parts"][0][0]
    elif form == "ris":
        assert text.startswith("TY  - NEWS\r\n") and text.endswith("ER  - \r\n") and f"TI  - {headline}\r\n" in text
    elif form == "bibtex":
        assert text.startswith("@online{emeroteca-") and text.count("{") == text.count("}")
    elif form == "pwid":
        assert text.startswith("urn:pwid:emeroteca:20") and ":page:https://" in text


@pytest.mark.parametrize("form", ["txt", "bibtex", "ris"])
def test_hostile_texts_stay_inside_their_field(visitor: httpx.Client, form: str) -> None:
    path = first_article(visitor, "/search?warning=prova-ostile")
    answer = visitor.get(f"{path}/cite?format={form}")
    assert answer.status_code == 200 and not answer.headers["content-type"].startswith("text/html")
    if form == "bibtex":
        assert r"\{\{7*7\}\}" in answer.text and answer.text.count("\n  title = ") == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "127.0.0.1:8080"])
def test_replay_is_at_a_web_address(address: str, tmp_path: Path) -> None:
    ended = emeroteca("--home", str(tmp_path), "serve", "--replay", address)
    assert ended.returncode == 2 and "no http or https URL" in ended.stderr
