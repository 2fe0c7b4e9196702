"""Captures become rows: the same on both databases."""

import hashlib
import io
import json
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, true

from storage.article import Article, Block, BlockType, DateClaim, Fidelity, Image, Precision
from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, ReadingRow, WarcFileRow
from storage.corpus.export.export import export_jsonl
from storage.corpus.read.captures import warc_locations
from storage.corpus.read.queries import status
from storage.corpus.read.stored_results import stored_results_where
from storage.corpus.write.batch import BatchWriter
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.exceptions import WriteConflict

ROME = timezone(timedelta(hours=1))
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def article(text: str = "Il ponte riapre lunedì.", **changes: object) -> Article:
    facts: dict[str, object] = {
        "url": "https://www.alanews.it/cronaca/ponte/",
        "canonical_url": "https://www.alanews.it/cronaca/ponte/",
        "site": "alanews",
        "native_id": "17",
        "headline": "Riapre il ponte",
        "description": "Dopo due anni di lavori.",
        "authors": ("Ada Bruni", "Ugo Nervi"),
        "keywords": ("ponte", "viabilità", "Ponte"),
        "published_at": datetime(2026, 3, 1, 0, 30, tzinfo=ROME),
        "published_date": date(2026, 3, 1),
        "dates": (DateClaim(field="published_at", raw="1 Marzo 2026", source="visible", precision=Precision.DAY),),
        "blocks": (Block(type=BlockType.PARAGRAPH, text=text),),
        "images": (Image(url="https://www.alanews.it/ponte.jpg", caption="Il ponte", credit="alanews"),),
        "links": ("https://www.alanews.it/",),
        "warnings": ("date-without-hour",),
    }
    return Article(**(facts | changes))  # type: ignore[arg-type]


def saved(offset: int, found: Article | None = None, *, minutes: int = 0, **changes: object) -> CaptureResult:
    facts: dict[str, object] = {
        "file": "alanews-1.warc.gz",
        "offset": offset,
        "length": 100,
        "record_id": f"<urn:uuid:00000000-0000-4000-8000-{offset:012d}>",
        "url": "https://www.alanews.it/cronaca/ponte/",
        "captured_at": NOON + timedelta(minutes=minutes),
        "outcome": Outcome.ARTICLE if found else Outcome.OTHER,
        "http_status": 200,
        "payload_digest": "sha1:" + "A" * 32,
        "site": "alanews",
        "article": found,
        "extractor": "emeroteca 0.1.0" if found else "",
    }
    return CaptureResult(**(facts | changes))  # type: ignore[arg-type]


def exported(database: Database, **chosen: object) -> list[dict[str, object]]:
    out = io.BytesIO()
    export_jsonl(database, out, **chosen)  # type: ignore[arg-type]
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_article_comes_out_as_it_went_in(database: Database) -> None:
    Store(database).save([saved(10, article())])
    (record,) = exported(database)
    assert list(record)[:22] == list(article().as_json())
    assert {name: record[name] for name in article().as_json()} == article().as_json()
    assert record["published_at"] == "2026-03-01T00:30:00+01:00"
    assert {name: record[name] for name in list(record)[22:]} == {
        "article_id": hashlib.sha256(b"alanews\nid\n17").hexdigest()[:32],
        "revision": 1,
        "revisions": 1,
        "content_hash": record["content_hash"],
        "first_captured_at": "2026-03-01T12:00:00.123456+00:00",
        "last_captured_at": "2026-03-01T12:00:00.123456+00:00",
        "warc_file": "alanews-1.warc.gz",
        "warc_offset": 10,
        "warc_record_id": "<urn:uuid:00000000-0000-4000-8000-000000000010>",
        "payload_digest": "sha1:" + "A" * 32,
        "extractor": "emeroteca 0.1.0",
        "witnesses": 1,
        "rights": [],
    }


def test_a_second_text_is_a_second_revision(database: Database) -> None:
    store = Store(database)
    store.save([saved(10, article()), saved(20, article("Il ponte resta chiuso."), minutes=5)])
    store.save([saved(30, article("Il ponte resta chiuso."), minutes=9)])
    (record,) = exported(database)
    assert (record["revision"], record["revisions"]) == (2, 2)
    assert record["body"] == "Il ponte resta chiuso."
    assert record["first_captured_at"] == "2026-03-01T12:05:00.123456+00:00"
    assert record["last_captured_at"] == "2026-03-01T12:09:00.123456+00:00"
    assert record["warc_offset"] == 30


def test_html_outranks_flat_text(database: Database) -> None:
    store = Store(database)
    flat = article("Il ponte riapre lunedì.Forse.", fidelity=Fidelity.TEXT)
    store.save([saved(10, flat, record_type="conversion"), saved(20, flat, minutes=50)])
    assert [(r["revisions"], r["fidelity"]) for r in exported(database)] == [(1, "text")]
    store.save([saved(30, article(), minutes=20)])
    assert [(r["revisions"], r["fidelity"]) for r in exported(database)] == [(1, "html")]


@pytest.mark.parametrize("size", [1, 3, 700])
def test_batches_of_any_size(database: Database, size: int) -> None:
    store = Store(database)
    store.save([saved(n, article(native_id=str(n)), minutes=n) for n in range(size)])
    assert len(exported(database)) == size


def test_the_end_of_a_crawl_is_that_of_no_other(database: Database) -> None:
    store = Store(database)
    first, second, third = (store.begin_crawl(site, {}) for site in ("a", "b", "c"))
    assert first < second < third
    store.finish_crawl(second, "finished", {"pages": 1})
    ends = {one["site"]: one["last_crawl"]["outcome"] for one in status(database)}
    assert ends == {"a": None, "b": "finished", "c": None}


def test_what_is_known_of_a_file_stays_until_it_is_sealed(database: Database) -> None:
    store = Store(database)
    crawl = store.begin_crawl("alanews", {})

    def facts() -> tuple[object, ...]:
        columns = (WarcFileRow.crawl_id, WarcFileRow.size, WarcFileRow.sha256, WarcFileRow.sealed_at)
        with database.reading() as connection:
            return tuple(connection.execute(select(*columns).where(WarcFileRow.name == "a.warc.gz")).one())

    store.warc_file("a.warc.gz")
    assert facts() == (None, None, None, None)
    store.warc_file("a.warc.gz", crawl=crawl)
    assert facts() == (crawl, None, None, None)
    before = datetime.now(UTC)
    store.warc_file("a.warc.gz", size=0, sha256="00")
    sealed = facts()
    assert sealed[:3] == (crawl, 0, "00")
    assert isinstance(sealed[3], datetime) and before <= sealed[3] <= datetime.now(UTC)
    store.warc_file("a.warc.gz")
    store.warc_file("b.warc.gz", size=9)
    assert facts() == sealed


def test_the_place_of_a_file_keeps_its_sha256_until_there_is_another(database: Database) -> None:
    store = Store(database)
    store.add_location("a.warc.gz", "/mnt/a.warc.gz", 7, "00")
    store.add_location("a.warc.gz", "/mnt/a.warc.gz", 8)
    assert [(one.location, one.size, one.sha256) for one in warc_locations(database)["a.warc.gz"]] == [
        ("/mnt/a.warc.gz", 8, "00")
    ]
    store.add_location("a.warc.gz", "/mnt/a.warc.gz", None, "11")
    assert [(one.size, one.sha256) for one in warc_locations(database)["a.warc.gz"]] == [(None, "11")]


def stored(database: Database) -> dict[int, dict[str, object] | None]:
    """What each capture gave, by offset."""
    with database.reading() as connection:
        results = stored_results_where(connection, true())
    return {key[1]: result.article for key, result in results.items()}


def test_what_a_capture_gave_stays_known_while_another_is_shown(database: Database) -> None:
    """One text, read with other keywords each time: one revision, which shows the newest capture."""
    store = Store(database)
    first, second, other = article(keywords=("uno",)), article(keywords=("due",), images=()), article(native_id="18")
    store.save([saved(10, first), saved(30, other)])
    store.save([saved(20, second, minutes=5)])
    assert stored(database) == {10: first.as_json(), 20: second.as_json(), 30: other.as_json()}
    assert [record["keywords"] for record in exported(database) if record["native_id"] == "17"] == [["due"]]
    undated = article(keywords=("tre",), published_at=None, published_date=None, dates=(), authors=())
    store.save([saved(20, undated, minutes=5)])
    assert stored(database) == {10: first.as_json(), 20: undated.as_json(), 30: other.as_json()}
    store.save([saved(20, minutes=5)])
    assert stored(database) == {10: first.as_json(), 20: None, 30: other.as_json()}
    assert [record["keywords"] for record in exported(database) if record["native_id"] == "17"] == [["uno"]]


def test_what_no_capture_gives_any_more_is_not_kept(database: Database) -> None:
    """Of two articles that were read alike; the results of captures that are not shown are the rows of `readings`."""
    store = Store(database)
    alike = [(10, "17"), (40, "18")]
    store.save([saved(at, article(native_id=number, keywords=("uno",))) for at, number in alike])
    store.save([saved(at + 1, article(native_id=number, keywords=("due",)), minutes=5) for at, number in alike])
    assert kept(database) == 2
    store.save([saved(10, article(native_id="17", keywords=("tre",)))])
    assert kept(database) == 2, "the old result of that one is replaced"
    assert stored(database)[10] == article(native_id="17", keywords=("tre",)).as_json()
    assert stored(database)[40] == article(native_id="18", keywords=("uno",)).as_json()
    store.save([saved(10)])
    assert kept(database) == 1
    assert stored(database)[10] is None
    assert stored(database)[40] == article(native_id="18", keywords=("uno",)).as_json()


def test_an_older_revision_that_goes_is_counted_no_more(database: Database) -> None:
    store = Store(database)
    store.save([saved(10, article()), saved(20, article("Il ponte resta chiuso."), minutes=5)])
    store.save([saved(10)])
    (record,) = exported(database)
    assert (record["revision"], record["revisions"], record["warc_offset"]) == (1, 1, 20)


def test_what_a_crawl_knew_of_a_capture_stays_when_it_is_read_anew(database: Database) -> None:
    """A rebuild knows neither the crawl nor what its lists said; another crawl does."""
    store = Store(database)
    crawl = store.begin_crawl("alanews", {})
    asked = "https://www.alanews.it/?p=17"

    def facts() -> tuple[object, ...]:
        with database.reading() as connection:
            columns = (CaptureRow.crawl_id, CaptureRow.lastmod, CaptureRow.asked_url, CaptureRow.agreement)
            return tuple(connection.execute(select(*columns)).one())

    store.save([saved(10, article(), crawl=crawl, lastmod="2026-03-01", asked_url=asked, agreement=0.5)])
    assert facts() == (crawl, "2026-03-01", asked, 0.5)
    store.save([saved(10, article())])
    assert facts() == (crawl, "2026-03-01", asked, 0.5)
    store.save([saved(10, article("Il ponte resta chiuso."))])
    assert facts() == (crawl, "2026-03-01", asked, None), "the agreement was that of the other result"
    other = store.begin_crawl("alanews", {})
    store.save([saved(10, article(), crawl=other, lastmod="2026-03-02", asked_url=f"{asked}&x", agreement=0.75)])
    assert facts() == (other, "2026-03-02", f"{asked}&x", 0.75)


def kept(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(ReadingRow)) or 0


def test_a_batch_that_meets_another_writer_is_saved_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    run = BatchWriter.run

    def meets_another(writer: BatchWriter) -> None:
        run(writer)
        tries.append(len(tries))
        if len(tries) < 3:
            raise WriteConflict("another writer")

    monkeypatch.setattr(BatchWriter, "run", meets_another)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    Store(database).save([saved(10, article())])
    assert (len(tries), len(exported(database))) == (3, 1)
    monkeypatch.setattr(BatchWriter, "run", lambda writer: (run(writer), tries.append(0), _conflict()))
    tries.clear()
    with pytest.raises(WriteConflict):
        Store(database).save([saved(20, article(native_id="18"))])
    assert (len(tries), len(exported(database))) == (5, 1), "four pauses, and nothing of it is left"


def _conflict() -> None:
    raise WriteConflict("another writer")


def test_nothing_to_save(database: Database) -> None:
    Store(database).save([])
    assert exported(database) == []
