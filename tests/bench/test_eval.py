"""The evaluation's floors: they rise, they do not fall unasked, and what we have is not below them."""

from pathlib import Path

import pytest

from bench import floors
from bench.eval import GROWING
from bench.fields import results
from bench.open_sets import SEGMENTS, SHINGLES, WORDS, Case, digest, groups, half_of, recall, same_authors, scored


def test_floors_rise_and_refuse_to_fall(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    floors.pin("pages", "abc", {"f1": 0.95}, file=file)
    floors.pin("pages", "abc", {"f1": 0.97}, file=file)
    with pytest.raises(floors.Lower, match=r"f1 0\.9600 is below its floor 0\.97"):
        floors.pin("pages", "abc", {"f1": 0.96}, file=file)
    assert floors.pinned(file)["pages"]["f1"] == 0.97
    floors.pin("pages", "abc", {"f1": 0.96}, lower=True, file=file)
    assert floors.pinned(file)["pages"]["f1"] == 0.96


def test_floors_belong_to_a_corpus(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    floors.pin("pages", "abc", {"f1": 0.95}, file=file)
    assert floors.below("pages", "def", {"f1": 0.99}, file) == ["pages: another corpus than the floors were pinned on"]
    with pytest.raises(floors.Lower):
        floors.pin("pages", "def", {"f1": 0.99}, file=file)
    assert floors.below("others", "abc", {}, file) == ["others: no floors"]


def test_a_score_that_is_gone_is_below_its_floor(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    floors.pin("pages", "abc", {"f1": 0.95, "accuracy": 0.5}, file=file)
    assert floors.below("pages", "abc", {"f1": 0.95}, file) == ["pages: accuracy 0.0000 is below its floor 0.5"]


def _case(collection: str, body: str | None = "uno due tre", **more: tuple[str, ...]) -> Case:
    return Case(collection, "0", "https://example.org/", b"<p>uno</p>", "learned", body, **more)


def test_the_digest_names_pages_and_truth() -> None:
    assert digest([_case(WORDS)]) == digest([_case(WORDS)]) != digest([_case(WORDS, "due")])


def test_pages_of_a_host_are_in_one_half() -> None:
    assert half_of("https://www.example.org/uno") == half_of("https://example.org/due")
    assert half_of("hard::example.org-uno.html") == half_of("https://example.org/")
    assert len({half_of(f"https://{name}.example.org/") for name in "abcdefgh"}) == 2


@pytest.mark.parametrize(
    ("case", "text", "measure", "exact"),
    [
        (_case(WORDS), "uno due tre", 1.0, 1.0),
        (_case(WORDS), "uno due quattro", 2 / 3, 0.0),
        (_case(WORDS), "", 0.0, 0.0),
        (_case(SHINGLES, "uno due tre quattro"), "uno due tre quattro", 1.0, 1.0),
        (_case(SEGMENTS, None, present=("uno", "due"), absent=("tre",)), "uno  due", 1.0, 1.0),
        (_case(SEGMENTS, None, present=("uno", "due"), absent=("tre",)), "uno tre", 0.5, 0.0),
    ],
)
def test_each_set_has_its_own_measure(case: Case, text: str, measure: float, exact: float) -> None:
    found = scored([case], {case.key: text})
    assert (found.measure, found.exact) == (pytest.approx(measure), exact)
    assert groups([case]) == {(case.set, "learned"): [case]}


def test_recall_counts_words() -> None:
    assert recall("uno due due", "due uno tre") == pytest.approx(2 / 3)


def test_authors_are_compared_in_any_order() -> None:
    assert same_authors("Ada Verdi and Ugo Neri", ["Ugo Neri", "Ada Verdi"])
    assert not same_authors("Ada Verdi", [])


def test_fixtures_hold_their_floors() -> None:
    found = results()
    scores = {result.group: result.share for result in found}
    assert not floors.below("fixtures", GROWING, scores), [line for result in found for line in result.differing]
