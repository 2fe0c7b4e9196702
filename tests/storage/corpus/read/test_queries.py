"""What the corpus says of itself, the same on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.article import Article, Block, BlockType, Fidelity
from storage.corpus.db.database import Database
from storage.corpus.read.captures import captures_in_file
from storage.corpus.read.queries import show, sites, status
from storage.corpus.search.search import search
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(name: str, body: str, *, site: str = "prova", day: int = 1, **facts: object) -> Article:
    return Article(
        url=f"https://{site}.example/{name}",
        canonical_url=f"https://{site}.example/{name}",
        site=site,
        headline=f"Titolo di {name}",
        description="Un sommario.",
        published_date=date(2026, 3, day),
        blocks=(Block(type=BlockType.PARAGRAPH, text=body),),
        **facts,  # type: ignore[arg-type]
    )


def saved(offset: int, outcome: Outcome, found: Article | None = None, **facts: object) -> CaptureResult:
    given: dict[str, object] = {"url": found.url if found else "https://prova.example/", "site": "prova"}
    return CaptureResult(
        file="prova.warc.gz",
        offset=offset,
        length=100,
        record_id=f"<urn:uuid:{offset}>",
        captured_at=NOON + timedelta(minutes=offset),
        outcome=outcome,
        article=found,
        extractor="prova 1",
        **(given | facts),  # type: ignore[arg-type]
    )


@pytest.fixture
def filled(database: Database) -> Database:
    store = Store(database)
    crawl = store.begin_crawl("prova", {"limit": 5})
    store.save(
        [
            saved(1, Outcome.ROBOTS),
            saved(2, Outcome.ARTICLE, article("uno", "Il FARO è così."), asked_url="https://prova.example/vecchio"),
            saved(3, Outcome.ARTICLE, article("uno", "Il faro è spento."), lastmod="2026-03-01"),
            saved(4, Outcome.ARTICLE, article("due", "Perché no?", day=2)),
            saved(5, Outcome.REFUSED, reason="no-text", asked_url="https://prova.example/tre", detail="vuota"),
            saved(6, Outcome.ARTICLE, article("uno", "Il molo", site="altro"), site="altro"),
            saved(7, Outcome.OTHER, site=None),
            saved(8, Outcome.ARTICLE, article("due", "Perché noo?", day=2, fidelity=Fidelity.TEXT)),
        ]
    )
    store.record_failure("https://prova.example/x", "timeout", "30 s", site="prova", crawl=crawl, at=NOON)
    store.finish_crawl(crawl, "finished", {"articles": 2})
    return database


def test_status_counts_by_site(filled: Database) -> None:
    other, proof, nobody = status(filled)
    last = proof.pop("last_crawl")
    assert proof == {
        "site": "prova",
        "captures": {"article": 4, "refused": 1, "robots": 1},
        "refusals": {"no-text": 1},
        "failures": {"timeout": 1},
        "articles": 2,
        "withheld": 0,
        "revisions": 3,
        "bytes": 600,
        "extractors": {"prova 1": 6},
    }
    assert (last["outcome"], last["counts"]) == ("finished", {"articles": 2})
    assert last["started_at"].tzinfo == last["finished_at"].tzinfo == UTC
    assert (other["site"], other["articles"], other["last_crawl"]) == ("altro", 1, None)
    assert (nobody["site"], nobody["captures"]) == (None, {"other": 1})
    assert sites(filled) == ["altro", "prova"]


def test_status_of_nothing(database: Database) -> None:
    assert status(database) == []


@pytest.mark.parametrize("name", ["https://prova.example/uno", "https://prova.example/vecchio", "id"])
def test_show_finds_an_article_by_all_its_names(filled: Database, name: str) -> None:
    if name == "id":
        name = str(search(filled, "spento")[0]["article_id"])
    shown = show(filled, name)
    assert shown is not None
    assert shown["article"]["body"] == "Il faro è spento."
    assert [(r["revision"], r["body"], r["warc_offset"]) for r in shown["revisions"]] == [
        (1, "Il FARO è così.", 2),
        (2, "Il faro è spento.", 3),
    ]
    assert [(c["revision"], c["warc_offset"], c["length"]) for c in shown["captures"]] == [(1, 2, 100), (2, 3, 100)]


def test_show_keeps_flat_texts_without_a_number(filled: Database) -> None:
    shown = show(filled, "https://prova.example/due")
    assert shown is not None
    assert [(r["revision"], r["fidelity"]) for r in shown["revisions"]] == [(1, "html"), (None, "text")]
    assert shown["article"]["revisions"] == 1


def test_show_of_nothing(filled: Database) -> None:
    assert show(filled, "https://prova.example/none") is None


def test_known_says_what_became_of_urls(filled: Database) -> None:
    names = ["uno", "vecchio", "due", "tre", "quattro"]
    known = Store(filled).last_captures([f"https://prova.example/{name}" for name in names])
    found = {url.rsplit("/", 1)[1]: last for url, last in known.items()}
    assert set(found) == {"uno", "vecchio", "due", "tre"}
    assert found["vecchio"].captured_at == NOON + timedelta(minutes=2)
    assert (found["uno"].outcome, found["uno"].lastmod) == ("article", "2026-03-01")
    assert (found["tre"].outcome, found["tre"].reason) == ("refused", "no-text")


def test_known_takes_thousands(filled: Database) -> None:
    asked = (f"https://prova.example/{n}" for n in range(3000))
    assert Store(filled).last_captures(asked) == {}


def test_captures_in_a_file(filled: Database) -> None:
    assert captures_in_file(filled, "prova.warc.gz").keys() == {(n, f"<urn:uuid:{n}>") for n in range(1, 9)}
    assert captures_in_file(filled, "none.warc.gz") == {}
