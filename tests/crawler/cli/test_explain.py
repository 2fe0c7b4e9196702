"""emeroteca explain, of a file, of a URL of the collection, and of a record."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsstand.stand import Newsstand
from tests.crawler.conftest import Emeroteca


@pytest.fixture
def crawled(stand: Newsstand, emeroteca: Emeroteca) -> dict[str, object]:
    stand.clock(0)
    emeroteca("crawl", "alanews", "--delay", "0", "--limit", "3", env=stand.environment)
    row: dict[str, object] = json.loads(emeroteca("export").stdout.splitlines()[0])
    return row


def test_a_url_a_record_and_an_offset(crawled: dict[str, object], emeroteca: Emeroteca, tmp_path: Path) -> None:
    record = str(crawled["warc_record_id"])
    at = f"{tmp_path}/archive/warc/{crawled['warc_file']}:{crawled['warc_offset']}"
    outputs = {emeroteca("explain", target, "--json").stdout for target in (str(crawled["url"]), record, at)}
    [output] = outputs
    explained = json.loads(output)
    assert explained["fields"]["headline"]["value"] == crawled["headline"]
    assert explained["refusal"] is None
    shown = emeroteca("explain", str(crawled["url"]), "--html", str(tmp_path / "why.html"))
    assert shown.returncode == 0 and "written" in shown.stderr
    assert 'data-emeroteca="kept"' in (tmp_path / "why.html").read_text(encoding="utf-8")
    text = emeroteca("explain", record.strip("<>")).stdout
    assert f"headline: {str(crawled['headline'])[:60]}" in text
    assert re.search(r"^  \+ ", text, re.M) and re.search(r"^  - ", text, re.M)


def test_the_capture_of_a_moment(crawled: dict[str, object], emeroteca: Emeroteca) -> None:
    url, captured = str(crawled["url"]), datetime.fromisoformat(str(crawled["first_captured_at"]))
    now = emeroteca("explain", url, "--at", (captured + timedelta(seconds=1)).isoformat(), "--json")
    assert json.loads(now.stdout)["fields"]["headline"]["value"] == crawled["headline"]
    assert emeroteca("explain", url, "--at", captured.date().isoformat(), "--json").stdout == now.stdout
    before = emeroteca("explain", url, "--at", "2020-01-05T10:00:00Z")
    assert before.returncode == 3 and "until 2020-01-05 10:00:00+00:00: without --at" in before.stderr
    assert emeroteca("explain", url, "--at", "yesterday").returncode == 2


def test_what_cannot_be_explained(crawled: dict[str, object], emeroteca: Emeroteca, tmp_path: Path) -> None:
    assert crawled
    (tmp_path / "empty.html").write_text("", encoding="utf-8")
    for target, says in (
        ("https://alanews.it/cronaca/mai-vista/", "emeroteca crawl URL captures it"),
        ("nothing", "is no file, no URL and no record id"),
        (str(tmp_path / "empty.html"), "holds no page to explain"),
    ):
        ended = emeroteca("explain", target)
        assert (ended.returncode, ended.stdout) == (3, "")
        assert says in ended.stderr and "Traceback" not in ended.stderr


def test_a_refused_file(emeroteca: Emeroteca, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><body><h1>Accesso negato</h1></body></html>", encoding="utf-8")
    ended = emeroteca("explain", str(tmp_path / "page.html"), "--url", "https://x.example/a")
    assert ended.returncode == 1
    assert "refused: access-denied" in ended.stdout
