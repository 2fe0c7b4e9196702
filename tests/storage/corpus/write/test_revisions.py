"""Revisions depend on the set of captures, not on their order or grouping."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.article import Fidelity
from storage.corpus.write.prepared_article import is_html, rank_of
from storage.corpus.write.revisions import RevisionState, merge_states, needed_texts, number_states, numbered_order
from storage.corpus.write.text_diff import UNCHANGED, RevisionText, change

START = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = {
    "a": RevisionText("Uno", "", (("paragraph", "Il faro."),)),
    "b": RevisionText("Uno", "", (("paragraph", "Il porto."),)),
    "c": RevisionText("Due", "", ()),
}


@st.composite
def captures(draw: st.DrawFn) -> RevisionState:
    at, fidelity, number = draw(st.tuples(st.integers(0, 3), st.sampled_from(Fidelity), st.integers(0, 99)))
    moment = START + timedelta(hours=at)
    rank = rank_of(fidelity, "response", moment, f"<urn:uuid:{number}>", "a.warc.gz", number)
    return RevisionState(draw(st.sampled_from(sorted(TEXTS))), moment, moment, rank, number, f"reading {number}")


MANY = st.lists(captures(), min_size=1, max_size=8, unique_by=lambda state: state.capture)


@given(MANY, st.data())
def test_states_are_merged_in_any_order_and_grouping(states: list[RevisionState], data: st.DataObject) -> None:
    whole = merge_states(states)
    order = data.draw(st.permutations(states))
    cut = data.draw(st.integers(0, len(order)))
    assert merge_states(order[cut:], merge_states(order[:cut])) == whole
    for hash, state in whole.items():
        own = [one for one in states if one.content_hash == hash]
        assert (state.first, state.last) == (min(one.first for one in own), max(one.last for one in own))
        assert state.rank == max(one.rank for one in own)


@given(MANY)
def test_numbers_follow_first_captures_and_html_outranks_text(states: list[RevisionState]) -> None:
    merged = merge_states(states)
    assert needed_texts(merged, {}) <= set(TEXTS)
    numbered = number_states(merged, {}, TEXTS)
    order = numbered_order(numbered)
    assert [state.number for state in order] == list(range(1, len(order) + 1))
    assert [state.first for state in order] == sorted(state.first for state in order)
    html = any(is_html(state.rank) for state in states)
    assert all(is_html(state.rank) is html for state in order)
    assert order[0].change == UNCHANGED
    for before, after in pairwise(order):
        assert after.change == change(TEXTS[before.content_hash], TEXTS[after.content_hash])
    assert needed_texts(numbered, numbered) == set()
    assert number_states(numbered, numbered, {}) == numbered, "what is known needs no text"


def test_a_revision_between_two_others_changes_what_follows_it_alone() -> None:
    def at(hour: int, hash: str) -> RevisionState:
        moment = START + timedelta(hours=hour)
        rank = rank_of(Fidelity.HTML, "response", moment, f"<urn:uuid:{hour}>", "a.warc.gz", hour)
        return RevisionState(hash, moment, moment, rank, hour, f"reading {hour}")

    first = number_states(merge_states([at(0, "a"), at(2, "c")]), {}, TEXTS)
    assert [(state.number, state.change) for state in numbered_order(first)] == [
        (1, UNCHANGED),
        (2, change(TEXTS["a"], TEXTS["c"])),
    ]
    states = merge_states([at(1, "b")], first)
    assert needed_texts(states, first) == {"a", "b", "c"}
    second = number_states(states, first, TEXTS)
    assert [(state.number, state.change) for state in numbered_order(second)] == [
        (1, UNCHANGED),
        (2, change(TEXTS["a"], TEXTS["b"])),
        (3, change(TEXTS["b"], TEXTS["c"])),
    ]
    last = merge_states([at(3, "a")], second)
    assert needed_texts(last, second) == set()
    assert next(state.last for state in numbered_order(last)) == START + timedelta(hours=3)
    assert {state.capture for state in last.values()} == {3, 1, 2}
