"""What the metadata records that our writer puts behind captures say of them; used by extraction workers."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crawler.ingest.capture_filter import header_value
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.record import Headers, Record

#: The software that our own writer names in warcinfo records.
_OUR_SOFTWARE = "emeroteca"


def is_our_warcinfo(record: Record) -> bool:
    """Whether it is the first record of a file that a crawl of ours wrote."""
    if record.record_type != "warcinfo":
        return False
    fields = bytes(record.block).decode("utf-8", "replace").splitlines()
    return any(line.lower().startswith(f"software: {_OUR_SOFTWARE}") for line in fields)


class Claims(NamedTuple):
    """lastmod: the last change that the list which led to the capture claimed, as text. source: the collection of
    others that the record was copied from."""

    lastmod: str | None = None
    source: str | None = None


NO_CLAIMS = Claims()


class DiscoveryMetadata:
    """Pairs captures with the claims of their metadata records, in one pass over the records of a file."""

    def __init__(self) -> None:
        self._capture: Record | None = None

    def is_needed(self, kind: str, headers: Headers) -> bool:
        """Whether a record of this type and header is metadata of the capture before it."""
        return (
            kind == "metadata"
            and self._capture is not None
            and self._capture.record_id != ""
            and header_value(headers, "WARC-Concurrent-To") == self._capture.record_id
            and header_value(headers, "Content-Type") == "application/warc-fields"
        )

    def pairs(self, records: Iterable[Record]) -> Iterator[tuple[Record, Claims]]:
        """Each capture's record, and the claims of its metadata record. Of other records only those are used that are
        needed (`is_needed`)."""
        claims = NO_CLAIMS
        for record in records:
            if record.record_type in PAGE_RECORD_TYPES:
                if self._capture is not None:
                    yield self._capture, claims
                self._capture, claims = record, NO_CLAIMS
            elif self.is_needed(record.record_type, record.headers):
                claims = claims_in(bytes(record.block))
        if self._capture is not None:
            yield self._capture, claims
        self._capture = None


def claims_in(block: bytes) -> Claims:
    """The claims in a warc-fields block; the first of each name counts."""
    found: dict[str, str | None] = {}
    for line in block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name in Claims._fields and name not in found:
            found[name] = value.strip() or None
    return Claims(**found)
