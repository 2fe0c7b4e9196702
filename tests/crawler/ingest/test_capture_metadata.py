"""A capture is paired with the `lastmod` of its own metadata record."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.ingest.capture_metadata import DiscoveryMetadata, claims_in
from storage.warc.read.record import Record

FIELDS = "application/warc-fields"


def record(kind: str, name: str, block: bytes = b"", **headers: str) -> Record:
    fields = {"WARC-Type": kind, "WARC-Record-ID": name} | {
        field.replace("_", "-"): value for field, value in headers.items()
    }
    return Record(kind, tuple(fields.items()), block, 0, 10)


def metadata(of: str, lastmod: str, media: str = FIELDS) -> Record:
    block = f"route: sitemap\r\nlastmod: {lastmod}\r\n".encode()
    return record("metadata", "<m>", block, WARC_Concurrent_To=of, Content_Type=media)


def test_each_capture_has_the_claim_of_its_metadata_and_no_other() -> None:
    records = [
        record("warcinfo", "<i>"),
        record("response", "<a>"),
        record("request", "<q>"),
        metadata("<a>", "2022-02-14"),
        record("revisit", "<b>"),
        metadata("<other>", "2022-02-15"),
        metadata("<b>", "2022-02-16", media="text/plain"),
        record("conversion", "<c>"),
    ]
    pairs = list(DiscoveryMetadata().pairs(records))
    assert [(capture.record_id, claims.lastmod) for capture, claims in pairs] == [
        ("<a>", "2022-02-14"),
        ("<b>", None),
        ("<c>", None),
    ]


def test_a_file_without_captures_has_no_pairs() -> None:
    assert list(DiscoveryMetadata().pairs([record("warcinfo", "<i>"), metadata("", "2022-02-14")])) == []


@given(st.binary())
def test_any_block_has_a_claim_or_none(block: bytes) -> None:
    claim = claims_in(block).lastmod
    assert claim is None or claim == claim.strip() != ""


@given(st.text("0123456789-:TZ", min_size=1))
def test_a_claim_is_read_as_it_was_written(claim: str) -> None:
    assert claims_in(f"via: https://alanews.it/sitemap.xml\r\nlastmod: {claim}\r\n".encode()).lastmod == claim
