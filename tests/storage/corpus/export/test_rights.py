"""An export leaves out what was reserved when it was captured; the signals of every capture stay visible."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.export.export import ExportFilter, export
from storage.corpus.read import queries
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.change_feed import Cursor
from storage.corpus.write.store import Store
from storage.rights import RightsSignal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "https://gazzetta.example"


def captured(name: str, day: int, *rights: RightsSignal) -> CaptureResult:
    """A capture of an article, or of robots.txt."""
    url = f"{HOST}/{name}"
    article = None
    if name != "robots.txt":
        blocks = (Block(type=BlockType.PARAGRAPH, text=f"Testo di {name}."),)
        article = Article(url=url, canonical_url=url, site="gazzetta", headline=name, blocks=blocks)
    return CaptureResult(
        file="gazzetta.warc.gz",
        offset=len(name) * 1000 + day,
        length=100,
        record_id=f"<urn:{name}:{day}>",
        url=url,
        asked_url=url if article else None,
        captured_at=NOON + timedelta(days=day),
        outcome=Outcome.ARTICLE if article else Outcome.ROBOTS,
        http_status=200,
        site="gazzetta",
        article=article,
        extractor="emeroteca 0",
        rights=rights,
    )


@pytest.fixture
def filled(database: Database) -> Database:
    Store(database).save(
        [
            captured("free", 0),
            captured("robots.txt", 1, RightsSignal("ai-train", "no", "robots.txt")),
            captured("trained", 2, RightsSignal("licence", "/l", "Link")),
            captured("robots.txt", 3),
            captured("archived", 4, RightsSignal("noarchive", None, "meta robots")),
        ]
    )
    return database


def headlines(database: Database, *rights: str, after: Cursor | None = None) -> list[str]:
    out = io.BytesIO()
    export(database, out, "jsonl", ExportFilter(rights=frozenset(rights), after=after))
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    return sorted(row.get("headline", "gone") for row in rows)


def test_what_was_reserved_is_left_out(filled: Database) -> None:
    assert headlines(filled) == ["archived", "free", "trained"]
    assert headlines(filled, "noarchive") == ["free", "trained"]
    assert headlines(filled, "ai-train") == ["archived", "free"]
    assert headlines(filled, "noarchive", "ai-train") == ["free"]
    assert headlines(filled, "noai") == ["archived", "free", "trained"]


def test_the_feed_says_that_what_is_reserved_now_is_gone(filled: Database) -> None:
    cursor = export(filled, io.BytesIO()).cursor
    Store(filled).save([captured("free", 9, RightsSignal("noarchive", None, "X-Robots-Tag"))])
    assert headlines(filled, after=cursor) == ["free"]
    assert headlines(filled, "noarchive", after=cursor) == ["gone"]


def test_what_changed_over_time_is_visible(filled: Database) -> None:
    Store(filled).save([captured("trained", 5)])
    found = queries.show(filled, f"{HOST}/trained")
    assert found is not None
    assert found["article"]["rights"] == []
    signals = [(one["rights"], one["robots_rights"]) for one in found["captures"]]
    licence = {"signal": "licence", "value": "/l", "source": "Link"}
    assert signals == [([licence], [{"signal": "ai-train", "value": "no", "source": "robots.txt"}]), ([], [])]


def test_saved_again_a_capture_changes_nothing(filled: Database) -> None:
    before = export(filled, io.BytesIO()).cursor
    Store(filled).save([captured("archived", 4, RightsSignal("noarchive", None, "meta robots"))])
    assert export(filled, io.BytesIO()).cursor == before
