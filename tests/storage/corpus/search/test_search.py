"""The same queries find the same articles, in the same order, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extraction.version import Reader, extractor_of
from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database, open_database
from storage.corpus.search.facets import facets
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.search import search
from storage.corpus.search.stemming import GAP, MOST_PLACES, stems, truncate
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def capture(offset: int, headline: str, lede: str, body: str, **facts: object) -> CaptureResult:
    url = f"https://prova.example/{facts.pop('name', offset)}"
    given: dict[str, object] = {"site": "prova", "language": "it", "published_date": date(2026, 3, 1 + offset % 20)}
    article = Article(
        url=url,
        canonical_url=url,
        headline=headline,
        description=lede,
        blocks=(Block(type=BlockType.PARAGRAPH, text=body),),
        **(given | facts),  # type: ignore[arg-type]
    )
    return CaptureResult(
        file="prova.warc.gz",
        offset=offset,
        length=1,
        record_id=f"<urn:uuid:{offset}>",
        url=url,
        captured_at=NOON + timedelta(minutes=offset),
        outcome=Outcome.ARTICLE,
        site=article.site,
        article=article,
    )


CAPTURES = [
    capture(1, "Il faro di Città Alta", "Una luce", "Il guardiano accende l'antica lanterna del porto."),
    capture(2, "Il porto riapre", "Le navi tornano", "Il faro guida le barche; perché no?"),
    capture(3, "Mercato", "Frutta e verdura", "Il faro, il faro, il faro: un mercato sotto il faro. La luce alta."),
    capture(4, "The lighthouse is running", "Boats", "The keepers were running to the harbours.", language="en-GB"),
    capture(5, "Vecchio", "Testo", "Una parola antiquata", name="x"),
    capture(6, "Nuovo", "Testo", "Una parola moderna", name="x"),
    capture(7, "Altrove", "Niente", "Un faro altrove", site="altro"),
]


@pytest.fixture
def filled(database: Database) -> Database:
    Store(database).save(CAPTURES)
    return database


def found(database: Database, query: str, limit: int = 20, **chosen: Any) -> list[object]:
    return [one["headline"] for one in search(database, query, SearchFilter(**chosen), limit=limit)]


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("faro", ["Il faro di Città Alta", "Mercato", "Altrove", "Il porto riapre"]),
        ("fari", ["Il faro di Città Alta", "Mercato", "Altrove", "Il porto riapre"]),
        ("CITTA", ["Il faro di Città Alta"]),
        ("perche", ["Il porto riapre"]),
        ("antica", ["Il faro di Città Alta"]),
        ('"antica lanterna"', ["Il faro di Città Alta"]),
        ('"lanterna antica"', []),
        ('"luce alta"', ["Mercato"]),
        ("faro -mercato", ["Il faro di Città Alta", "Altrove", "Il porto riapre"]),
        ('faro -"sotto il faro"', ["Il faro di Città Alta", "Altrove", "Il porto riapre"]),
        ("run harbour", ["The lighthouse is running"]),
        ("antiquata", []),  # only in an older revision
        ("moderna", ["Nuovo"]),
        ('"Alta Una"', []),  # from one field into the next
        ("", ["Altrove", "Nuovo", "The lighthouse is running", "Mercato", "Il porto riapre", "Il faro di Città Alta"]),
        ("-faro", []),
        ('"', []),
        ("% _ .* ' \\ : & | ! ( ) *", []),
    ],
)
def test_queries(filled: Database, query: str, headlines: list[str]) -> None:
    assert found(filled, query) == headlines


def test_filters(filled: Database) -> None:
    assert found(filled, "faro", site="altro") == ["Altrove"]
    assert found(filled, "faro", since=date(2026, 3, 4), until=date(2026, 3, 4)) == ["Mercato"]
    assert found(filled, "faro", limit=1) == ["Il faro di Città Alta"]


def test_filters_on_the_facts_of_an_article(filled: Database) -> None:
    facts: dict[str, object] = {"authors": ("Ada Prova", "Bruno Finto"), "keywords": ("fari", "mare")}
    Store(filled).save(
        [capture(8, "Fari nuovi", "Luce", "Ecco un faro.", section="Mare", warnings=("no-date",), **facts)]
    )
    for chosen in (
        {"author": "Bruno Finto"}, {"keyword": "mare"}, {"section": "Mare"}, {"warning": "no-date"},
        {"author": "Ada Prova", "language": "it", "site": "prova"},
    ):  # fmt: skip
        assert found(filled, "faro", **chosen) == ["Fari nuovi"], chosen
        assert found(filled, "", **chosen) == ["Fari nuovi"], chosen
    assert found(filled, "faro", author="Nessuno") == []


def test_facets_count_what_is_found(filled: Database) -> None:
    facts: dict[str, object] = {"authors": ("Ada Prova", "Ada Prova"), "keywords": ("fari", "mare")}
    Store(filled).save(
        [capture(8, "Fari nuovi", "Luce", "Ecco un faro.", section="Mare", warnings=("no-date",), **facts)]
    )
    total, counts = facets(filled, "faro")
    assert total == 5
    assert counts["site"] == [("prova", 4), ("altro", 1)]
    assert counts["author"] == [("Ada Prova", 1)]
    assert counts["keyword"] == [("fari", 1), ("mare", 1)]
    assert (counts["section"], counts["warning"]) == ([("Mare", 1)], [("no-date", 1)])
    assert counts["language"] == [("it", 5)]
    assert facets(filled, "", SearchFilter(language="en-GB"))[0] == 1
    assert facets(filled, "-faro")[0] == 0
    assert facets(filled, "faro", most=1)[1]["site"] == [("prova", 4)]


def test_facets_of_readers_sources_and_names_of_warnings(database: Database) -> None:
    """A value leads to as many articles as are counted for it; a warning is counted by its name, once an article."""
    read = [extractor_of(None, reader) for reader in (Reader.PAGE_OBJECT, Reader.TRAFILATURA)]
    warned: dict[str, object] = {"warnings": ("unknown-block: DIV", "unknown-block: NAV", "date-unknown")}
    given = [
        (capture(1, "Faro uno", "L", "T", **warned), read[0], None),
        (capture(2, "Faro due", "L", "T", warnings=("unknown-block: DIV",)), read[1], "web.archive.org"),
        (capture(3, "Faro tre", "L", "T"), read[1], "commoncrawl"),
        (capture(4, "Faro quattro", "L", "T"), read[0], None),
    ]
    Store(database).save([replace(one, extractor=extractor, source=source) for one, extractor, source in given])
    total, counts = facets(database, "faro")
    assert counts["reader"] == [("page-object", 2), ("trafilatura", 2)]
    assert counts["source"] == [("live", 2), ("commoncrawl", 1), ("web.archive.org", 1)]
    assert counts["warning"] == [("unknown-block", 2), ("date-unknown", 1)]
    for name in ("reader", "source", "warning"):
        for value, n in counts[name]:
            assert len(found(database, "faro", **{name: value})) == n, (name, value)
            assert facets(database, "", SearchFilter(**{name: value}))[0] == n  # type: ignore[arg-type]
    assert found(database, "faro", warning="unknown-block: NAV") == ["Faro uno"]
    assert total == 4 and found(database, "", reader="page-object", source="commoncrawl") == []


def test_pages_of_results_join_without_gap(database: Database) -> None:
    Store(database).save([capture(n, f"Faro {n}" if n % 3 else f"Porto {n}", "L", "faro " * n) for n in range(1, 40)])
    whole = found(database, "faro", limit=100)
    for ranked, most in ((200, 1000), (10, 15)):
        with patch("storage.corpus.search.search._RANKED", ranked), patch("storage.corpus.search.search._SORTED", most):
            pages = [search(database, "faro", limit=7, offset=at) for at in range(0, 42, 7)]
        names = [one["headline"] for page in pages for one in page]
        assert sorted(names) == sorted(map(str, whole))
        assert ranked == 10 or names == whole
    browsed = [one["headline"] for at in (0, 20) for one in search(database, "", limit=20, offset=at)]
    assert len(set(browsed)) == 39


def test_snippets(filled: Database) -> None:
    assert search(filled, "lanterna")[0]["snippet"].endswith("accende l'antica **lanterna** del porto.")
    assert search(filled, "riapre")[0]["snippet"] == "Il porto **riapre**"


def test_a_text_read_anew_is_found_by_its_new_words_only(filled: Database) -> None:
    Store(filled).save([capture(1, "Il molo", "Una riva", "Il guardiano dorme.")])
    assert found(filled, "lanterna") == []
    assert found(filled, "molo") == ["Il molo"]


def test_long_texts_are_indexed_up_to_a_point(database: Database) -> None:
    body = "inizio " + "ripetuta " * 400 + " ".join(f"parola{n}" for n in range(20_000))
    Store(database).save([capture(1, "Lungo", "", body)])
    assert found(database, '"inizio ripetuta"') == ["Lungo"]
    assert found(database, '"ripetuta parola0"') == []
    assert found(database, '"parola1 parola2"') == ["Lungo"]
    assert found(database, "parola19999") == []


@pytest.mark.parametrize("language", ["no", "nb-NO", "nn"])
def test_languages_that_share_a_stemmer_are_found_by_the_same_words(database: Database, language: str) -> None:
    Store(database).save([capture(1, "Fyret", "Havn", "Båtene seiler forbi fyret.", language=language)])
    assert found(database, "båtene") == found(database, "båt") == ["Fyret"]


def test_what_is_left_out_keeps_its_place() -> None:
    (field,) = truncate([["a"] * (MOST_PLACES + 2) + ["b"]])
    assert field[-3:] == [GAP, GAP, "b"]


@given(st.text())
def test_stems_do_not_depend_on_case_or_composition(text: str) -> None:
    found = stems(text, "it")
    assert all(stem and not stem.isspace() and "'" not in stem and '"' not in stem for stem in found)
    assert stems(" ".join(text.split()), "it") == found


WORDS = ["faro", "fari", "porto", "Porti", "perché", "perche", "città", "l'onda", "run", "running", "2026", "-", '"']


@given(
    st.lists(st.tuples(*[st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)] * 3), min_size=1, max_size=5),
    st.lists(st.lists(st.sampled_from([*WORDS, '"faro porto"', "-porto"]), max_size=3).map(" ".join), min_size=5),
    st.sampled_from([1, 2, 200]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_databases_find_the_same(
    tmp_path: Path, postgres_url: str, texts: list[tuple[str, str, str]], queries: list[str], ranked: int
) -> None:
    """Those too of which some are never ranked, since others stand higher."""
    made = [
        capture(offset, *fields, language=("it", "en", None)[offset % 3], name=f"{offset}")
        for offset, fields in enumerate(texts)
    ]
    with open_database(f"sqlite:///{tmp_path / 'c.db'}") as sqlite, open_database(postgres_url) as postgres:
        for opened in (sqlite, postgres):
            Store(opened).save(made)
        for query, limit in product(queries, (1, 20)):
            with (
                patch("storage.corpus.search.search._RANKED", ranked),
                patch("storage.corpus.search.search._SORTED", 2 * ranked),
            ):
                assert search(sqlite, query, limit=limit) == search(postgres, query, limit=limit), query
