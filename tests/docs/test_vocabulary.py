"""Retired words: names and docs use the words of RFCs, Scrapy, warcio and SQLAlchemy instead of private ones."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawler", "storage", "spiders", "migrations", "newsstand", "reading_room", "bench", "docs")
MODULES = sorted(module for package in PACKAGES for module in (ROOT / package).rglob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

#: Whole parts of names (`left_over`, `LeftOver`: `left`, `over`), each with the words to use instead.
RETIRED = {
    **dict.fromkeys(("suspect", "suspects"), "crash log"),
    "apart": "sandbox",
    **dict.fromkeys(("judge", "judges", "judged", "judging", "court"), "classify, check"),
    "kit": "environment",
    "among": "the SQLAlchemy expression",
    "given": "the name of the argument or stored value",
    "watched": "progress",
    **dict.fromkeys(("kept", "waiting"), "stored, pending"),
    "room": "capacity",
    "team": "executor",
    "keeping": "registry",
    **dict.fromkeys(("asked", "asking"), "requested"),
    "wanted": "selected",
    **dict.fromkeys(("who", "whoever", "nobody", "somebody"), "a noun"),
    **dict.fromkeys(("mend", "mended", "spoil", "spoilt", "monster", "monsters"), "repair, mutate, extreme"),
}
#: Words of the prose that have no place in the docs either, as regular expressions.
RETIRED_IN_PROSE = (
    r"suspects?(?![`/])",
    r"judg(?:e|es|ed|ing)",
    "kits?",
    "whoever",
    "nobody's",
    "pointed at",
    "(?:read|reads|reading) apart",
)


def names_in(module: Path) -> Iterator[str]:
    """The module's own name, and those of its classes and functions."""
    yield module.stem
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def parts_of(name: str) -> list[str]:
    """`take_missing`, `TakeMissing`, `_TakeMissing`: take, missing."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def test_names_are_split_into_their_parts() -> None:
    assert parts_of("_CaptureRow_of2") == ["capture", "row", "of", "2"]
    assert parts_of("WACZWriter") == ["wacz", "writer"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(ROOT).as_posix())
def test_names_have_no_retired_words(module: Path) -> None:
    retired = {name: RETIRED[part] for name in names_in(module) for part in parts_of(name) if part in RETIRED}
    assert retired == {}, "use the words on the right"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_docs_have_no_retired_words(page: Path) -> None:
    text = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    assert re.findall(rf"\b(?:{'|'.join(RETIRED_IN_PROSE)})\b", text, re.IGNORECASE) == []
