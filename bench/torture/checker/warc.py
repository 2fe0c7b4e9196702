"""WARC files, read with zlib and nothing else."""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Records that lead to rows: one capture each.
CAPTURES = {"response", "revisit", "conversion", "resource"}


@dataclass(frozen=True)
class Record:
    """A record and where it is: `offset` and `length` are of its gzip member in `file`, a bare name."""

    file: str
    offset: int
    length: int
    headers: dict[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "")

    @property
    def id(self) -> str:
        return self.headers.get("warc-record-id", "")

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<>")


@dataclass(frozen=True)
class Damage:
    """Bytes from `offset` on that are no record."""

    file: str
    offset: int
    reason: str


def read_file(path: Path) -> tuple[list[Record], list[Damage]]:
    """The records of a file, a gzip member each, up to the first damage."""
    name = path.name.removesuffix(".open")
    records: list[Record] = []
    try:
        for offset, length, member in _members(path.read_bytes()):
            records.append(_record(name, offset, length, member))
    except ValueError as problem:
        end = records[-1].offset + records[-1].length if records else 0
        return records, [Damage(name, end, str(problem))]
    return records, []


def _members(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    offset = 0
    while offset < len(data):
        unpacker = zlib.decompressobj(31)
        try:
            member = unpacker.decompress(data[offset:])
        except zlib.error as problem:
            raise ValueError(str(problem)) from problem
        if not unpacker.eof:
            raise ValueError("a member is cut off")
        length = len(data) - offset - len(unpacker.unused_data)
        yield offset, length, member
        offset += length


def _record(file: str, offset: int, length: int, member: bytes) -> Record:
    head, separator, rest = member.partition(b"\r\n\r\n")
    version, _, lines = head.partition(b"\r\n")
    if not separator or not version.startswith(b"WARC/1."):
        raise ValueError("a member without a record")
    headers = {}
    for line in lines.split(b"\r\n"):
        name, _, value = line.partition(b":")
        headers.setdefault(name.decode().lower(), value.decode().strip())
    size = int(headers["content-length"])
    if rest[size:] != b"\r\n\r\n":
        raise ValueError(f"a record of {len(rest) - 4} bytes says that it has {size}")
    return Record(file, offset, length, headers, rest[:size])


def digest_faults(record: Record) -> Iterator[str]:
    """What its own digests say against a record."""
    stated = record.headers.get("warc-block-digest")
    if stated and stated != sha1(record.block):
        yield f"the block of {record.id} in {record.file} is not {stated}"
    stated = record.headers.get("warc-payload-digest")
    if record.kind == "response" and stated and "warc-truncated" not in record.headers:
        given = sha1(payload(record.block))
        if given != stated:
            yield f"the payload of {record.id} in {record.file} is {given}, not {stated}"


def sha1(data: bytes) -> str:
    """The digest in the notation of web archives."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def payload(message: bytes) -> bytes:
    """The body of an HTTP message after transfer decoding, before content decoding."""
    head, _, body = message.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")[1:]
    if any(line.startswith(b"transfer-encoding:") and b"chunked" in line for line in lines):
        return _dechunked(body)
    return body


def _dechunked(body: bytes) -> bytes:
    parts = []
    while body:
        line, _, body = body.partition(b"\r\n")
        size = int(line.partition(b";")[0] or b"0", 16)
        if size == 0:
            break
        parts.append(body[:size])
        body = body[size + 2 :]
    return b"".join(parts)


def status(record: Record) -> int:
    """The status of the HTTP answer in a response or revisit; 0 where there is none."""
    words = record.block.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[1][:3].isdigit() else 0
