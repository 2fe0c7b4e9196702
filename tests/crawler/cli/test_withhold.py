"""withhold on a collection: what is withheld stays out of packages, pages and pywb's reach."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from crawler.cli.main import emeroteca
from crawler.crawl.recovery import ingest_missing_captures
from crawler.ingest.classify import Extractor
from crawler.ingest.file_registration import register_files
from crawler.operations.pywb import access_rules
from crawler.operations.verify_collection import verify_collection
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.captures import withheld_captures
from storage.corpus.write.store import Store
from storage.exceptions import CommandError
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.reader import read_captures
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
FIRST, SECOND, COPY = (f"https://alanews.it/cronaca/{name}/" for name in ("nebbia", "vento", "nebbia-bis"))


def page(subject: str) -> bytes:
    text = f"La {subject} copre il porto di mattina, e le barche restano ferme fino a mezzogiorno. " * 8
    head = f"<title>{subject}</title><meta property='og:type' content='article'>"
    body = f"<article><h1>La {subject}</h1><p>{text}</p></article>"
    return f"<html lang='it'><head>{head}</head><body>{body}</body></html>".encode()


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Two articles, and a third page with the bytes of the first, which is a revisit."""
    collection = Collection(tmp_path / "archive")
    collection.create()
    index = PayloadIndex(collection.payload_index)
    resolver = RevisitResolver(collection.warc, index)
    store = Store(open_database(collection.database_url))
    for moment, (url, body) in enumerate([(FIRST, page("nebbia")), (SECOND, page("vento")), (COPY, page("nebbia"))]):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
        with WarcWriter(collection.warc, prefix="prova", software="emeroteca/0", revisit_resolver=resolver) as writer:
            request = b"GET / HTTP/1.1\r\n\r\n"
            writer.write(Exchange(url, "GET", request, head + body, NOON + timedelta(minutes=moment)))
        files = collection.warc_files()
        ingest_missing_captures(collection, store, files, Extractor())
        register_files(collection.registry(), store, files)
    store.database.close()
    index.close()
    assert verify_collection(collection, None, None, ()).faults == []
    return collection


def run(collection: Collection, *words: str) -> int | None:
    status: int | None = emeroteca.main(["--home", str(collection.home), *words], standalone_mode=False)
    return status


def packed(collection: Collection, output: Path) -> tuple[set[str], str]:
    """URLs of the captures in a package, and its list of pages."""
    run(collection, "package", "--output", str(output))
    with zipfile.ZipFile(output) as wacz:
        return {capture.url for capture in read_captures(output)}, wacz.read("pages/pages.jsonl").decode()


def test_what_is_withheld_is_not_packed(
    collection: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packed(collection, tmp_path / "all.wacz")[0] == {FIRST, SECOND, COPY}
    run(collection, "withhold", "add", "--url", FIRST + "?utm_source=x", "--reason", "request", "--right", "GDPR 17")
    assert "1 articles" in capsys.readouterr().err
    urls, pages = packed(collection, tmp_path / "some.wacz")
    assert urls == {SECOND}  # nor the revisit, whose payload is withheld
    assert "La vento" in pages
    assert FIRST not in pages
    assert "2 captures are withheld" in capsys.readouterr().err
    run(collection, "withhold", "list", "--json")
    row = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["value"], row["by_right"], row["articles"]) == ("url", FIRST, "GDPR 17", 1)
    with open_database(collection.database_url) as database:
        rules = access_rules(capture.url for capture in withheld_captures(database))
    assert rules.startswith('it,alanews)/cronaca/nebbia### - {"access": "exclude"')
    run(collection, "withhold", "lift", str(row["id"]))
    assert packed(collection, tmp_path / "again.wacz")[0] == {FIRST, SECOND, COPY}
    with pytest.raises(CommandError, match="no withholding 1 is in force"):
        run(collection, "withhold", "lift", "1")


def test_a_page_that_is_withheld_is_not_shown(collection: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    run(collection, "withhold", "add", "--pattern", "*/cronaca/n*", "--reason", "court", "--until", "2999-12-31")
    run(collection, "withhold", "list")
    assert "until 2999-12-31, for: court: 2 articles" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"is withheld \(court\)"):
        run(collection, "show", FIRST)
    run(collection, "show", SECOND)
    run(collection, "status", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["withheld"] == 2


def test_one_target_at_a_time(collection: Collection) -> None:
    with pytest.raises(click.UsageError, match="say one of"):
        run(collection, "withhold", "add", "--url", FIRST, "--author", "Ada Bruni", "--reason", "x")
