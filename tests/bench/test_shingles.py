"""The benchmark's measure on texts small enough to count by hand."""

import pytest

from bench.shingles import overlap, score, scored


def test_equal_texts_are_exact_whatever_stands_between_the_words() -> None:
    found = overlap("Uno, due; tre quattro cinque.", "Uno due tre\n\nquattro cinque")
    assert (found.both, found.only_found, found.only_true, found.exact) == (1.0, 0.0, 0.0, True)


def test_shingles_are_counted_not_only_seen() -> None:
    found = overlap("a b c d", "a b c d a b c d")
    assert found.precision == pytest.approx(1 / 5)
    assert found.recall == 1.0
    assert not found.exact


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert overlap("a b", "a b").both == 1.0
    assert overlap("a b", "a c").both == 0.0


def test_nothing_found_counts_for_recall_alone() -> None:
    found = overlap("a b c d e", "")
    assert found.precision is None
    assert found.recall == 0.0


def test_pages_weigh_alike_whatever_their_length() -> None:
    long = "a b c d " * 100
    assert score([overlap(long, long), overlap("a b c d", "e f g h")]).f1 == pytest.approx(0.5)


def test_a_page_without_a_found_body_counts_as_empty() -> None:
    result = scored({"one": "a b c d", "two": "e f g h"}, {"one": "a b c d"})
    assert (result.precision, result.recall, result.accuracy) == (1.0, 0.5, 0.5)
