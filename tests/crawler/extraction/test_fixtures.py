"""Every fixture, field by field: tests/fixtures/SITE/CASE holds a page, its URL and capture time, and its article."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from storage.article import Article

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = sorted(meta.parent for meta in FIXTURES.glob("*/*/meta.json"))


def _meta(case: Path) -> dict[str, Any]:
    return json.loads((case / "meta.json").read_text(encoding="utf-8"))


def _page(case: Path) -> Page:
    meta = _meta(case)
    captured_at = datetime.fromisoformat(meta["captured_at"]) if meta["captured_at"] else None
    return Page.from_bytes((case / "page.html").read_bytes(), meta["url"], captured_at)


@cache
def _found(case: Path) -> dict[str, Any]:
    return extract(_page(case)).as_json()


def _expected(case: Path) -> dict[str, Any]:
    return json.loads((case / "article.json").read_text(encoding="utf-8"))


def _name(case: object) -> str:
    return f"{case.parent.name}/{case.name}" if isinstance(case, Path) else str(case)


ARTICLES = [case for case in CASES if "refused" not in _meta(case)]
REFUSALS = [case for case in CASES if "refused" in _meta(case)]
FIELDS = [(case, field) for case in ARTICLES for field in _expected(case)]


@pytest.mark.parametrize(("case", "field"), FIELDS, ids=_name)
def test_field(case: Path, field: str) -> None:
    assert _found(case)[field] == _expected(case)[field]


@pytest.mark.parametrize("case", ARTICLES, ids=_name)
def test_article_survives_json(case: Path) -> None:
    article = extract(_page(case))
    assert Article.from_json(json.loads(json.dumps(article.as_json()))) == article


@pytest.mark.parametrize("case", ARTICLES, ids=_name)
def test_no_text_stands_twice(case: Path) -> None:
    texts = [block["text"] for block in _found(case)["blocks"] if block["text"]]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("case", REFUSALS, ids=_name)
def test_refusal(case: Path) -> None:
    with pytest.raises(PageRefused) as refusal:
        extract(_page(case))
    assert refusal.value.reason.value == _meta(case)["refused"]
