"""Resolves revisit records: finds the record that holds the payload, by the payload index, and verifies it.

A revisit holds the head of its response and no payload (WARC/1.1, 6.7). A revisit is only written after the record that
holds its payload was read and digested, and only read with a payload of its digest. Called by the WARC writer, by
`crawler.ingest.pipeline`, `crawler.ingest.extraction_worker` and `crawler.fetching.conditional_middleware`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import IO

from storage.warc.digest import canonical_digest, digest_matches
from storage.warc.http.capture import Capture
from storage.warc.read.payload_index import PayloadIndex, RecordLocation
from storage.warc.read.reader import as_capture
from storage.warc.read.record import records_in
from storage.warc.read.source import open_source

NOT_MODIFIED = 304

FileOpener = Callable[[str], AbstractContextManager[IO[bytes]]]


class PayloadReader:
    """Reads payloads at given locations.

    folder: of the collection's WARC files. open_file: opens a file by the place of its `Source`.
    """

    def __init__(self, folder: Path, open_file: FileOpener = open_source) -> None:
        self._folder = folder
        self._open_file = open_file

    def resolve_with(self, capture: Capture, locate: Callable[[str], Iterable[RecordLocation]]) -> Capture | None:
        """A revisit with the payload of its original; a revisit of status 304 also with its status and headers.

        locate: records that may hold the payload of a canonical digest. Any other capture is returned unchanged. None
        where no location has the payload.
        """
        if capture.record_type != "revisit":
            return capture
        digest = canonical_digest(capture.payload_digest)
        original = self._original(capture.refers_to, digest, locate(digest)) if digest else None
        if original is None:
            return None
        resolved = replace(capture, payload=original.payload, truncated=None)
        if capture.status not in (NOT_MODIFIED, None):
            return resolved
        return replace(
            resolved,
            status=original.status,
            reason=original.reason,
            headers=original.headers,
            content_type=original.content_type,
        )

    def _original(self, record_id: str | None, digest: str, places: Iterable[RecordLocation]) -> Capture | None:
        """The original with this record id; else the first record with the same payload."""
        first: Capture | None = None
        for original in self._with_payload(digest, places):
            if original.ref.record_id == record_id:
                return original
            first = first or original
        return first

    def _with_payload(self, digest: str, places: Iterable[RecordLocation]) -> Iterator[Capture]:
        return (capture for place in places if (capture := self._read(place, digest)) is not None)

    def _read(self, place: RecordLocation, digest: str | None = None) -> Capture | None:
        """The capture at the location; with a digest, the first from there on whose own payload has it. Of a member
        that holds several records all are searched.
        """
        try:
            with self._open_file(place.file if "/" in place.file else str(self._folder / place.file)) as file:
                for record in records_in(file, place.offset):
                    capture = as_capture(record, place.file)
                    matches = capture is not None and (
                        digest is None or (record.record_type != "revisit" and _has(capture, digest))
                    )
                    if matches or record.length:
                        return capture if matches else None
        except (OSError, KeyError):
            return None
        return None


class RevisitResolver(PayloadReader):
    """Resolves revisits by the collection's payload index."""

    def __init__(self, folder: Path, index: PayloadIndex, open_file: FileOpener = open_source) -> None:
        super().__init__(folder, open_file)
        self.index = index

    def location_of(self, file: Path, capture: Capture) -> RecordLocation:
        """The index's name for the record of a capture that was read from this file."""
        is_own = file.parent.absolute() == self._folder.absolute()
        return RecordLocation(capture.ref.file if is_own else str(file.absolute()), capture.ref.offset)

    def find_payload(self, digest: str) -> Capture | None:
        """A capture in the collection's own files whose record holds the payload with this digest."""
        places = (place for place in self.index.locations(digest) if "/" not in place.file)
        return next(self._with_payload(digest, places), None)

    def latest_capture(self, url: str) -> Capture | None:
        """The newest whole capture of a URL, with its payload, for a conditional request to name."""
        place = self.index.latest_location(url)
        capture = self._read(place) if place else None
        if capture is None or capture.url != url or capture.status != 200:
            return None
        return self.resolve(capture)

    def resolve(self, capture: Capture) -> Capture | None:
        """See `resolve_with`."""
        return self.resolve_with(capture, self.index.locations)


def _has(capture: Capture, digest: str) -> bool:
    """Whether the payload has this digest, of any algorithm."""
    return capture.payload_digest == digest or bool(digest_matches(digest, [capture.payload]))
