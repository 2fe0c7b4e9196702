"""The captures that revisit records point at: found by the index, checked at the record.

A revisit holds the head of its response and no payload (WARC/1.1, 6.7). Nothing is written as a revisit unless the
record that holds its payload has just been read and digested, and nothing is read as one unless it is found.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import IO

from storage.warc.digest import canonical_digest, digest_matches
from storage.warc.http.capture import Capture
from storage.warc.read.members import Members
from storage.warc.read.payload_index import PayloadIndex, RecordLocation
from storage.warc.read.reader import as_capture
from storage.warc.read.record import records_in
from storage.warc.read.source import open_archive

NOT_MODIFIED = 304


Opened = Callable[[str], AbstractContextManager[IO[bytes]]]


class PayloadReader:
    """Finds payloads where somebody says that they may be.

    folder: of the collection's WARC files. opened: opens a file by its path, or by whatever else names its place.
    """

    def __init__(self, folder: Path, opened: Opened | None = None) -> None:
        self._folder = folder
        self._opened = opened or (lambda place: open_archive(Path(place)))

    def resolve_with(self, capture: Capture, holders: Callable[[str], Iterable[RecordLocation]]) -> Capture | None:
        """A revisit with the payload of its original; of "not modified" also with its status and headers.

        holders: records that may hold the payload of a digest. Any other capture is returned as it is. None where
        the original is not to be found.
        """
        if capture.record_type != "revisit":
            return capture
        digest = canonical_digest(capture.payload_digest)
        if digest is None:
            return None
        original = self._named(capture.refers_to, digest, holders(digest))
        if original is None:
            return None
        if capture.status not in (NOT_MODIFIED, None):
            return replace(capture, payload=original.payload, truncated=None)
        return replace(
            capture,
            status=original.status,
            reason=original.reason,
            headers=original.headers,
            content_type=original.content_type,
            payload=original.payload,
            truncated=None,
        )

    def _named(self, record_id: str | None, digest: str, places: Iterable[RecordLocation]) -> Capture | None:
        """The original with this record id; else the first that holds the payload, which is as good."""
        first: Capture | None = None
        for original in self._holding(digest, places):
            if original.ref.record_id == record_id:
                return original
            first = first or original
        return first

    def _holding(self, digest: str, places: Iterable[RecordLocation]) -> Iterator[Capture]:
        for place in places:
            capture = self._read(place, digest)
            if capture is not None:
                yield capture

    def _read(self, place: RecordLocation, digest: str | None = None) -> Capture | None:
        """The capture there; with a digest the first one from there on whose own payload it is."""
        try:
            with self._opened(place.file if "/" in place.file else str(self._folder / place.file)) as file:
                for record in records_in(Members(file, place.offset)):
                    capture = as_capture(record, place.file)
                    is_it = capture is not None and (
                        digest is None or (record.record_type != "revisit" and _has(capture, digest))
                    )
                    if is_it or record.length:
                        return capture if is_it else None
        except (OSError, KeyError):
            return None
        return None


class RevisitResolver(PayloadReader):
    """Finds them by the collection's index."""

    def __init__(self, folder: Path, index: PayloadIndex, opened: Opened | None = None) -> None:
        super().__init__(folder, opened)
        self.index = index

    def location_of(self, file: Path, capture: Capture) -> RecordLocation:
        """How the index names the record of a capture that was read from this file."""
        is_own = file.parent.absolute() == self._folder.absolute()
        return RecordLocation(capture.ref.file if is_own else str(file.absolute()), capture.ref.offset)

    def find_payload(self, digest: str) -> Capture | None:
        """A capture in the collection's own files whose record holds the payload with this digest."""
        places = (place for place in self.index.locations(digest) if "/" not in place.file)
        return next(self._holding(digest, places), None)

    def latest_capture(self, url: str) -> Capture | None:
        """The last whole capture of a URL, with its payload, for a request to name; see `IndexedCapture.asks`."""
        place = self.index.latest_location(url)
        capture = self._read(place) if place else None
        if capture is None or capture.url != url or capture.status != 200:
            return None
        return self.resolve(capture)

    def resolve(self, capture: Capture) -> Capture | None:
        """See `shown`."""
        return self.resolve_with(capture, self.index.locations)


def _has(capture: Capture, digest: str) -> bool:
    """Whether its payload has this digest, of whatever kind."""
    return capture.payload_digest == digest or bool(digest_matches(digest, [capture.payload]))
