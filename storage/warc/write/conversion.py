"""A conversion: text that somebody made of a page, as a record with its provenance; written by `writer.WarcWriter`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.warc.dates import format_warc_date
from storage.warc.spool import Spool
from storage.warc.write import serialise

Members = tuple[Spool, list[tuple[int, int, str]]]
"""Serialised captures, and begin, length and id of the first record of each."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The text of a page, without its HTTP exchange.

    url: the page's, or a `urn:` for a text that does not say. made_at: aware; when the page was captured, or, where
    that is unknown, when the text was imported. text: UTF-8. provenance: where the text came from, as warc-fields.
    refers_to: id of the record that the text was made of, where the source names it.
    """

    url: str
    made_at: datetime
    text: bytes
    provenance: Mapping[str, object]
    refers_to: str | None = None


def conversion_members(conversion: Conversion, warcinfo_id: str) -> Members:
    """The conversion record and the metadata record of its provenance; of the first begin, length and id."""
    spool, record_id = Spool(), serialise.new_record_id()
    writer = serialise.RecordWriter(spool)
    shared = (
        ("WARC-Date", format_warc_date(conversion.made_at)),
        ("WARC-Target-URI", conversion.url),
        ("WARC-Warcinfo-ID", warcinfo_id),
    )
    fields = (*shared, ("WARC-Refers-To", conversion.refers_to))
    writer.write_record(
        serialise.build_record("conversion", record_id, fields, conversion.text, "text/plain; charset=utf-8")
    )
    length = len(spool)
    writer.write_record(serialise.metadata_record(shared, record_id, conversion.provenance))
    return spool, [(0, length, record_id)]
