"""The evaluation's floors: they rise, they do not fall unasked, and what we have is not below them."""

from pathlib import Path

import pytest

from bench import floors
from bench.benchmark import FOLDER, Case, cases, digest
from bench.eval import GROWING, ours, read_all, score_of
from bench.fields import results


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


def test_the_digest_names_pages_and_truth() -> None:
    page = Case("0" * 64, "https://example.org/", b"<p>uno</p>", "uno")
    other = Case("0" * 64, "https://example.org/", b"<p>uno</p>", "due")
    assert digest([page]) == digest([page]) != digest([other])


def test_fixtures_hold_their_floors() -> None:
    found = results()
    scores = {result.group: result.share for result in found}
    assert not floors.below("fixtures", GROWING, scores), [line for result in found for line in result.differing]


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.is_dir(), reason="no benchmark in ../shared/benchmarks")
def test_the_benchmark_holds_its_floors() -> None:
    pages = cases()
    bodies, _ = read_all(ours, pages)
    whole = score_of(pages, bodies)
    scores = {"f1": whole.f1, "accuracy": whole.accuracy, "held-out f1": score_of(pages, bodies, "held-out").f1}
    assert not floors.below("article-extraction-benchmark", digest(pages), scores)
    assert [case.url for case in pages if not bodies[case.name]] == []
