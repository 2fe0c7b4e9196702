"""Writes captures to WARC/1.1 files: a capture in one write, files named `.open` until they are sealed by rename.

Called by `crawler.capture.write_queue` and, for text, by `crawler.archives`.
"""

import os
import re
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Self

from storage.exceptions import WriteFailed
from storage.warc.durable_files import write_errors
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.http.message import Head, parse_response
from storage.warc.open_file import OpenFile
from storage.warc.read.revisit_resolver import NOT_MODIFIED, RevisitResolver
from storage.warc.spool import Spool
from storage.warc.write import serialise
from storage.warc.write.conversion import Conversion, Members, conversion_members
from storage.warc.write.copied_record import CopiedRecord, copied_members

GIB = 1024**3
#: Bytes; smaller payloads are not deduplicated: a revisit record would hardly be smaller.
SMALLEST = 256
#: Bytes of responses that are compressed and written in some five milliseconds.
QUICK = 1024 * 1024
DAY = 24 * 60 * 60.0
CaptureToWrite = tuple[Exchange, Mapping[str, object] | None, Capture | None]
"""A capture to write: the arguments of `WarcWriter.write`."""
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


_OURS = re.compile(r".+-\d{17}-\d{5,}-(?P<host>[A-Za-z0-9-]+)-\d+-[0-9a-f]{8}\.warc\.gz")


def this_host() -> str:
    """The name of this machine, as the names of its files have it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname().partition(".")[0]).strip("-") or "host"


def host_of_file(name: str) -> str | None:
    """The machine that wrote a file, by the file's name; None for a file of another program."""
    found = _OURS.fullmatch(name)
    return found["host"] if found else None


class WarcWriter:
    """Writes captures to a folder, file after file.

    folder: made where it is missing. prefix: begins every file name; letters, digits, dots and dashes survive.
    software, operator: who wrote the file and whom to ask (a contact). info: further fields of each file's warcinfo
    record, in order, such as robots policy, user agent and settings. max_bytes, max_seconds: size and age at which a
    file is sealed and the next one begun. sync_every: captures between two fsyncs; 0: only when a file is sealed.
    revisit_resolver: looks up each payload before it is written again; None: no deduplication.

    No file is made before the first capture. Everything that does not reach the disk raises WriteFailed and leaves
    the file at the last whole capture; the writer stays usable.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        software: str,
        operator: str | None = None,
        info: Mapping[str, str] | None = None,
        max_bytes: int = GIB,
        max_seconds: float = DAY,
        sync_every: int = 100,
        revisit_resolver: RevisitResolver | None = None,
    ) -> None:
        self.folder = folder
        self.captures = 0
        self._prefix = re.sub(r"[^A-Za-z0-9.-]+", "-", prefix).strip("-.") or "warc"
        self._info = {
            "software": software,
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "operator": operator,
            **(info or {}),
        }
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._opened_at = 0.0
        self._writing = threading.RLock()
        self._swapping = threading.Lock()
        self._sync_every = sync_every
        self._revisit_resolver = revisit_resolver
        self._serial = 0
        self._stamp = ""
        self._file: OpenFile | None = None
        self._warcinfo_id = ""
        self._captures_in_file = 0
        self._unsynced = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(
        self, exchange: Exchange, discovery: Mapping[str, object] | None = None, unchanged: Capture | None = None
    ) -> CaptureRef:
        """Write one capture: response, request, and where `discovery` has fields a metadata record that holds them.

        unchanged: the capture that the request named, where the server answered 304 to that. It, or a capture that
        `revisit_resolver` finds with the same payload, makes the response a revisit record.

        All of it goes out in one write, in any thread. Raises WriteFailed, and then nothing of it is in the file.
        """
        [ref] = self.write_all([(exchange, discovery, unchanged)])
        return ref

    def write_all(self, captures: Sequence[CaptureToWrite]) -> list[CaptureRef]:
        """Write captures in this order, all in one write; see `write`. Together they take less time than one by one,
        since code and tables of each step stay in the processor's caches.
        """
        with self._writing:
            responses = [self._response(exchange, unchanged) for exchange, _, unchanged in captures]
            return self._append(lambda: self._members(captures, responses), len(captures))

    def write_conversion(self, conversion: Conversion) -> CaptureRef:
        """Write a conversion record and the metadata record of its provenance, in one write. Raises WriteFailed."""
        with self._writing:
            [ref] = self._append(lambda: conversion_members(conversion, self._warcinfo_id), 1)
            return ref

    def write_copy(self, copy: CopiedRecord) -> CaptureRef:
        """Write a record of another WARC file as it is, and a metadata record of its origin, in one write. Raises
        WriteFailed, CaptureMissing.
        """
        with self._writing:
            [ref] = self._append(lambda: copied_members(copy, self._warcinfo_id), 1)
            return ref

    def _append(
        self, serialised: Callable[[], tuple[Spool, list[tuple[int, int, str]]]], count: int
    ) -> list[CaptureRef]:
        """Append so many captures. serialised: gives them for the file at hand, whose warcinfo record they name."""
        if self._is_sync_due():
            self.sync()
        file = self._file or self._open()
        members, places = serialised()
        if self._captures_in_file and self._is_full(file, len(members)):
            self.close()
            file = self._open()
            members, places = serialised()
        offset = file.append(members.octets())
        self.captures += count
        self._captures_in_file += count
        self._unsynced += count
        return [CaptureRef(file.name, offset + start, length, record_id) for start, length, record_id in places]

    def is_quick(self, size: int) -> bool:
        """Whether responses of so many bytes are written in milliseconds: they are small, no fsync is due and no file
        has to be begun. Called only while no thread writes.
        """
        file = self._file
        return file is not None and size <= QUICK and not self._is_sync_due() and not self._is_full(file, 2 * QUICK)

    def _is_sync_due(self) -> bool:
        return 0 < self._sync_every <= self._unsynced

    def _is_full(self, file: OpenFile, more: int) -> bool:
        return file.size + more > self._max_bytes or monotonic() - self._opened_at > self._max_seconds

    def _open(self) -> OpenFile:
        with write_errors("cannot make the folder", self.folder):
            self.folder.mkdir(exist_ok=True)
        file = OpenFile(self.folder, self._next_name())
        self._warcinfo_id = serialise.new_record_id()
        warcinfo = Spool()
        first = serialise.warcinfo_record(self._warcinfo_id, file.name, datetime.now(UTC), self._info)
        serialise.RecordWriter(warcinfo).write_record(first)
        try:
            file.append(warcinfo.octets())
        except WriteFailed:
            file.discard()
            raise
        self._captures_in_file = 0
        self._opened_at = monotonic()
        self._file = file
        return file

    def _next_name(self) -> str:
        """A name that sorts by time, then serial, and that is unique among hosts, processes and writers."""
        now = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        self._stamp = max(self._stamp, now)
        host, token = this_host(), secrets.token_hex(4)
        name = f"{self._prefix}-{self._stamp}-{self._serial:05}-{host}-{os.getpid()}-{token}.warc.gz"
        self._serial += 1
        return name

    def _response(self, exchange: Exchange, unchanged: Capture | None) -> "_Response":
        head = parse_response(exchange.response)
        payload = serialise.payload_of(exchange.response, head)
        if head is None or payload is None or exchange.truncated:
            return _Response(head, payload)
        if unchanged is not None and head.status == NOT_MODIFIED:
            return _Response(head, payload, unchanged, serialise.SERVER_NOT_MODIFIED)
        if self._revisit_resolver is None or payload.size < SMALLEST:
            return _Response(head, payload)
        return _Response(
            head, payload, self._revisit_resolver.find_payload(payload.digest), serialise.IDENTICAL_PAYLOAD
        )

    def _members(self, captures: Sequence[CaptureToWrite], responses: Sequence["_Response"]) -> Members:
        """The serialised captures, and of each response record begin, length and id."""
        spool = Spool()
        writer = serialise.RecordWriter(spool)
        places = []
        for (exchange, discovery, _), response in zip(captures, responses, strict=True):
            begin, record_id = len(spool), serialise.new_record_id()
            shared = serialise.shared_fields(exchange, self._warcinfo_id)
            if response.original is None or response.head is None:
                first = serialise.response_record(shared, record_id, exchange, response.head, response.payload)
            else:
                head = exchange.response[: response.head.end]
                first = serialise.revisit_record(shared, record_id, exchange, head, response.original, response.profile)
            writer.write_record(first)
            places.append((begin, len(spool) - begin, record_id))
            writer.write_record(serialise.request_record(shared, exchange, record_id))
            if discovery:
                writer.write_record(serialise.metadata_record(shared, record_id, discovery))
        return spool, places

    def sync(self) -> None:
        """Have the disk confirm every capture written so far; in any thread. Raises WriteFailed."""
        with self._swapping:
            if self._file is not None:
                self._file.sync()
        self._unsynced = 0

    def close(self) -> None:
        """Seal the current file; a later write begins a new one. Raises WriteFailed."""
        with self._writing, self._swapping:
            file, self._file = self._file, None
            self._unsynced = 0
            if file is not None:
                file.seal()


@dataclass(frozen=True, slots=True)
class _Response:
    """A response to be written: as a revisit where there is an original."""

    head: Head | None
    payload: serialise.Payload | None
    original: Capture | None = None
    profile: str = ""
