"""WARC files for the rebuild benchmarks: the newsstand's articles, and the pages of a folder."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from newsstand.message import Request
from newsstand.newsroom import Newsroom
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter

#: A capture time long after all publications of the newsstand.
MOMENT = datetime(2027, 6, 1, tzinfo=UTC)


def newsstand_pages(articles: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """URL and body of `articles` articles of each site, alternating."""
    room = Newsroom(articles=articles, seed=seed)
    for both in zip(room.truth("sputniknews"), room.truth("alanews"), strict=False):
        for truth in both:
            parts = urlsplit(truth["url"])
            answer = room.respond(Request("GET", "https", parts.hostname or "", parts.path, parts.query, {}))
            yield truth["url"], answer.body


def folder_pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """URL and body of the pages of an article-extraction benchmark: `ground-truth.json`, `html/*`."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, facts in sorted(truth.items()):
        found = sorted((folder / "html").glob(f"{name}.*"))
        if found:
            yield facts["url"], _plain(found[0])


def many_pages(captures: int) -> Iterator[tuple[str, bytes]]:
    """That many different articles, derived from a few hundred."""
    few = list(newsstand_pages(100, 5))
    for number in range(captures):
        url, body = few[number % len(few)]
        changed = re.sub(rb"<p>|article__text\">", rb"\g<0>%d. " % number, body)
        changed = re.sub(rb"postid-\d+", b"postid-%d" % (1_000_000 + number), changed)
        if url.endswith(".html"):
            yield re.sub(r"-\d+\.html$", f"-{20_000_000 + number}.html", url), changed
        else:
            yield f"{url.rstrip('/')}-{number}/", changed


def _plain(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def write_warc(folder: Path, pages: Iterator[tuple[str, bytes]], software: str = "bench") -> Path:
    """Writes a WARC file of these pages, a second apart; returns its path."""
    with WarcWriter(folder, prefix="bench", software=software) as writer:
        for number, (url, body) in enumerate(pages):
            writer.write(_exchange(url, body, MOMENT + timedelta(seconds=number)))
    return next(folder.glob("*.warc.gz"))


def _exchange(url: str, body: bytes, moment: datetime) -> Exchange:
    parts = urlsplit(url)
    request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.hostname}\r\n\r\n".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return Exchange(url, "GET", request, head + body, moment)
