"""Queries as each database reads them."""

from hypothesis import given
from hypothesis import strategies as st

from storage.corpus.search.query import QueryPart, for_postgres, for_sqlite, parse


def phrases(part: QueryPart) -> set[tuple[str, ...]]:
    """The phrases in Italian, the language without a suffix."""
    return {phrase for phrase in part.phrases if not any("·" in stem for stem in phrase)}


def test_words_phrases_and_exclusions() -> None:
    parts = parse('faro "porto vecchio" -molo -"mare mosso')
    assert [(part.excluded, len(next(iter(phrases(part))))) for part in parts] == [
        (False, 1),
        (False, 2),
        (True, 1),
        (True, 2),
    ]
    assert parse('- "" ... -"!"') == []


def test_expressions_of_both_databases() -> None:
    parts = [QueryPart((("far",), ("far·en",))), QueryPart((("port", "vecc"),)), QueryPart((("mol",),), excluded=True)]
    assert for_sqlite(parts) == ('(("far" OR "far·en") AND ("port vecc")) NOT (("mol"))')
    assert for_postgres(parts) == "((('far') | ('far·en'))) & ((('port' <-> 'vecc'))) & !((('mol')))"


@given(st.text())
def test_any_text_is_a_query_of_stems_only(query: str) -> None:
    for part in parse(query):
        assert part.phrases
        assert all(stem and '"' not in stem and "'" not in stem for phrase in part.phrases for stem in phrase)
