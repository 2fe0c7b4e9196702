"""HTTP messages: read as they are, whatever they are."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.warc.http.message import (
    find_chunks,
    is_complete,
    parse_head,
    parse_response,
    payload_parts,
    strip_informational,
    text,
)

NAMES = st.text("abcXYZ0-", min_size=1, max_size=12).map(str.encode)
VALUES = st.binary(max_size=30).map(lambda value: value.replace(b"\r", b"").replace(b"\n", b"").strip())
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
LINE_ENDS = st.sampled_from([b"\r\n", b"\n"])


def dechunk(body: bytes) -> bytes:
    chunks = find_chunks(body)
    assert chunks is not None
    return b"".join(body[begin:end] for begin, end in chunks.spans)


def payload(data: bytes) -> bytes:
    head = parse_response(data)
    assert head is not None
    return b"".join(bytes(part) for part in payload_parts(data, head))


@given(FIELDS, LINE_ENDS, st.binary(max_size=200))
def test_parsing_what_was_put_together_gives_it_back(
    fields: list[tuple[bytes, bytes]], line_end: bytes, body: bytes
) -> None:
    lines = [b"HTTP/1.1 200 OK", *(name + b": " + value for name, value in fields)]
    data = line_end.join([*lines, b"", body])
    head = parse_head(data)
    assert (head.start_line, list(head.fields), head.complete) == (lines[0], fields, True)
    assert data[head.end :] == body


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_parser_fail(data: bytes) -> None:
    assert parse_head(data).end <= len(data)
    find_chunks(data)
    response = b"HTTP/1.1 200 OK\r\n" + data
    is_complete(response, parse_response(response), "GET", closed=True)
    assert data.endswith(strip_informational(data))


@given(st.binary(max_size=2000), st.integers(1, 400), st.sampled_from([b"", b";a=b", b' ; n="v"']))
def test_dechunking_undoes_chunking(body: bytes, size: int, extension: bytes) -> None:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%X%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\nX-Sum: 1\r\n\r\n"
    assert dechunk(framed) == body
    chunks = find_chunks(framed)
    assert chunks is not None and chunks.complete


@given(st.binary(min_size=1, max_size=2000), st.integers(1, 400), st.data())
def test_a_cut_chunked_body_gives_what_came(body: bytes, size: int, data: st.DataObject) -> None:
    framed = b"".join(
        b"%x\r\n%s\r\n" % (len(body[at : at + size]), body[at : at + size]) for at in range(0, len(body), size)
    )
    cut = framed[: data.draw(st.integers(0, len(framed)))]
    chunks = find_chunks(cut)
    assert chunks is not None and not chunks.complete
    assert body.startswith(dechunk(cut))


def test_a_chunked_header_over_a_plain_body_is_tolerated() -> None:
    served = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>non a pezzi</html>"
    assert payload(served) == b"<html>non a pezzi</html>"


@pytest.mark.parametrize(
    "body",
    [
        b"4\r\nneve\r\n0\r\n\r\n",
        b"4\r\nneve\r\n0\r\nX-Sum: 1\r\n\r\n",
        b"4\nneve\n0\n\n",
        b"4;" + b"a" * 70 + b"\r\nneve\r\n0\r\n\r\n",
        b"9\r\nneve",
    ],
)
def test_chunks_outside_the_strict_grammar_are_joined_too(body: bytes) -> None:
    assert payload(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == b"neve"


def test_a_transfer_coding_below_the_chunks_is_undone() -> None:
    inner = gzip.compress(b"dentro")
    served = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner)
    assert payload(served) == b"dentro"


def test_fields_are_unfolded_and_lines_without_colon_are_none() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nX-A: one\r\n\ttwo\r\nno colon\r\nX-B :v\r\n\r\n")
    assert head.fields == ((b"X-A", b"one two"), (b"X-B", b"v"))


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK", 200, "OK"),
        (b"HTTP/1.1 404", 404, ""),
        (b"HTTP/2 200", 200, ""),
        (b"HTTP/2.0 301 Moved Permanently", 301, "Moved Permanently"),
        (b"http/1.0 200  perch\xe9 no", 200, "perché no"),
        (b"HTTP/1.1 tutto bene", None, "bene"),
        (b"ICY 200 OK", None, "OK"),
        (b"", None, ""),
    ],
)
def test_status_lines_of_every_kind(line: bytes, status: int | None, reason: str) -> None:
    head = parse_head(line + b"\r\n\r\n")
    assert (head.status, head.reason) == (status, reason)


def test_informational_heads_go_unless_nothing_else_came() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    assert strip_informational(hints + hints + b"HTTP/1.1 200 OK\r\n\r\n") == b"HTTP/1.1 200 OK\r\n\r\n"
    assert strip_informational(hints) == hints


@pytest.mark.parametrize(
    ("response", "method", "closed", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nuno", "GET", False, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nuno", "GET", False, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nun", "GET", True, False),
        (b"HTTP/1.1 200 OK\r\n\r\nuno", "GET", True, True),
        (b"HTTP/1.1 200 OK\r\n\r\nuno", "GET", False, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD", False, True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", "GET", False, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", "GET", True, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n0\r\n\r\n", "GET", False, True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n0\r\n", "GET", True, False),
        (b"buongiorno", "GET", True, False),
    ],
)
def test_a_response_is_whole_by_its_own_framing(response: bytes, method: str, closed: bool, whole: bool) -> None:
    assert is_complete(response, parse_response(response), method, closed=closed) is whole


def test_header_bytes_become_text_without_loss_of_accents() -> None:
    assert text("perché".encode()) == text("perché".encode("latin-1")) == "perché"
