"""Payloads are extracted once, and results are compared with rows field by field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.extraction.extract import Extraction
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.ingest.article_cache import ArticleCache
from crawler.ingest.classify import classify
from crawler.ingest.comparison import ResultComparison, changes
from crawler.ingest.messages import TaskResult
from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.read.stored_results import stored_results
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.store import Store
from storage.warc.http.capture import Capture, CaptureRef

NOON = datetime(2022, 2, 14, 12, tzinfo=UTC)
PAGE = Capture(
    ref=CaptureRef("a.warc.gz", 7, 9, "<urn:uuid:1>"),
    url="https://alanews.it/cronaca/nebbia/",
    captured_at=NOON,
    status=200,
    reason="OK",
    headers=(("Content-Type", "text/html"),),
    content_type="text/html",
    payload=b"<html></html>",
    payload_digest="sha1:A",
)


class Counting:
    """Reads captures in a way that shows how often it was asked."""

    def __init__(self, *warnings: str) -> None:
        self.warnings = warnings
        self.times = 0

    def __call__(self, capture: Capture) -> Extraction:
        self.times += 1
        if not capture.payload:
            raise PageRefused(RefusalReason.EMPTY_BODY)
        blocks = (Block(type=BlockType.PARAGRAPH, text="Il porto resta chiuso."),)
        facts = {"url": capture.url, "canonical_url": capture.url, "site": "alanews", "native_id": "12"}
        return Extraction(Article(**facts, headline="Nebbia", blocks=blocks, warnings=self.warnings))


@pytest.mark.parametrize(
    ("other", "times"),
    [
        (PAGE, 1),
        (replace(PAGE, captured_at=NOON + timedelta(days=3), ref=CaptureRef("b", 1, 2, "x")), 1),
        (replace(PAGE, captured_at=NOON - timedelta(days=3)), 2),
        (replace(PAGE, url="https://alanews.it/cronaca/altra/"), 2),
        (replace(PAGE, payload_digest="sha1:B"), 2),
        (replace(PAGE, content_type="text/html; charset=latin-1"), 2),
        (replace(PAGE, headers=(("content-encoding", "br"),)), 2),
        (replace(PAGE, captured_at=datetime(2020, 1, 1, tzinfo=UTC)), 2),
    ],
)
def test_a_payload_is_read_once_where_nothing_else_decides(other: Capture, times: int) -> None:
    reads = Counting()
    cache = ArticleCache(reads)
    assert cache(PAGE).article == replace(cache(other).article, url=PAGE.url, canonical_url=PAGE.url)
    assert reads.times == times


def test_a_refusal_is_remembered_and_a_date_set_aside_is_not() -> None:
    reads, empty = Counting(), replace(PAGE, payload=b"")
    cache = ArticleCache(reads)
    for _ in range(2):
        with pytest.raises(PageRefused) as refused:
            cache(empty)
        assert refused.value.reason is RefusalReason.EMPTY_BODY
    assert reads.times == 1
    early = Counting("date-after-capture: meta:article:published_time")
    cache = ArticleCache(early)
    cache(PAGE), cache(PAGE)
    assert early.times == 2


def test_a_change_is_told_field_by_field(database: Database) -> None:
    first = classify(PAGE, extract=Counting())
    second = classify(replace(PAGE, ref=CaptureRef("a.warc.gz", 70, 9, "<urn:uuid:2>")), extract=Counting())
    Store(database).save([first, second])
    given = stored_results(
        database, [first.record_key, second.record_key, ("a.warc.gz", 7, "other"), ("a.warc.gz", 8, "")]
    )
    assert set(given) == {first.record_key, second.record_key}
    assert [change for _, change in changes(database, [first, second])] == [None, None]
    assert first.article is not None
    longer = replace(first.article, headline="Nebbia fitta", keywords=("porto",))
    [(_, changed)] = changes(database, [replace(first, article=longer)])
    assert changed is not None
    assert changed.fields == {"headline": ("Nebbia", "Nebbia fitta"), "keywords": ([], ["porto"])}
    lost = replace(second, article=None, outcome=Outcome.REFUSED, reason="no-text")
    comparing = ResultComparison(database)
    comparing.add(TaskResult(results=[replace(first, article=longer), lost]))
    told = comparing.as_json()
    assert told["sites"]["alanews"] == {
        "captures": 2,
        "changed": 2,
        "fields": {"headline": 1, "keywords": 1, "outcome": 1},
    }
    assert [one["fields"].get("outcome") for one in told["most_telling"]] == [
        {"before": "article", "now": "refused no-text"},
        None,
    ]
