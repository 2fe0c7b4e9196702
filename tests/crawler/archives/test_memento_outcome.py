"""Each answer for a memento has one outcome."""

import gzip

import pytest

from crawler.archives.memento_outcome import memento_outcome
from storage.corpus.write.archive_ledger import IndexLine, LineOutcome
from storage.warc.dates import parse_warc_date
from storage.warc.digest import sha1_digest

PAGE = b"<html>una pagina</html>"
URL = "https://web.archive.org/web/20220214120000id_/https://a.example/x"
MOMENT = {"memento-datetime": "Mon, 14 Feb 2022 12:00:00 GMT"}
OTHER = {"memento-datetime": "Tue, 15 Feb 2022 12:00:00 GMT"}


def line(digest: str = sha1_digest([PAGE])) -> IndexLine:
    moment = parse_warc_date("2022-02-14T12:00:00Z")
    assert moment is not None
    return IndexLine("https://a.example/x", moment, digest.removeprefix("sha1:"))


@pytest.mark.parametrize(
    ("status", "headers", "payload", "outcome"),
    [
        (200, MOMENT, PAGE, LineOutcome.VERIFIED),
        (200, MOMENT | {"content-encoding": ""}, gzip.compress(PAGE, mtime=0), LineOutcome.VERIFIED),
        (200, MOMENT | {"content-encoding": "gzip"}, gzip.compress(PAGE, mtime=0), LineOutcome.VERIFIED),
        (200, MOMENT, PAGE[:-1], LineOutcome.DIGEST_MISMATCH),
        (200, MOMENT | {"content-encoding": "gzip"}, b"no gzip", LineOutcome.DIGEST_MISMATCH),
        (404, MOMENT, PAGE, LineOutcome.VERIFIED),  # the page itself was missing then
        (200, OTHER, PAGE, LineOutcome.ANOTHER_MOMENT),
        (302, {"location": "/web/20220215120000id_/https://a.example/x"}, b"", LineOutcome.ANOTHER_MOMENT),
        (302, {"location": "https://a.example/x"}, b"", LineOutcome.LEFT_ARCHIVE),
        (302, {}, b"", LineOutcome.LEFT_ARCHIVE),
        (404, {}, b"not archived", LineOutcome.MISSING),
        (403, {}, b"has been excluded from the Wayback Machine", LineOutcome.EXCLUDED),
        (403, {"x-archive-wayback-runtime-error": "AdministrativeAccessControlException"}, b"", LineOutcome.EXCLUDED),
        (451, {}, b"", LineOutcome.EXCLUDED),
        (403, {}, b"<h1>403</h1>", LineOutcome.FAILED),
        (429, {}, b"", LineOutcome.THROTTLED),
        (503, {}, b"", LineOutcome.FAILED),
        (200, {}, b"<html>busy</html>", LineOutcome.FAILED),
    ],
)
def test_the_outcome_of_an_answer(status: int, headers: dict[str, str], payload: bytes, outcome: LineOutcome) -> None:
    assert memento_outcome(line(), URL, status, headers, payload).outcome is outcome


def test_a_redirect_to_the_same_moment_is_followed() -> None:
    target = f"https://web.archive.org/web/20220214120000id_/{URL}"
    found = memento_outcome(line(), URL, 302, {"location": target}, b"")
    assert found.follow == target


def test_without_a_digest_nothing_can_be_compared() -> None:
    assert memento_outcome(line(""), URL, 200, MOMENT, PAGE).outcome is LineOutcome.UNVERIFIABLE
