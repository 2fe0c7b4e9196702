"""A changed file concerns the extractor of its site, or that of every site."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import spiders
from crawler.extraction import version
from crawler.registry import site_named
from crawler.site import Site

ROOT = Path(__file__).parents[3]


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[bool]]]:
    """changed(file): appends to a file of a copy of the code; whether the extractors of alanews, sputniknews and
    unknown sites are others than before."""
    for name in ("crawler", "spiders", "storage"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(version, "_ROOT", tmp_path)
    monkeypatch.setattr(spiders, "__path__", [str(tmp_path / "spiders")])
    sites: list[Site | None] = [site_named("alanews"), site_named("sputniknews"), None]

    def change(file: str) -> list[bool]:
        version.forget()
        before = list(map(version.extractor_of, sites))
        with (tmp_path / file).open("a") as opened:
            opened.write("# changed\n")
        version.forget()
        return [now != then for now, then in zip(map(version.extractor_of, sites), before, strict=True)]

    yield change
    version.forget()


@pytest.mark.parametrize(
    ("file", "concerned"),
    [
        ("spiders/alanews.py", [True, False, False]),
        ("spiders/alanews.json", [True, False, False]),
        ("spiders/words.txt", [True, True, True]),
        ("crawler/extraction/templates/jnews/page.py", [True, True, True]),
        ("crawler/extraction/generic/words.txt", [True, True, True]),
        ("storage/article.py", [True, True, True]),
        ("crawler/crawl/session.py", [False, False, False]),
    ],
)
def test_the_extractor_has_the_digest_of_what_decides(
    changed: Callable[[str], list[bool]], file: str, concerned: list[bool]
) -> None:
    assert changed(file) == concerned


def test_the_extractor_names_program_and_engine() -> None:
    own, other = version.extractor_of(site_named("alanews")), version.extractor_of(None)
    assert re.fullmatch(r"emeroteca [\d.]+\+[0-9a-f]{12}, trafilatura [\d.]+", own)
    assert own != other != version.extractor_of(site_named("sputniknews"))


def test_without_the_code_the_extractor_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = version.extractor_of(None)
    version.forget()
    monkeypatch.setattr(version, "_ROOT", tmp_path)
    assert version.extractor_of(None) != own
    version.forget()
