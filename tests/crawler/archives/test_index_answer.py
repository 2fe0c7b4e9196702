"""Answers of CDX servers in both forms; what is empty, cut off or of another form is unreadable."""

import json
from datetime import UTC, date, datetime

import pytest

from crawler.archives.index_answer import is_exclusion, read_answer
from crawler.archives.index_span import IndexSpan, spans_of
from storage.exceptions import UnreadableList

HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
DIGEST = "4XKQ3L7PFDVUX4BAVXQJVJK6VXXW4GBQ"
ROW = ["com,a)/x", "20220214120000", "http://a.com:80/x", "text/html", "200", DIGEST, "4711"]


def test_an_array_with_a_resume_key() -> None:
    answer = read_answer(json.dumps([HEADER, ROW, [], ["com,a)/x 20220214120000!"]]).encode())
    [line] = answer.lines
    assert (line.url, line.digest, line.status, line.length) == ("http://a.com:80/x", DIGEST, 200, 4711)
    assert line.captured_at == datetime(2022, 2, 14, 12, tzinfo=UTC)
    assert answer.resume_key == "com,a)/x 20220214120000!"
    assert answer.first_key == answer.last_key == ("com,a)/x", "20220214120000")


def test_a_revisit_has_no_status_and_odd_rows_are_counted() -> None:
    revisit = [*ROW[:3], "warc/revisit", "-", DIGEST, "-"]
    answer = read_answer(json.dumps([HEADER, revisit, ["com,a)/y", "2022", "http://a.com/y"]]).encode())
    [line] = answer.lines
    assert (line.status, line.length, line.mimetype) == (None, None, "warc/revisit")
    assert (answer.unreadable, answer.rows) == (1, 2)


def test_lines_of_objects() -> None:
    one = {"urlkey": "com,a)/x", "timestamp": "20220214120000", "url": "https://a.com/x", "mime": "text/html"}
    two = one | {"status": "200", "digest": f"sha1:{DIGEST}", "offset": "12", "filename": "a.warc.gz"}
    answer = read_answer(f"{json.dumps(one)}\n{json.dumps(two)}\n".encode())
    assert [line.digest for line in answer.lines] == ["", DIGEST]
    assert (answer.lines[1].offset, answer.lines[1].file, answer.resume_key) == (12, "a.warc.gz", None)


def test_no_captures_are_an_answer() -> None:
    assert read_answer(b"[]\n").rows == 0


@pytest.mark.parametrize("body", [b"", b" \n", b"<html>busy</html>", b'[["urlkey"], ["com', b'{"urlkey": "c', b"[1]"])
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(UnreadableList):
        read_answer(body)


def test_an_exclusion_is_told_from_an_error() -> None:
    assert is_exclusion(b"org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error")
    assert not is_exclusion(b"<h1>403 Forbidden</h1>")


def test_the_parts_of_a_span_cover_it() -> None:
    [year] = spans_of("a.example", date(2024, 5, 1), date(2024, 5, 2))
    days = [day for month in year.parts() for day in month.parts()]
    assert len(days) == 366 and days[59].prefix == "20240229" and not days[0].parts()
    assert year.parts()[-1].end == year.end == days[-1].end == datetime(2025, 1, 1, tzinfo=UTC)
    assert IndexSpan.parse(str(days[0])) == days[0]
