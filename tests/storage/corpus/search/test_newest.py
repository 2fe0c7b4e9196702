"""The newest articles of a query are the first of all that it finds, in the order of their days and ids, on both
databases."""

from datetime import date, timedelta
from random import Random

import pytest

from storage.corpus.db.database import Database
from storage.corpus.search.context import contexts, counted_contexts
from storage.corpus.search.facets import facets
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.newest import newest
from storage.corpus.search.query import parse
from storage.corpus.search.search import find, search
from storage.corpus.write.store import Store
from tests.storage.corpus.search.test_search import capture

#: Articles with a word that all have, a word of every seventh, and one of three; days from one to years apart.
MANY = 260


@pytest.fixture
def filled(database: Database) -> Database:
    chance = Random(5)
    days = [date(2024, 2, 28) + timedelta(days=chance.choice((0, 1, 2, 30, 31, 400, 900))) for _ in range(MANY)]
    Store(database).save(
        [
            capture(
                n,
                "Porto" if n % 7 else "Porto e faro",
                "",
                "Il porto. " + "Una gru." * (n in {3, 90, 200}),
                published_date=None if n % 20 == 0 else days[n],
                site="prova" if n % 2 else "altro",
            )
            for n in range(MANY)
        ]
    )
    return database


@pytest.mark.parametrize("query", ["porto", "faro", "gru", "", "porto -faro", "nave"])
@pytest.mark.parametrize(
    "chosen",
    [
        SearchFilter(),
        SearchFilter(site="prova"),
        SearchFilter(since=date(2024, 2, 29)),
        SearchFilter(since=date(2024, 2, 29), until=date(2025, 6, 1), site="altro"),
        SearchFilter(until=date(2024, 3, 1)),
    ],
)
def test_the_newest_are_the_first_of_all(filled: Database, query: str, chosen: SearchFilter) -> None:
    parts = parse(query)
    with filled.reading() as connection:
        whole = newest(connection, parts, chosen, 10 * MANY)
        assert whole == sorted(
            whole,
            key=lambda key: (key.published_date is None, -(key.published_date or date.min).toordinal(), key.article_id),
        )
        for most in (1, 7, 40, 100):
            assert newest(connection, parts, chosen, most) == whole[:most]
    total, counted = facets(filled, query, chosen)
    assert len({key.article_id for key in whole}) == len(whole) == total == sum(n for _, n in counted["site"])
    for most in (5, 10 * MANY) if query else ():
        assert counted_contexts(filled, query, chosen, articles=1, skipped=0, most=most)[1] == min(most, total)


def test_many_articles_are_not_counted(filled: Database) -> None:
    found = find(filled, "porto")
    assert (found.total, found.is_least, len(found.articles)) == (100, True, 20)
    found = find(filled, "faro")
    assert (found.total, found.is_least) == (MANY // 7 + 1, False)
    assert find(filled, "nave").total == 0


def test_pages_behind_those_that_are_sorted_go_on_with_the_newest(filled: Database) -> None:
    pages = [search(filled, "porto", limit=30, offset=at) for at in range(0, MANY, 30)]
    names = [one["article_id"] for page in pages for one in page]
    assert len(names) == len(set(names)) == MANY
    with filled.reading() as connection:
        order = [key.article_id for key in newest(connection, parse("porto"), SearchFilter(), MANY)]
    assert names[100:] == order[100:] and sorted(names) == sorted(order) and names[:100] != order[:100]
    assert [one.article_id for one in contexts(filled, "gru", articles=3)] == [
        one["article_id"] for one in sorted(search(filled, "gru"), key=lambda one: order.index(one["article_id"]))
    ]


@pytest.mark.parametrize("limit", [1, 100, 1_000_000])
def test_a_word_of_few_articles_is_found_in_any_age(database: Database, limit: int) -> None:
    """On Postgres spans of days are read from the newest on, each wider: none begins before the calendar does."""
    days = [date(1990, 1, 1), date(1992, 6, 1), date(2026, 3, 1), date(2026, 3, 2)]
    words = ["raro e comune", "comune", "comune", "comune"]
    Store(database).save(
        [
            capture(n, f"Titolo {n}", "", word, published_date=day)
            for n, (day, word) in enumerate(zip(days, words, strict=True))
        ]
    )
    assert [one["headline"] for one in search(database, "raro", limit=limit)] == ["Titolo 0"]
    expected = ["Titolo 3", "Titolo 2", "Titolo 1", "Titolo 0"]
    assert [one["headline"] for one in search(database, "comune", limit=limit)] == expected[:limit]
