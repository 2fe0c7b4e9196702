from hypothesis import given
from hypothesis import strategies as st

from newsstand.draw import Draw


def test_the_stream_is_the_same_on_every_machine() -> None:
    assert Draw("emeroteca").bits() == 0x33BF6083C54357B9


@given(st.integers(), st.integers(1, 10**9))
def test_below_stays_below(seed: int, bound: int) -> None:
    assert 0 <= Draw(seed).below(bound) < bound


@given(st.integers(), st.lists(st.integers(), max_size=20, unique=True), st.integers(0, 25))
def test_a_sample_has_distinct_items(seed: int, items: list[int], count: int) -> None:
    chosen = Draw(seed).sample(items, count)
    assert len(chosen) == len(set(chosen)) == min(count, len(items))
