"""Computes the revisions of an article from its captures, in any order; called by storage.corpus.write.batch.

A revision depends on the set of captures alone: its first and last times are minima and maxima, its shown
capture is the greatest by rank. Numbers and changes follow from the set of revisions: HTML outranks flat text, so where
an article has an HTML capture, texts known from flattened dumps only keep their row but get no number. Nothing here
touches a database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from storage.corpus.write.prepared_article import is_html
from storage.corpus.write.text_diff import UNCHANGED, RevisionText, TextChange, change


@dataclass(frozen=True, slots=True)
class RevisionState:
    """A revision's facts: `capture` is the row of the capture shown, `rank` and `reading` that capture's.

    `id` is None for a revision without a row; `number` as in the table.
    """

    content_hash: str
    first: datetime
    last: datetime
    rank: str
    capture: int
    reading: str
    id: int | None = None
    number: int | None = None
    change: TextChange = UNCHANGED

    def joined(self, other: "RevisionState") -> "RevisionState":
        """One revision of the captures of both."""
        best = max(self, other, key=lambda one: (one.rank, one.id is None))
        return replace(
            self,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            rank=best.rank,
            capture=best.capture,
            reading=best.reading,
        )


#: The revisions of an article by their content hash.
RevisionStates = dict[str, RevisionState]


def merge_states(states: Iterable[RevisionState], known: RevisionStates | None = None) -> RevisionStates:
    """One state for each content hash."""
    found = dict(known or {})
    for state in states:
        before = found.get(state.content_hash)
        found[state.content_hash] = before.joined(state) if before else state
    return found


def numbered_order(states: RevisionStates) -> list[RevisionState]:
    """The revisions that count, in the order of their numbers."""
    html = any(is_html(state.rank) for state in states.values())
    counting = [state for state in states.values() if is_html(state.rank) is html]
    return sorted(counting, key=lambda state: (state.first, state.content_hash))


def number_states(states: RevisionStates, known: RevisionStates, texts: Mapping[str, RevisionText]) -> RevisionStates:
    """The states with numbers and changes; `texts` has those of `needed_texts` by content hash."""
    places = {state.content_hash: place for place, state in enumerate(numbered_order(states), 1)}
    hashes = [None, *places]
    before = dict(zip(places, hashes, strict=False))
    old = _before({hash: state for hash, state in known.items() if state.number is not None})
    found: RevisionStates = {}
    for hash, state in states.items():
        previous = before.get(hash)
        if previous is None:
            differs = UNCHANGED
        elif old.get(hash) == previous:
            differs = known[hash].change
        else:
            differs = change(texts[previous], texts[hash])
        found[hash] = replace(state, number=places.get(hash), change=differs)
    return found


def needed_texts(states: RevisionStates, known: RevisionStates) -> set[str]:
    """The content hashes whose texts `number_states` needs."""
    order = [state.content_hash for state in numbered_order(states)]
    old = _before({hash: state for hash, state in known.items() if state.number is not None})
    return {hash for before, after in pairwise(order) if old.get(after) != before for hash in (before, after)}


def _before(number_states: RevisionStates) -> dict[str, str]:
    """For each numbered revision the one before it."""
    order = sorted(number_states.values(), key=lambda state: state.number or 0)
    return {after.content_hash: before.content_hash for before, after in pairwise(order)}
