"""The `lastmod` of captures, from the metadata records that our writer puts behind them; used by extraction workers."""

from collections.abc import Iterable, Iterator

from crawler.ingest.capture_filter import header_value
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.record import Headers, Record


class DiscoveryMetadata:
    """Pairs captures with the `lastmod` of their metadata records, in one pass over the records of a file."""

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

    def pairs(self, records: Iterable[Record]) -> Iterator[tuple[Record, str | None]]:
        """Each capture's record, and the last change that the list which led to it claimed. Of other records only
        those are used that are needed (`is_needed`)."""
        lastmod: str | None = None
        for record in records:
            if record.record_type in PAGE_RECORD_TYPES:
                if self._capture is not None:
                    yield self._capture, lastmod
                self._capture, lastmod = record, None
            elif self.is_needed(record.record_type, record.headers):
                lastmod = lastmod_in(bytes(record.block))
        if self._capture is not None:
            yield self._capture, lastmod
        self._capture = None


def lastmod_in(block: bytes) -> str | None:
    """The field `lastmod` of a warc-fields block."""
    for line in block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name == "lastmod":
            return value.strip() or None
    return None
