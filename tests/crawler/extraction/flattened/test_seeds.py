"""The five real dumps: facts computed from the dump itself, no text of it is kept here."""

import re
from pathlib import Path

import pytest

from crawler.extraction.extract_flattened import extract_flattened
from storage.article import BlockType

SEEDS = Path(__file__).parents[5] / "shared" / "seeds"
FILES = sorted(SEEDS.glob("*.txt"))
pytestmark = pytest.mark.skipif(not FILES, reason="../shared/seeds is absent")

SPUTNIK = [file for file in FILES if file.name[:3] != "002"]
NOISE = re.compile(r"https?://|/html/|@|\+7495|No Result|Login|©|Seguici su|Tags:|Related Posts|MIA „|it_IT|Notiziario")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name[:3])
def test_the_body_is_the_dump_s_and_nothing_else(file: Path) -> None:
    dump = file.read_text()
    article = extract_flattened(dump)
    blocks = [block.text for block in article.blocks]
    assert all(block in dump for block in blocks)
    assert len(blocks) == len(set(blocks))
    assert not any(NOISE.search(block) for block in blocks)
    assert article.headline in dump.splitlines()
    assert article.description is None or article.description in dump


@pytest.mark.parametrize("file", SPUTNIK, ids=lambda file: file.name[:3])
def test_sputnik_facts(file: Path) -> None:
    dump = file.read_text()
    article = extract_flattened(dump)
    url = re.findall(r"https://it\.sputniknews\.com/\S+\.html", dump)[0]
    assert article.canonical_url == article.url == url
    assert article.native_id == url.rsplit("-", 1)[1].removesuffix(".html")
    assert article.published_date is not None
    assert f"{article.published_date:%Y%m%d}" in url
    instants = re.findall(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d)\+0100$", dump, re.M)
    assert (article.published_at is not None) == bool(instants)
    if article.published_at and article.modified_at:
        shown = [f"{moment:%Y-%m-%dT%H:%M}" for moment in (article.published_at, article.modified_at)]
        assert shown == instants[1:3]
        assert ", ".join(article.keywords) == dump.splitlines()[-1] or ", ".join(article.keywords) in dump


@pytest.mark.parametrize("file", SPUTNIK, ids=lambda file: file.name[:3])
def test_the_glued_body_comes_back_whole(file: Path) -> None:
    lines = file.read_text().splitlines()
    glued = re.sub(r"\s", "", max((line for line in lines if "http" not in line), key=len))
    article = extract_flattened(file.read_text())
    own = [block.text for block in article.blocks if block.type is not BlockType.QUOTE]
    assert re.sub(r"\s", "", "".join(own)) == glued
    headings = [block.text for block in article.blocks if block.type is BlockType.HEADING]
    assert all(not heading.endswith(".") and len(heading) < 100 for heading in headings)


def test_the_jnews_dump() -> None:
    (file,) = (file for file in FILES if file.name[:3] == "002")
    dump = file.read_text()
    article = extract_flattened(dump)
    assert f"Home {article.section}" in dump
    assert [f"by {name}" in dump for name in article.authors] == [True]
    assert article.published_at is None
    assert article.published_date is not None
    assert article.site == "alanews"
    assert f"Tags: {''.join(article.keywords)}" in dump
    assert len(article.keywords) == 4
    assert {"keywords-glued", "url-unknown", "time-unknown"} <= set(article.warnings)
    first = dump[dump.index("Home ") : dump.index("Tags:")]
    _, text = first.split("- alanews\n")
    body = [block.text for block in article.blocks if block.type is not BlockType.CAPTION]
    assert body == [line.strip() for line in text.splitlines() if line.strip()]
    assert sum(block.type is BlockType.HEADING for block in article.blocks) == 3
    assert "lines-uncertain" not in article.warnings
    assert all(block.text in first for block in article.blocks)
