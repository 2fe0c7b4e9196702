"""What a crawl counts: every capture by its outcome, and every article by its last capture."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from scrapy.crawler import Crawler

from crawler.crawl.report import CaptureOutcome, CrawlReport, OutcomeCounts
from storage.corpus.write.capture_result import CaptureResult, Outcome

URL = "https://alanews.it/cronaca/nebbia/"


def outcome(kind: Outcome, url: str | None = URL, reason: str | None = None) -> CaptureOutcome:
    facts: dict[str, Any] = {"file": "a", "offset": 0, "length": 1, "record_id": "x", "url": URL}
    moment = datetime(2022, 2, 14, tzinfo=UTC)
    return CaptureOutcome.of(CaptureResult(**facts, captured_at=moment, outcome=kind, asked_url=url, reason=reason))


def test_an_article_counts_as_its_last_capture_was_classified() -> None:
    counts = OutcomeCounts()
    counts.add(outcome(Outcome.REDIRECT))
    assert counts.articles == {}
    counts.add(outcome(Outcome.REFUSED, reason="no-text"))
    counts.add(outcome(Outcome.REFUSED, URL + "2/", reason="gone"))
    counts.add(CaptureOutcome("article", URL, "article"))
    assert counts.captures == {"redirect": 1, "refused": 2, "article": 1}
    assert counts.refusals() == {"gone": 1}


def test_the_summary_names_refusals_and_failures_and_calls_for_a_look() -> None:
    counts = OutcomeCounts()
    crawler = cast(Crawler, SimpleNamespace(stats=SimpleNamespace(get_value=lambda name, default: default)))
    report = CrawlReport(crawler, counts, {})
    counts.add(CaptureOutcome("article", URL, "article"))
    assert (report.summary(), report.needs_a_look, report.articles_done) == ("1 captures, 1 articles", False, 1)
    counts.add(outcome(Outcome.REFUSED, URL + "2/", reason="gone"))
    report.failures = 2
    assert report.summary() == "2 captures, 1 articles, 1 gone, 2 failed"
    assert report.needs_a_look
