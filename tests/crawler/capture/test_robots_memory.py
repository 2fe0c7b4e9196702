"""A robots.txt that a crawl captured is obeyed by the next, while it is recent and its record is there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.capture.robots_memory import RobotsMemory
from storage.warc.http.exchange import Exchange
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.write.writer import WarcWriter

AUTHORITY = "https://alanews.it"
NOON = datetime(2022, 2, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nUser-agent: *\n"


def test_what_one_crawl_obeyed_the_next_recalls(tmp_path: Path) -> None:
    resolver = RevisitResolver(tmp_path, PayloadIndex(tmp_path / "payloads.db"))
    exchange = Exchange(f"{AUTHORITY}/robots.txt", "GET", b"GET /robots.txt HTTP/1.1\r\n\r\n", RESPONSE, NOON)
    with WarcWriter(tmp_path, prefix="prova", software="test") as writer:
        ref = writer.write(exchange)
    first, second = RobotsMemory(tmp_path, resolver), RobotsMemory(tmp_path, resolver)
    first.add(AUTHORITY, ref, NOON)
    assert second.recall(AUTHORITY, NOON) is None
    second.earlier = first.captures
    assert second.recall("https://altrove.example", NOON - HOUR) is None
    assert second.recall(AUTHORITY, NOON + HOUR) is None
    assert second.captures == {}
    recalled = second.recall(AUTHORITY, NOON - HOUR)
    assert recalled is not None
    assert (recalled.ref, recalled.payload) == (ref, b"User-agent: *\n")
    assert second.captures == first.captures
    (tmp_path / ref.file).unlink()
    assert second.recall(AUTHORITY, NOON - HOUR) is None
    resolver.index.close()
