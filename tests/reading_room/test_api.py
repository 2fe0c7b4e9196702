"""The API gives what the pages and the commands give; its document describes it; nothing makes it fail."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from reading_room.api.openapi import DOCUMENT
from reading_room.application import create_application
from reading_room.library import Library
from storage.collection import Collection
from storage.corpus.db.database import open_database
from tests.reading_room.conftest import emeroteca, environment


def test_a_search(visitor: httpx.Client, home: Path, database_url: str) -> None:
    found = visitor.get("/api/search", params={"q": "biblioteca"}).json()
    words = ("--home", str(home), "--database", database_url, "search", "biblioteca", "--json")
    lines = [json.loads(line) for line in emeroteca(*words).stdout.splitlines()]
    assert found["articles"] == lines and found["total"] == len(lines) == 2
    assert {"value": "prova", "articles": 2} in found["facets"]["site"]
    one = visitor.get("/api/search", params={"q": "biblioteca", "limit": 1, "offset": 1}).json()
    assert one["articles"] == lines[1:]


def test_an_article(visitor: httpx.Client, home: Path, database_url: str) -> None:
    name = visitor.get("/api/search", params={"q": "biblioteca"}).json()["articles"][0]["article_id"]
    words = ("--home", str(home), "--database", database_url, "show", name, "--json")
    assert visitor.get(f"/api/articles/{name}").json() == json.loads(emeroteca(*words).stdout)


def test_occurrences_counts_and_sites(visitor: httpx.Client) -> None:
    occurrences = visitor.get("/api/contexts", params={"q": "biblioteca"}).json()["occurrences"]
    assert len(occurrences) == 5 and {one["published_date"] for one in occurrences} == {"2026-03-01"}
    counts = visitor.get("/api/frequencies", params={"q": "biblioteca", "period": "year"}).json()["counts"]
    assert [one["articles"] for one in counts if one["articles"]] == [2]
    assert {"alanews", "prova", "sputniknews"} <= {one["site"] for one in visitor.get("/api/sites").json()["sites"]}


def test_the_change_feed(visitor: httpx.Client) -> None:
    first = visitor.get("/api/changes?after=0")
    total = visitor.get("/api/search").json()["total"]
    lines = [json.loads(line) for line in first.text.splitlines()]
    assert sum("gone" not in one for one in lines) == total
    cursor = first.headers["emeroteca-cursor"]
    again = visitor.get("/api/changes", params={"after": cursor})
    assert (again.text, again.headers["emeroteca-cursor"]) == ("", cursor)
    assert visitor.get("/api/changes?after=17-0000").status_code == 400
    assert visitor.get("/api/changes?after=x").status_code == 400


@pytest.mark.parametrize("path", ["/api/nothing", "/api/articles/x", "/api/search?limit=0", "/api/crawls/x"])
def test_errors_are_json(visitor: httpx.Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code in {400, 404} and set(answer.json()) == {"error", "detail"}


def test_the_document_names_every_address(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'corpus.db'}") as database:
        application = create_application(Library(Collection(tmp_path), database))
        paths = {route.path for route in application.app.routes if route.path.startswith("/api/")}  # type: ignore[attr-defined]
    assert paths == set(DOCUMENT["paths"])


def test_schemathesis_finds_no_fault(served: str, tmp_path: Path) -> None:
    words = ["-m", "schemathesis.cli", "run", f"{served}/api/openapi.json", "--max-examples", "15"]
    checks = ["--checks", "not_a_server_error", "--phases", "examples,fuzzing", "--generation-deterministic"]
    ended = subprocess.run(
        [sys.executable, *words, *checks],
        cwd=tmp_path,  # it leaves a cache in its working folder
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0 and "Test cases" in ended.stdout, ended.stdout + ended.stderr
