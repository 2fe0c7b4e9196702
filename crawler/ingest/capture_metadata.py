"""How captures came to be asked for: the metadata record that our writer puts behind a capture."""

from collections.abc import Iterable, Iterator

from crawler.rebuild.filters import value_of
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.record import Headers, Record


class DiscoveryMetadata:
    """Puts captures and their `lastmod` together while records stream by, and tells which metadata is of use."""

    def __init__(self) -> None:
        self._capture: Record | None = None

    def wants(self, kind: str, headers: Headers) -> bool:
        """Whether this is metadata of the capture at hand."""
        return (
            kind == "metadata"
            and self._capture is not None
            and self._capture.record_id != ""
            and value_of(headers, "WARC-Concurrent-To") == self._capture.record_id
            and value_of(headers, "Content-Type") == "application/warc-fields"
        )

    def pairs(self, records: Iterable[Record]) -> Iterator[tuple[Record, str | None]]:
        """Each capture's record with the time of the last change that the list which led to it claimed. The records
        may be all of a file, or those only that a rebuild takes and that this `wants`."""
        lastmod: str | None = None
        for record in records:
            if record.record_type in PAGE_RECORD_TYPES:
                if self._capture is not None:
                    yield self._capture, lastmod
                self._capture, lastmod = record, None
            elif self.wants(record.record_type, record.headers):
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
