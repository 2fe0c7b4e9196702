"""Texts and times that databases do not like come through clean, the same on both."""

import hashlib
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from storage.article import Article, Block, BlockType, Image
from storage.corpus.db.database import Database
from storage.corpus.db.sanitise import sanitise, sanitise_json
from storage.corpus.db.types import UtcDateTime, in_utc
from storage.corpus.export.export import export_jsonl
from storage.corpus.read.queries import status
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.identity import article_id, content_hash, digest_key
from storage.corpus.write.store import Store


def article(**facts: object) -> Article:
    given: dict[str, object] = {
        "url": "https://a.example/1",
        "canonical_url": "https://a.example/1",
        "site": "prova",
        "headline": "Titolo",
        "blocks": (Block(type=BlockType.PARAGRAPH, text="Testo."),),
    }
    return Article(**(given | facts))  # type: ignore[arg-type]


def saved(found: Article | None, **facts: object) -> CaptureResult:
    given: dict[str, object] = {
        "file": "a.warc.gz",
        "offset": 0,
        "length": 1,
        "record_id": "<urn:uuid:1>",
        "url": "https://a.example/1",
        "captured_at": datetime(2026, 1, 1, tzinfo=UTC),
        "outcome": Outcome.ARTICLE if found else Outcome.OTHER,
        "article": found,
    }
    return CaptureResult(**(given | facts))  # type: ignore[arg-type]


def through(database: Database, found: Article, **facts: object) -> dict[str, object]:
    """The article as it comes out of the corpus."""
    Store(database).save([saved(found, **facts)])
    out = io.BytesIO()
    assert export_jsonl(database, out) == 1
    record: dict[str, object] = json.loads(out.getvalue())
    return record


@given(st.text(st.characters()))
def test_clean_text_fits_every_database(text: str) -> None:
    cleaned = sanitise(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert sanitise(cleaned) == cleaned
    assert sanitise_json({text: [text, 1, None]}) == {cleaned: [cleaned, 1, None]}


def test_clean_text_keeps_what_it_can() -> None:
    assert sanitise("a\0b") == "ab"
    assert sanitise("\x1b[31mrosso\x07\x9b0m\x7f\tuno\r\ndue") == "[31mrosso0m\tuno\r\ndue"
    assert sanitise("\ud83d\ude00 \ud83d") == "😀 \ufffd"
    assert sanitise(None) is None


def test_nul_and_lone_surrogates(database: Database) -> None:
    dirty = article(
        headline="Ti\0tolo \ud800",
        section="\0",
        authors=("A\0da",),
        keywords=("\udfff", "k\0"),
        images=(Image(url="i\0", caption="\ud800"),),
        blocks=(Block(type=BlockType.QUOTE, text="Te\0sto \ud83d", cite="\0"),),
        warnings=("w: \0",),
    )
    record = through(database, dirty, url="https://a.example/\0\ud800", site="prova", detail="\0")
    assert record["headline"] == "Titolo \ufffd"
    assert record["blocks"] == [{"type": "quote", "text": "Testo \ufffd", "cite": ""}]
    assert (record["authors"], record["keywords"]) == (["Ada"], ["\ufffd", "k"])
    store = Store(database)
    store.record_failure("https://a.example/\0", "timeout", "\ud800")
    store.finish_crawl(store.begin_crawl("prova", {"a\0": "\0"}), "finished", {"\ud800": 1})
    assert status(database)[0]["last_crawl"]["counts"] == {"\ufffd": 1}


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1893, 10, 31, 12, tzinfo=timezone(timedelta(minutes=49, seconds=56))),
        datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 3, 1, tzinfo=UTC),
    ],
)
def test_times_keep_their_offset(database: Database, moment: datetime) -> None:
    record = through(database, article(published_at=moment, modified_at=moment, published_date=moment.date()))
    assert record["published_at"] == record["modified_at"] == moment.isoformat()
    assert record["published_date"] == moment.date().isoformat()


@pytest.mark.parametrize("year", [1, 9999])
def test_capture_times_of_any_year(database: Database, year: int) -> None:
    moment = datetime(year, 6, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert through(database, article(), captured_at=moment)["first_captured_at"] == moment.isoformat()


@given(st.datetimes(timezones=st.timezones()))
def test_instants_survive_sqlite(moment: datetime) -> None:
    column = UtcDateTime()
    kept = column.process_bind_param(moment, sqlite.dialect())
    assert isinstance(kept, str)
    assert len(kept) == 32
    assert column.process_result_value(kept, sqlite.dialect()) == in_utc(moment)


def test_a_time_without_an_offset_is_no_instant() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        with pytest.raises(ValueError, match="no instant"):
            UtcDateTime().process_bind_param(naive, dialect)
    with pytest.raises(ValueError, match="without an offset"):
        saved(None, captured_at=naive)
    with pytest.raises(ValueError, match="without an offset"):
        saved(article(published_at=naive))


def test_a_refusal_has_a_reason_and_an_article_its_outcome() -> None:
    with pytest.raises(ValueError, match="reason"):
        saved(None, outcome=Outcome.REFUSED)
    with pytest.raises(ValueError, match="article"):
        saved(article(), outcome=Outcome.OTHER)


def test_large_articles(database: Database) -> None:
    long = "parola " * 1_500_000
    record = through(
        database,
        article(
            canonical_url="https://a.example/" + "%20" * 4000,
            headline=long[:50_000],
            blocks=(Block(type=BlockType.PARAGRAPH, text=long),),
            keywords=tuple(f"{n} {long[:3000]}" for n in range(50)) + tuple(map(str, range(5000))),
        ),
        asked_url="https://a.example/" + "%20" * 4000,
    )
    assert record["word_count"] == 1_500_000
    assert len(record["keywords"]) == 5050  # type: ignore[arg-type]


def test_an_article_from_nowhere(database: Database) -> None:
    record = through(database, article(url=None, canonical_url=None, site=None))
    assert (record["site"], record["url"], record["revision"]) == (None, None, 1)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"native_id": "7"}, "prova\nid\n7"),
        ({}, "prova\nurl\nhttps://a.example/1"),
        ({"canonical_url": None}, "prova\nurl\nhttps://a.example/1-as-stated"),
        ({"canonical_url": None, "url": None}, "prova\nurl\nhttps://a.example/captured"),
        ({"canonical_url": None, "url": None, "site": None}, "\nurl\nhttps://a.example/captured"),
        ({"native_id": "7", "site": None}, "\nid\n7"),
    ],
)
def test_an_id_can_be_computed_elsewhere(facts: dict[str, object], name: str) -> None:
    """As docs say: the first 128 bits of the SHA-256 of these lines."""
    found = article(**({"url": "https://a.example/1-as-stated"} | facts))
    assert article_id(found, "https://a.example/captured") == hashlib.sha256(name.encode()).hexdigest()[:32]


def test_the_digest_of_a_text_can_be_computed_elsewhere() -> None:
    blocks = (
        Block(type=BlockType.HEADING, text=" Il\u00a0molo "),
        Block(type=BlockType.PARAGRAPH, text=""),
        Block(type=BlockType.CAPTION, text="© 2027"),
        Block(type=BlockType.PARAGRAPH, text="perche\u0301"),
    )
    lines = "headline\tTitolo\nlede\t\nheading\tIl molo\nparagraph\tperché"
    assert content_hash(article(blocks=blocks)) == hashlib.sha256(lines.encode()).hexdigest()
    assert digest_key("molo") == int(hashlib.sha256(b"molo").hexdigest()[:16], 16) // 2


def test_the_same_article_whatever_its_url() -> None:
    one = article(native_id="7")
    assert article_id(one, "x") == article_id(article(native_id="7", canonical_url="y"), "z")
    assert article_id(one, "x") != article_id(article(native_id="7", site="altra"), "x")
    assert article_id(article(), "x") != article_id(article(native_id="https://a.example/1"), "x")


@pytest.mark.parametrize(
    ("change", "makes_a_revision"),
    [
        ({"headline": "Altro titolo"}, True),
        ({"description": "Sommario"}, True),
        ({"blocks": (Block(type=BlockType.QUOTE, text="Testo."),)}, True),
        ({"blocks": (Block(type=BlockType.PARAGRAPH, text=" Testo.\u00a0"),)}, False),
        ({"description": ""}, False),
        ({"keywords": ("k",), "authors": ("Ada",), "section": "Esteri"}, False),
        ({"published_at": datetime(2026, 1, 1, tzinfo=UTC), "published_date": date(2026, 1, 1)}, False),
        (
            {
                "blocks": (
                    Block(type=BlockType.PARAGRAPH, text="Testo."),
                    Block(type=BlockType.CAPTION, text="© 2027"),
                )
            },
            False,
        ),
    ],
)
def test_only_the_text_makes_a_revision(change: dict[str, object], makes_a_revision: bool) -> None:
    assert (content_hash(article(**change)) != content_hash(article())) is makes_a_revision


def test_composed_and_decomposed_letters_are_the_same_text() -> None:
    assert content_hash(article(headline="perche\u0301")) == content_hash(article(headline="perché"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_keys_fit_a_signed_column(text: str) -> None:
    assert 0 <= digest_key(text) < 2**63
