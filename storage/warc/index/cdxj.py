"""Entries of a CDXJ index, in the format of pywb and cdxj-indexer: key, timestamp, JSON.

    it,alanews)/cronaca/festa 20260104183000 {"url": ..., "mime": ..., "status": ..., "digest": ..., "length": ...,
                                              "offset": ..., "filename": ...}

Sorted byte by byte, so that a binary search finds a URL and a time in files of any size. Called by the file registry,
`crawler.ingest.file_registration`, the fixity checks and the WACZ writer.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.warc.dates import parse_warc_date
from storage.warc.digest import sha1_digest
from storage.warc.http.message import Head, parse_response, payload_parts
from storage.warc.index.surt import surt
from storage.warc.read.members import Damage
from storage.warc.read.record import Record, records_in
from storage.warc.read.source import open_archive
from storage.warc.spool import pieces

REVISIT = "warc/revisit"
"""The media type of revisits."""

_INDEXED = ("response", "revisit", "resource", "metadata")
_HTTP = ("http:", "https:")
_NUMBERS = ("offset", "length")
_NUMBER = re.compile(r"[0-9]{1,18}")
_TIMESTAMP = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True)
class CdxjEntry:
    """One line. key: SURT of the URL; timestamp: 14 digits, UTC; fields: in order, all text."""

    key: str
    timestamp: str
    fields: dict[str, str]

    @classmethod
    def parse(cls, line: bytes) -> "CdxjEntry":
        """Raises ValueError for a line that is no entry, with the place of a record."""
        key, timestamp, data = line.decode("utf-8").split(" ", 2)
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in _object(data).items()}
        if not fields.get("filename") or any(not _NUMBER.fullmatch(fields.get(name, "0")) for name in _NUMBERS):
            raise ValueError("no place of a record")
        _moment(timestamp)  # it is one
        return cls(key, timestamp, fields)

    @classmethod
    def of_record(cls, line: bytes) -> "CdxjEntry | None":
        """The entry of a line that names file and offset of a record; None for any other line, as in a file that was
        damaged."""
        with suppress(ValueError):
            return cls.parse(line)
        return None

    def line(self) -> bytes:
        """With its line end."""
        return f"{self.key} {self.timestamp} {json.dumps(self.fields)}\n".encode()

    def moved(self, file: str, offset: int) -> "CdxjEntry":
        """The entry of the same record in another file."""
        return CdxjEntry(self.key, self.timestamp, {**self.fields, "offset": str(offset), "filename": file})

    @property
    def url(self) -> str:
        return self.fields.get("url", "")

    @property
    def captured_at(self) -> datetime:
        """Aware, UTC, whole seconds."""
        return _moment(self.timestamp)

    @property
    def file(self) -> str:
        return self.fields["filename"]

    @property
    def offset(self) -> int:
        return int(self.fields.get("offset", "0"))

    @property
    def length(self) -> int:
        return int(self.fields.get("length", "0"))

    @property
    def digest(self) -> str:
        return self.fields.get("digest", "")

    @property
    def is_revisit(self) -> bool:
        return self.fields.get("mime") == REVISIT


def _moment(timestamp: str) -> datetime:
    """The instant of 14 digits, UTC. Raises ValueError."""
    if not _TIMESTAMP.fullmatch(timestamp):
        raise ValueError(f"no time of 14 digits: {timestamp[:20]!r}")
    month, day, hour, minute, second = (int(timestamp[at : at + 2]) for at in range(4, 14, 2))
    return datetime(int(timestamp[:4]), month, day, hour, minute, second, tzinfo=UTC)


def _object(data: str) -> dict[str, Any]:
    """The JSON object in a text. Raises ValueError."""
    try:
        found = json.loads(data)
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def entry_of(record: Record, file: str) -> CdxjEntry | None:
    """The entry of a record; None for records that indexes omit: requests, warcinfo, metadata of a capture, no URL."""
    kind = record.record_type
    describes_capture = kind in ("resource", "metadata") and record.header("Content-Type") == "application/warc-fields"
    url = record.target_uri
    captured_at = parse_warc_date(record.header("WARC-Date"))
    if kind not in _INDEXED or describes_capture or not url or captured_at is None:
        return None
    head = parse_response(record.block) if kind in ("response", "revisit") and url.startswith(_HTTP) else None
    found = {
        "url": url,
        "mime": REVISIT if kind == "revisit" else _media_type(record, head),
        "status": str(head.status) if head and head.status else None,
        "digest": record.header("WARC-Payload-Digest") or _digest(record, head),
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": file,
    }
    fields = {name: value for name, value in found.items() if value is not None}
    return CdxjEntry(surt(url), captured_at.strftime("%Y%m%d%H%M%S"), fields)


def entries_in(path: Path, damages: list[Damage] | None = None) -> Iterator[CdxjEntry]:
    """The entries of an archive file, in its order. `damages` is added to. Raises FileNotFoundError."""
    with open_archive(path) as file:
        for record in records_in(file, damages=damages):
            if (entry := entry_of(record, path.name)) is not None:
                yield entry


def _media_type(record: Record, head: Head | None) -> str | None:
    if head is not None:
        value = head.first(b"content-type")
    else:
        value = record.header("Content-Type") if record.record_type != "response" else None
    return re.split(r"[;\s]", value, maxsplit=1)[0].strip() if value else value


def _digest(record: Record, head: Head | None) -> str:
    return sha1_digest(payload_parts(record.block, head) if head else pieces(record.block))
