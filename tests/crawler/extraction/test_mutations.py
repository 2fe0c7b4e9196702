"""A site renames a class: the article may lose an ornament, never its text, and nothing comes twice."""

import json
import re
from pathlib import Path

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.page import Page

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = [
    FIXTURES / "sputniknews" / "g2-full",
    FIXTURES / "sputniknews" / "g1",
    FIXTURES / "alanews" / "breadcrumb-first",
]
CLASS = re.compile(r'class="([^"]*)"')


def _renamed(html: str, token: str) -> str:
    pattern = re.compile(rf"(?<![\w-]){re.escape(token)}(?![\w-])")
    return CLASS.sub(lambda found: f'class="{pattern.sub("changed-" + token[::-1], found[1])}"', html)


MUTATIONS = [
    (case, token)
    for case in CASES
    for token in sorted({t for found in CLASS.findall((case / "page.html").read_text("utf-8")) for t in found.split()})
]


@pytest.mark.parametrize(
    ("case", "token"), MUTATIONS, ids=lambda value: value.name if isinstance(value, Path) else value
)
def test_renamed_class(case: Path, token: str) -> None:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    whole = json.loads((case / "article.json").read_text("utf-8"))
    article = extract(Page(url=meta["url"], html=_renamed((case / "page.html").read_text("utf-8"), token)))
    assert article.headline == whole["headline"]
    assert article.published_date is not None
    texts = [block.text for block in article.blocks if len(block.text) > 20]
    assert len(texts) == len(set(texts))
    found = " ".join(article.body.split())
    missing = [
        block["text"]
        for block in whole["blocks"]
        if block["type"] in ("paragraph", "heading") and block["text"] not in found
    ]
    assert not missing
    assert article.word_count < 1.3 * whole["word_count"]
