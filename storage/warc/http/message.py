"""Parses HTTP/1 messages as servers really send them, and never changes them.

Lenient where RFC 9112 is strict: line ends without CR, folded headers, lines without a colon, spaces before it, any
bytes in a value, a chunked header over a body that is not chunked. Offsets count from the start of the data. Called by
`crawler.capture.exchange_recorder`, the WARC writer, the readers and the CDXJ index.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser

from storage.exceptions import DecodingError
from storage.warc.http.content_coding import decode
from storage.warc.spool import Octets, pieces

NO_BODY = (204, 304)
LONGEST_HEAD = 1024 * 1024
_HEAD_END = re.compile(rb"\n\r?\n")
_INFORMATIONAL = re.compile(rb"HTTP/\S*\s+1\d\d(?!\d)", re.I)


@dataclass(frozen=True, slots=True)
class Head:
    """The start line and header fields of a message.

    fields: name and value as served, in order, unfolded, without the space around them; lines without a colon are
    no fields. end: where the body begins. complete: the empty line was there.
    """

    start_line: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    end: int
    complete: bool

    def values(self, name: bytes) -> list[bytes]:
        """All values of a field, its name in any case."""
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def first(self, name: bytes) -> str | None:
        """The first value of a field as text; None where the field is missing."""
        return next(map(text, self.values(name)), None)

    def tokens(self, name: bytes) -> list[str]:
        """The comma-separated members of a field, lower case, over all its lines."""
        members = b",".join(self.values(name)).decode("latin-1").lower().split(",")
        return [member.strip() for member in members if member.strip()]

    @property
    def status(self) -> int | None:
        """The status code of a response's status line, None where there is none."""
        parts = self.start_line.split(None, 2)
        is_status = len(parts) > 1 and parts[0].upper().startswith(b"HTTP/")
        return int(parts[1]) if is_status and parts[1].isdigit() and len(parts[1]) == 3 else None

    @property
    def reason(self) -> str:
        """The reason phrase, empty where there is none."""
        parts = self.start_line.split(None, 2)
        return text(parts[2]) if len(parts) == 3 else ""


def text(value: bytes) -> str:
    """A header's bytes as text: UTF-8, or where they are not, Latin-1, which never fails."""
    return str(StatusAndHeadersParser.decode_header(value))


def parse_head(data: Octets, start: int = 0) -> Head:
    """The head that begins at `start`. A head that never ends takes in all there is, up to LONGEST_HEAD."""
    limit = min(len(data), start + LONGEST_HEAD)
    if data[start : start + 1] == b"\n" or data[start : start + 2] == b"\r\n":
        return Head(b"", (), start + 1 + (data[start : start + 1] == b"\r"), True)
    end = _HEAD_END.search(data, start, limit)
    stop, after = end.span() if end else (limit, limit)
    lines: list[bytes] = []
    for served in bytes(data[start:stop]).removesuffix(b"\n").split(b"\n"):
        line = served.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and len(lines) > 1:
            lines[-1] += b" " + line.strip()
        else:
            lines.append(line)
    return Head(lines[0], tuple(_fields(lines[1:])), after, end is not None)


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for line in lines:
        name, colon, value = line.partition(b":")
        if colon:
            yield name.strip(), value.strip()


def parse_response(data: Octets) -> Head | None:
    """The head of a response, or None where the data does not begin with a status line at all."""
    return parse_head(data) if bytes(data[:5]).upper() == b"HTTP/" else None


def strip_informational(data: Octets) -> Octets:
    """A response without the 1xx heads before it, which readers would take for its status.

    Where nothing else was served, the last of them stays.
    """
    start = 0
    while _INFORMATIONAL.match(data, start):
        head = parse_head(data, start)
        if not (head.complete and head.status and 100 <= head.status < 200 and head.end < len(data)):
            break
        start = head.end
    return data[start:] if start else data


@dataclass(frozen=True, slots=True)
class Chunks:
    """The payload's spans in a chunked body. complete: last chunk and trailer are there."""

    spans: tuple[tuple[int, int], ...]
    complete: bool


def find_chunks(data: Octets, start: int = 0) -> Chunks | None:
    """The chunks of a body that begins at `start`; None where it is not chunked whatever its header says.

    Extensions and trailers are passed over. A body that is cut off, or stops being chunked, gives what came before.
    """
    spans: list[tuple[int, int]] = []
    at = start
    while (line_end := data.find(b"\n", at, at + LONGEST_HEAD)) >= 0:
        size = _chunk_size(bytes(data[at:line_end]))
        if size is None:
            return Chunks(tuple(spans), False) if spans else None
        if size == 0:
            return Chunks(tuple(spans), _trailer_ends(data, line_end + 1))
        begin, end = line_end + 1, line_end + 1 + size
        spans.append((begin, min(end, len(data))))
        if end >= len(data) or data[end : end + 2] == b"\r":
            return Chunks(tuple(spans), False)
        at = end + 2 if data[end : end + 2] == b"\r\n" else end + 1 if data[end : end + 1] == b"\n" else -1
        if at < 0:
            return Chunks(tuple(spans), False) if len(spans) > 1 else None
    is_cut = at > start or at >= len(data) or _chunk_size(bytes(data[at : at + 64])) is not None
    return Chunks(tuple(spans), False) if is_cut else None


def _chunk_size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)


def _trailer_ends(data: Octets, at: int) -> bool:
    while (line_end := data.find(b"\n", at)) >= 0:
        if not bytes(data[at:line_end]).strip(b"\r"):
            return True
        at = line_end + 1
    return False


def payload_parts(data: Octets, head: Head) -> list[memoryview] | list[bytes]:
    """The payload: the body after transfer decoding, before content decoding, in parts.

    Bytes past Content-Length belong to it, as they do for every reader of the record that follows the block.
    A transfer coding that cannot be undone is left as it is.
    """
    codings = head.tokens(b"transfer-encoding")
    parts = _dechunked(data, head.end) if "chunked" in codings else pieces(data, head.end)
    inner = [coding for coding in codings if coding not in ("chunked", "identity")]
    if not inner:
        return parts
    try:
        return [decode(b"".join(parts), inner)]
    except DecodingError:
        return parts


def _dechunked(data: Octets, start: int) -> list[memoryview] | list[bytes]:
    """The content of a chunked body, by warcio. `find_chunks` has what warcio's strict reader refuses: a body cut off,
    with trailers, long extensions or bare line ends, not chunked at all; and one too large for memory.
    """
    if isinstance(data, bytes):
        with suppress(ChunkedDataException):
            return [ChunkedDataReader(BytesIO(data[start:]), raise_exceptions=True).read()]
    chunks = find_chunks(data, start)
    spans = chunks.spans if chunks else ((start, len(data)),)
    return [part for begin, end in spans for part in pieces(data, begin, end)]


def is_complete(response: Octets, head: Head | None, method: str, *, closed: bool) -> bool:
    """Whether a response is complete by its own framing (RFC 9112, 6.3).

    head: the response's. closed: the server closed the connection in good order, which ends a body without a
    length.
    """
    if head is None or not head.complete:
        return False
    if method == "HEAD" or head.status in NO_BODY:
        return True
    if "chunked" in head.tokens(b"transfer-encoding"):
        chunks = find_chunks(response, head.end)
        return closed if chunks is None else chunks.complete
    lengths = {int(length) for length in head.tokens(b"content-length") if length.isdigit()}
    return len(response) - head.end >= lengths.pop() if len(lengths) == 1 else closed
