"""A server that asks to wait is asked nothing more from the first bytes of its answer on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.warc.read.reader import read_captures

SETTINGS = {
    "DOWNLOADER": "crawler.fetching.downloader.PoliteDownloader",
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "EMEROTECA_LONGEST_WAIT": 600,
    "EMEROTECA_BACKOFF": 0,
    "EMEROTECA_BREAKER": 0,
    "EMEROTECA_WALL": 0,
    "EMEROTECA_BUDGET": 0,
}
#: Seconds: how long the answer's body takes to come, and what it asks for.
SLOW, ASKED = 1.5, 1


def test_nothing_is_asked_while_the_answer_still_comes(tmp_path: Path, serve: Any, answer: Any, crawl: Any) -> None:
    head = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: %d\r\nContent-Length: 5\r\n\r\n" % ASKED
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npagina"
    pages = [f"/pagina/{number}" for number in range(40)]
    server = serve({"/chiede": answer((head, SLOW, b"tardi"))} | {path: answer((0.2, whole)) for path in pages})
    base = f"http://127.0.0.1:{server.http}"
    wishes = [{"name": path, "url": base + path} for path in ("/chiede", *pages)]
    outcomes, closing, errors = crawl(tmp_path, wishes, SETTINGS)
    assert (len(outcomes), closing["reason"], errors) == (41, "finished", "")
    sent = {capture.url.removeprefix(base): capture.captured_at for capture in read_captures(tmp_path)}
    until = sent["/chiede"] + timedelta(seconds=SLOW + ASKED)
    assert sum(sent[path] < until for path in pages) <= 7  # those that were under way
