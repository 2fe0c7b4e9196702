"""XML and HTML of lists as servers send them."""

import gzip
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

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


LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10))


@pytest.mark.parametrize(
    "use", [b"<loc>&a9;</loc>", b"<loc>&a4;</loc>", b"<loc x='&a9;'>u</loc>", b"<loc>&local;</loc>"]
)
def test_entities_are_not_resolved(use: bytes, tmp_path: Path) -> None:
    """Neither in text nor in attributes: a billion of them, or a file of this machine."""
    secret = tmp_path / "secret"
    secret.write_text("segreto")
    local = f'<!ENTITY local SYSTEM "{secret.as_uri()}">'.encode()
    dtd = b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a0 "ha">' + LAUGHS + local + b"]>"
    body = dtd + b"<urlset><url>" + use + b"</url></urlset>"
    before = time.process_time()
    for found in (iter(parse_xml(body)), stream_xml(body)):
        text = "".join(etree.tostring(element, encoding="unicode") for element in found)  # while it is there
        assert len(text) < 1000
        assert "segreto" not in text
    assert time.process_time() - before < 1


@pytest.mark.parametrize("parse", [parse_xml, lambda body: list(stream_xml(body))])
def test_a_bomb_ends_at_a_limit(parse: Any) -> None:
    bomb = gzip.compress(b"<urlset>" + b"<url>%b</url>" % (b"x" * 1024 * 1024) * 201, compresslevel=1)
    with pytest.raises(UnreadableList, match="unpacked it is over"):
        parse(bomb)


def test_a_list_that_is_read_as_a_whole_has_a_limit_of_its_own() -> None:
    """A feed: each byte of it may take forty of memory."""
    entry = b"<item>%b</item>" % (b"x" * 1024 * 1024)
    assert len(parse_xml(b"<rss>" + entry * 15 + b"</rss>")) == 15
    with pytest.raises(UnreadableList, match="unpacked it is over 16777216 bytes"):
        parse_xml(b"<rss>" + entry * 16 + b"</rss>")


HUGE = 5 * 1024 * 1024


@pytest.mark.parametrize(
    "entry",
    [
        b"<url><loc>%b</loc></url>" % (b"x" * HUGE),
        b"<url>%b</url>" % (b"<i/>" * (HUGE // 4)),
        b"<url a='%b'/>" % (b"x" * HUGE),
        b"<url>" * (HUGE // 5),
        b"<!--x-->" * (HUGE // 8),
    ],
    ids=["text", "children", "attribute", "levels", "comments"],
)
def test_an_entry_of_a_list_has_a_limit_and_those_before_it_count(entry: bytes) -> None:
    """Each byte of it may take forty of memory."""
    elements = stream_xml(b"<urlset><url><loc>1</loc></url>" + entry + b"</urlset>")
    assert local_name(next(elements)) == "urlset"
    assert child_text(next(elements), "loc") == "1"
    with pytest.raises(UnreadableList, match="one of its entries is over"):
        list(elements)


@pytest.mark.parametrize("charset", ["utf-16-be", "utf-16-le", "utf-8"])
def test_a_page_with_a_byte_order_mark_is_read_in_its_charset(charset: str) -> None:
    page = parse_html("\ufeff<ul><li>Perché no</li></ul>".encode(charset))
    assert page.text_content() == "Perché no"


def test_a_charset_that_only_python_knows_is_read() -> None:
    assert parse_html("<p>più</p>".encode("mac_roman"), "text/html; charset=mac_roman").text_content() == "più"


@given(st.binary(max_size=200))
@example(b"\0")
@example(b"\xfe\xff")
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


@pytest.mark.parametrize("tag", ["news:loc", "NEWS:Loc", "a:b:loc", "news::loc"])
def test_a_prefix_that_is_not_declared_is_no_part_of_a_name(tag: str) -> None:
    root = parse_xml(f"<urlset><{tag}> x </{tag}><!-- --></urlset>".encode())
    assert [local_name(child) for child in root] == ["loc", ""]
    assert child_text(root, "loc") == "x"
