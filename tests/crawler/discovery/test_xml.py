"""XML and HTML of lists as servers send them."""

import gzip
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.discovery.xml import child_text, claimed_time, local_name, parse_html, parse_xml, stream_xml
from storage.exceptions import UnreadableList

FEED = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><ID> 1 </ID></entry><entry><id>2</id></entry></feed>"


@pytest.mark.parametrize(
    "body", [FEED, gzip.compress(FEED, mtime=0), b"\xef\xbb\xbf\r\n \t" + FEED, gzip.compress(b"\n" + FEED, mtime=0)]
)
def test_blank_lines_and_gzip_are_removed(body: bytes) -> None:
    root = parse_xml(body)
    assert local_name(root) == "feed"
    assert [child_text(entry, "id") for entry in root] == ["1", "2"]
    elements = stream_xml(body)
    assert local_name(next(elements)) == "feed"
    assert [child_text(entry, "id") for entry in elements] == ["1", "2"]


@pytest.mark.parametrize("body", [b"", b" \n", b"no markup", gzip.compress(FEED, mtime=0)[:-9], b"\x1f\x8bno gzip"])
def test_other_bodies_are_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableList):
        parse_xml(body)
    with pytest.raises(UnreadableList):
        list(stream_xml(body))


@given(st.binary(max_size=200))
@example(b"\0")
def test_any_bytes_are_parsed_or_unreadable(body: bytes) -> None:
    for parse in (parse_xml, lambda body: list(stream_xml(body)), parse_html):
        try:
            parse(body)
        except UnreadableList:
            continue


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-02-14", date(2022, 2, 14)),
        ("2022-02-14T15:21:00+01:00", datetime(2022, 2, 14, 14, 21, tzinfo=UTC)),
        ("Mon, 14 Feb 2022 14:21:00 GMT", datetime(2022, 2, 14, 14, 21, tzinfo=UTC)),
        ("2022-02-14T15:21:00", date(2022, 2, 14)),
        ("soon", None),
        ("", None),
    ],
)
def test_claimed_times(text: str, moment: date | datetime | None) -> None:
    assert claimed_time(text) == moment
