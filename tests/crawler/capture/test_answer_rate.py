"""An answer that comes a few bytes at a time ends soon, and what came of it is kept."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from storage.warc.http.message import parse_response
from storage.warc.read.reader import read_records

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2000\r\n\r\n"
BODY = b"<p>Il faro si accende alle nove.</p>" * 40
SETTINGS = {
    "EMEROTECA_MIN_RATE": 100,
    "EMEROTECA_MIN_RATE_SECONDS": 1,
    "RETRY_ENABLED": True,
    "RETRY_TIMES": 4,
}


def drops(data: bytes, size: int, pause: float) -> Iterator[bytes | float]:
    """The data in pieces of so many bytes, with pauses of so many seconds."""
    for at in range(0, len(data), size):
        yield data[at : at + size]
        yield pause


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, serve: Any, answer: Any, crawl: Any) -> Any:
    folder = tmp_path_factory.mktemp("slow")
    whole = HEAD.replace(b"2000", b"%d" % len(BODY)) + BODY
    server = serve(
        {
            "/slow-body": answer((HEAD, *drops(BODY, 1, 0.1))),
            "/slow-head": answer((b"HTTP/1.1 200 OK\r\n", *drops(b"X-A: %s\r\n" % (b"a" * 2000), 1, 0.1))),
            "/stalls": answer((HEAD, BODY[:500], 20.0)),
            "/steady": answer((*drops(whole, 100, 0.2),)),
            "/thinks": answer((3.5, whole)),
        }
    )
    bases = {"http": f"http://127.0.0.1:{server.http}", "https": f"https://127.0.0.1:{server.https}"}
    requests = [{"name": f"{way}{path}", "url": base + path} for way, base in bases.items() for path in server.answers]
    start = monotonic()
    outcomes, closing, errors = crawl(folder, requests, SETTINGS)
    return folder, server, outcomes, closing, errors, monotonic() - start


@pytest.mark.parametrize("way", ["http", "https"])
@pytest.mark.parametrize("path", ["/slow-body", "/slow-head", "/stalls"])
def test_a_slow_answer_ends_and_is_kept_as_far_as_it_came(slow: Any, way: str, path: str) -> None:
    folder, server, outcomes, _, _, _ = slow
    assert outcomes[way + path]["failure"] == "DownloadTimeoutError"
    port = server.http if way == "http" else server.https
    url = f"{way}://127.0.0.1:{port}{path}"
    records = [
        record
        for record in read_records(folder)
        if record.record_type == "response" and record.header("WARC-Target-URI") == url
    ]
    sent = b"".join(part for part in server.answers[path].parts if isinstance(part, bytes))
    for record in records:
        block = bytes(record.block)
        assert record.header("WARC-Truncated") == "time"
        assert len(block) >= 10
        assert sent.startswith(block)
        assert parse_response(block) is not None
    assert len(records) == 2, "the answer is requested once more, not RETRY_TIMES"


def test_slow_answers_do_not_hold_the_crawl(slow: Any) -> None:
    seconds, closing = slow[5], slow[3]
    assert closing["reason"] == "finished"
    assert seconds < 20, "two tries of at most two windows each, side by side"


@pytest.mark.parametrize("way", ["http", "https"])
@pytest.mark.parametrize("path", ["/steady", "/thinks"])
def test_answers_above_the_rate_and_late_ones_are_whole(slow: Any, way: str, path: str) -> None:
    _, server, outcomes, _, _, _ = slow
    assert outcomes[way + path].get("status") == 200
    assert len(server.requests[path]) == 2, "one over each way"


def test_the_whole_answer_has_a_limit_too(tmp_path: Path, serve: Any, answer: Any, crawl: Any) -> None:
    server = serve({"/": answer((HEAD.replace(b"2000", b"900000"), *drops(BODY * 100, 200, 0.1)))})
    requests = [{"name": "endless", "url": f"http://127.0.0.1:{server.http}/"}]
    outcomes, closing, _ = crawl(tmp_path, requests, {**SETTINGS, "DOWNLOAD_TIMEOUT": 3})
    assert outcomes["endless"]["failure"] == "DownloadTimeoutError"
    assert [truncated for _, _, truncated in closing["captured"]] == ["time", "time"]


def test_a_head_has_a_limit_too(tmp_path: Path, serve: Any, answer: Any, crawl: Any) -> None:
    """Also one of informational answers; a long one below the limit is whole."""
    lines = b"".join(b"X-Riga-%d: x\r\n" % number for number in range(100_000))
    ok = b"HTTP/1.1 200 OK\r\n"
    tail = b"Content-Length: 1\r\n\r\nx"
    server = serve(
        {
            "/lines": answer((ok + lines + tail,)),
            "/informational": answer((b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000 + ok + tail,)),
            "/long": answer((ok + lines[: lines.index(b"X-Riga-20000")] + tail,)),
        }
    )
    base = f"http://127.0.0.1:{server.http}"
    outcomes, closing, _ = crawl(tmp_path, [{"name": path, "url": base + path} for path in server.answers])
    assert outcomes["/long"]["status"] == 200
    assert "failure" in outcomes["/lines"]
    assert "failure" in outcomes["/informational"]
    cut = {url.removeprefix(base): truncated for _, url, truncated in closing["captured"]}
    assert cut == {"/lines": "length", "/informational": "length", "/long": None}
