"""Short fuzz runs: pages, archives and texts give what is held of them, within bounds of time and memory."""

import os
from pathlib import Path

import pytest

from bench.fuzz import __main__ as command
from bench.fuzz.archives import ARCHIVES, archive
from bench.fuzz.bounds import Fuzzer, InputName, run
from bench.fuzz.mutations import mutated
from bench.fuzz.pages import PAGES
from bench.fuzz.texts import TEXTS, text


def test_the_same_number_is_the_same_input() -> None:
    assert mutated(7) == mutated(7) != mutated(8)
    assert archive(7).data == archive(7).data != archive(8).data
    assert text(7) == text(7) != text(8)


@pytest.mark.slow
def test_two_hundred_mutated_pages() -> None:
    report = run(PAGES, list(range(200)), 1)
    assert report.faults == {}
    assert report.outcomes.total() == 200
    assert report.memory < 2 * 1024 * 1024


@pytest.mark.parametrize(("fuzzer", "count"), [(ARCHIVES, 40), (TEXTS, 150)], ids=["archives", "texts"])
def test_archives_and_texts(fuzzer: Fuzzer, count: int) -> None:
    report = run(fuzzer, list(range(count)), 1)
    assert report.faults == {}
    assert report.outcomes.total() == count


def _check(made: object) -> str:
    if made == 1:
        raise ValueError("one")
    if made == 2:
        os._exit(3)
    if made == 3:
        sum(range(30_000_000))
    if made == 4:
        bytearray(60_000_000)
    return "right"


def test_faults_are_named_and_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception, the death of the process, more time and more memory than is allowed."""
    fuzzer = Fuzzer("pages", lambda name: name, _check, 0.1, 30 * 1024, lambda made: ("x", b"saved"))
    report = run(fuzzer, list(range(6)), 2)
    assert {name: fault.partition("\n")[0] for name, fault in sorted(report.faults.items(), key=str)} == {
        1: "ValueError: one",
        2: "killed its process",
        3: report.faults[3],
        4: report.faults[4],
    }
    assert report.faults[3].endswith(" s")
    assert report.faults[4].endswith(" MB")
    monkeypatch.setattr(command, "FUZZERS", {"pages": fuzzer})
    monkeypatch.setattr(command, "DEFAULTS", {"pages": 2})
    monkeypatch.setattr("sys.argv", ["fuzz", "--no-extreme", "--jobs", "1", "--keep", str(tmp_path)])
    assert command.main() == 1
    assert (tmp_path / "pages-1-x").read_bytes() == b"saved"


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("100,000 levels of div", True),
        ("JSON of 100,000 levels", True),
        ("100,000 attributes", True),
        ("2,000 headlines in each other", True),
        # pages that took longer, or more memory, than a page may
        ("a headline of 10 MB", False),
        ("a headline of 900 KB", True),
        ("90,000 meta tags", False),
        ("49,000 tags in the head", True),
        ("90,000 authors", False),
        ("49,000 authors in the head", True),
        ("a paragraph of 50 MB", False),
        ("a paragraph of 990,000 characters, Latin", True),
        ("30,000 figures", False),
        ("16,000 figures", True),
        ("49,000 captions of a figure", True),
        ("49,000 open buttons", True),
        ("1,000 hidden boxes in each other", True),
        ("40 texts on each of 1,100 levels", False),
        ("a paragraph of 990,000 characters, accents in a row", True),
        ("accents in a row, as references", True),
        ("2 MB of JSON-LD: author references", True),
        ("20,000 paragraphs beside another articleBody", True),
        ("4 MB of authors", True),
        ("4 MB of rel", True),
        ("49,000 classes", True),
        ("49,000 paragraphs", True),
        ("17 MB of class", True),
        ("a base of 180 KB for 30,000 pictures", True),
        ("10 million attributes", False),
        ("the charset punycode", True),
        ("the charset zlib", True),
    ],
)
def test_extreme_page(name: InputName, is_taken: bool) -> None:
    report = run(PAGES, [name], 1)
    assert report.faults == {}
    assert report.outcomes.total() == 1
    assert ("too-large" not in report.outcomes) == is_taken
    assert PAGES.seconds == 5.0
    assert PAGES.memory == 500 * 1024
