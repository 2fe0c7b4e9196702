"""Captures of mementos give the rows of their originals, at their moments."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.ingest.classify import classify
from crawler.ingest.memento import as_original, memento_address
from storage.corpus.write.capture_result import Outcome
from storage.warc.http.capture import Capture, CaptureRef

PAGE = Path(__file__).parents[2] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html"
URL = "https://alanews.it/cronaca/una-regata-nel-porto/"
MEMENTO = f"https://web.archive.org/web/20260105103000id_/{URL}"
MOMENT = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)
OF_ARCHIVE = (("Memento-Datetime", "Mon, 05 Jan 2026 10:30:00 GMT"),)


def capture(url: str, payload: bytes, headers: Sequence[tuple[str, str]] = OF_ARCHIVE, status: int = 200) -> Capture:
    return Capture(
        ref=CaptureRef("a.warc.gz", 0, 10, "<urn:uuid:1>"),
        url=url,
        captured_at=datetime(2027, 3, 1, tzinfo=UTC),
        status=status,
        reason="",
        headers=tuple(headers),
        content_type="text/html; charset=utf-8",
        payload=payload,
        payload_digest="sha1:A",
    )


@pytest.mark.parametrize(
    ("url", "original", "moment"),
    [
        (MEMENTO, URL, "20260105103000"),
        ("http://web.archive.org/web/20220214120000id_/http:/a.example/b?c=1#d", "http://a.example/b?c=1#d", None),
        ("http://localhost:8080/copies/20220214120000id_/a.example/", "http://a.example/", None),
        (
            "https://web.archive.org/web/20230101000000id_/https://web.archive.org/web/20220214120000id_/https://a.example/",
            "https://a.example/",
            "20220214120000",
        ),
        ("https://web.archive.org/web/20220214120000/https://a.example/", None, None),
        ("https://web.archive.org/web/20229914120000id_/https://a.example/", None, None),
        ("https://a.example/20220214120000id_", None, None),
        ("https://a.example/", None, None),
    ],
)
def test_addresses_of_mementos(url: str, original: str | None, moment: str | None) -> None:
    address = memento_address(url)
    assert (address.url if address else None) == original
    if address and moment:
        assert address.moment.strftime("%Y%m%d%H%M%S") == moment


def test_a_memento_is_its_original_at_its_moment() -> None:
    page = PAGE.read_bytes()
    result, plain = classify(capture(MEMENTO, page)), classify(capture(URL, page, ()))
    assert result.outcome is Outcome.ARTICLE and result.article == plain.article
    assert (result.site, result.asked_url, result.captured_at) == ("alanews", plain.asked_url, MOMENT)
    assert result.url == MEMENTO  # of the record, to which the row leads
    assert result.extractor == plain.extractor


def test_headers_are_those_of_the_original() -> None:
    headers = (
        *OF_ARCHIVE,
        ("x-archive-orig-content-type", "text/html; charset=iso-8859-1"),
        ("X-Archive-Orig-Etag", '"17"'),
        ("x-archive-orig-content-length", "12"),
        ("Server", "nginx"),
    )
    original = as_original(capture(MEMENTO, b"<p>citt\xe0</p>", headers))
    assert original.content_type == "text/html; charset=iso-8859-1"
    assert (original.header("etag"), original.header("server"), original.header("content-length")) == (
        '"17"',
        None,
        None,
    )
    assert original.captured_at == MOMENT


@pytest.mark.parametrize("coding", ["", "gzip", None])
def test_a_compressed_body_under_a_blank_coding_is_read(coding: str | None) -> None:
    headers = OF_ARCHIVE if coding is None else (*OF_ARCHIVE, ("Content-Encoding", coding))
    result = classify(capture(MEMENTO, gzip.compress(PAGE.read_bytes()), headers))
    assert result.outcome is Outcome.ARTICLE


def test_an_original_coding_of_a_decoded_body_does_no_harm() -> None:
    headers = (*OF_ARCHIVE, ("x-archive-orig-content-encoding", "br"))
    assert classify(capture(MEMENTO, PAGE.read_bytes(), headers)).outcome is Outcome.ARTICLE


def test_answers_of_the_archive_itself_are_no_pages_of_the_site() -> None:
    for status in (200, 403, 404, 429, 503):
        result = classify(capture(MEMENTO, b"<h1>Wayback Machine</h1>", (), status))
        assert (result.outcome, result.site) == (Outcome.OTHER, None)


def test_an_archived_error_is_an_error_of_the_site() -> None:
    result = classify(capture(MEMENTO, b"<h1>404</h1>", OF_ARCHIVE, 404))
    assert (result.outcome, result.reason, result.site) == (Outcome.REFUSED, "gone", "alanews")


def test_an_archived_robots_txt_is_not_obeyed_today() -> None:
    result = classify(
        capture("https://web.archive.org/web/20260105103000id_/https://alanews.it/robots.txt", b"User-agent: *")
    )
    assert result.outcome is Outcome.DISCOVERY


def test_a_known_site_cannot_call_a_page_of_another_site_its_memento() -> None:
    forged = f"https://it.sputniknews.com/web/20260105103000id_/{URL}"
    assert as_original(capture(forged, PAGE.read_bytes())).url == forged
    found = classify(capture(forged, PAGE.read_bytes()))
    assert (found.site, found.article, found.captured_at.year) == ("sputniknews", None, 2027)
