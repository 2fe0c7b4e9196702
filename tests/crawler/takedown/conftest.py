"""A collection of which a page is to be erased: articles, copies, lists, a package and a log that name it."""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawl.recovery import ingest_missing_captures
from crawler.ingest.classify import Extractor
from crawler.ingest.file_registration import register_files
from crawler.operations.verify_collection import verify_collection
from crawler.operations.wacz_packaging import pack
from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.corpus.read.captures import CaptureSelection
from storage.corpus.write.store import Store
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
#: A word of the erased text alone, which no stemmer changes beyond recognition.
SECRET = "zirconiolatte"
HOST = "https://alanews.it"
ERASED, COPY, OTHER, LAST = (f"{HOST}/cronaca/{name}/" for name in ("nebbia", "nebbia-bis", "vento", "neve"))
FEED, TAG, SAME_TAG = f"{HOST}/feed/", f"{HOST}/tag/porto/", f"{HOST}/tag/molo/"


def sentences(subject: str) -> str:
    return f"Il {subject} copre il porto, e le barche di {subject} restano ferme fino al {subject} di mezzogiorno. " * 5


def page(subject: str, author: str) -> bytes:
    head = f"<title>{subject}</title><meta property='og:type' content='article'><meta name='author' content='{author}'>"
    body = f"<article><h1>Il {subject} sul porto di Almina</h1><p>{sentences(subject)}</p></article>"
    return f"<html lang='it'><head>{head}</head><body>{body}</body></html>".encode()


def listing(subject: str) -> bytes:
    return f"<rss><item><title>A</title><description>{sentences(subject)}</description></item></rss>".encode()


PAGES: Mapping[str, bytes] = {
    ERASED: page(SECRET, "Ada Bruni"),
    OTHER: page("vento", "Ugo Nervi"),
    COPY: page(SECRET, "Ada Bruni"),  # a revisit
    FEED: listing(SECRET),
    f"{HOST}/feed/?paged=2": listing("mare"),
    TAG: listing("mare") + b"<!-- tag -->",
    SAME_TAG: listing("mare") + b"<!-- tag -->",  # a revisit
    LAST: page("neve", "Ugo Nervi"),
}


@dataclass(frozen=True)
class Library:
    """A collection with its open database."""

    collection: Collection
    database: Database


@pytest.fixture
def library(tmp_path: Path, database: Database) -> Iterator[Library]:
    """Once with its rows in SQLite, in the home, and once in Postgres; two captures a WARC file."""
    home = tmp_path / "archive"
    home.mkdir()
    url = database.engine.url.render_as_string(hide_password=False)
    if database.dialect == "sqlite":
        os.link(tmp_path / "corpus.db", home / "corpus.db")
        url = f"sqlite:///{home / 'corpus.db'}"
    with open_database(url) as opened:
        collection = Collection(home, url)
        collection.create()
        fill(collection, opened)
        yield Library(collection, opened)


def fill(collection: Collection, database: Database) -> None:
    store = Store(database)
    crawl = store.begin_crawl("alanews", {"urls": [ERASED, OTHER]})
    items = list(PAGES.items())
    for first in range(0, len(items), 2):
        write(collection, items[first : first + 2], first)
        ingest_missing_captures(collection, store, collection.warc_files(), Extractor())
        register_files(collection.registry(), store, collection.warc_files())
    store.record_failure(ERASED, "timeout", site="alanews", crawl=crawl)
    store.finish_crawl(crawl, "finished", {})
    log = collection.crawl_log("alanews")
    log.parent.mkdir()
    log.write_text(f"requested {OTHER}\nrequested {ERASED}: {SECRET}\n{ERASED}commenti/\n")
    registry, selection = collection.registry(), CaptureSelection()
    about = {"software": "emeroteca/0", "title": "Almina", "description": "two days"}
    pack(database, registry, selection, collection.home / "all.wacz", **about)
    assert verify_collection(collection, database, None, ()).faults == []


def write(collection: Collection, items: list[tuple[str, bytes]], first: int = 0) -> None:
    index = PayloadIndex(collection.payload_index)
    resolver = RevisitResolver(collection.warc, index)
    with WarcWriter(collection.warc, prefix="alanews", software="emeroteca/0", revisit_resolver=resolver) as writer:
        for number, (url, body) in enumerate(items, first):
            kind = b"application/rss+xml" if "/article>" not in body.decode() else b"text/html; charset=utf-8"
            head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
            request = b"GET / HTTP/1.1\r\nX-Path: %b\r\n\r\n" % url.encode()
            moment = NOON + timedelta(minutes=number)
            writer.write(Exchange(url, "GET", request, head + body, moment), {"lastmod": f"{number}"})
    index.close()


def plain_bytes(path: Path) -> bytes:
    """A file's bytes, and behind them those of its gzip members and deflated parts."""
    raw = path.read_bytes()
    out = [raw]
    at = raw.find(b"\x1f\x8b\x08")
    while at >= 0:
        stream = zlib.decompressobj(wbits=31)
        with suppress(zlib.error):
            out.append(stream.decompress(raw[at:]))
        at = raw.find(b"\x1f\x8b\x08", at + 1)
    return b"\0".join(out)


def files_with(folder: Path, *sought: bytes) -> dict[str, list[bytes]]:
    """The files below a folder that have any of the texts in their bytes, compressed or not."""
    found = {path.relative_to(folder).as_posix(): plain_bytes(path) for path in folder.rglob("*") if path.is_file()}
    hits = {name: [one for one in sought if one in data] for name, data in found.items()}
    return {name: hit for name, hit in hits.items() if hit}


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]
