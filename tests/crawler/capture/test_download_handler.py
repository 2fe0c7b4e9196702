"""What a crawl does around the tap: robots.txt, redirects, retries, dead connections, a disk that takes no more."""

import random
from pathlib import Path
from typing import Any

import pytest

from storage.warc.http.capture import CaptureRef
from storage.warc.read.reader import read_capture, read_captures, read_records
from storage.warc.write.writer import QUICK


def page(body: bytes, status: bytes = b"200 OK", *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body), b"", body])


def metadata_of(folder: Path) -> dict[str, str]:
    """The metadata record's block, by the record id of its capture."""
    records = [record for record in read_records(folder) if record.record_type == "metadata"]
    return {record.header("WARC-Concurrent-To") or "": bytes(record.block).decode() for record in records}


@pytest.fixture(scope="module")
def detours(tmp_path_factory: pytest.TempPathFactory, serve: Any, answer: Any, crawl: Any) -> Any:
    folder = tmp_path_factory.mktemp("detours")
    server = serve(
        {
            "/robots.txt": answer((page(b"User-agent: *\nDisallow: /private\n"),)),
            "/old": answer((page(b"", b"301 Moved Permanently", b"Location: /new"),)),
            "/new": answer((page(b"nuovo"),)),
            "/busy": answer((page(b"occupato", b"503 Service Unavailable"),)),
            "/private": answer((page(b"privato"),)),
            "/drops-the-next": answer((page(b"uno"),), "drop-next"),
            "/after": answer((page(b"due"),)),
        }
    )
    base = f"http://127.0.0.1:{server.http}"
    meta = {"discovery": {"route": "sitemap", "lastmod": "2021-12-04", "depth": 2}}
    paths = ("/drops-the-next", "/after", "/old", "/busy", "/private")
    requests = [{"name": path, "url": base + path, "meta": meta} for path in paths]
    settings = {
        "ROBOTSTXT_OBEY": True,
        "REDIRECT_ENABLED": True,
        "RETRY_ENABLED": True,
        "RETRY_TIMES": 2,
        "CONCURRENT_REQUESTS": 1,
    }
    outcomes, closing, errors = crawl(folder, requests, settings)
    return folder, server, outcomes, closing, errors


def test_every_attempt_is_a_capture(detours: Any) -> None:
    folder, server, _, _, _ = detours
    paths = [capture.url.rpartition("/")[2] for capture in read_captures(folder)]
    assert sorted(paths) == sorted(["robots.txt", "old", "new", "busy", "busy", "busy", "drops-the-next", "after"])
    assert "/private" not in server.requests


def test_a_request_swallowed_by_a_dead_connection_is_one_capture(detours: Any) -> None:
    folder, _, outcomes, _, _ = detours
    capture = read_capture(folder, CaptureRef(*outcomes["/after"]["capture"]))
    assert (capture.status, capture.payload, capture.truncated) == (200, b"due", None)


def test_the_response_after_a_redirect_leads_to_its_own_capture(detours: Any) -> None:
    folder, _, outcomes, _, _ = detours
    ref = CaptureRef(*outcomes["/old"]["capture"])
    assert read_capture(folder, ref).url.endswith("/new")
    assert (
        f"redirected-from: {read_capture(folder, ref).url.replace('/new', '/old')}"
        in metadata_of(folder)[ref.record_id]
    )


def test_discovery_and_retries_stand_in_the_metadata_record(detours: Any) -> None:
    folder, _, outcomes, _, _ = detours
    block = metadata_of(folder)[outcomes["/busy"]["capture"][3]]
    assert block == "route: sitemap\r\nlastmod: 2021-12-04\r\ndepth: 2\r\nretry: 2\r\n"


@pytest.mark.parametrize(("size", "at_once"), [(40_000, 1), (40_000, 8), (2 * QUICK, 1)])
def test_a_failed_write_fails_the_request_and_stops_the_crawl(
    tmp_path: Path, serve: Any, answer: Any, crawl: Any, size: int, at_once: int
) -> None:
    noise = random.Random(1).randbytes(size)
    server = serve({f"/{number}": answer((page(noise[number:]),)) for number in range(30)})
    requests = [{"name": str(number), "url": f"http://127.0.0.1:{server.http}/{number}"} for number in range(30)]
    settings = {"CONCURRENT_REQUESTS": at_once, "TEST_FILE_LIMIT": 5 * size // 2}
    outcomes, closing, errors = crawl(tmp_path, requests, settings)
    kept = [outcome for outcome in outcomes.values() if "status" in outcome]
    assert closing["reason"] == "write-failed"
    assert {outcome["failure"] for outcome in outcomes.values() if "failure" in outcome} == {"WriteFailed"}
    assert 0 < len(kept) < 30
    for outcome in kept:
        assert read_capture(tmp_path, CaptureRef(*outcome["capture"])).status == 200
    assert len(list(read_captures(tmp_path))) == len(kept)
    assert "The crawl stops" in errors


def test_small_and_large_captures_stand_in_the_order_in_which_they_were_announced(
    tmp_path: Path, serve: Any, answer: Any, crawl: Any
) -> None:
    noise = random.Random(2).randbytes(2 * QUICK)
    sizes = [2 * QUICK if number % 5 == 0 else 2000 for number in range(40)]
    server = serve({f"/{number}": answer((page(noise[:size]),)) for number, size in enumerate(sizes)})
    requests = [{"name": str(number), "url": f"http://127.0.0.1:{server.http}/{number}"} for number in range(40)]
    outcomes, closing, _ = crawl(tmp_path, requests, sync_every=7, max_bytes=3 * QUICK)
    stored = list(read_captures(tmp_path))
    assert [capture.ref.record_id for capture in stored] == [record_id for record_id, _, _ in closing["captured"]]
    for number, size in enumerate(sizes):
        ref = CaptureRef(*outcomes[str(number)]["capture"])
        assert read_capture(tmp_path, ref).payload == noise[:size]


def test_a_certificate_is_judged_by_the_trust_store_and_the_host(
    tmp_path: Path, serve: Any, answer: Any, crawl: Any, certificate: Path
) -> None:
    server = serve({"/": answer((page(b"sicuro"),))})
    proxy = {"proxy": f"http://127.0.0.1:{server.http}"}
    requests = [
        {"name": "right", "url": f"https://127.0.0.1:{server.https}/"},
        {"name": "wrong", "url": "https://altro.example/", "meta": proxy},
        {"name": "named", "url": "https://paper.example/", "meta": proxy},
    ]
    outcomes, _, errors = crawl(tmp_path, requests, environment={"SSL_CERT_FILE": str(certificate)})
    noted = metadata_of(tmp_path)
    assert {outcome["status"] for outcome in outcomes.values()} == {200}
    assert outcomes["right"]["capture"][3] not in noted
    assert "certificate-error" not in noted[outcomes["named"]["capture"][3]]
    assert "certificate-error: not valid for host altro.example" in noted[outcomes["wrong"]["capture"][3]]
    assert errors.count("is not to be trusted") == 1


def test_attempts_that_bring_nothing_have_a_reason(tmp_path: Path, serve: Any, answer: Any, crawl: Any) -> None:
    server = serve({"/mute": answer((), "hang")})
    base = f"http://127.0.0.1:{server.http}"
    requests = [
        {"name": "refused", "url": "http://127.0.0.1:1/"},
        {"name": "timeout", "url": base + "/mute", "meta": {"download_timeout": 0.5}},
        {"name": "tls", "url": f"https://127.0.0.1:{server.http}/", "meta": {"download_timeout": 1}},
    ]
    _, closing, _ = crawl(tmp_path, requests)
    assert sorted(closing["failed"]) == [
        ["refused", "http://127.0.0.1:1/"],
        ["timeout", base + "/mute"],
        ["timeout", f"https://127.0.0.1:{server.http}/"],
    ]
    assert not list(tmp_path.iterdir())
