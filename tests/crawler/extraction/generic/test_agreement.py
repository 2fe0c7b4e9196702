"""The agreement of two readers is the F1 score of their four-word shingles."""

import pytest

from crawler.extraction.generic.agreement import agreement

TEN = "il porto resta chiuso per la nebbia fino a lunedì"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (TEN, TEN, 1.0),
        (TEN, f"{TEN.upper()}\n", 1.0),
        (TEN, "", 0.0),
        ("", "", 1.0),
        ("il porto", "il porto", 1.0),
        ("il porto", "il faro", 0.0),
        (TEN, f"{TEN} {TEN}", 0.58),  # 7 shingles of 7 and 17
        (TEN, "il porto resta chiuso", 0.25),  # 1 of 7 and 1
        (TEN, " ".join(reversed(TEN.split())), 0.0),
    ],
)
def test_agreement_counts_shared_shingles(one: str, other: str, expected: float) -> None:
    assert agreement(one, other) == agreement(other, one) == expected
