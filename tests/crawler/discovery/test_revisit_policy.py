"""Articles are visited again by age: often at first, then seldom, then never."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.revisit_policy import REVISIT_POLICY
from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.read.crawl_history import published_since, was_crawled_whole
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

OUT = datetime(2026, 1, 1, tzinfo=UTC)


def visits() -> list[timedelta]:
    """The ages at which an article is seen that is first seen when it comes out."""
    ages, due = [], REVISIT_POLICY.due_at(OUT, OUT)
    while due is not None:
        ages.append(due - OUT)
        due = REVISIT_POLICY.due_at(OUT, due)
    return ages


def test_often_at_first_then_seldom_then_never() -> None:
    hours = [age / timedelta(hours=1) for age in visits()]
    assert hours == [3, 6, 12, 24, 48, 96, 192, 384]


@given(st.timedeltas(timedelta(-5), timedelta(60)), st.timedeltas(timedelta(0), timedelta(60)))
def test_the_next_visit_lies_ahead_and_within_the_limit(seen: timedelta, later: timedelta) -> None:
    due = REVISIT_POLICY.due_at(OUT, OUT + seen)
    assert due is None or OUT + seen < due <= OUT + REVISIT_POLICY.limit
    if REVISIT_POLICY.is_due(OUT, OUT + seen, OUT + seen + later):
        assert later > timedelta(0)


def test_young_articles_and_their_last_capture(database: Database) -> None:
    store = Store(database)
    for offset, (day, seen) in enumerate([(1, 2), (1, 3), (9, 9)]):
        article = Article(
            url=f"https://a.example/{day}",
            canonical_url=f"https://a.example/{day}",
            site="prova",
            headline="Titolo",
            blocks=(Block(type=BlockType.PARAGRAPH, text="Testo."),),
            published_at=datetime(2026, 1, day, 12, tzinfo=UTC),
        )
        saved = CaptureResult(
            file="a.warc.gz", offset=offset, length=9, record_id=f"<urn:uuid:{offset}>", url=article.url or "",
            captured_at=datetime(2026, 1, seen, 13, tzinfo=UTC), outcome=Outcome.ARTICLE, site="prova", article=article,
        )  # fmt: skip
        store.save([saved])
    found = [(one.url, one.seen.day) for one in published_since(database, "prova", datetime(2026, 1, 1, tzinfo=UTC))]
    assert found == [("https://a.example/9", 9), ("https://a.example/1", 3)]
    assert not list(published_since(database, "prova", datetime(2026, 1, 10, tzinfo=UTC)))


def test_only_a_crawl_without_bounds_is_whole(database: Database) -> None:
    store = Store(database)
    for settings, counts, whole in [
        ({"since": "2026-01-01"}, {}, False),
        ({"limit": 5}, {}, False),
        ({}, {"broken_routes": [{"route": "feed"}]}, False),
        ({}, {"failures": 2}, False),
        ({"since": None, "urls": []}, {"broken_routes": [], "failures": 0}, True),
    ]:
        store.finish_crawl(store.begin_crawl("prova", settings), "finished", counts)
        assert was_crawled_whole(database, "prova") is whole
