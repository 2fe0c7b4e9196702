"""Texts of pages become conversion records and rows: once, with their provenance, below an HTML capture."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.captures import conversions
from storage.corpus.write.store import Store
from storage.warc.open_file import OPEN_SUFFIX
from storage.warc.read.reader import read_records
from storage.warc.read.recovery import recover
from tests.crawler.conftest import Emeroteca

FIXTURES = Path(__file__).parents[2] / "fixtures"
DUMP = FIXTURES / "flat" / "sputnik-filtered" / "dump.txt"
WITHOUT_URL = FIXTURES / "flat" / "jnews-picture-first" / "dump.txt"
TRUTH: dict[str, Any] = json.loads(DUMP.with_name("article.json").read_text(encoding="utf-8"))
URL = TRUTH["canonical_url"]
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"


def rows(emeroteca: Emeroteca) -> list[dict[str, Any]]:
    exported = emeroteca("export", "--format", "jsonl")
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line) for line in exported.stdout.splitlines()]


def wet_record(kind: str, url: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-03-01T12:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        "WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def test_a_flattened_page_enters_once_with_its_provenance(emeroteca: Emeroteca, tmp_path: Path) -> None:
    done = emeroteca("import", "text", str(DUMP), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["taken"] == {"article": 1}
    again = emeroteca("import", "text", str(DUMP), "--json")
    assert again.returncode == 0 and json.loads(again.stdout)["known"] == 1, again.stderr

    [row] = rows(emeroteca)
    assert (row["url"], row["fidelity"], row["body"]) == (URL, "text", TRUTH["body"])
    records = [record for record in read_records(tmp_path / "archive/warc") if record.record_type != "warcinfo"]
    assert [record.record_type for record in records] == ["conversion", "metadata"]
    conversion, metadata = records
    assert bytes(conversion.block) == DUMP.read_bytes()
    assert metadata.header("WARC-Concurrent-To") == conversion.record_id == row["warc_record_id"]
    assert "source-file: dump.txt\r\n" in bytes(metadata.block).decode()
    assert "date-is-of: import\r\n" in bytes(metadata.block).decode()
    verified = emeroteca("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "captures: nothing wrong" in verified.stderr


def test_a_crawl_still_asks_for_the_page_of_a_text(emeroteca: Emeroteca, tmp_path: Path) -> None:
    emeroteca("import", "text", str(DUMP))
    with open_database(Collection(tmp_path / "archive").database_url) as database:
        assert Store(database).last_captures([URL]) == {}


def test_a_text_without_an_address_finds_its_site(emeroteca: Emeroteca) -> None:
    done = emeroteca("import", "text", str(WITHOUT_URL))
    assert done.returncode == 0, done.stderr
    [row] = rows(emeroteca)
    assert (row["site"], row["url"], row["fidelity"]) == ("alanews", None, "text")
    assert "wait for emeroteca rebuild" not in emeroteca("status").stdout
    assert "1 done" in emeroteca("rebuild").stderr
    assert emeroteca("rebuild", "--diff").returncode == 0


def test_an_address_can_be_named(emeroteca: Emeroteca) -> None:
    url = "https://alanews.it/cronaca/una-festa/"
    done = emeroteca("import", "text", str(WITHOUT_URL), "--url", url, "--captured-at", "2026-06-18")
    assert done.returncode == 0, done.stderr
    [row] = rows(emeroteca)
    assert (row["canonical_url"].rstrip("/"), row["first_captured_at"][:10]) == (url.rstrip("/"), "2026-06-18")
    assert emeroteca("import", "text", str(WITHOUT_URL), str(DUMP), "--url", url).returncode == 2


@pytest.mark.parametrize("html_is_first", [False, True])
def test_an_html_capture_takes_the_place_of_a_text(emeroteca: Emeroteca, tmp_path: Path, html_is_first: bool) -> None:
    page = _html_page()
    archive = tmp_path / "others.warc.gz"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    fields = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2022-02-20T12:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000a>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(head + page)}\r\n\r\n"
    )
    archive.write_bytes(gzip.compress(fields.encode() + head + page + b"\r\n\r\n"))
    steps = [("import", "text", str(DUMP)), ("rebuild", str(archive))]
    for step in reversed(steps) if html_is_first else steps:
        done = emeroteca(*step)
        assert done.returncode == 0, done.stderr
    [row] = rows(emeroteca)
    assert (row["fidelity"], row["url"]) == ("html", URL)
    fidelities = [revision["fidelity"] for revision in json.loads(emeroteca("show", URL, "--json").stdout)["revisions"]]
    assert sorted(fidelities) == ["html", "text"]
    with open_database(Collection(tmp_path / "archive").database_url) as database:
        assert [url for url, _ in conversions(database)] == [URL]


def _html_page() -> bytes:
    paragraphs = "".join(
        f'<div class="article__block" data-type="text"><div class="article__text">{line}</div></div>'
        for line in TRUTH["body"].split("\n\n")
    )
    return (
        f'<html lang="it"><head><title>{TRUTH["headline"]}</title><link rel="canonical" href="{URL}">'
        '</head><body><div class="article"><div class="article__header"><h1 class="article__title">'
        f'{TRUTH["headline"]}</h1></div><div class="article__body">{paragraphs}'
        '<div class="article__block" data-type="text"><div class="article__text">Un paragrafo che il testo non aveva.'
        "</div></div></div></div></body></html>"
    ).encode()


def test_json_lines_enter_and_what_is_no_text_is_told(emeroteca: Emeroteca, tmp_path: Path) -> None:
    text = DUMP.read_text(encoding="utf-8")
    lines = [
        json.dumps({"content": text, "address": URL, "fetched": "2022-03-01T10:00:00+01:00"}),
        json.dumps({"content": text, "address": "https://altrove.example/pagina/"}),
        "{not json",
        json.dumps({"text": "another field"}),
    ]
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    names = ("--text-field", "content", "--url-field", "address", "--date-field", "fetched")
    done = emeroteca("import", "text", str(path), *names, "--json")
    assert done.returncode == 1
    counts = json.loads(done.stdout)
    assert (counts["written"], counts["skipped"], counts["unreadable"]) == (1, 1, 2)
    assert "line 3: no JSON" in done.stderr and "line 4: no text in the field 'content'" in done.stderr
    [row] = rows(emeroteca)
    assert row["first_captured_at"].startswith("2022-03-01T09:00:00")


def test_wet_files_enter_with_their_times(emeroteca: Emeroteca, tmp_path: Path) -> None:
    wet = tmp_path / "part.warc.wet.gz"
    wet.write_bytes(wet_record("warcinfo", "", b"") + wet_record("conversion", URL, DUMP.read_bytes()))
    done = emeroteca("import", "text", str(wet))
    assert done.returncode == 0, done.stderr
    [row] = rows(emeroteca)
    assert row["first_captured_at"].startswith("2022-03-01T12:00:00")
    [conversion] = [one for one in read_records(tmp_path / "archive/warc") if one.record_type == "conversion"]
    assert conversion.header("WARC-Refers-To") == "<urn:uuid:00000000-0000-4000-8000-000000000002>"


def test_a_killed_import_is_completed(emeroteca: Emeroteca, tmp_path: Path) -> None:
    """The file is left open behind its first text, cut in the second, without rows."""
    other = tmp_path / "other.txt"
    other.write_text(DUMP.read_text(encoding="utf-8") + "\nUn'altra riga di testo in fondo.\n", encoding="utf-8")
    emeroteca("import", "text", str(DUMP), str(other))
    [file] = (tmp_path / "archive/warc").glob("*.warc.gz")
    killed = tmp_path / "killed/warc"
    killed.mkdir(parents=True)
    second = [one for one in read_records(file) if one.record_type == "conversion"][1]
    left = killed / (file.name + OPEN_SUFFIX)
    left.write_bytes(file.read_bytes()[: second.offset + 20])
    shutil.copytree(killed, tmp_path / "copy")
    [recovered] = recover(tmp_path / "copy")
    assert recovered.captures == 1

    done = emeroteca("import", "text", str(DUMP), str(other), "--json", home=tmp_path / "killed")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["written"], counts["known"]) == (1, 1)
    verified = emeroteca("verify", home=tmp_path / "killed")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not here")
def test_all_seeds_enter(emeroteca: Emeroteca) -> None:
    done = emeroteca("import", "text", *map(str, sorted(SEEDS.glob("*.txt"))))
    assert done.returncode == 0, done.stderr
    assert {row["site"] for row in rows(emeroteca)} == {"alanews", "sputniknews"}
    assert len(rows(emeroteca)) == 5
