"""Which captures trafilatura is asked about: a sample by payload digest, all, or none."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.extraction.version import Reader
from crawler.ingest.classify import SAMPLE, Extractor, classify, is_sampled
from storage.warc.http.capture import Capture, CaptureRef

CAPTURE = Capture(
    ref=CaptureRef("a.warc.gz", 7, 9, "<urn:uuid:1>"),
    url="https://alanews.it/cronaca/nebbia/",
    captured_at=datetime(2026, 2, 14, 12, tzinfo=UTC),
    status=200,
    reason="OK",
    headers=(("Content-Type", "text/html"),),
    content_type="text/html",
    payload=(Path(__file__).parents[2] / "fixtures" / "alanews" / "amp" / "page.html").read_bytes(),
    payload_digest="sha1:",
)
DIGESTS = [f"sha1:{number:032}" for number in range(4000)]


def test_the_sample_is_a_function_of_the_digest_and_about_one_in_so_many() -> None:
    sampled = [digest for digest in DIGESTS if is_sampled(digest)]
    assert sampled == [digest for digest in DIGESTS if is_sampled(digest)]
    assert 0.7 < len(sampled) * SAMPLE / len(DIGESTS) < 1.3


def test_the_witness_changes_nothing_but_the_agreement() -> None:
    inside = next(digest for digest in DIGESTS if is_sampled(digest))
    outside = next(digest for digest in DIGESTS if not is_sampled(digest))
    for digest, extractor, has_agreement in (
        (inside, Extractor(), True),
        (outside, Extractor(), False),
        (outside, Extractor(witness_all=True), True),
        (inside, Extractor(Reader.TRAFILATURA), False),
        (inside, Extractor(Reader.TRAFILATURA, witness_all=True), False),
    ):
        result = classify(replace(CAPTURE, payload_digest=digest), extractor=extractor)
        assert (result.agreement is not None) == has_agreement
        assert Reader.of(result.extractor) is extractor.reader
        if extractor.reader is Reader.PAGE_OBJECT:
            assert result.article == classify(CAPTURE).article
