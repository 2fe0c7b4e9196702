"""Captures and WARC files as rebuild, verify and packages select them; discoveries of routes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.read.captures import (
    CaptureSelection,
    captures_by_file,
    captures_in_file,
    selected_articles,
    selected_captures,
    warc_files,
)
from storage.corpus.read.discoveries import DiscoveryClaim, discovered, record_discoveries
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

URL = "https://prova.example/1"


@pytest.fixture
def filled(database: Database) -> Database:
    """Two captures of an article in `b.warc.gz`, and one that is none in `a.warc.gz`."""
    article = Article(
        url=URL,
        canonical_url=URL,
        site="prova",
        headline="Il faro",
        published_date=date(2026, 1, 2),
        blocks=(Block(type=BlockType.PARAGRAPH, text="Testo."),),
    )
    first = CaptureResult(
        file="b.warc.gz",
        offset=0,
        length=10,
        record_id="<urn:uuid:1>",
        url=URL,
        asked_url=URL,
        captured_at=datetime(2026, 1, 2, tzinfo=UTC),
        outcome=Outcome.ARTICLE,
        site="prova",
        article=article,
        extractor="prova 1",
    )
    later = replace(first, offset=10, captured_at=datetime(2026, 2, 2, tzinfo=UTC), extractor="prova 2")
    other = replace(first, file="a.warc.gz", outcome=Outcome.OTHER, article=None, site=None)
    store = Store(database)
    store.save([first, later, other])
    store.warc_file("b.warc.gz", size=20, sha256="ab")
    return database


def test_captures_of_a_file_by_range(filled: Database) -> None:
    found = captures_in_file(filled, "b.warc.gz")
    assert set(found) == {(0, "<urn:uuid:1>"), (10, "<urn:uuid:1>")}
    assert found[0, "<urn:uuid:1>"]._asdict() == {
        "record_id": "<urn:uuid:1>",
        "agreement": None,
        "length": 10,
        "url": URL,
        "payload_digest": None,
        "outcome": "article",
        "extractor": "prova 1",
    }
    assert set(captures_in_file(filled, "b.warc.gz", start=0, end=10)) == {(0, "<urn:uuid:1>")}
    assert captures_in_file(filled, "none.warc.gz") == {}


def test_files_and_selections(filled: Database) -> None:
    assert [tuple(file) for file in warc_files(filled)] == [("a.warc.gz", None, None), ("b.warc.gz", 20, "ab")]
    assert captures_by_file(filled) == {"a.warc.gz": 1, "b.warc.gz": 2}
    places = [("a.warc.gz", 0), ("b.warc.gz", 0), ("b.warc.gz", 10)]
    assert [(one.file, one.offset) for one in selected_captures(filled)] == places
    january = CaptureSelection(site="prova", since=date(2026, 1, 1), until=date(2026, 1, 31))
    assert [(one.file, one.offset) for one in selected_captures(filled, january)] == places[1:2]
    (article,) = selected_articles(filled, january)
    assert (article.capture.offset, article.headline, article.body) == (0, "Il faro", "Testo.")
    assert list(selected_captures(filled, CaptureSelection(crawl=7))) == []


def test_discoveries_keep_older_claims_and_days_come_from_articles(filled: Database) -> None:
    other = "https://prova.example/2"
    record_discoveries(
        filled,
        "prova",
        [
            DiscoveryClaim(url=URL, route="feed", lastmod="2026"),
            DiscoveryClaim(url=other, route="feed", day=date(2026, 3, 1)),
        ],
    )
    record_discoveries(
        filled,
        "prova",
        [DiscoveryClaim(url=other, route="feed"), DiscoveryClaim(url=other, route="sitemap", refused="trap")],
    )
    found = {one.url: one for one in discovered(filled, "prova")}
    assert (found[URL].day, found[URL].routes) == (date(2026, 1, 2), ("feed",))
    assert (found[other].day, found[other].routes, found[other].refused) == (
        date(2026, 3, 1),
        ("feed", "sitemap"),
        "trap",
    )
    assert [one.url for one in discovered(filled, "prova", since=date(2026, 2, 1))] == [other]
    assert list(discovered(filled, "altra")) == []
