"""Occurrences in context, counts over time, and the export of what a search finds: the same on both databases."""

import io
import json
from datetime import date
from itertools import chain

import pytest

from storage.corpus.db.database import Database
from storage.corpus.export.export import ExportFilter, Form, export
from storage.corpus.search.context import contexts, sorted_contexts
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.occurrences import occurrences, sought
from storage.corpus.search.query import parse
from storage.corpus.search.saved_query import SavedQuery
from storage.corpus.search.series import Count, counts
from storage.corpus.write.store import Store
from storage.exceptions import InvalidQueryFile
from tests.storage.corpus.search.test_search import CAPTURES, capture


@pytest.fixture
def filled(database: Database) -> Database:
    Store(database).save(CAPTURES)
    return database


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Il faro, i fari: un FARO.", "faro", ["faro", "fari", "FARO"]),
        ("L'antica lanterna, dell'antico porto", "antica", ["antica", "antico"]),
        ("L'antica lanterna e una lanterna antica", '"antica lanterna"', ["antica lanterna"]),
        ("perché no, perche sì", "perche", ["perché", "perche"]),
        ("(faro)porto faro-porto", "porto", ["porto", "porto"]),
        ("un faro", "mare", []),
        ("uno due tre", "uno tre", ["uno", "tre"]),
    ],
)
def test_occurrences(text: str, query: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in occurrences(text, [*chain(*sought(parse(query))("it"))])] == found


def test_every_occurrence_stands_in_its_context(filled: Database) -> None:
    found = contexts(filled, "faro", articles=10)
    assert len(found) == 7  # one headline, four in the body of the market, two bodies more
    assert {one.place for one in found} == {"headline", "body"}
    market = [one for one in found if one.headline == "Mercato"]
    assert [one.left for one in market][:2] == ["Il ", "Il faro, il "]
    assert market[0].published_date == date(2026, 3, 4) and market[0].match == "faro"
    assert market[0].right.startswith(", il faro, il faro: un mercato")
    days = [one.published_date for one in found]
    assert days == sorted(days, reverse=True)
    assert len(contexts(filled, "faro", articles=1)) + len(contexts(filled, "faro", articles=9, skipped=1)) == 7
    assert contexts(filled, "-faro", articles=9) == contexts(filled, "", articles=9) == []


def test_contexts_are_sorted_by_their_words(filled: Database) -> None:
    by_right = sorted_contexts(filled, "faro", order="right").occurrences
    rights = [one.right.strip(" ,:.;").casefold() for one in by_right]
    assert rights == sorted(rights) and rights
    by_left = sorted_contexts(filled, "faro", order="left").occurrences
    lefts = [one.left.split()[-1].casefold() for one in by_left if one.left]
    assert lefts == sorted(lefts) and "un" in lefts
    only = sorted_contexts(filled, "faro", SearchFilter(site="altro"), order="left")
    assert [one.site for one in only.occurrences] == ["altro"] and only.articles == 1


def test_every_occurrence_is_sorted_up_to_limits(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = contexts(filled, "faro", articles=100)
    found = sorted_contexts(filled, "faro", order="left")
    assert sorted(map(str, found.occurrences)) == sorted(map(str, whole)) and found.articles == 4
    monkeypatch.setattr("storage.corpus.search.context.SORTED_ARTICLES", 2)
    assert sorted_contexts(filled, "faro", order="left").articles == 2
    monkeypatch.setattr("storage.corpus.search.context.SORTED_OCCURRENCES", 1)
    few = sorted_contexts(filled, "faro", order="left")
    assert few.articles == len({one.article_id for one in few.occurrences}) <= 1


def test_counts_over_time(filled: Database) -> None:
    Store(filled).save([capture(30, "Faro senza giorno", "", "Un faro", published_date=None)])
    Store(filled).save([capture(31, "Faro vecchio", "", "Un faro", published_date=date(1999, 12, 31))])
    assert counts(filled, "faro", period="year") == [Count("1999", 1, 1), Count("2026", 4, 6), Count(None, 1, 1)]
    assert [one.period for one in counts(filled, "faro", period="month")] == ["1999-12", "2026-03", None]
    days = counts(filled, "faro", SearchFilter(site="prova", since=date(2026, 3, 2)), period="day")
    assert days[:2] == [Count("2026-03-02", 1, 1), Count("2026-03-03", 1, 1)]
    assert Count("2026-03-07", 0, 1) in days
    assert [one.found for one in counts(filled, "")] == [one.of for one in counts(filled, "")]
    assert Count("2026", 4, 6).per_thousand == pytest.approx(666.667, abs=0.001)


@pytest.mark.parametrize("form", ["jsonl", "csv", "txt"])
def test_an_export_has_what_the_search_finds(filled: Database, form: Form) -> None:
    out = io.BytesIO()
    saved = SavedQuery("faro", SearchFilter(site="prova"))
    result = export(filled, out, form, ExportFilter(found_by=saved))
    text = out.getvalue().decode()
    assert result.articles == 3
    assert "Il porto riapre" in text and "Altrove" not in text and "Nuovo" not in text
    if form == "txt":
        assert text.count("\f") == 3 and "Il guardiano accende" in text


def test_a_query_file_repeats_a_search() -> None:
    saved = SavedQuery("faro -porto", SearchFilter(site="prova", since=date(2026, 1, 2), author="Ada Prova"))
    assert SavedQuery.from_text(json.dumps({**saved.as_json(), "articles": 3})) == saved


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"query": 1, "filters": {}}', '{"query": "", "filters": {"colour": "red"}}',
     '{"query": "", "filters": {"since": "yesterday"}}', '{"query": "", "filters": {"site": null}}'],
)  # fmt: skip
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(InvalidQueryFile):
        SavedQuery.from_text(text)
