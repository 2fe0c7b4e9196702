"""A WARC file as our crawls write it, of both newsstand sites, and the rebuild of it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import DEFAULT_EXTRACTOR, Extractor
from crawler.ingest.local_executor import LocalExecutor
from crawler.ingest.messages import Problem
from crawler.ingest.report import IngestReport
from crawler.rebuild.rebuild import rebuild
from newsstand.message import Request
from newsstand.newsroom import Newsroom
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.export.export import export_jsonl
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation
from storage.warc.read.reader import read_capture
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

MOMENT = datetime(2027, 6, 1, 12, tzinfo=UTC)
ARTICLES = 12

Rebuilt = Callable[..., tuple[IngestReport, bytes, list[Problem]]]


def exchange(url: str, body: bytes, minutes: int, status: bytes = b"200 OK") -> Exchange:
    parts = urlsplit(url)
    request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.hostname}\r\n\r\n".encode()
    head = b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    return Exchange(url, "GET", request, head + body, MOMENT + timedelta(minutes=minutes))


def pages() -> list[tuple[str, bytes]]:
    room = Newsroom(articles=ARTICLES, seed=23)
    found = []
    for site in ("alanews", "sputniknews"):
        for truth in room.truth(site):
            parts = urlsplit(truth["url"])
            answer = room.respond(Request("GET", "https", parts.hostname or "", parts.path, parts.query, {}))
            found.append((truth["url"], answer.body))
    return found


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two WARC files: the articles of both sites with their `lastmod`, some seen twice as revisits, a
    page that is gone, and a list; the first file has more than half of it."""
    folder = tmp_path_factory.mktemp("crawled")
    index = PayloadIndex(folder / "payloads.db")
    originals = RevisitResolver(folder, index)
    with WarcWriter(folder, prefix="prova", software="emeroteca/0", revisit_resolver=originals) as writer:
        for number, (url, body) in enumerate(pages()):
            ref = writer.write(exchange(url, body, number), {"route": "sitemap", "lastmod": f"2027-05-{number + 1:02}"})
            if number % 4 == 0:
                writer.sync()
                capture = read_capture(folder, ref)
                index.put(
                    [
                        IndexedCapture(
                            RecordLocation(ref.file, ref.offset), capture.captured_at, digest=capture.payload_digest
                        )
                    ]
                )
                writer.write(exchange(url, body, 600 + number), {"lastmod": "2027-06-01"})
            if number == ARTICLES:
                writer.close()
        writer.write(exchange("https://alanews.it/cronaca/sparita/", b"non c'e'", 900, b"404 Not Found"))
        writer.write(exchange("https://alanews.it/category/cronaca/", b"<html>lista</html>", 901))
        writer.write(exchange("https://altrove.example/pagina/", b"<html>altrove</html>", 902))
    index.close()
    (folder / "payloads.db").unlink()
    for left in folder.glob("payloads.db-*"):
        left.unlink()
    return folder


def export(url: str) -> bytes:
    out = io.BytesIO()
    with open_database(url) as database:
        export_jsonl(database, out)
    return out.getvalue()


@pytest.fixture
def rebuilt(tmp_path: Path) -> Rebuilt:
    """rebuilt(*paths, home=, jobs=, database=, **choice) -> report, export, problems."""

    def run(
        *paths: Path | str,
        home: str = "home",
        jobs: int = 1,
        database: str | None = None,
        extractor: Extractor = DEFAULT_EXTRACTOR,
        **choice: object,
    ) -> tuple[IngestReport, bytes, list[Problem]]:
        collection = Collection(tmp_path / home, database)
        collection.create()
        told: list[Problem] = []
        chosen = CaptureFilter(**choice)  # type: ignore[arg-type]
        start = partial(LocalExecutor, jobs)
        report = rebuild(collection, [str(path) for path in paths], chosen, start, extractor, on_problem=told.append)
        return report, export(collection.database_url), told

    return run
